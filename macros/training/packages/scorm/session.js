// One session of the course on a learning platform that speaks SCORM 1.2. The pages are read in a frame, so that the
// session does not end with each of them. All that the platform hears: status, score, time, place, and the progress.
(() => {
  "use strict";

  const course = JSON.parse(document.getElementById("course").textContent);
  const frame = document.querySelector("iframe");
  const notice = document.getElementById("notice");
  const started = Date.now();
  const WORDS = "Your learning platform keeps your progress; those who run the platform can see it.";
  const ENDINGS = ["sound", "missed", "harm"];
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const MOST_TRIES = 31;
  const ALREADY_INITIALIZED = "101";
  const tell = (words) => { notice.textContent = words; };

  // The platform offers its API in a window around this one, or around the one that opened it.
  function find() {
    const around = (start) => {
      for (let place = start, steps = 0; place && steps < 100; place = place.parent, steps++) {
        try {
          if (place.API) return place.API;
        } catch {
          // a window of another site
        }
        if (place === place.parent) return null;
      }
      return null;
    };
    return around(window) || around(window.opener) || around(window.top.opener);
  }

  const api = find();
  let open = false;
  let writes = false;
  let kept = null;
  let status = "";

  const isTrue = (answer) => String(answer) === "true";
  const error = () => String(api.LMSGetLastError());
  const get = (name) => String(api.LMSGetValue(name) || "");
  function refused() {
    const code = error();
    tell("The learning platform does not keep your progress. It says: " + (api.LMSGetErrorString(code) || "error") + " (" + code + ").");
    return false;
  }
  const set = (name, value) => isTrue(api.LMSSetValue(name, String(value))) || refused();
  const commit = () => isTrue(api.LMSCommit("")) || refused();

  // Each name is a code of four characters that comes from the name itself: progress stays right when the course changes,
  // and what a later version no longer holds is dropped.
  const codes = (names) => new Map(Object.entries(names).map(([code, name]) => [name, code]));
  const [itemCodes, pageCodes, caseCodes] = [codes(course.items), codes(course.pages), codes(course.cases)];
  const written = (entries, names, mark) => Object.keys(entries).filter((name) => names.has(name)).map((name) => names.get(name) + mark(entries[name])).join("");

  function encode({ seed, items, pages, cases }) {
    return ["1" + seed.toString(36).padStart(6, "0"),
      written(items, itemCodes, ([tries, right]) => DIGITS[Math.min(tries, MOST_TRIES) * 2 + right]),
      written(pages, pageCodes, () => ""),
      written(cases, caseCodes, (ending) => ENDINGS.indexOf(ending))].join(".");
  }

  function decode(data) {
    const found = /^1([0-9a-z]{6})\.((?:[\w-]{5})*)\.((?:[\w-]{4})*)\.((?:[\w-]{4}[012])*)$/.exec(data);
    if (!found) return null;
    const read = (text, size, names, value) => Object.fromEntries((text.match(new RegExp(".{" + size + "}", "g")) || [])
      .filter((one) => one.slice(0, 4) in names).map((one) => [names[one.slice(0, 4)], value(one[4])]));
    return { version: 1, seed: parseInt(found[1], 36) % 2 ** 31,
      items: read(found[2], 5, course.items, (mark) => [Math.max(1, DIGITS.indexOf(mark) >> 1), DIGITS.indexOf(mark) & 1]),
      pages: read(found[3], 4, course.pages, () => 1),
      cases: read(found[4], 5, course.cases, (mark) => ENDINGS[mark]) };
  }

  function time() {
    const two = (number) => String(number).padStart(2, "0");
    const seconds = Math.floor((Date.now() - started) / 1000);
    return String(Math.floor(seconds / 3600)).padStart(4, "0") + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
  }

  function report() {
    const { items, pages, cases } = JSON.parse(kept);
    const names = Object.values(course.items);
    const right = names.filter((name) => (items[name] || [])[1]).length;
    const done = right === names.length && Object.values(course.pages).every((name) => name in pages)
      && Object.values(course.cases).every((name) => cases[name] === "sound");
    // What has been completed stays so.
    if (!/^(completed|passed)$/.test(status)) status = done ? "completed" : "incomplete";
    tell(WORDS);
    return set("cmi.suspend_data", encode(JSON.parse(kept)))
      && set("cmi.core.score.min", 0) && set("cmi.core.score.max", 100)
      && set("cmi.core.score.raw", names.length ? Math.floor(100 * right / names.length) : 0)
      && set("cmi.core.lesson_status", status)
      && set("cmi.core.session_time", time())
      && commit();
  }

  // What the course's script finds in place of the browser's storage.
  window.courseStore = {
    where: WORDS,
    getItem: () => kept,
    setItem(name, value) {
      kept = value;
      if (writes) report();
    },
  };

  function begin() {
    if (!api) {
      tell("No learning platform was found around this course. You can work through it, and your progress is lost when you close it.");
      return course.start;
    }
    open = isTrue(api.LMSInitialize("")) || error() === ALREADY_INITIALIZED;
    if (!open) {
      refused();
      return course.start;
    }
    const before = get("cmi.suspend_data");
    const progress = before && decode(before);
    status = get("cmi.core.lesson_status");
    kept = progress ? JSON.stringify(progress) : null;
    tell(WORDS);
    writes = get("cmi.core.lesson_mode") !== "review";
    if (!writes) tell("The learning platform shows the course for review: nothing that you do now is kept.");
    else if (before && !progress) tell("The learning platform holds progress that this course cannot read. It stays there until you answer something.");
    if (writes) {
      if (status === "not attempted" || !status) set("cmi.core.lesson_status", "incomplete");
      set("cmi.core.exit", "suspend");
      commit();
    }
    const place = get("cmi.core.lesson_location");
    return course.places.includes(place.split("#")[0]) ? place : course.start;
  }

  function end() {
    if (!open) return;
    open = false;
    if (writes) {
      set("cmi.core.session_time", time());
      set("cmi.core.exit", "suspend");
    }
    api.LMSFinish("");
  }

  frame.addEventListener("load", () => {
    let page = null;
    try {
      page = frame.contentDocument;
    } catch {
      // opened from a folder, where pages may not look at each other
    }
    if (!page) return;
    document.title = page.title;
    const root = new URL(".", location.href).pathname;
    const { pathname, hash } = frame.contentWindow.location;
    const place = decodeURI(pathname.slice(root.length)) + hash;
    if (open && writes && course.places.includes(place.split("#")[0]) && place.length < 256) set("cmi.core.lesson_location", place);
    // Other sites forbid being shown in a frame.
    page.addEventListener("click", (event) => {
      const link = event.target.closest && event.target.closest("a[href]");
      if (link && /^https?:$/.test(link.protocol) && link.host !== location.host) {
        link.target = "_blank";
        link.rel = "noopener";
      }
    }, true);
  });

  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && open && writes && set("cmi.core.session_time", time())) commit();
  });
  addEventListener("pagehide", end);
  // Taken out of the browser's memory, the page has ended its session.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  frame.src = begin();
})();
