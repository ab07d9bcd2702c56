// Paper has its own size: maps are laid out again for it, what is folded is opened, and all is put back afterwards.

import { roomOf } from "./handling.js";

// `toPaper(true)` draws what paper needs besides, `toPaper(false)` takes it away. Returns what prints a part of the page: its
// words, its bounds, and which rows it has (`holds`, of a school's identifier or a partnership's number).
export function startPrinting(maps, whole, toPaper = () => {}) {
  const folded = [...document.querySelectorAll("details")];
  const root = document.documentElement;
  let before = null;
  let part = null;
  const lay = (bounds) => {
    for (const map of maps) map.invalidateSize({ animate: false, pan: false });
    for (const map of maps) map.fitBounds(bounds, { ...(bounds === whole ? roomOf(map) : {}), animate: false });
  };
  const show = (only) => {
    root.classList.toggle("printing-part", Boolean(only));
    document.getElementById("part").textContent = only?.words || "";
    for (const table of document.querySelectorAll("table.sortable")) table.only?.(only?.holds);
  };
  addEventListener("beforeprint", () => {
    before = { bounds: maps[0].getBounds(), open: folded.map((one) => one.open) };
    root.classList.add("printing");
    folded.forEach((one) => {
      one.open = true;
    });
    if (part) show(part);
    lay(part?.bounds || (before.bounds.contains(whole) ? whole : before.bounds));
    toPaper(true);
  });
  addEventListener("afterprint", () => {
    root.classList.remove("printing");
    toPaper(false);
    folded.forEach((one, i) => {
      one.open = before.open[i];
    });
    if (part) show(null);
    part = null;
    lay(before.bounds);
  });
  return (only) => {
    part = only;
    print();
  };
}
