// On a narrow screen each row of a table is a card whose cells name their column (macros/tables.py). Display as blocks takes
// a table's meaning from screen readers; roles give it back.
(() => {
  "use strict";
  for (const table of document.querySelectorAll("table[data-cards]")) {
    table.setAttribute("role", "table");
    for (const [parts, role] of [["thead, tbody", "rowgroup"], ["tr", "row"], ["th", "columnheader"], ["td", "cell"]]) {
      for (const part of table.querySelectorAll(parts)) part.setAttribute("role", role);
    }
  }
})();
