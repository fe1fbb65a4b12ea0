// The card: at a citation, what kind of study it is, in whom, what it found and what it cannot show; at a term, what it
// means. All of it stands in the page's list of sources or in the glossary; without this script both are links to there.
// Tab goes from one to the next and leaves out what is on the card; the down arrow leads onto it, Escape back.
(() => {
  "use strict";

  const OPEN_DELAY = 120; // milliseconds: passing over a citation opens nothing
  const CLOSE_DELAY = 250; // enough to move the pointer from the citation onto its card
  const GAP = 6; // pixels between citation and card

  let card = null;
  let anchor = null;
  let timer = 0;
  let touched = false;
  let tabbing = false; // whether the Tab key has just been pressed

  const later = (action, delay) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  const WITH_CARD = "a.cite, a.term";
  const linkAt = (target) => (target instanceof Element ? target.closest(WITH_CARD) : null);
  const within = (target) => target instanceof Node && ((card && card.contains(target)) || (anchor && anchor.contains(target)));

  const make = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });

  function contentOf(link) {
    const { term, means } = link.dataset;
    if (means) return [make("p", "source-kind", term), make("p", "", means)];
    const entry = document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    // What the citation does not say comes first, so that it is seen where there is little room.
    const parts = entry && [".source-kind", ".source-facts", ".source-entry"].map((part) => entry.querySelector(part));
    return parts && parts.filter(Boolean).map((part) => part.cloneNode(true));
  }

  function build(content, link) {
    const element = make("div", "source-card", "");
    const isTerm = link.matches(".term");
    element.id = "source-card";
    element.tabIndex = -1;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", (isTerm ? "Meaning of " : "Source: ") + link.textContent.trim());
    if ("popover" in element) element.popover = "manual";
    const more = make("p", "source-card-more", "");
    const list = make("a", "", isTerm ? "More in the glossary" : "Show in the list of sources");
    list.href = link.getAttribute("href");
    list.addEventListener("click", close);
    more.append(list);
    element.append(...content, more);
    element.addEventListener("focusin", () => tabStops(element, 0));
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
    card.style.maxHeight = Math.max(120, Math.min(512, Math.max(room, roomAbove))) + "px";
    const fits = card.offsetHeight <= room || room >= roomAbove;
    const above = box.top - GAP - card.offsetHeight;
    card.style.left = left + "px";
    card.style.top = (fits ? below : Math.max(8, above)) + "px";
    if (last.bottom < 0 || box.top > window.innerHeight) close();
  }

  function tabStops(element, tabIndex) {
    for (const link of element.querySelectorAll("a")) link.tabIndex = tabIndex;
  }

  function open(link) {
    clearTimeout(timer);
    if (anchor === link) return;
    const content = contentOf(link);
    if (!content) return;
    close();
    anchor = link;
    card = build(content, link);
    // Whoever goes through the page by Tab is not led through every card. Focus that came otherwise may go on by Tab.
    if (tabbing) tabStops(card, -1);
    // Next to its citation, for those who read on from there.
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

  function back() {
    // Focus goes back before the link is let go of, so that the card does not open again by it.
    const link = anchor;
    close();
    anchor = link;
    link.focus();
    anchor = null;
  }

  document.addEventListener("pointerover", (event) => {
    const link = linkAt(event.target);
    if (link && event.pointerType === "mouse") later(() => open(link), OPEN_DELAY);
  });
  document.addEventListener("pointerout", (event) => {
    const link = linkAt(event.target);
    if (link && event.pointerType === "mouse" && !within(event.relatedTarget)) later(close, CLOSE_DELAY);
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType !== "mouse";
    tabbing = false;
    if (!within(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const link = linkAt(event.target);
    // A finger has no way to hover: its first tap opens the card, which leads on.
    if (link && touched && contentOf(link)) {
      event.preventDefault();
      if (anchor === link && card && card.dataset.tapped) close();
      else {
        open(link);
        if (card) card.dataset.tapped = "true";
      }
    }
  });
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event.target);
    if (link && !touched) open(link);
    else if (!within(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    touched = false;
    tabbing = event.key === "Tab";
    const here = document.activeElement;
    if (event.key === "ArrowDown" && linkAt(here) === here && !event.altKey && !event.ctrlKey && !event.metaKey) {
      open(here);
      if (!card) return;
      event.preventDefault();
      card.focus();
    } else if (event.key === "Escape" && card) {
      event.stopPropagation();
      if (card.contains(here)) back();
      else close();
    }
  }, true);
  addEventListener("scroll", place, { passive: true });
  addEventListener("resize", place);

  const help = make("p", "", "Down arrow: details");
  help.id = "source-card-help";
  help.hidden = true;
  document.body.append(help);
  for (const link of document.querySelectorAll(WITH_CARD)) link.setAttribute("aria-describedby", help.id);

  // "Copy" at each BibTeX entry.
  for (const details of document.querySelectorAll(".source-bibtex, .cite-page")) {
    const code = details.querySelector("samp");
    if (!code) continue;
    const button = make("button", "source-copy", "Copy BibTeX");
    button.type = "button";
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
