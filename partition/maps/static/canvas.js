// The drawn map of any page: base, marks, lines. Everything has a class, so that map.css alone decides on looks. All is
// SVG, but on maps of very many schools, where everything above the ground is drawn on canvas (ink.js).

import { el } from "./elements.js";
import { CanvasInk } from "./ink.js";
import { OUTLINES, calm, unpack, unpackLetters } from "./outlines.js";
import { phrase } from "./words.js";

const PANES = ["ground", "areas", "today", "lines", "schools", "flags", "labels"];
// A sign of a fixed size on the screen, in any of the OUTLINES.
export const Mark = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    this._renderer._setPath(this, OUTLINES[this.options.shape](x, y, this._radius));
  },
});

export const polygons = (packed) => packed.map((rings) => rings.map(unpack));

// A page in a frame may run before its frame has a size, and a map of no size has no scale: it waits until there is one.
export function whenSized(place, draw) {
  const sized = () => place.clientWidth > 0 && place.clientHeight > 0;
  if (sized()) return draw();
  new ResizeObserver((_, watch) => {
    if (!sized()) return;
    watch.disconnect();
    draw();
  }).observe(place);
}

// Of several maps that move together none is animated from scale to scale or kept from leaving: each would do it by itself.
export function openMap(id, facts) {
  const bounds = L.latLngBounds(facts.bounds);
  const map = L.map(id, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.75,
    maxZoom: 16,
    wheelPxPerZoomLevel: 100,
    maxBounds: facts.plans ? null : bounds.pad(0.6),
    scrollWheelZoom: false, // handling.js says when
    maxBoundsViscosity: 0.8,
    inertia: !calm,
    fadeAnimation: !calm,
    zoomAnimation: !calm && !facts.plans,
  });
  PANES.forEach((name, i) => {
    const pane = map.createPane(name);
    pane.style.zIndex = 410 + 10 * i;
    if (name === "labels") pane.setAttribute("aria-hidden", "true"); // the tables say the same to a screen reader
  });
  map.fitBounds(bounds);
  L.control.zoom({ zoomInTitle: phrase("Zoom in"), zoomOutTitle: phrase("Zoom out") }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(map);
  return map;
}

// One renderer for each pane; padding draws beyond the edges so that dragging shows no cut.
export function renderers(map, large = false) {
  const inks = PANES.slice(0, -1).map((pane) => [
    pane,
    large && pane !== "ground" ? new CanvasInk({ pane, padding: 0.25 }) : L.svg({ pane, padding: 0.4 }).addTo(map),
  ]);
  return Object.fromEntries(inks);
}

// Have canvases look again at what map.css says, after a class of the page or of the map has changed.
export function repaint(inks) {
  for (const ink of Object.values(inks)) if (ink instanceof CanvasInk) ink.repaint();
}

export function drawBase(map, facts, inks) {
  if (facts.tiles) offerTiles(map, facts.tiles);
  for (const piece of facts.base) {
    const style = {
      renderer: inks.ground,
      interactive: false,
      smoothFactor: 0.5,
      className: `base ${piece.kind}${piece.lines ? " thread" : ""}`,
    };
    (piece.lines ? L.polyline(piece.lines.map(unpackLetters), style) : L.polygon(polygons(piece.shape), style)).addTo(
      map,
    );
  }
}

// Pictures of a tile server stay off until somebody ticks the box: only then does the map ask the internet for anything.
function offerTiles(map, template) {
  const tiles = L.tileLayer(template, { maxZoom: 19 });
  const box = el("input", { type: "checkbox" });
  box.addEventListener("change", () => {
    if (box.checked) tiles.addTo(map);
    else tiles.remove();
    map.getContainer().classList.toggle("has-tiles", box.checked);
  });
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const host = template.split("/")[2].replace("{s}.", "");
    const label = el("label", { class: "tiles" }, box, phrase("Background from {host} (uses the internet)", { host }));
    L.DomEvent.disableClickPropagation(label);
    return label;
  };
  control.addTo(map);
}

// How large signs are; of very many, seen from afar, smaller than could be read one by one, so that areas stay in sight.
export const scaleAt = (map, many = false) => {
  const [least, slowness] = many ? [0.25, 1.4] : [0.55, 2.4];
  return Math.min(2, Math.max(least, 2 ** ((map.getZoom() - 9.4) / slowness)));
};

export const drawLine = (points, name, inks) =>
  L.polyline(points, { renderer: inks.lines, interactive: false, className: `line ${name}` });
