// What the theme leaves undone for people who use a keyboard or a screen reader; see also accessible.css.
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const drawer = document.getElementById("__drawer");
  const sidebar = document.querySelector(".md-sidebar--primary");
  const label = document.querySelector(".md-header__button[for=__drawer]");

  // On a narrow screen the navigation opens by the label of a hidden check box, which no key reaches: a button takes its place.
  if (drawer && sidebar && label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className + " menu-button";
    button.setAttribute("aria-label", "Navigation");
    button.append(...label.childNodes);
    label.replaceWith(button);
    const tell = () => button.setAttribute("aria-expanded", drawer.checked);
    tell();
    drawer.addEventListener("change", tell);
    button.addEventListener("click", () => {
      drawer.click();
      // Focus follows into what has opened.
      const stops = drawer.checked ? [...sidebar.querySelectorAll("a, input")] : [];
      stops.find((stop) => stop.checkVisibility({ visibilityProperty: true }))?.focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !drawer.checked) return;
      drawer.click();
      button.focus();
    });
    document.addEventListener("focusin", ({ target }) => {
      if (drawer.checked && target !== button && !sidebar.contains(target)) drawer.click();
    });
  }

  // How many results there are is said, not only shown.
  for (const meta of all(".md-search-result__meta")) meta.setAttribute("role", "status");
  for (const query of all(".md-search__input")) query.setAttribute("aria-description", "Arrow keys lead to the results.");
  // The same links stand in the table of contents, with names; here they would only be stops called "pilcrow".
  for (const link of all(".headerlink")) {
    link.tabIndex = -1;
    link.setAttribute("aria-hidden", "true");
  }
})();
