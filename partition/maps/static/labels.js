// Names on the map: the most important first, and no name on top of another.

import { el } from "./elements.js";
import { roomOf } from "./handling.js";

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
  number: { font: "700 13px", height: 26, offsets: [[0, 0]] },
  name: {
    font: "600 13px",
    height: 17,
    offsets: [
      [0, 22],
      [0, -22],
    ],
  },
  tally: {
    font: "500 12px",
    height: 16,
    offsets: [
      [0, 39],
      [0, -39],
      [0, 22],
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
const ONCE_PIXELS = 300; // the same words are not said twice so near to each other
const AFTER_NAMES = 2.5; // the rank of what waits for the names of partnerships
const CLEAR_OF_MANY = 34; // pixels between names of places on a map of very many, so that they leave the areas in sight
const CELL_PIXELS = 96;
const BEYOND = 0.4; // share of the map's size by which labels stand ready beyond its edges
const NAMES = ["name", "place3", "place2", "place1", "school", "reached", "origin"];

const measuring = document.createElement("canvas").getContext("2d");

const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
const within = (one, other) => other[0] <= one[0] && one[2] <= other[2] && other[1] <= one[1] && one[3] <= other[3];
const middleOf = ([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2];

// Where labels stand, in squares of the map, so that what is near is found at once however many there are.
class Board {
  constructor() {
    this.spots = new Map();
    this.cells = new Map();
    this.said = new Map();
  }

  squares([left, top, right, bottom]) {
    const found = [];
    for (let x = Math.floor(left / CELL_PIXELS); x * CELL_PIXELS < right; x++) {
      for (let y = Math.floor(top / CELL_PIXELS); y * CELL_PIXELS < bottom; y++) found.push(`${x},${y}`);
    }
    return found;
  }

  put(label, spot) {
    this.spots.set(label, spot);
    for (const square of this.squares(spot.box)) {
      if (!this.cells.has(square)) this.cells.set(square, new Set());
      this.cells.get(square).add(label);
    }
    if (!this.said.has(label.text)) this.said.set(label.text, new Set());
    this.said.get(label.text).add(label);
  }

  take(label) {
    for (const square of this.squares(this.spots.get(label).box)) this.cells.get(square).delete(label);
    this.said.get(label.text).delete(label);
    this.spots.delete(label);
  }

  // The labels whose boxes a box would cover.
  blockers(box) {
    const found = new Set();
    for (const square of this.squares(box)) {
      for (const label of this.cells.get(square) || []) if (overlap(box, this.spots.get(label).box)) found.add(label);
    }
    return [...found];
  }

  // Whether the same words stand near already.
  says(label, box) {
    if (!NAMES.includes(label.kind)) return false;
    const [x, y] = middleOf(box);
    return [...(this.said.get(label.text) || [])].some((other) => {
      const [right, down] = middleOf(this.spots.get(other).box);
      return NAMES.includes(other.kind) && Math.hypot(right - x, down - y) < ONCE_PIXELS;
    });
  }

  isFree(label, box) {
    return !this.says(label, box) && !this.blockers(box).length;
  }
}

export class Labels {
  // `whole` are the bounds within which all is seen at once: at that scale no name may be cut off at the map's edge.
  constructor(map, whole = null) {
    this.map = map;
    this.whole = whole && L.latLngBounds(whole);
    this.all = [];
    this.shown = new Set();
    this.board = new Board();
    this.family = getComputedStyle(map.getContainer()).fontFamily;
    map.on("zoomend resize", () => this.arrange());
    map.on("moveend", () => this.place());
  }

  // `places` are others where the label may stand if it has no room at `at`. `order()` ranks the label, 0 first, and of the
  // same rank the one of most `weight`; `wanted(zoom, width)` says whether it may show; `clear` is how many pixels it keeps
  // from others; `always`, that nothing keeps it off.
  add(kind, text, at, order, wanted, more = {}) {
    const look = LABELS[kind];
    const font = `${look.font} ${this.family}`;
    if (this.font !== font) measuring.font = this.font = font;
    const width = Math.min(WIDEST, measuring.measureText(text).width + (look.spaced || 0) * text.length + 6);
    this.all.push({
      kind,
      text,
      at,
      order,
      wanted,
      look,
      width: kind === "number" ? Math.max(26, width + 8) : width,
      places: [],
      weight: 0,
      clear: 0,
      ...more,
    });
  }

  // Every label that has room, wherever the map has been moved to: moving it must not make names come and go.
  arrange() {
    const zoom = this.map.getZoom();
    const board = new Board();
    const inFrame = this.inFrame(zoom);
    const clear = ([left, top, right, bottom], pixels) => [
      left - pixels,
      top - pixels,
      right + pixels,
      bottom + pixels,
    ];
    const fits = (label, box) => board.isFree(label, clear(box, label.clear)) && inFrame(box);
    const wanted = this.all
      .filter((label) => label.wanted(zoom, label.width))
      .map((label) => [label.order(), label])
      .sort(([a, one], [b, other]) => a - b || other.weight - one.weight)
      .map(([, label]) => label);
    for (const label of wanted) {
      const spot = this.spots(label, zoom).find(({ box }) => label.always || fits(label, box));
      if (spot) board.put(label, spot);
    }
    for (const label of wanted) {
      if (label.look.pushes && !board.spots.has(label)) this.push(label, zoom, board, inFrame);
    }
    this.board = board;
    this.place();
  }

  // Whether a box may hold a name: where the map shows the whole area, one within its edges and beside its buttons.
  inFrame(zoom) {
    const { padding } = roomOf(this.map);
    const most = this.whole && this.map.getBoundsZoom(this.whole, false, L.point(padding).multiplyBy(2));
    if (!this.whole || zoom > most + 0.01) return () => true;
    const corners = [this.whole.getSouthWest(), this.whole.getNorthEast()].map((at) => this.map.project(at, zoom));
    const half = this.map.getSize().divideBy(2);
    const [left, top] = [(corners[0].x + corners[1].x) / 2 - half.x, (corners[0].y + corners[1].y) / 2 - half.y];
    const edges = [left, top, left + 2 * half.x, top + 2 * half.y];
    const container = this.map.getContainer();
    const at = container.getBoundingClientRect();
    const buttons = [...container.querySelectorAll(".leaflet-control")].map((node) => {
      const box = node.getBoundingClientRect();
      const [x, y] = [left + box.left - at.left, top + box.top - at.top];
      return [x, y, x + box.width, y + box.height];
    });
    return (box) => within(box, edges) && !buttons.some((button) => overlap(box, button));
  }

  // Where the label may be: at each of its places the offsets in turn, each with the box it takes.
  spots(label, zoom) {
    const { height, offsets } = label.look;
    return [label.at, ...label.places].flatMap((at) => {
      const { x, y } = this.map.project(at, zoom);
      return offsets.map(([aside, down]) => {
        const right = aside * (label.width / 2 + BESIDE);
        const left = x + right - label.width / 2;
        return { at, box: [left, y + down - height / 2, left + label.width, y + down + height / 2], right, down };
      });
    });
  }

  // Give a label room by moving one other to another spot of its own, where that is all that is in the way.
  push(label, zoom, board, inFrame) {
    for (const spot of this.spots(label, zoom)) {
      const [other, ...more] = board.blockers(spot.box);
      if (!other || more.length || other.always || board.says(label, spot.box) || !inFrame(spot.box)) continue;
      const stood = board.spots.get(other);
      board.take(other);
      board.put(label, spot);
      const moved = this.spots(other, zoom).find(({ box }) => board.isFree(other, box) && inFrame(box));
      board.put(other, moved || stood);
      if (moved) return;
      board.take(label);
    }
  }

  // Of the labels that have room, those stand on the page that are in sight or nearly so.
  place() {
    const { min, max } = this.map.getPixelBounds();
    const [beside, above] = [BEYOND * (max.x - min.x), BEYOND * (max.y - min.y)];
    const sight = [min.x - beside, min.y - above, max.x + beside, max.y + above];
    const inSight = [...this.board.spots].filter(([, spot]) => overlap(sight, spot.box));
    const staying = new Set(inSight.map(([label]) => label));
    for (const label of this.shown) if (!staying.has(label)) label.marker.remove();
    for (const [label, spot] of inSight) this.show(label, spot);
    this.shown = staying;
  }

  show(label, spot) {
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
    label.marker.setLatLng(spot.at).addTo(this.map);
  }
}

// Names of places. A place for which something of the page is named waits until that has its name, which is not said twice.
export function nameGround(view, labels) {
  const first = view.firstZoom;
  for (const [name, at, rank] of view.facts.places) {
    labels.add(
      `place${rank}`,
      name,
      at,
      () => (view.isNamed(name) ? AFTER_NAMES : 7 - 2 * rank),
      (zoom) => zoom >= first + [0, 1.9, 0.4, -1][rank],
      { clear: view.facts.large ? CLEAR_OF_MANY : 0 },
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
