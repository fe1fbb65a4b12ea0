// One question at a time. All words stand in the page already; without this script they read as an outline with links.
// The path stands in the address: #NAME:answer/answer, several trees apart by "&". Every step is a link, so Back, bookmarks and new tabs work.
// While an answer is changed, "~" stands before it, and the later ones wait behind: #NAME:answer~old/later.
(() => {
  "use strict";

  const parts = () => location.hash.slice(1).split("&");
  const text = (element) => (element ? element.textContent.replace(/\s+/g, " ").trim() : "");

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...children);
    return element;
  }

  const home = (link) => link.closest(".tree-step");
  const ofTree = (part) => [...document.querySelectorAll("decision-tree")].some((tree) => part.startsWith(tree.dataset.name + ":"));

  function anchored() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null; // the address cannot be decoded, so it is no anchor
    }
  }

  class DecisionTree extends HTMLElement {
    connectedCallback() {
      if (this.off) return;
      this.off = new AbortController();
      this.key = this.dataset.name + ":";
      this.steps = [...this.querySelectorAll(".tree-step")];
      this.links = new Map([...this.querySelectorAll("[data-answer]")].map((link) => [link, link.getAttribute("href")]));
      this.path = [];
      this.later = [];
      this.told = "";
      this.all = false;
      this.added = [];
      for (const template of this.querySelectorAll(":scope > template")) {
        const content = template.content.cloneNode(true);
        this.added.push(...content.children);
        template.before(content);
      }
      // The template names its parts: notice, progress, ending, again, copied, answers, toggle, clear, warning.
      for (const part of this.querySelectorAll("[data-part]")) this[part.dataset.part] = part;
      const actions = {
        copy: () => this.copy(),
        print: () => print(),
        toggle: () => { this.all = !this.all; this.render(); },
        clear: () => location.replace(this.address([])),
      };
      for (const button of this.querySelectorAll("[data-do]")) button.addEventListener("click", actions[button.dataset.do]);
      this.classList.add("tree--on");
      document.body.classList.add("no-top"); // it would lie on the questions
      const { signal } = this.off;
      addEventListener("hashchange", () => this.read("move"), { signal });
      // The next question's answers come to lie under a pointer that rests: they show nothing until it moves.
      addEventListener("pointermove", ({ clientX, clientY }) => {
        const at = clientX + "," + clientY;
        if (at !== this.at) this.classList.add("tree--hover");
        this.at = at;
      }, { signal });
      // A link to where the address is already: nothing changes, and yet the step must be shown.
      document.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='#']");
        // The second click of a double click would answer the next question.
        if (event.detail > 1 && this.links.has(link) && !this.all) return event.preventDefault();
        if (link && link.getAttribute("href") === location.hash && (this.contains(link) || this.contains(anchored()))) this.read("again");
      }, { signal });
      this.read("load");
    }

    disconnectedCallback() {
      if (!this.off || this.isConnected) return;
      this.off.abort();
      this.off = null;
      for (const added of this.added) added.remove();
      for (const [link, href] of this.links) link.setAttribute("href", href);
      for (const step of this.steps) step.hidden = false;
      this.classList.remove("tree--on", "tree--all", "tree--hover");
    }

    // Take the path from the address. What is no path through this tree is never shown, only told.
    read(when) {
      const mine = parts().find((part) => part.startsWith(this.key));
      if (mine === undefined && location.hash && !parts().some(ofTree)) {
        const target = anchored();
        if (this.contains(target)) this.reveal(target);
        else if (when === "load") this.render();
        return;
      }
      const names = mine ? mine.slice(this.key.length) : "";
      const changed = names !== this.names;
      this.names = names;
      const { path: before, later } = this;
      [this.path, this.later, this.told] = this.walk(names);
      if (later.length && this.path.length > before.length && before.every((link, place) => link === this.path[place])
        && this.path[before.length] !== later[0]) {
        const gone = later.filter((link) => !this.path.some((kept) => home(kept) === home(link)));
        if (gone.length) this.told = "Left out, since it no longer follows: " + gone.map((link) => this.asked(link) + " " + text(link)).join("; ");
        else if (later[1]) this.told = "Your later answers are kept. Check that they still hold.";
        this.kind = "kept";
      } else this.kind = "";
      if (changed || when === "again") this.all = false;
      this.render();
      if (when === "load" ? mine : changed || when === "again") this.focusOn(this.told && !this.kind ? this.notice : this.step.querySelector("h3"));
    }

    // A link to a step or to a citation in it, from the picture or from the list of sources: show all steps, and go there.
    reveal(target) {
      this.all = true;
      this.render();
      for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      target.scrollIntoView();
      if (target.matches(".tree-step")) this.focusOn(target.querySelector("h3"));
    }

    walk(names) {
      if (!names) return [[], [], ""];
      const whole = names.replace("~", "/").replace(/^\//, "");
      const path = [];
      let step = this.steps[0];
      for (const name of whole.split("/")) {
        const link = [...step.querySelectorAll("[data-answer]")].find((one) => one.dataset.answer === name);
        if (!link) {
          return [[], [], "This link was made for another version of this tree, or is damaged. Its answers are left out; please start here."];
        }
        path.push(link);
        step = this.target(link);
      }
      const done = names.split("~")[0];
      const later = names === done ? [] : path.splice(done && done.split("/").length);
      return [path, later, ""];
    }

    // Give the answers that still fit if the one that is being changed becomes this one.
    kept(link) {
      const kept = [];
      for (let next = link; next; next = this.later.find((one) => home(one) === this.target(kept[kept.length - 1]))) kept.push(next);
      return kept;
    }

    target(link) {
      const id = this.links.get(link).slice(1);
      return this.steps.find((step) => step.id === id);
    }

    address(path, later = []) {
      const ids = (links) => links.map((link) => link.dataset.answer).join("/");
      const others = parts().filter((part) => ofTree(part) && !part.startsWith(this.key));
      return "#" + [...others, this.key + ids(path) + (later.length ? "~" : "") + ids(later)].join("&");
    }

    render() {
      const { path, later, all } = this;
      const whole = [...path, ...later];
      this.step = path.length ? this.target(path[path.length - 1]) : this.steps[0];
      const ended = this.step.matches(".tree-end");
      const [one, end] = "case" in this.dataset ? ["scene", "Ending"] : ["question", "Outcome"];
      // Even to hide what is hidden costs the browser a look at its style.
      for (const step of this.steps) if (step.hidden === (all || step === this.step)) step.hidden = !step.hidden;
      for (const [link, href] of this.links) {
        const here = !all && this.step.contains(link);
        if (here || link.getAttribute("href") !== href) link.setAttribute("href", here ? this.address([...path, ...this.kept(link)]) : href);
        link.toggleAttribute("data-given", link === later[0]);
      }
      this.classList.toggle("tree--all", all);
      this.classList.remove("tree--hover");
      this.toggle.textContent = all ? "Show one " + one + " at a time" : "Show all " + one + "s";
      this.notice.hidden = !this.told;
      this.notice.textContent = this.told;
      const count = path.length + 1;
      const most = path.length + Number(this.step.dataset.left);
      this.progress.textContent = ended ? end + ", after " + path.length + " " + one + (path.length > 1 ? "s" : "")
        : one[0].toUpperCase() + one.slice(1) + " " + count + (most > count ? " of at most " + most : ", the last")
          + (later.length ? ": change your answer, or choose it again" : "");
      this.clear.hidden = this.warning.hidden = !whole.length;
      this.ending.hidden = !ended;
      this.again.setAttribute("href", this.address([]));
      this.copied.replaceChildren();
      this.answers.replaceChildren(...(whole.length ? [make("h4", {}, "Your answers"),
        make("p", {}, whole[1] ? "“Change” keeps the later answers that still fit." : ""), this.list(whole)] : []));
      this.toggleAttribute("data-answered", whole.length > 0);
      this.dispatchEvent(new CustomEvent("tree-step", { bubbles: true, detail: { path, step: this.step } }));
    }

    list(whole) {
      return make("ol", {}, ...whole.map((link, place) => {
        const asked = this.asked(link);
        return make("li", {}, make("span", {}, asked), " ", make("b", {}, text(link)), " ",
          make("a", { href: this.address(whole.slice(0, place), whole.slice(place)), "aria-label": "Change the answer to: " + asked }, "Change"));
      }));
    }

    asked(link) {
      return text(home(link).querySelector(".tree-ask"));
    }

    focusOn(heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      const box = heading.getBoundingClientRect();
      if (box.top < 60 || box.bottom > innerHeight * 0.6) (heading === this.notice ? heading : this.progress).scrollIntoView();
    }

    summary() {
      const cited = new Map([...this.path.map(home), this.step].flatMap((step) => [...step.querySelectorAll("a.cite")])
        .map((link) => [link.hash, text(link).replace(/ \((.*)\)$/, ", $1")]));
      const blocks = [...this.step.querySelectorAll(".tree-text p, .tree-text li")].filter((one) => !one.querySelector("p")).map((one) => {
        const copy = one.cloneNode(true);
        for (const label of copy.querySelectorAll(".reading")) label.replaceWith("[reading] ");
        return "- " + text(copy);
      });
      return [
        this.dataset.title + "\nDecision tree, version of " + this.dataset.date,
        "Worked through: " + new Date().toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" }) + "\nClinician: " + "_".repeat(24),
        "ANSWERS\n" + this.path.map((link, number) => number + 1 + ". " + this.asked(link) + "\n   " + text(link)).join("\n"),
        "OUTCOME\n[" + text(this.step.querySelector(".tree-verdict")) + "] " + text(this.step.querySelector("h3")),
        /\[reading\]/.test(blocks) && "[reading] = this guide’s reading: its own inference, not a finding",
        blocks.join("\n"),
        cited.size && "Sources: " + [...cited.values()].sort().join("; "),
        location.protocol.startsWith("http") && "Open again: " + location.href,
        this.dataset.statement,
      ].filter(Boolean).join("\n\n") + "\n";
    }

    async copy() {
      const summary = this.summary();
      try {
        await navigator.clipboard.writeText(summary);
        this.copied.textContent = "Summary copied.";
      } catch {
        const area = make("textarea", { readonly: "", rows: "12", "aria-label": "Summary" });
        area.value = summary;
        this.copied.replaceChildren("The browser did not allow copying. Copy the text from here:", area);
        area.focus();
        area.select();
      }
    }
  }

  customElements.define("decision-tree", DecisionTree);
})();
