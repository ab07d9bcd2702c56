// Settings tried: what each combination comes to, in its row as soon as it is found.

const table = document.getElementById("tried");
document.querySelector("[data-follow]")?.addEventListener("told", ({ detail }) => {
  if (detail.event !== "row") return;
  const row = table.querySelector(`[data-row="${detail.at}"]`);
  row.querySelectorAll("td").forEach((cell, n) => (cell.textContent = detail.cells[n]));
});
