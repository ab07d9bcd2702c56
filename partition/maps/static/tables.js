// Tables sorted by any heading; a row opens what it tells of on the map.

function sortTable(table, column, button) {
  const heading = button.closest("th");
  const upwards = heading.getAttribute("aria-sort") !== "ascending";
  const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
  const words = new Intl.Collator("en-GB", { numeric: true });
  const numbers = heading.classList.contains("number");
  const compare = numbers ? (a, b) => key(a) - key(b) : (a, b) => words.compare(key(a), key(b));
  const rows = [...table.tBodies[0].rows].sort(upwards ? compare : (a, b) => compare(b, a));
  for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", upwards ? "ascending" : "descending");
  table.tBodies[0].replaceChildren(...rows);
}

export function startTables(view) {
  for (const table of document.querySelectorAll("table.sortable")) {
    table.querySelectorAll("thead button").forEach((button, column) => {
      button.addEventListener("click", () => sortTable(table, column, button));
    });
    table.tBodies[0].addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row && !event.target.closest("button")) {
        row.querySelector("button[data-school], button[data-partnership]")?.click();
      }
    });
  }
  for (const button of document.querySelectorAll("button[data-school]")) {
    button.addEventListener("click", () => view.open({ school: button.dataset.school }, button));
  }
  for (const button of document.querySelectorAll("button[data-partnership]")) {
    const what = { partnership: Number(button.dataset.partnership), plan: Number(button.dataset.plan || 0) };
    button.addEventListener("click", () => view.open(what, button));
  }
}
