// Paper has its own size: maps are laid out again for it, what is folded is opened, and all is put back afterwards.

export function startPrinting(maps, whole) {
  const folded = [...document.querySelectorAll("details")];
  let before = null;
  const lay = (bounds) => {
    for (const map of maps) map.invalidateSize({ animate: false, pan: false });
    for (const map of maps) map.fitBounds(bounds, { animate: false });
  };
  addEventListener("beforeprint", () => {
    before = { bounds: maps[0].getBounds(), open: folded.map((part) => part.open) };
    document.documentElement.classList.add("printing");
    folded.forEach((part) => {
      part.open = true;
    });
    lay(before.bounds.contains(whole) ? whole : before.bounds);
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    folded.forEach((part, i) => {
      part.open = before.open[i];
    });
    lay(before.bounds);
  });
}
