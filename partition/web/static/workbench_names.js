// Names on the workbench's map: towns for orientation, schools as the map comes nearer; no name on another.

import { el } from "./elements.js";

const ORDER = { chosen: 0, near: 2, school: 3 };

const nameCanvas = document.createElement("canvas").getContext("2d");
const widths = new Map();

function width(text) {
  if (!widths.has(text)) {
    nameCanvas.font = "600 12px sans-serif";
    widths.set(text, nameCanvas.measureText(text).width + 8);
  }
  return widths.get(text);
}

/** Every name that is wanted here and now, the most important first. */
function wanted(bench) {
  const { map, ground, firstZoom } = bench;
  const nearer = map.getZoom() - firstZoom;
  const places = ground.places
    .filter(([, , rank]) => nearer >= [9, 1.6, 0.3, -9][rank])
    .map(([name, at, rank]) => ({ name, at, kind: `place${rank}`, order: rank === 3 ? 1 : 6 - rank, down: 0 }));
  const schools = bench.state.schools
    .filter(({ urn, kind }) => bench.chosen?.has(urn) || (nearer >= 1.8 && (kind !== "not taking part" || nearer >= 3)))
    .map(({ urn, name }) => ({
      name,
      at: bench.spots[urn],
      kind: "school-name",
      order: bench.chosen?.has(urn) ? ORDER.chosen : ORDER.school,
      down: 15,
    }));
  return [...places, ...schools].sort((a, b) => a.order - b.order);
}

/** Whether a box lies on any of others. */
export const overlaps = (box, taken) =>
  taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);

/** How much of a box lies on another, in square pixels. */
export const shared = (box, other) =>
  Math.max(Math.min(box[2], other[2]) - Math.max(box[0], other[0]), 0) *
  Math.max(Math.min(box[3], other[3]) - Math.max(box[1], other[1]), 0);

/** Put the names on the map, clear of what has been put there; those that stand where they should stay. */
export function nameSchools(bench, taken) {
  const { map } = bench;
  const before = bench.names;
  bench.names = new Map();
  const view = map.getBounds().pad(0.1);
  for (const one of wanted(bench)) {
    if (!view.contains(one.at)) continue;
    const { x, y } = map.latLngToLayerPoint(one.at);
    const half = width(one.name) / 2;
    for (const down of one.down ? [one.down, -one.down] : [0, 16, -16]) {
      const box = [x - half, y + down - 8, x + half, y + down + 8];
      if (overlaps(box, taken)) continue;
      taken.push(box);
      const key = `${one.kind} ${one.at} ${down} ${one.name}`;
      bench.names.set(key, before?.get(key) || nameAt(one, down).addTo(map));
      break;
    }
  }
  for (const [key, marker] of before || []) if (!bench.names.has(key)) marker.remove();
}

function nameAt({ name, at, kind }, down) {
  const node = el("span", {}, name);
  node.style.top = `${down}px`;
  const icon = L.divIcon({ html: node, className: `map-name ${kind}`, iconSize: [0, 0] });
  return L.marker(at, { icon, pane: "labels", interactive: false, keyboard: false });
}
