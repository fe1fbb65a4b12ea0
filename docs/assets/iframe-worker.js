// Browsers refuse workers to pages that are opened from a folder; there the search's worker runs in a hidden frame instead.
// Speaks as iframe-worker by Martin Donath (MIT) does, which the theme's worker knows how to work in, but writes no inline
// script into the frame: the content policy would refuse it.
if (location.protocol === "file:") {
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.inside = this.frame.contentWindow;
      // Or Firefox would still put an empty page in its place.
      inside.document.open();
      inside.document.write("<body>");
      inside.document.close();
      const load = (src) => new Promise((done) => {
        inside.document.body.append(Object.assign(inside.document.createElement("script"), { src, onload: done }));
      });
      inside.postMessage = (data) => setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })));
      inside.importScripts = (...urls) => urls.reduce((before, next) => before.then(() => load(next)), Promise.resolve());
      this.ready = load(url);
    }
    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })));
    }
    terminate() {
      this.frame.remove();
    }
  };
}
