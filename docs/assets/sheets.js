// Session sheets: the therapy chosen once holds on all of them until the tab is closed; nothing else is kept.
(() => {
  "use strict";
  const form = document.querySelector(".session-sheets");
  if (!form) return;
  const stored = (name) => {
    try { // storage may be switched off
      if (name) sessionStorage.setItem("therapy", name);
      return sessionStorage.getItem("therapy");
    } catch { return null; }
  };
  const wanted = new URLSearchParams(location.search).get("therapy") || stored();
  const tab = [...form.therapy].find((one) => one.value === wanted);
  if (tab) {
    tab.checked = true;
    stored(wanted);
  }
  form.addEventListener("change", (event) => {
    if (event.target.name !== "therapy") return;
    stored(event.target.value);
    try { // the address can be bookmarked
      history.replaceState(null, "", `?therapy=${event.target.value}`);
    } catch { /* some browsers refuse this in a folder */ }
  });
  const button = form.querySelector(".sheet-print");
  button.hidden = false;
  button.addEventListener("click", () => print());
})();
