// The theme fetches the search's index and starts its worker with every page; on a phone the index weighs more than the
// page. Here both wait until the reader turns to the search. Must run before the theme's script.
(() => {
  "use strict";
  const query = document.querySelector(".md-search__input");
  if (!query) return; // Zensical's search waits by itself
  // Firefox remembers what was open when a page is loaded again.
  for (const id of ["__drawer", "__search"]) document.getElementById(id).checked = false;
  const asked = new URLSearchParams(location.search);
  const wanted = new Promise((go) => {
    if (asked.has("q") || asked.has("h")) go();
    query.addEventListener("focus", go);
    document.getElementById("__search").addEventListener("change", go);
  });

  // Highlighting asks for the index at once, although it is for pages that a search has led to.
  if (!asked.has("h")) {
    const config = document.getElementById("__config");
    const settings = JSON.parse(config.textContent);
    settings.features = settings.features.filter((feature) => feature !== "search.highlight");
    config.textContent = JSON.stringify(settings);
  }

  const Request = window.XMLHttpRequest;
  window.XMLHttpRequest = class extends Request {
    open(method, url, ...rest) {
      this.waits = /search_index\.json$/.test(url);
      super.open(method, url, ...rest);
    }
    send(body) {
      if (this.waits) wanted.then(() => super.send(body));
      else super.send(body);
    }
  };

  const Real = window.Worker;
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.ready = wanted.then(() => {
        const worker = new Real(url);
        worker.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
        return worker;
      });
    }
    postMessage(message) {
      this.ready.then((worker) => worker.postMessage(message));
    }
  };
})();
