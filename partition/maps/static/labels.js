// Names on the map: the most important first, and no name on top of another.

import { el } from "./elements.js";

// Each kind's font, height in pixels, and the offsets from its place to try in turn: sideways in halves of its own
// width (and a little more), upright in pixels.
const AROUND = (gap) => [
  [0, gap],
  [0, -gap],
  [1, 0],
  [-1, 0],
];
const AT_CORNERS = (gap) => [
  ...AROUND(gap),
  ...[0.5, 1].flatMap((aside) => [
    [aside, gap],
    [-aside, gap],
    [aside, -gap],
    [-aside, -gap],
  ]),
];
const LABELS = {
  number: { font: "700 13px", height: 24, offsets: [[0, 0]] },
  name: {
    font: "600 13px",
    height: 17,
    offsets: [
      [0, 21],
      [0, -21],
    ],
  },
  tally: {
    font: "500 12px",
    height: 16,
    offsets: [
      [0, 37],
      [0, -37],
      [0, 21],
    ],
  },
  place3: { font: "600 14px", height: 18, offsets: AT_CORNERS(-14), pushes: true },
  place2: { font: "500 13px", height: 17, offsets: AT_CORNERS(-13) },
  place1: { font: "400 12px", height: 15, offsets: AROUND(-12) },
  district: { font: "600 11px", height: 15, offsets: [[0, 0]], spaced: 1.9 },
  school: { font: "400 12px", height: 15, offsets: AROUND(15) },
  band: {
    font: "700 12px",
    height: 17,
    offsets: [
      [0, 0],
      [0, 20],
      [0, -20],
    ],
    spaced: 1,
  },
  origin: { font: "700 13px", height: 17, offsets: AROUND(24) },
  reached: { font: "600 12px", height: 14, offsets: AROUND(17) },
  today: { font: "italic 600 12px", height: 15, offsets: [[0, 0]] },
};
const WIDEST = 240; // map.css cuts longer names off here
const BESIDE = 14;
// The labels whose boxes a box would cover.
function blockers(box, spots) {
  const found = [];
  for (const [label, { box: other }] of spots) {
    if (box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]) found.push(label);
  }
  return found;
}

const measuring = document.createElement("canvas").getContext("2d");

export class Labels {
  constructor(map) {
    this.map = map;
    this.all = [];
    this.family = getComputedStyle(map.getContainer()).fontFamily;
    map.on("zoomend", () => this.arrange());
  }

  // `order()` ranks the label, 0 first; `wanted(zoom, width)` says whether it may show; `always`, that nothing keeps it off.
  add(kind, text, at, order, wanted, more = {}) {
    const look = LABELS[kind];
    measuring.font = `${look.font} ${this.family}`;
    const width = Math.min(WIDEST, measuring.measureText(text).width + (look.spaced || 0) * text.length + 6);
    this.all.push({ kind, text, at, order, wanted, look, width: kind === "number" ? 24 : width, ...more });
  }

  arrange() {
    const zoom = this.map.getZoom();
    const spots = new Map();
    const ordered = this.all.map((label) => [label.order(), label]).sort((a, b) => a[0] - b[0]);
    const wanted = ordered.map(([, label]) => label).filter((label) => label.wanted(zoom, label.width));
    for (const label of wanted) {
      const spot = this.spots(label, zoom).find(({ box }) => label.always || !blockers(box, spots).length);
      if (spot) spots.set(label, spot);
    }
    for (const label of wanted) if (!spots.has(label) && label.look.pushes) this.push(label, zoom, spots);
    for (const label of this.all) this.show(label, spots.get(label));
  }

  // Where the label may be: the offsets in turn, each with the box it takes.
  spots(label, zoom) {
    const { x, y } = this.map.project(label.at, zoom);
    const { height, offsets } = label.look;
    return offsets.map(([aside, down]) => {
      const right = aside * (label.width / 2 + BESIDE);
      const left = x + right - label.width / 2;
      return { box: [left, y + down - height / 2, left + label.width, y + down + height / 2], right, down };
    });
  }

  // Give a label room by moving one other to another spot of its own, where that is all that is in the way.
  push(label, zoom, spots) {
    for (const spot of this.spots(label, zoom)) {
      const [other, ...more] = blockers(spot.box, spots);
      if (more.length || other.always) continue;
      const rest = new Map(spots).set(label, spot);
      rest.delete(other);
      const moved = this.spots(other, zoom).find(({ box }) => !blockers(box, rest).length);
      if (moved) return spots.set(label, spot).set(other, moved);
    }
  }

  show(label, spot) {
    if (!spot) return label.marker?.remove();
    if (!label.marker) {
      label.node = el("span", {}, label.text);
      const icon = L.divIcon({
        html: label.node,
        className: `label ${label.kind} ${label.dress || ""}`,
        iconSize: [0, 0],
      });
      label.marker = L.marker(label.at, { icon, pane: "labels", interactive: false, keyboard: false });
    }
    label.node.style.margin = `${spot.down}px 0 0 ${spot.right}px`;
    label.marker.addTo(this.map);
  }
}

export function nameGround(view, labels) {
  const first = view.firstZoom;
  for (const [name, at, rank] of view.facts.places) {
    labels.add(
      `place${rank}`,
      name,
      at,
      () => 7 - 2 * rank,
      (zoom) => zoom >= first + [0, 1.9, 0.4, -1][rank],
    );
  }
  for (const piece of view.facts.base) {
    if (piece.label) {
      labels.add(
        "district",
        piece.name,
        piece.label,
        () => 4,
        (zoom) => zoom < first + 3,
      );
    }
  }
}
