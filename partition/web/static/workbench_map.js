// The workbench's map: the land of partnerships, their numbers, and schools as signs. It draws what it is told, and tells
// what lies beneath the pointer. Everything has a class, so that workbench.css alone decides on looks.

import "./leaflet.js";
import { el } from "./elements.js";
import { OUTLINES, REACH_PIXELS, calm, unpackLetters } from "./outlines.js";
import { clearSpots, covers, degrees, joined, ringsOf } from "./workbench_cells.js";
import { nameSchools, overlaps } from "./workbench_names.js";

const HUES = 5;
const BENCH_PANES = ["ground", "areas", "lines", "schools", "labels"];
const SHAPES = { unplaced: "diamond", associate: "square", "associate alone": "square" };

const Sign = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    this._renderer._setPath(this, OUTLINES[this.options.shape](x, y, this._radius));
  },
});

const rings = (steps) => ringsOf(steps).map(degrees);

export class BenchMap {
  constructor(place, ground, covered) {
    this.ground = ground;
    this.covered = covered; // pixels of the map that lie beneath the panel, right and below
    this.bounds = L.latLngBounds(ground.bounds);
    this.map = L.map(place, {
      attributionControl: false,
      zoomControl: false,
      boxZoom: false,
      doubleClickZoom: false,
      zoomSnap: 0.25,
      zoomDelta: 0.75,
      maxZoom: 16,
      wheelPxPerZoomLevel: 100,
      inertia: !calm,
      fadeAnimation: !calm,
      zoomAnimation: !calm,
    });
    L.control.zoom({ position: "bottomleft" }).addTo(this.map);
    BENCH_PANES.forEach((name, i) => {
      const pane = this.map.createPane(name);
      pane.style.zIndex = 410 + 10 * i;
      if (name === "labels") pane.setAttribute("aria-hidden", "true"); // the lists say the same
    });
    this.whole();
    this.inks = Object.fromEntries(
      BENCH_PANES.slice(0, -1).map((pane) => [pane, L.svg({ pane, padding: 0.4 }).addTo(this.map)]),
    );
    L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(this.map);
    this.drawGround();
    this.areas = new Map(); // by partnership
    this.signs = new Map(); // by school
    this.land = new Map(); // by school: rings in whole steps
    this.rings = new Map(); // around schools chosen
    this.map.on("zoomend moveend", () => this.arrange());
  }

  /** The whole area, clear of the panel. */
  whole() {
    const [right, below] = this.covered();
    this.map.fitBounds(this.bounds, {
      paddingTopLeft: [0, 20],
      paddingBottomRight: [right, below + 34],
      animate: !calm && Boolean(this.areas),
    });
    if (!this.areas) this.map.setMinZoom(this.map.getZoom() - 1.5);
    this.firstZoom ??= this.map.getZoom();
  }

  drawGround() {
    for (const piece of this.ground.base) {
      const style = {
        renderer: this.inks.ground,
        interactive: false,
        smoothFactor: 0.5,
        className: `base ${piece.kind}${piece.lines ? " thread" : ""}`,
      };
      const drawn = piece.lines
        ? L.polyline(piece.lines.map(unpackLetters), style)
        : L.polygon(
            piece.shape.map((shape) => rings([shape])),
            style,
          );
      drawn.addTo(this.map);
    }
  }

  setCells(cells) {
    this.land = new Map(Object.entries(cells).map(([urn, packed]) => [urn, ringsOf(packed)]));
    for (const [number] of this.areas) this.drawn?.set(number, "");
  }

  hue(number) {
    return this.ground.hues[number] ?? number % HUES;
  }

  /** Draw the plan as it is; only what has changed since is drawn again. */
  draw(state) {
    this.state = state;
    this.drawn ??= new Map();
    this.place = new Map(state.schools.map((school) => [school.urn, school]));
    const here = new Set(state.partnerships.map((one) => one.number));
    for (const [number, area] of this.areas) {
      if (here.has(number)) continue;
      for (const layer of [area.shape, area.label]) layer.remove();
      this.areas.delete(number);
      this.drawn.delete(number);
    }
    for (const one of state.partnerships) {
      const was = `${one.urns}|${one.kept}|${one.breaches.length > 0}`;
      if (this.drawn.get(one.number) !== was) this.drawArea(one);
      this.drawn.set(one.number, was);
    }
    for (const school of state.schools) this.drawSchool(school);
    this.arrange();
  }

  drawArea(one) {
    const before = this.areas.get(one.number);
    for (const layer of before ? [before.shape, before.label] : []) layer.remove();
    const cells = one.urns.map((urn) => this.land.get(urn)).filter(Boolean);
    const shape = L.polygon(joined(cells), {
      renderer: this.inks.areas,
      interactive: false,
      smoothFactor: 0,
      className: `area hue-${this.hue(one.number)}${one.breaches.length ? " breaks" : ""}`,
    }).addTo(this.map);
    const spots = one.urns.map((urn) => this.ground.spots[urn]);
    const words = el("span", { class: "words" }, String(one.number), one.kept && " kept");
    const node = el("span", { class: `chip hue-${this.hue(one.number)}` }, words);
    const icon = L.divIcon({ html: node, className: "area-label", iconSize: [0, 0] });
    const places = cells.length ? clearSpots(cells, spots) : spots;
    const label = L.marker(places[0], { icon, pane: "labels", interactive: false, keyboard: false }).addTo(this.map);
    this.areas.set(one.number, { shape, label, places, node, words, own: words.textContent });
    this.showLeaving(one.number);
  }

  /** Mark the areas of partnerships that some heads would leave, as far as that is known. */
  markLeaving(leaving) {
    this.leaving = leaving;
    for (const number of this.areas.keys()) this.showLeaving(number);
    this.arrange();
  }

  showLeaving(number) {
    const area = this.areas.get(number);
    const mine = this.leaving?.of(number);
    area.plain = mine ? `${area.own}: ${mine.tag}` : area.own;
    area.words.textContent = area.plain;
    for (const node of [area.node, area.shape.getElement()]) node?.classList.toggle("leave", Boolean(mine));
  }

  drawSchool(school) {
    const look = `${school.kind}`;
    const known = this.signs.get(school.urn);
    if (known?.look === look) return;
    known?.sign.remove();
    const out = school.kind === "not taking part" || school.kind === "left";
    const sign = new Sign(this.ground.spots[school.urn], {
      renderer: this.inks.schools,
      interactive: false,
      shape: SHAPES[school.kind] || "circle",
      radius: out ? 3 : 4 + Math.min(school.pupils, 400) / 90,
      className: `school ${school.kind.replace(/ /g, "-")}`,
    }).addTo(this.map);
    this.signs.set(school.urn, { sign, look });
  }

  /** Numbers first, none on another where that can be; then names around them. */
  arrange() {
    if (!this.state) return;
    const taken = [];
    for (const area of this.areas.values()) {
      const half = 10 + 4 * area.plain.length;
      const boxAt = (place) => {
        const { x, y } = this.map.latLngToLayerPoint(place);
        return [x - half, y - 12, x + half, y + 12];
      };
      const free = area.places.find((place) => !overlaps(boxAt(place), taken)) || area.places[0];
      area.label.setLatLng(free);
      taken.push(boxAt(free));
    }
    nameSchools(this, taken);
  }

  /** Mark the schools chosen, those that go with them, and the partnership chosen. */
  mark(urns, along, partnership) {
    for (const ring of this.rings.values()) ring.remove();
    this.rings.clear();
    const add = (urn, name) => {
      const at = this.ground.spots[urn];
      if (!at || this.rings.has(urn)) return;
      const style = { renderer: this.inks.schools, interactive: false, shape: "circle", radius: 14, className: name };
      this.rings.set(urn, new Sign(at, style).addTo(this.map));
    };
    for (const urn of urns) add(urn, "halo");
    for (const urn of along) add(urn, "halo along");
    for (const [number, { shape }] of this.areas) {
      shape.getElement()?.classList.toggle("picked", number === partnership);
      if (number === partnership) shape.bringToFront();
    }
    this.chosen = new Set(urns);
    this.arrange();
  }

  /** What each area would cost and break, while schools are carried over it; null takes this off again. */
  price(prices, from) {
    for (const [number, area] of this.areas) {
      const choice = prices?.get(number);
      const broken = choice?.broken.length || 0;
      const words = choice && (broken ? `${number}: breaks ${broken}` : `${number}: ${choice.tag}`);
      area.words.textContent = words || area.plain;
      const own = Boolean(prices) && number === from;
      const states = { good: choice && !broken, bad: broken > 0, own };
      for (const node of [area.node, area.shape.getElement()]) {
        for (const [name, on] of Object.entries(states)) node?.classList.toggle(name, Boolean(on));
      }
    }
  }

  /** The area that what is carried would fall on. */
  aim(number) {
    for (const [other, area] of this.areas) area.shape.getElement()?.classList.toggle("aimed", other === number);
  }

  at(point) {
    return this.map.containerPointToLatLng(point);
  }

  pixels(urn) {
    return this.map.latLngToContainerPoint(this.ground.spots[urn]);
  }

  /** The school at a point, if one is near. */
  school(point, reach = REACH_PIXELS) {
    let [best, least] = [null, reach];
    for (const urn of this.signs.keys()) {
      const away = this.pixels(urn).distanceTo(point);
      if (away < least) [best, least] = [urn, away];
    }
    return best;
  }

  /** The school that owns the land at a point, if one does. */
  owner(point) {
    const place = this.at(point);
    for (const [urn, land] of this.land) if (covers(land, place)) return urn;
    return null;
  }

  /** The partnership at a point; null for none. */
  partnership(point) {
    const owner = this.owner(point);
    return owner ? (this.place.get(owner)?.partnership ?? null) : null;
  }

  /** Bring schools into view, clear of the panel, if they are not. */
  show(urns) {
    const spots = urns.map((urn) => this.ground.spots[urn]).filter(Boolean);
    if (!spots.length) return;
    const [right, below] = this.covered();
    const size = this.map.getSize();
    const free = L.bounds([40, 40], [size.x - right - 30, size.y - below - 30]);
    if (spots.every((spot) => free.contains(this.map.latLngToContainerPoint(spot)))) return;
    this.map.fitBounds(L.latLngBounds(spots).pad(0.2), {
      paddingTopLeft: [60, 60],
      paddingBottomRight: [right + 40, below + 40],
      maxZoom: Math.max(this.map.getZoom(), this.firstZoom + 1),
      animate: !calm,
    });
  }
}
