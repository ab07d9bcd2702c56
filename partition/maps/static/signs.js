// The signs of a plan: its areas, schools, flags, and the lines between schools.

import { Mark, drawLine, polygons } from "./canvas.js";
import { svgEl } from "./elements.js";
import { counted, figure, message } from "./words.js";

// By a school's role: its layer and its sign, its name at the head of a card, and the words for it within a line.
export const ROLES = {
  placed: { layer: "placed", shape: "circle", name: message("Small school"), words: message("small school") },
  federation: {
    layer: "placed",
    shape: "circle",
    name: message("Small school, in a federation that is a partnership already"),
    words: message("small school, in a federation that is a partnership already"),
  },
  associate: { layer: "associates", shape: "square", name: message("Associate"), words: message("associate") },
  unplaced: {
    layer: "unplaced",
    shape: "diamond",
    name: message("Not yet placed"),
    words: message("not yet placed"),
  },
  "associate alone": {
    layer: "apart",
    shape: "square",
    name: message("Associate, not joined"),
    words: message("associate, not joined"),
  },
  "not taking part": {
    layer: "outside",
    shape: "circle",
    name: message("Not taking part"),
    words: message("not taking part"),
  },
  left: {
    layer: "left",
    shape: "circle",
    name: message("In a partnership that has left"),
    words: message("in a partnership that has left"),
  },
};

export function drawAreas(facts, inks) {
  return new Map(
    facts.partnerships.map((one) => [
      one.number,
      L.polygon(polygons(one.area), {
        renderer: inks.areas,
        interactive: !facts.large,
        className: `area hue-${one.hue}${one.already ? " already" : ""}`,
        smoothFactor: 0.4,
        bubblingMouseEvents: true,
      }),
    ]),
  );
}

// Area in proportion to pupils; a school without a count gets the size of a small one.
export const size = (pupils) => Math.max(2.2, 0.4 * Math.sqrt(pupils || 40));

export function drawSchool(school, inks) {
  const role = ROLES[school.role];
  const sign =
    school.role === "associate alone" ? "apart" : school.role === "not taking part" ? "outside" : school.role;
  return new Mark(school.at, {
    renderer: inks.schools,
    interactive: false,
    shape: role.shape,
    className: `mark ${sign}`,
    size: size(school.pupils),
  });
}

// The flags of a school: a name of a layer, and the sign that goes with it.
export function drawFlags(school, facts, inks) {
  const [lower, higher] = facts.flags;
  const names = [];
  if (school.worst > higher) names.push("very-slow");
  else if (school.worst > lower) names.push("slow");
  if (school.corrected) names.push("corrected");
  if (school.answer === "undecided") names.push("undecided");
  if (school.answer === "none") names.push("silent");
  return names.map((name) => [
    name,
    new Mark(school.at, {
      renderer: inks.flags,
      interactive: false,
      className: `flag ${name}`,
      size: size(school.pupils),
      shape: name === "corrected" ? "notch" : "circle",
      outside: { slow: 3, "very-slow": 3.5, undecided: 6.5, silent: 6.5 }[name] || 0,
    }),
  ]);
}

// A line by road where the page knows one, and else as the crow flies.
export function drawRoad(view, from, to, name) {
  const road = view.road(from.urn, to.urn);
  return drawLine(road || [from.at, to.at], road ? `${name} by-road` : name, view.inks);
}

// Each venue's lines; heads with several schools; today's outlines; links, where the page may show whose they are.
export function drawExtras(view) {
  const { facts, schools, layers, inks } = view;
  for (const one of facts.partnerships) {
    const venue = schools.get(one.venue);
    if (!venue) continue;
    for (const urn of one.urns) {
      if (urn !== one.venue) drawRoad(view, schools.get(urn), venue, "venue").addTo(layers.venues);
    }
    new Mark(venue.at, {
      renderer: inks.flags,
      interactive: false,
      shape: "circle",
      className: "hub",
      outside: 2.5,
      size: size(venue.pupils),
    }).addTo(layers.venues);
  }
  for (const led of view.headships.values()) {
    const base = led.find((school) => !school.visits) || led[0];
    for (const school of led) {
      if (school === base) continue;
      drawLine([base.at, school.at], "headship-case", inks).addTo(layers.headships);
      drawLine([base.at, school.at], "headship", inks).addTo(layers.headships);
    }
  }
  for (const group of facts.today) {
    L.polygon(polygons(group.area), { renderer: inks.today, interactive: false, className: "lasso" }).addTo(
      layers.today,
    );
  }
  for (const [a, b, kept] of facts.links) {
    drawLine([schools.get(a).at, schools.get(b).at], kept ? "kept" : "broken", inks).addTo(layers.links);
  }
}

// The circles of the key, at the size the map now has them.
export function drawSizes(node, scale) {
  const middle = Math.max(10, size(400) * scale + 3);
  const svg = svgEl("svg", { width: 280, height: 2 * middle });
  let x = 8;
  for (const [pupils, text] of [
    [50, figure(50)],
    [200, figure(200)],
    [400, counted(400, "{n} pupil", "{n} pupils")],
  ]) {
    const r = size(pupils) * scale;
    svg.append(
      svgEl("circle", { cx: x + r, cy: middle, r, class: "mark placed" }),
      svgEl("text", { x: x + 2 * r + 6, y: middle + 4.5 }, text),
    );
    x += 2 * r + 48;
  }
  node.replaceChildren(svg);
}
