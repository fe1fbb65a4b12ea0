// On a narrow screen each row of a table is a card whose cells name their column. Tables in Markdown come with the names
// (macros/tables.py); others get them here.
(() => {
  "use strict";
  for (const table of document.querySelectorAll(".md-typeset table:not([class])")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    if (!heads.length) continue;
    for (const row of "cards" in table.dataset ? [] : table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, index) => { cell.dataset.column = heads[index] || ""; });
    }
    table.dataset.cards = "";
    // Display as blocks takes a table's meaning from screen readers; roles give it back.
    table.setAttribute("role", "table");
    for (const [parts, role] of [["thead, tbody", "rowgroup"], ["tr", "row"], ["th", "columnheader"], ["td", "cell"]]) {
      for (const part of table.querySelectorAll(parts)) part.setAttribute("role", role);
    }
  }
})();
