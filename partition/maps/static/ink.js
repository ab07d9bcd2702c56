// Ink for maps of a thousand schools and more: one canvas for each pane instead of an element for each thing. What is off
// the screen is not drawn. map.css decides on looks here too: a hidden path of the same classes tells how it looks.

import { svgEl } from "./elements.js";

const SHADED = ["fill", "fillOpacity", "stroke", "strokeOpacity", "strokeWidth", "strokeDasharray"];

/** How things of the given classes look in a pane of the map, as map.css says. */
export function lookOf(pane, className) {
  const path = svgEl("path", { class: className });
  const probe = svgEl("svg", { class: "probe" }, path);
  pane.append(probe);
  const style = getComputedStyle(path);
  const look = Object.fromEntries(SHADED.map((name) => [name, style[name]]));
  probe.remove();
  return look;
}

const dashes = (look) => (look.strokeDasharray === "none" ? [] : look.strokeDasharray.split(",").map(parseFloat));
export const CanvasInk = L.Canvas.extend({
  options: { thin: 1 }, // how much thinner than map.css says the edges of signs are

  // A Mark's outline, as its letters.
  _setPath(layer, outline) {
    if (this._drawing && !layer._empty()) this._fillStroke(this._ctx, layer, new Path2D(outline));
  },

  _fillStroke(ctx, layer, ...outline) {
    const look = this.lookAs(layer.options.className);
    if (look.fill !== "none") {
      ctx.globalAlpha = Number(look.fillOpacity);
      ctx.fillStyle = look.fill;
      ctx.fill(...outline, "evenodd");
    }
    if (look.stroke !== "none") {
      ctx.globalAlpha = Number(look.strokeOpacity);
      ctx.strokeStyle = look.stroke;
      ctx.lineWidth = parseFloat(look.strokeWidth) * (outline.length ? this.options.thin : 1);
      ctx.setLineDash(look.dashes);
      ctx.lineCap = ctx.lineJoin = "round";
      ctx.stroke(...outline);
    }
  },

  lookAs(className) {
    this.looks ||= new Map();
    if (!this.looks.has(className)) {
      const look = lookOf(this.getPane(), className);
      this.looks.set(className, { ...look, dashes: dashes(look) });
    }
    return this.looks.get(className);
  },

  // Ask map.css again, and draw all afresh.
  repaint() {
    this.looks = new Map();
    if (this._map && this._ctx) this._updatePaths();
  },
});

/** Give something drawn a further class, or take it away, whatever ink it is drawn with. */
export function dress(layer, name, on) {
  const names = new Set(layer.options.className.split(" "));
  if (names.has(name) === on) return;
  names[on ? "add" : "delete"](name);
  layer.options.className = [...names].join(" ");
  const node = layer.getElement();
  if (node) node.classList.toggle(name, on);
  else layer.redraw();
}
