// Stands before the course's own script in the pages of a package, and hands it the platform in place of the browser's
// storage: two people who share a computer must not get each other's progress.
(() => {
  "use strict";
  const trouble = "This page was opened outside the course’s window, where the learning platform does not hear of it. What you do here is not kept.";
  let store = null;
  try {
    store = parent.courseStore;
  } catch {
    // a window of another site
  }
  const refuse = () => { throw new Error(trouble); };
  window.courseStore = store || { trouble, where: trouble, getItem: refuse, setItem: refuse };
})();
