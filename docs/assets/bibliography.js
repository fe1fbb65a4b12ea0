// Search, filters and order for the page of all sources; without this script the page shows the whole list.
(() => {
  "use strict";
  const section = document.querySelector(".bibliography");
  if (!section) return;
  const [tools, list, status, none] = [".bibliography-tools", "ol", ".bibliography-count", ".bibliography-none"]
    .map((part) => section.querySelector(part));
  const [search, design, studied, sort, all] = ["search", "filter", "studied", "sort", "all"]
    .map((name) => document.getElementById(`source-${name}`));
  const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").replace(/[‘’]/g, "'").replace(/[‐-―−]/g, "-").toLowerCase();
  const designs = [...design.options].map((option) => option.value);
  const entries = [...list.children].map((element) => ({
    element,
    // Not what its buttons are called, nor the pages that cite it.
    text: plain([...element.querySelectorAll(".source-entry, dd")].map((part) => part.textContent).join(" ")),
    design: element.dataset.design,
    studied: element.dataset.studied,
    year: Number(element.dataset.year),
    pages: Number(element.dataset.pages),
  }));
  // Equals stay in the order of the list, from which every sorting begins.
  const orders = {
    "": () => 0,
    year: (a, b) => b.year - a.year,
    design: (a, b) => designs.indexOf(a.design) - designs.indexOf(b.design),
    pages: (a, b) => b.pages - a.pages,
  };

  // Each filter counts what it would show beside the search and the other filter.
  function count(select, name, found) {
    for (const option of select.options) {
      if (option.value) option.textContent = `${option.dataset.label} (${found.filter((one) => one[name] === option.value).length})`;
    }
  }

  function show() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const found = entries.filter((one) => (all.checked || one.pages) && words.every((word) => one.text.includes(word)));
    const ofDesign = found.filter((one) => !design.value || one.design === design.value);
    const ofStudied = found.filter((one) => !studied.value || one.studied === studied.value);
    count(design, "design", ofStudied);
    count(studied, "studied", ofDesign);
    const hits = new Set(ofDesign.filter((one) => ofStudied.includes(one)));
    for (const one of entries) one.element.hidden = !hits.has(one);
    status.textContent = hits.size === 1 ? "1 source" : `${hits.size} sources`;
    none.hidden = hits.size > 0;
  }
  search.addEventListener("input", show);
  for (const control of [design, studied, all]) control.addEventListener("change", show);
  sort.addEventListener("change", () => {
    list.append(...entries.slice().sort(orders[sort.value]).map((entry) => entry.element));
  });
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;

  // A link to one source shows it, whatever is filtered.
  function reveal() {
    let entry = null;
    try {
      entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch { /* the address cannot be decoded, so it names no source */ }
    if (!entry || !entry.hidden) return;
    search.value = design.value = studied.value = "";
    all.checked = true;
    show();
    entry.scrollIntoView();
  }
  show();
  reveal();
  addEventListener("hashchange", reveal);
})();
