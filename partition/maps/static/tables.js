// Tables sorted by any heading; a row opens what it tells of on the map. A table is one stop of the Tab key: the arrow keys
// go from row to row.

import { startListing } from "./listing.js";

const OPENS = "button[data-school], button[data-partnership]";

const inWords = new Intl.Collator([document.documentElement.lang, "en-GB"], { numeric: true });

// Rows that are not on paper when a part of the page is printed.
const onlyRows = (table) => (holds) => {
  for (const row of table.tBodies[0].rows) {
    const { school, partnership } = row.querySelector(OPENS)?.dataset || {};
    row.classList.toggle("off-paper", Boolean(holds) && !holds(school, Number(partnership)));
  }
};

function sortRows(table) {
  return (column, compare, upwards) => {
    const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => (upwards ? compare(key(a), key(b)) : compare(key(b), key(a))));
    table.tBodies[0].replaceChildren(...rows);
  };
}

function startSorting(table, sort) {
  table.querySelectorAll("thead button").forEach((button, column) => {
    button.addEventListener("click", () => {
      const heading = button.closest("th");
      const upwards = heading.getAttribute("aria-sort") !== "ascending";
      const numbers = heading.classList.contains("number");
      sort(column, numbers ? (a, b) => a - b : (a, b) => inWords.compare(a, b), upwards);
      for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", upwards ? "ascending" : "descending");
      startStops(table);
    });
  });
}

// Of the buttons of a table's rows only one is a stop of the Tab key: the first, or where one last was.
function startStops(table) {
  const buttons = [...table.tBodies[0].querySelectorAll(OPENS)];
  const stop =
    buttons.find((button) => button === document.activeElement) ||
    buttons.find((button) => !button.closest("[hidden]"));
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
}

function step(table, event) {
  const buttons = [...table.tBodies[0].querySelectorAll(OPENS)].filter((button) => button.offsetParent);
  const at = buttons.indexOf(event.target);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (at < 0 || next === undefined || !buttons[next]) return;
  event.preventDefault();
  buttons[next].focus();
  startStops(table);
}

export function startTables(view) {
  for (const table of document.querySelectorAll("table.sortable")) {
    const { sort, only } = table.dataset.listed
      ? startListing(view, table)
      : { sort: sortRows(table), only: onlyRows(table) };
    startSorting(table, sort);
    table.only = only;
    startStops(table);
    table.tBodies[0].addEventListener("keydown", (event) => step(table, event));
    table.tBodies[0].addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row && !event.target.closest("button")) row.querySelector(OPENS)?.click();
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest(OPENS);
    if (!button) return;
    const { school, partnership, plan } = button.dataset;
    view.open(school ? { school } : { partnership: Number(partnership), plan: Number(plan || 0) }, button);
  });
}
