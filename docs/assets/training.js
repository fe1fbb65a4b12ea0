// The course: self-checks, what follows in cases, and progress. Progress stays in this browser's storage; without this
// script questions stand on the page with their answers folded.
(() => {
  "use strict";

  const KEY = "guide-training";
  // In a package for a learning platform, that keeps the progress, and this browser does not.
  const { trouble: elsewhere, where } = window.courseStore || {};
  const storage = () => window.courseStore || localStorage;
  const ENDINGS = ["sound", "missed", "harm"];
  const ask = (name) => (root) => [...root.querySelectorAll(name)];
  const text = (element) => (element ? element.textContent.replace(/\s+/g, " ").trim() : "");
  const of = (number, total, what) => number + " of " + total + " " + what;

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...children);
    return element;
  }

  // What may be taken from a file or from the storage: names and small numbers, nothing else.
  const isMap = (value, key, allowed) => value !== null && typeof value === "object" && !Array.isArray(value)
    && Object.entries(value).every(([name, one]) => key.test(name) && allowed(one));
  const isProgress = (data) => isMap(data, /^(version|seed|items|pages|cases)$/, () => true)
    && data.version === 1 && Number.isInteger(data.seed)
    && isMap(data.items, /^[a-z0-9-]+\/[a-z0-9-]+$/, (one) => Array.isArray(one) && one.length === 2
      && Number.isInteger(one[0]) && one[0] > 0 && one[0] < 1e4 && (one[1] === 0 || one[1] === 1))
    && isMap(data.pages, /^[a-z0-9-]+ [\w./#-]{1,200}$/, (one) => one === 1)
    && isMap(data.cases, /^[a-z0-9-]+$/, (one) => ENDINGS.includes(one));
  const fresh = () => ({ version: 1, seed: Math.floor(Math.random() * 2 ** 31), items: {}, pages: {}, cases: {} });

  const UNREAD = "The progress kept in this browser cannot be read. It is left as it is until you answer something.";
  const UNKEPT = elsewhere || "This browser does not keep progress: its storage is full or switched off. It lasts until you leave this page.";
  let trouble = "";
  let progress = fresh();
  const shown = new Set();

  function load() {
    try {
      const kept = JSON.parse(storage().getItem(KEY));
      if (isProgress(kept)) progress = kept;
      else if (kept !== null) trouble = UNREAD;
    } catch (error) {
      trouble = error instanceof SyntaxError ? UNREAD : UNKEPT;
    }
  }

  function save() {
    try {
      storage().setItem(KEY, JSON.stringify(progress));
      trouble = "";
    } catch {
      trouble = UNKEPT;
    }
    for (const one of shown) one.show();
  }

  load();
  addEventListener("storage", (event) => {
    if (event.key !== KEY || window.courseStore) return;
    load();
    for (const one of shown) one.show();
  });

  // The same order for the same trainee, another one for the next.
  function shuffled(values, name) {
    let state = [...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619), progress.seed);
    const next = () => {
      state = Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5 | 0;
      return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
    };
    const mixed = [...values];
    for (let left = mixed.length - 1; left > 0; left--) {
      const other = Math.floor(next() * (left + 1));
      [mixed[left], mixed[other]] = [mixed[other], mixed[left]];
    }
    return mixed;
  }

  const rank = (ending) => (ending ? ENDINGS.indexOf(ending) : ENDINGS.length);
  const right = (module, items) => items.filter((item) => (progress.items[module + "/" + item] || [])[1]).length;
  const copied = (node) => {
    const copy = node.cloneNode(true);
    for (const one of copy.querySelectorAll("[id]")) one.removeAttribute("id");
    return copy;
  };

  class Part extends HTMLElement {
    connectedCallback() {
      if (!this.built) {
        this.built = true;
        this.module = this.dataset.module;
        this.notice = make("p", { class: "tree-notice", role: "alert" });
        this.prepend(this.notice);
        this.build();
      }
      shown.add(this);
      this.show();
    }

    disconnectedCallback() {
      shown.delete(this);
    }

    show() {
      this.notice.hidden = !trouble;
      this.notice.textContent = trouble;
      this.render();
    }
  }

  class CourseModule extends Part {
    build() {
      this.boxes = ask("[data-page]")(this).map((row) => {
        const box = make("input", { type: "checkbox" });
        const name = this.module + " " + row.dataset.page;
        box.addEventListener("change", () => {
          if (box.checked) progress.pages[name] = 1;
          else delete progress.pages[name];
          save();
        });
        box.setAttribute("aria-label", "Read: " + text(row.querySelector("a")));
        row.append(" ", make("label", {}, box, " Read"));
        return [name, box];
      });
    }

    render() {
      for (const [name, box] of this.boxes) box.checked = name in progress.pages;
    }
  }

  class SelfCheck extends Part {
    build() {
      this.sections = ask(".quiz-item")(this);
      document.body.classList.add("no-top");
      for (const section of this.sections) this.prepare(section);
    }

    prepare(section) {
      const { item, kind } = section.dataset;
      const answer = section.querySelector(".quiz-answer");
      const asked = section.querySelector(".quiz-ask");
      asked.id = "ask-" + item;
      const rows = shuffled(ask(".quiz-options [data-option]")(section), item);
      const numbers = rows.map((row) => row.dataset.option);
      const status = make("div", { class: "quiz-status", role: "status" });
      const group = make("fieldset", { "aria-labelledby": asked.id });
      const form = make("form", { class: "quiz-form", autocomplete: "off" }, group,
        make("button", { class: "tree-button" }, "Check"), status);
      let chosen;
      if (kind === "order") {
        const list = make("ol", { role: "list" });
        const place = (row) => [...list.children].indexOf(row);
        const move = (row, by) => {
          const other = list.children[place(row) + by];
          if (!other) return;
          if (by < 0) other.before(row);
          else other.after(row);
          status.textContent = of(place(row) + 1, list.children.length, "now.");
        };
        for (const row of rows) {
          const one = make("li", { "data-option": row.dataset.option }, make("span", {}, text(row)));
          for (const [label, by] of [["Up", -1], ["Down", 1]]) {
            const arrow = make("button", { type: "button", class: "tree-button", "aria-label": label + ": " + text(row) }, label);
            arrow.addEventListener("click", () => { move(one, by); arrow.focus(); });
            one.append(" ", arrow);
          }
          list.append(one);
        }
        group.append(list);
        chosen = () => [...list.children].map((row) => row.dataset.option);
      } else if (kind === "match") {
        // Which goes with which stands in the answer: "left → right".
        const counterpart = new Map(ask("[data-option]")(answer).map((row) => [row.dataset.option, text(row.querySelector("p")).split(" → ")[1]]));
        const selects = rows.map((row) => {
          const select = make("select", { "data-option": row.dataset.option }, make("option", { value: "" }, "Choose"));
          for (const number of shuffled(numbers, item + "/with")) select.append(make("option", { value: number }, counterpart.get(number)));
          const chosen = make("small", {});
          select.addEventListener("change", () => { chosen.textContent = counterpart.get(select.value) || ""; });
          group.append(make("label", {}, make("span", {}, text(row)), " ", select, chosen));
          return select;
        });
        chosen = () => (selects.every((select) => select.value) ? selects.filter((select) => select.value === select.dataset.option).map((select) => select.value) : null);
      } else {
        const boxes = rows.map((row) => {
          const box = make("input", { type: kind === "one" ? "radio" : "checkbox", name: item, value: row.dataset.option });
          group.append(make("label", {}, box, " ", make("span", {}, text(row))));
          return box;
        });
        chosen = () => {
          const picked = boxes.filter((box) => box.checked).map((box) => box.value);
          return picked.length ? picked : null;
        };
      }
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const picked = chosen();
        if (picked === null) {
          status.textContent = kind === "match" ? "Choose one for each first." : "Choose an answer first.";
          return;
        }
        const [isRight, words, reasons] = this.judge(kind, picked, answer);
        answer.hidden = false;
        answer.open = isRight;
        status.replaceChildren(make("p", { class: "quiz-verdict", "data-right": isRight ? 1 : 0 }, (isRight ? "Right. " : "Not right yet. ") + words),
          ...reasons.map(copied), ...(isRight ? [] : [copied(answer.querySelector(".quiz-pages"))]));
        const [tries] = progress.items[this.module + "/" + item] || [0];
        progress.items[this.module + "/" + item] = [Math.min(tries + 1, 9999), isRight ? 1 : 0];
        save();
        status.scrollIntoView({ block: "nearest" });
      });
      section.querySelector("h3").append(" ", make("span", { class: "quiz-mark" }));
      answer.querySelector("ol").prepend(...ask("[data-right]")(answer));
      section.querySelector(".quiz-options").replaceWith(form);
      answer.hidden = true;
      // Letters name the options of the page without this script, where they stand in another order.
      for (const mark of ask("li b")(answer)) mark.textContent = mark.textContent.replace(/^[A-F]\. ?|\s*\([A-F]\)/g, "");
    }

    judge(kind, picked, answer) {
      const rows = ask("[data-option]")(answer);
      if (kind === "order" || kind === "match") {
        // Right by their place, or by having been matched with themselves.
        const misplaced = rows.filter((row, place) => (kind === "match" ? !picked.includes(row.dataset.option) : Number(picked[place]) !== place));
        const words = misplaced.length ? of(rows.length - misplaced.length, rows.length, "are where they belong. Of the first that is not:") : "";
        return [!misplaced.length, words, misplaced.slice(0, 1).map((row) => row.querySelector(".quiz-why"))];
      }
      const wrong = rows.filter((row) => picked.includes(row.dataset.option) && !("right" in row.dataset));
      const wanted = rows.filter((row) => "right" in row.dataset);
      const found = wanted.filter((row) => picked.includes(row.dataset.option)).length;
      const isRight = !wrong.length && found === wanted.length;
      const words = kind === "several" && !isRight ? of(found, wanted.length, "right ones chosen, and " + wrong.length + " wrong.") : "";
      return [isRight, words, wrong.map((row) => row.querySelector(".quiz-why"))];
    }

    render() {
      const was = (section) => (progress.items[this.module + "/" + section.dataset.item] || [])[1];
      const wrong = this.sections.filter((section) => was(section) === 0);
      for (const section of this.sections) section.querySelector(".quiz-mark").textContent = ["not right yet", "right"][was(section)] || "";
      const all = this.sections.map((section) => section.dataset.item);
      this.querySelector("#quiz-results").textContent = "Results: " + of(right(this.module, all), all.length, "right");
      for (const row of ask(".quiz-results [data-objective]")(this)) {
        const items = this.sections.filter((section) => section.dataset.objective === row.dataset.objective).map((section) => section.dataset.item);
        row.querySelector("span").textContent = "(" + of(right(this.module, items), items.length, "right)");
      }
      const pages = new Map(wrong.flatMap((section) => ask(".quiz-pages a")(section)).map((link) => [link.href, link]));
      this.querySelector(".quiz-review").replaceChildren(...(pages.size
        ? [make("p", {}, "Not right yet: ", ...wrong.flatMap((section, index) => [index ? ", " : "",
          make("a", { href: "#q-" + section.dataset.item }, section.querySelector("h3").firstChild.textContent)]), ". Read again:"), make("ul", {}, ...[...pages.values()].map((link) => make("li", {}, copied(link))))] : []));
    }
  }

  class CourseProgress extends Part {
    build() {
      const tools = this.querySelector(".course-tools");
      tools.querySelector(".course-none").replaceWith(tools.querySelector("template").content);
      if (where) tools.querySelector(".course-where").textContent = where;
      this.message = tools.querySelector(".course-message");
      this.file = tools.querySelector(".course-file");
      this.file.addEventListener("change", () => this.take());
      for (const one of ask("[data-do]")(tools)) one.addEventListener("click", () => this[one.dataset.do](one));
      addEventListener("afterprint", () => document.body.classList.remove("print-record"));
      for (const row of this.rows()) row.querySelector("h3").after(make("p", { class: "course-count" }));
    }

    rows() {
      return ask("[data-module], [data-case]")(this);
    }

    erase(button) {
      if (button.textContent === "Erase") button.textContent = "Erase all progress for good";
      else {
        progress = fresh();
        button.textContent = "Erase";
        save();
        this.message.textContent = "Progress erased.";
      }
    }

    print() {
      const record = this.querySelector(".course-record");
      const [who, state] = record.querySelectorAll("p");
      who.textContent = (this.querySelector("#record-name").value.trim() || "_".repeat(20)) + ", " + new Date().toLocaleDateString("en-GB", { dateStyle: "long" });
      state.textContent = text(this.querySelector(".course-state"));
      record.querySelector("ul").replaceChildren(...this.rows().map((row) => make("li", {}, text(row.querySelector("h3")) + ": " + text(row.querySelector(".course-count")))));
      document.body.classList.add("print-record");
      window.print();
    }

    give() {
      const link = make("a", { download: "course-progress.json", href: URL.createObjectURL(new Blob([JSON.stringify(progress, null, 1)], { type: "application/json" })) });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    async take() {
      const file = this.file.files[0];
      if (!file) return;
      let taken = null;
      try {
        taken = file.size < 1e6 ? JSON.parse(await file.text()) : null;
      } catch { /* it is no JSON, and refused below */ }
      this.file.value = "";
      if (!isProgress(taken)) {
        this.message.textContent = "“" + file.name + "” holds no progress of this course. Nothing was changed.";
        return;
      }
      for (const item in taken.items) {
        const [tries, was] = progress.items[item] || [0, 0];
        if (taken.items[item][0] > tries || (taken.items[item][0] === tries && taken.items[item][1] > was)) progress.items[item] = taken.items[item];
      }
      Object.assign(progress.pages, taken.pages);
      for (const name in taken.cases) {
        if (rank(taken.cases[name]) < rank(progress.cases[name])) progress.cases[name] = taken.cases[name];
      }
      save();
      this.message.textContent = "Progress from “" + file.name + "” added to what was here.";
    }

    render() {
      const sums = [0, 0, 0, 0];
      const bar = (done, all) => make("progress", { value: done, max: all || 1, "aria-label": "Progress" });
      for (const row of ask("[data-module]")(this)) {
        const items = row.dataset.items.split(" ");
        const pages = Number(row.dataset.pages);
        const done = right(row.dataset.module, items);
        const read = Math.min(pages, Object.keys(progress.pages).filter((name) => name.startsWith(row.dataset.module + " ")).length);
        [done, items.length, read, pages].forEach((count, index) => { sums[index] += count; });
        row.querySelector(".course-count").replaceChildren(bar(done + read, items.length + pages), " " + of(done, items.length, "questions right, ") + of(read, pages, "pages read"));
        for (const objective of ask("details [data-items]")(row)) {
          const tested = objective.dataset.items.split(" ");
          objective.querySelector("span").textContent = of(right(row.dataset.module, tested), tested.length, "right");
        }
      }
      const cases = ask("[data-case]")(this);
      const words = { sound: "Brought to a sound ending", missed: "Ended with something missed", harm: "Ended in harm" };
      for (const row of cases) row.querySelector(".course-count").textContent = words[progress.cases[row.dataset.case]] || "Not worked through yet";
      const ended = cases.filter((row) => progress.cases[row.dataset.case] === "sound").length;
      const done = sums[0] + sums[2] + ended;
      const all = sums[1] + sums[3] + cases.length;
      this.querySelector(".course-state").replaceChildren(bar(done, all), make("p", {}, Math.floor(100 * done / (all || 1)) + " % of the course: " + of(sums[0], sums[1], "questions right, ")
        + of(sums[2], sums[3], "pages read, ") + of(ended, cases.length, "cases brought to a sound ending")));
    }
  }

  // In a case, what follows from the answer stands above the next scene; at the end, every answer with how good it was.
  let chose = false; // an address that is opened shows an ending, and is no work of the trainee's
  addEventListener("click", ({ target }) => { chose ||= target instanceof Element && target.closest("[data-answer]") !== null; });
  addEventListener("tree-step", ({ target, detail: { path, step } }) => {
    if (!("case" in target.dataset)) return;
    for (const old of ask(".tree-followed")(target)) old.remove();
    const follows = (link) => link.closest("li").querySelector(".tree-follows");
    const last = path[path.length - 1];
    if (last) {
      step.querySelector("h3").after(make("div", { class: "tree-followed", "data-fit": follows(last).dataset.fit },
        ...[...copied(follows(last)).children].filter((one) => !one.matches("summary, .tree-goes"))));
    }
    if (step.dataset.verdict) {
      ask(".tree-path li")(target).forEach((row, index) => row.append(make("p", { class: "tree-followed" }, ...[...copied(follows(path[index])).children].filter((one) => one.matches(".tree-fit")).map(text))));
      if (!chose || rank(step.dataset.verdict) >= rank(progress.cases[target.dataset.name])) return;
      progress.cases[target.dataset.name] = step.dataset.verdict; // the best so far
      save();
    }
  });

  customElements.define("course-module", CourseModule);
  customElements.define("self-check", SelfCheck);
  customElements.define("course-progress", CourseProgress);
})();
