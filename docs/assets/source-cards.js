// The source card: at a citation, what kind of study it is, in whom, what it found and what it cannot show.
// Everything on the card stands in the page's list of sources already; without this script a citation is a link to it.
(() => {
  "use strict";

  const OPEN_DELAY = 120; // milliseconds: passing over a citation opens nothing
  const CLOSE_DELAY = 250; // enough to move the pointer from the citation onto its card
  const GAP = 6; // pixels between citation and card

  let card = null;
  let anchor = null;
  let timer = 0;
  let touched = false;

  const later = (action, delay) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  const citation = (target) => (target instanceof Element ? target.closest("a.cite") : null);
  const within = (target) => target instanceof Node && ((card && card.contains(target)) || (anchor && anchor.contains(target)));

  function entryOf(link) {
    return document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
  }

  function build(entry, link) {
    const element = document.createElement("div");
    element.className = "source-card";
    element.id = "source-card";
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "Source: " + link.textContent.trim());
    if ("popover" in element) element.popover = "manual";
    for (const name of ["source-kind", "source-entry", "source-facts"]) {
      const part = entry.querySelector("." + name);
      if (part) element.append(part.cloneNode(true));
    }
    const more = document.createElement("p");
    more.className = "source-card-more";
    const list = document.createElement("a");
    list.href = link.getAttribute("href");
    list.textContent = "Show in the list of sources";
    list.addEventListener("click", close);
    more.append(list);
    element.append(more);
    element.addEventListener("pointerenter", () => clearTimeout(timer));
    element.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") later(close, CLOSE_DELAY);
    });
    return element;
  }

  function place() {
    if (!card || !anchor) return;
    const lines = anchor.getClientRects();
    const box = lines[0] || anchor.getBoundingClientRect();
    const last = lines[lines.length - 1] || box;
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(box.left, width - card.offsetWidth - 8));
    const below = last.bottom + GAP;
    const room = window.innerHeight - 8 - below;
    const roomAbove = box.top - GAP - 56; // the header stays in sight
    // The card never covers its citation: it takes the side with more room, and scrolls if that is too little.
    card.style.maxHeight = Math.max(120, Math.min(384, Math.max(room, roomAbove))) + "px";
    const fits = card.offsetHeight <= room || room >= roomAbove;
    const above = box.top - GAP - card.offsetHeight;
    card.style.left = left + "px";
    card.style.top = (fits ? below : Math.max(8, above)) + "px";
    if (last.bottom < 0 || box.top > window.innerHeight) close();
  }

  function open(link) {
    clearTimeout(timer);
    if (anchor === link) return;
    const entry = entryOf(link);
    if (!entry) return;
    close();
    anchor = link;
    card = build(entry, link);
    // Next to its citation, so that Tab leads from the one into the other.
    link.after(card);
    link.setAttribute("aria-details", card.id);
    if (card.showPopover) card.showPopover();
    else card.classList.add("source-card--plain");
    place();
  }

  function close() {
    clearTimeout(timer);
    if (!card) return;
    anchor.removeAttribute("aria-details");
    card.remove();
    card = anchor = null;
  }

  document.addEventListener("pointerover", (event) => {
    const link = citation(event.target);
    if (link && event.pointerType === "mouse") later(() => open(link), OPEN_DELAY);
  });
  document.addEventListener("pointerout", (event) => {
    const link = citation(event.target);
    if (link && event.pointerType === "mouse" && !within(event.relatedTarget)) later(close, CLOSE_DELAY);
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType !== "mouse";
    if (!within(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const link = citation(event.target);
    // A finger has no way to hover: its first tap opens the card, which leads on to the list.
    if (link && touched && entryOf(link)) {
      event.preventDefault();
      if (anchor === link && card && card.dataset.tapped) close();
      else {
        open(link);
        if (card) card.dataset.tapped = "true";
      }
    }
  });
  document.addEventListener("focusin", (event) => {
    const link = citation(event.target);
    if (link && !touched) open(link);
    else if (!within(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    touched = false;
    if (event.key !== "Escape" || !card) return;
    event.stopPropagation();
    const back = card.contains(document.activeElement) ? anchor : null;
    if (back) {
      // Focus goes back first, so that the card does not open again by it.
      const stay = anchor;
      close();
      anchor = stay;
      stay.focus();
      anchor = null;
    } else close();
  }, true);
  addEventListener("scroll", place, { passive: true });
  addEventListener("resize", place);

  // "Copy" at each BibTeX entry.
  for (const details of document.querySelectorAll(".source-bibtex, .cite-page")) {
    const code = details.querySelector("samp");
    if (!code) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "source-copy";
    button.textContent = "Copy BibTeX";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = "Selected: copy it with your keyboard";
      }
      setTimeout(() => { button.textContent = "Copy BibTeX"; }, 2500);
    });
    code.parentElement.before(button);
  }
})();
