// The theme fetches the search's index and starts its worker with every page; on a phone the index weighs more than the
// page. Here both wait until the reader turns to the search. Must run before the theme's script.
(() => {
  "use strict";
  const SMALL = /(?<!\S)(?:an?|and|are|at|does|for|has|have|he|her|his|how|i|in|is|it|my|of|on|or|she|the|their|they|to|was|we|were|what|with|you)\s+(?=\S)/gi;
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

  // From a folder the index is a script, from a server a request.
  const head = document.head;
  head.appendChild = (node) => {
    const put = () => Node.prototype.appendChild.call(head, node);
    if (/search_index\.js$/.test(node.src || "")) wanted.then(put);
    else put();
    return node;
  };
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
      // A query (type 2) is sought by the beginnings of its words: "he" in front would find "heart" and "help".
      if (message.type === 2) message.data = message.data.replace(SMALL, "");
      this.ready.then((worker) => worker.postMessage(message));
    }
  };
})();
