// An image of what the map shows, made in the browser: SVG from what is drawn, and PNG from that. Nothing is asked of a
// server; a tile server's background is left out.

import { Mark } from "./canvas.js";
import { OUTLINES } from "./outlines.js";
import { el, svgEl } from "./elements.js";
import { CanvasInk, lookOf } from "./ink.js";
import { phrase } from "./words.js";

const HEAD_PIXELS = 46;
const LINE_PIXELS = 17;
const TIMES = 2; // points of a PNG for each of the screen
const MARGIN = 12;

const outlineOf = (layer) => {
  if (layer instanceof L.CircleMarker) {
    const { x, y } = layer._point;
    return OUTLINES[layer instanceof Mark ? layer.options.shape : "circle"](x, y, layer._radius);
  }
  const end = layer instanceof L.Polygon ? "z" : "";
  return layer._parts.map((part) => `M${part.map(({ x, y }) => `${x},${y}`).join("L")}${end}`).join("");
};

const drawnLook = (layer, looks) => {
  const node = layer.getElement();
  const name = layer.options.className;
  if (!node && !looks.has(name)) looks.set(name, lookOf(layer.getPane(), name));
  if (!node && layer instanceof Mark) {
    const { strokeWidth, ...look } = looks.get(name);
    return { ...look, strokeWidth: parseFloat(strokeWidth) * layer.options.renderer.options.thin };
  }
  if (!node) return looks.get(name);
  const { fill, fillOpacity, stroke, strokeOpacity, strokeWidth, strokeDasharray } = getComputedStyle(node);
  return { fill, fillOpacity, stroke, strokeOpacity, strokeWidth, strokeDasharray };
};

const ATTRIBUTES = {
  fill: "fill",
  fillOpacity: "fill-opacity",
  stroke: "stroke",
  strokeOpacity: "stroke-opacity",
  strokeWidth: "stroke-width",
  strokeDasharray: "stroke-dasharray",
};

// What is drawn in a pane and in sight, as paths.
function paneOf(map, pane) {
  const layers = [];
  const looks = new Map();
  map.eachLayer((layer) => {
    if (layer instanceof L.Path && layer.options.renderer?.options.pane === pane) layers.push(layer);
  });
  const sight = L.bounds(map.containerPointToLayerPoint([0, 0]), map.containerPointToLayerPoint(map.getSize()));
  const last = (layer) => Number(/\bpicked\b/.test(layer.options.className));
  const paths = layers
    .filter((layer) => layer._pxBounds?.intersects(sight))
    .sort((a, b) => last(a) - last(b))
    .map((layer) => {
      const look = Object.entries(drawnLook(layer, looks)).map(([name, value]) => [ATTRIBUTES[name], value]);
      const more = { "fill-rule": "evenodd", "stroke-linejoin": "round", "stroke-linecap": "round" };
      return svgEl("path", { d: outlineOf(layer), ...Object.fromEntries(look), ...more });
    });
  return svgEl("g", { opacity: getComputedStyle(map.getPane(pane)).opacity }, paths);
}

/** Draw what is on canvas as paths as well, for paper: browsers print a canvas as if nothing lay beneath it. */
export function drawForPaper(map, inks) {
  for (const [pane, ink] of Object.entries(inks)) {
    if (ink instanceof CanvasInk) map.getPane(pane).append(svgEl("svg", { class: "on-paper" }, paneOf(map, pane)));
  }
}

const textEl = (x, y, text, size, colour, more = {}) =>
  svgEl("text", { x, y, "font-size": size, fill: colour, "dominant-baseline": "central", ...more }, text);

// A name as the page cuts it off.
function asCut({ node, text }) {
  const share = node.offsetWidth / node.scrollWidth;
  return share < 1 ? `${text.slice(0, Math.floor(share * text.length) - 1).trimEnd()}…` : text;
}

// A name, with the ground that it stands on.
function labelOf(label, { box }, min, paper) {
  const [left, top, right, bottom] = box;
  const [x, y] = [(left + right) / 2 - min.x, (top + bottom) / 2 - min.y];
  const style = getComputedStyle(label.node);
  const words = style.textTransform === "uppercase" ? label.text.toUpperCase() : asCut(label);
  const text = textEl(x, y, words, style.fontSize, style.color, {
    "text-anchor": "middle",
    "font-weight": style.fontWeight,
    "font-style": style.fontStyle,
    "letter-spacing": style.letterSpacing === "normal" ? undefined : style.letterSpacing,
    ...(label.kind === "number" ? {} : { stroke: paper, "stroke-width": 3, "paint-order": "stroke" }),
  });
  if (label.kind !== "number") return text;
  const width = right - left - 4;
  const badge = { x: x - width / 2, y: y - 11, width, height: 22, rx: 11, fill: paper, "stroke-width": 2 };
  return [svgEl("rect", { ...badge, stroke: style.borderTopColor }), text];
}

function scaleOf(map, height, ink) {
  const bar = map.getContainer().querySelector(".leaflet-control-scale-line");
  const width = bar.offsetWidth;
  const line = { d: `M${MARGIN},${height - 20}v8h${width}v-8`, fill: "none", stroke: ink, "stroke-width": 2 };
  return [svgEl("path", line), textEl(MARGIN + 5, height - 22, bar.textContent, 12, ink)];
}

/** What the map shows as an SVG element, with the page's title, standing, scale and credits. */
export function pictureOf(map, labels) {
  const { x: width, y: height } = map.getSize();
  const root = getComputedStyle(document.documentElement);
  const [ink, soft, paper, ground] = ["--ink", "--soft", "--paper", "--ground"].map((name) =>
    root.getPropertyValue(name),
  );
  const { min } = map.getPixelBounds();
  const corner = map.containerPointToLayerPoint([0, 0]);
  const texts = (where) => [...document.querySelectorAll(where)].map((node) => node.textContent.trim());
  const standing = [...texts(".internal"), ...texts(".status")].join(" · ");
  const credits = texts(".unreviewed, footer p");
  const foot = credits.length * LINE_PIXELS + 10;
  const panes = ["ground", "areas", "today", "lines", "schools", "flags"].map((pane) => paneOf(map, pane));
  const names = [...labels.shown].map((label) => labelOf(label, labels.board.spots.get(label), min, paper));
  const view = [0, 0, width, HEAD_PIXELS + height + foot];
  return svgEl(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: view.join(" "),
      width,
      height: view[3],
      "font-family": "Arial, sans-serif",
    },
    svgEl("rect", { width, height: view[3], fill: paper }),
    textEl(MARGIN, 17, texts("h1")[0], 16, ink, { "font-weight": 700 }),
    standing && textEl(MARGIN, 35, standing, 13, ink, { "font-weight": 600 }),
    svgEl(
      "svg",
      { y: HEAD_PIXELS, width, height, viewBox: `0 0 ${width} ${height}` },
      svgEl("rect", { width, height, fill: ground }),
      svgEl("g", { transform: `translate(${-corner.x},${-corner.y})` }, panes),
      names,
      scaleOf(map, height, ink),
    ),
    credits.map((line, i) => textEl(MARGIN, HEAD_PIXELS + height + 14 + i * LINE_PIXELS, line, 11, soft)),
  );
}

const asAddress = (text) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;

// The picture as PNG, as an address of its bytes.
async function asPixels(text, { width, height }) {
  const image = new Image();
  image.src = asAddress(text);
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: TIMES * width, height: TIMES * height });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

let making = null;

/** Show the image that is made of the map, to be saved as PNG or SVG; asked for again meanwhile, it is made once. */
export function showPicture(map, labels) {
  making ??= makePicture(map, labels).finally(() => (making = null));
}

async function makePicture(map, labels) {
  const svg = pictureOf(map, labels);
  const text = new XMLSerializer().serializeToString(svg);
  const size = svg.viewBox.baseVal;
  const pixels = await asPixels(text, size);
  const name = document.title.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_|_$/g, "");
  const save = (href, ending) =>
    el(
      "a",
      { class: "save", href, download: `${name}.${ending}` },
      phrase("Save as {format}", { format: ending.toUpperCase() }),
    );
  const close = el("button", { type: "button", class: "more", click: () => dialog.close() }, phrase("Close"));
  const dialog = el(
    "dialog",
    { class: "picture-made", "aria-label": phrase("Image of the map") },
    el("img", { src: pixels, alt: phrase("What the map shows") }),
    el("p", {}, save(pixels, "png"), save(asAddress(text), "svg"), close),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
