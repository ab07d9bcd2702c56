// The drawn map: base, areas, schools, lines. Everything is SVG with a class, so that map.css alone decides on looks.

const STEPS_PER_DEGREE = 1e5;
const PANES = ["ground", "areas", "today", "lines", "schools", "flags", "labels"];
const OUTLINES = {
  circle: (x, y, r) => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
  square: (x, y, r) => `M${x - r * 0.9},${y - r * 0.9}h${r * 1.8}v${r * 1.8}h${-r * 1.8}z`,
  diamond: (x, y, r) => `M${x},${y - r * 1.3}L${x + r * 1.3},${y}L${x},${y + r * 1.3}L${x - r * 1.3},${y}z`,
  notch: (x, y, r) => `M${x + r * 0.3},${y - r - 5}h8.5l-4.25,7z`,
};
const ROLES = {
  "placed": { layer: "placed", shape: "circle", name: "Small school" },
  "associate": { layer: "associates", shape: "square", name: "Associate" },
  "unplaced": { layer: "unplaced", shape: "diamond", name: "Not yet placed" },
  "associate alone": { layer: "apart", shape: "square", name: "Associate, not joined" },
  "not taking part": { layer: "outside", shape: "circle", name: "Not taking part" },
};
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

// A sign of a fixed size on the screen, in any of the OUTLINES.
const Mark = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    this._renderer._setPath(this, OUTLINES[this.options.shape](x, y, this._radius));
  },
});

function unpack(steps) {
  const points = [];
  let north = 0, east = 0;
  for (let i = 0; i < steps.length; i += 2) {
    north += steps[i];
    east += steps[i + 1];
    points.push([north / STEPS_PER_DEGREE, east / STEPS_PER_DEGREE]);
  }
  return points;
}

const polygons = (packed) => packed.map((rings) => rings.map(unpack));
const lines = (packed) => packed.map((parts) => unpack(parts[0]));

function openMap(id, facts) {
  const bounds = L.latLngBounds(facts.bounds);
  const map = L.map(id, {
    attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.75, maxZoom: 16, wheelPxPerZoomLevel: 100,
    maxBounds: bounds.pad(0.6), maxBoundsViscosity: 0.8, fadeAnimation: !calm, zoomAnimation: !calm,
  });
  PANES.forEach((name, i) => {
    const pane = map.createPane(name);
    pane.style.zIndex = 410 + 10 * i;
    if (name === "labels") pane.setAttribute("aria-hidden", "true"); // the tables say the same to a screen reader
  });
  map.fitBounds(bounds);
  map.setMinZoom(map.getZoom() - 1.5);
  L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(map);
  return map;
}

// One renderer for each pane; padding draws beyond the edges so that dragging shows no cut.
function renderers(map) {
  return Object.fromEntries(PANES.slice(0, -1).map((pane) => [pane, L.svg({ pane, padding: 0.4 }).addTo(map)]));
}

function drawBase(map, facts, inks) {
  if (facts.tiles) L.tileLayer(facts.tiles, { maxZoom: 19 }).addTo(map);
  map.getContainer().classList.toggle("has-tiles", Boolean(facts.tiles));
  for (const piece of facts.base) {
    const style = { renderer: inks.ground, interactive: false, smoothFactor: 0.5,
      className: `base ${piece.kind}${piece.thread ? " thread" : ""}` };
    (piece.thread ? L.polyline(lines(piece.shape), style) : L.polygon(polygons(piece.shape), style)).addTo(map);
  }
}

function drawAreas(facts, inks) {
  return new Map(facts.partnerships.map((one) => [
    one.number,
    L.polygon(polygons(one.area), {
      renderer: inks.areas, className: `area hue-${one.hue}`, smoothFactor: 0.4, bubblingMouseEvents: true,
    }),
  ]));
}

// Area in proportion to pupils; a school without a count gets the size of a small one.
const radius = (pupils, scale) => Math.max(2.2, 0.4 * Math.sqrt(pupils || 40)) * scale;
const scaleAt = (map) => Math.min(2, Math.max(0.55, 2 ** ((map.getZoom() - 9.4) / 2.4)));

function drawSchool(school, inks) {
  const role = ROLES[school.role];
  const sign = school.role === "associate alone" ? "apart" : school.role === "not taking part" ? "outside" : school.role;
  return new Mark(school.at, {
    renderer: inks.schools, interactive: false, shape: role.shape, className: `mark ${sign}`, pupils: school.pupils,
  });
}

// The flags of a school: a name of a layer, and the sign that goes with it.
function drawFlags(school, facts, inks) {
  const [lower, higher] = facts.flags;
  const names = [];
  if (school.worst > higher) names.push("very-slow");
  else if (school.worst > lower) names.push("slow");
  if (school.corrected) names.push("corrected");
  return names.map((name) => [name, new Mark(school.at, {
    renderer: inks.flags, interactive: false, className: `flag ${name}`, pupils: school.pupils,
    shape: name === "corrected" ? "notch" : "circle", outside: { "slow": 3, "very-slow": 3.5 }[name] || 0,
  })]);
}

function drawLine(from, to, pane, name, inks) {
  return L.polyline([from.at, to.at], { renderer: inks[pane], interactive: false, className: `line ${name}` });
}

// Each venue's lines; heads with several schools; today's outlines; links, where the page may show whose they are.
function drawExtras(view) {
  const { facts, schools, layers, inks } = view;
  for (const one of facts.partnerships) {
    const venue = schools.get(one.venue);
    if (!venue) continue;
    for (const urn of one.urns) {
      if (urn !== one.venue) drawLine(venue, schools.get(urn), "lines", "venue", inks).addTo(layers.venues);
    }
    new Mark(venue.at, { renderer: inks.flags, interactive: false, shape: "circle", className: "hub", outside: 2.5,
      pupils: venue.pupils }).addTo(layers.venues);
  }
  for (const led of view.headships.values()) {
    const base = led.find((school) => !school.visits) || led[0];
    for (const school of led) {
      if (school === base) continue;
      drawLine(base, school, "lines", "headship-case", inks).addTo(layers.headships);
      drawLine(base, school, "lines", "headship", inks).addTo(layers.headships);
    }
  }
  for (const group of facts.today) {
    L.polygon(polygons(group.area), { renderer: inks.today, interactive: false, className: "lasso" }).addTo(layers.today);
  }
  for (const [a, b, kept] of facts.links) {
    drawLine(schools.get(a), schools.get(b), "lines", kept ? "kept" : "broken", inks).addTo(layers.links);
  }
}

// The circles of the key, at the size the map now has them.
function drawSizes(node, scale) {
  const middle = radius(400, scale) + 3;
  const svg = svgEl("svg", { width: 280, height: 2 * middle });
  let x = 8;
  for (const [pupils, text] of [[50, "50"], [200, "200"], [400, "400 pupils"]]) {
    const r = radius(pupils, scale);
    svg.append(svgEl("circle", { cx: x + r, cy: middle, r, class: "mark placed" }),
      svgEl("text", { x: x + 2 * r + 6, y: middle + 4.5 }, text));
    x += 2 * r + 48;
  }
  node.replaceChildren(svg);
}

function svgEl(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
