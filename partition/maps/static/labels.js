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
  place3: { font: "600 14px", height: 18, offsets: AROUND(-14) },
  place2: { font: "500 13px", height: 17, offsets: AROUND(-13) },
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
    const taken = [];
    const ordered = this.all.map((label) => [label.order(), label]).sort((a, b) => a[0] - b[0]);
    for (const [, label] of ordered) {
      const spot = label.wanted(zoom, label.width) ? this.spot(label, zoom, taken) : null;
      if (spot) taken.push(spot.box);
      this.show(label, spot);
    }
  }

  // The first offset at which the label covers no other, and the box it then takes.
  spot(label, zoom, taken) {
    const { x, y } = this.map.project(label.at, zoom);
    const { height, offsets } = label.look;
    for (const [aside, down] of offsets) {
      const right = aside * (label.width / 2 + BESIDE);
      const box = [
        x + right - label.width / 2,
        y + down - height / 2,
        x + right + label.width / 2,
        y + down + height / 2,
      ];
      const free = !taken.some(
        (other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3],
      );
      if (free || label.always) return { box, right, down };
    }
    return null;
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
