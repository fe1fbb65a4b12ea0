// Search, filter and order for the page of all sources; without this script the page shows the whole list.
(() => {
  "use strict";
  const section = document.querySelector(".bibliography");
  if (!section) return;
  const tools = section.querySelector(".bibliography-tools");
  const list = section.querySelector("ol");
  const status = section.querySelector(".bibliography-count");
  const [search, filter, sort] = ["source-search", "source-filter", "source-sort"].map((id) => document.getElementById(id));
  const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
  const designs = [...filter.options].map((option) => option.value);
  const entries = [...list.children].map((element, index) => ({
    element, index,
    text: plain(element.textContent),
    design: element.dataset.design,
    year: Number(element.dataset.year),
    pages: Number(element.dataset.pages),
  }));
  const orders = {
    "": (a, b) => a.index - b.index,
    year: (a, b) => b.year - a.year || a.index - b.index,
    design: (a, b) => designs.indexOf(a.design) - designs.indexOf(b.design) || a.index - b.index,
    pages: (a, b) => b.pages - a.pages || a.index - b.index,
  };

  function show() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const hit = (!filter.value || entry.design === filter.value) && words.every((word) => entry.text.includes(word));
      entry.element.hidden = !hit;
      shown += hit;
    }
    status.textContent = shown === 1 ? "1 source" : `${shown} sources`;
  }
  search.addEventListener("input", show);
  filter.addEventListener("change", show);
  sort.addEventListener("change", () => {
    list.append(...entries.slice().sort(orders[sort.value]).map((entry) => entry.element));
  });
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;

  // A link to one source shows it, whatever is filtered.
  const reveal = () => {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (entry && entry.hidden) {
      search.value = filter.value = "";
      show();
      entry.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
})();
