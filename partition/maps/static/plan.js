// The page of a plan: partnerships and their schools, and the ways between them.

import { drawLine, polygons, repaint } from "./canvas.js";
import { Cards, keptAndBroken, pupilsOf, whereOf } from "./cards.js";
import { dress } from "./ink.js";
import { nameGround } from "./labels.js";
import { unpackLetters } from "./outlines.js";
import { searchable } from "./search.js";
import { ROLES, drawAreas, drawExtras, drawFlags, drawRoad, drawSchool, drawSizes, size } from "./signs.js";
import { View, remember } from "./view.js";
import { counted, minutes, phrase } from "./words.js";

// An area narrower than its number keeps it to itself; of very many it must be wider, so that areas carry the picture.
const areaLeast = (large) => (large ? 44 : 22);

const namedPartnership = ({ number, name }) => phrase("Partnership {number} {name}", { number, name });
const longestDrive = (worst) => phrase("longest drive between bases {drive}", { drive: minutes(worst) });

export const LAYERS = [
  "areas",
  "federations",
  "placed",
  "associates",
  "apart",
  "unplaced",
  "outside",
  "left",
  "slow",
  "very-slow",
  "corrected",
  "undecided",
  "silent",
  "venues",
  "headships",
  "today",
  "links",
];

export class PlanView extends View {
  constructor(id, facts, layers = LAYERS) {
    super(id, facts, layers);
    this.partnerships = new Map(facts.partnerships.map((one) => [one.number, one]));
    this.names = new Set(facts.partnerships.map((one) => one.name));
    this.headships = new Map();
    for (const school of facts.schools) {
      if (school.headship) {
        this.headships.set(school.headship, [...(this.headships.get(school.headship) || []), school]);
      }
    }
    this.ways = new Map(
      facts.ways.map(([from, to, minutes, km, letters]) => [`${from}\n${to}`, { minutes, km, letters }]),
    );
    this.chosenWay = L.layerGroup().addTo(this.map);
    this.cards = new Cards(this);
    this.stagesOff = new Set();
    this.draw();
  }

  startMap() {
    super.startMap();
    document.getElementById("print-shown")?.addEventListener("click", () => this.printShown());
    const boxes = [...document.querySelectorAll("input[data-stage]")];
    const apply = () => this.showStages(new Set(boxes.filter((box) => !box.checked).map((box) => box.dataset.stage)));
    for (const box of boxes) box.addEventListener("change", apply);
    if (boxes.length) apply();
  }

  // Partnerships at stages that are off give way: their areas, names and rows go, their schools stay.
  showStages(off) {
    this.stagesOff = off;
    for (const one of this.facts.partnerships) {
      const area = this.areas.get(one.number);
      if (off.has(one.stage)) this.areasOf(one).removeLayer(area);
      else this.areasOf(one).addLayer(area);
    }
    for (const row of document.querySelectorAll("tr[data-stage]")) row.hidden = off.has(row.dataset.stage);
    this.labels.arrange();
  }

  draw() {
    this.areas = drawAreas(this.facts, this.inks);
    for (const [number, area] of this.areas) {
      area.addTo(this.areasOf(this.partnerships.get(number))).number = number;
    }
    const largestFirst = [...this.facts.schools].sort((a, b) => (b.pupils || 0) - (a.pupils || 0));
    for (const school of largestFirst) {
      drawSchool(school, this.inks).addTo(this.layerOf(school));
      for (const [name, flag] of drawFlags(school, this.facts, this.inks)) flag.addTo(this.layers[name]);
    }
    drawExtras(this);
  }

  resize() {
    drawSizes(document.getElementById("sizes"), super.resize());
  }

  // Federations that are partnerships already have a layer of their own.
  areasOf(one) {
    return one.already ? this.layers.federations : this.layers.areas;
  }

  layerOf(school) {
    return this.layers[ROLES[school.role].layer];
  }

  // An area is looked for by its element or, where areas have none, by the place.
  under(node, spot) {
    const hit = this.facts.large
      ? (area) => this.map.hasLayer(area) && area._pxBounds.contains(spot) && area._containsPoint(spot)
      : (area) => area._path === node;
    const area = [...this.areas.values()].find(hit);
    return area && { partnership: area.number };
  }

  hintMore(school) {
    const one = this.partnerships.get(school.partnership);
    return [
      one ? namedPartnership(one) : phrase(ROLES[school.role].name),
      pupilsOf(school),
      school.worst && longestDrive(school.worst),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  hintUnder({ partnership }) {
    const one = this.partnerships.get(partnership);
    const told = [
      counted(one.schools, "{n} school", "{n} schools"),
      counted(one.pupils || 0, "{n} pupil", "{n} pupils"),
      one.worst && longestDrive(one.worst),
    ];
    return [`${one.number} ${one.name}`, told.filter(Boolean).join(" · ")];
  }

  // One partnership on paper: its map, its card and its rows.
  printPartnership(one) {
    const urns = new Set(one.urns);
    this.printPart({
      words: namedPartnership(one),
      bounds: this.areas.get(one.number).getBounds(),
      holds: (urn, number) => urns.has(urn) || number === one.number,
    });
  }

  // What the map shows now: the schools in sight, and their partnerships.
  printShown() {
    const bounds = this.map.getBounds();
    const seen = this.facts.schools.filter((school) => bounds.contains(school.at));
    const urns = new Set(seen.map((school) => school.urn));
    const numbers = new Set(seen.map((school) => school.partnership).filter(Boolean));
    this.close();
    this.printPart({
      words: phrase("The part of the map that was on the screen"),
      bounds,
      holds: (urn, number) => urns.has(urn) || numbers.has(number),
    });
  }

  isNamed(name) {
    return this.names.has(name);
  }

  // The way from one school to another, if the page has it: minutes and km, and its line as letters.
  way(from, to) {
    return this.ways.get(`${from}\n${to}`);
  }

  // The points of the road from one school to another. A road without letters of its own is that of the way back.
  road(from, to) {
    const letters = this.way(from, to)?.letters;
    const back = this.way(to, from)?.letters;
    return letters ? unpackLetters(letters) : back ? unpackLetters(back).reverse() : null;
  }

  look({ school: urn, partnership, place, at }) {
    const school = this.schools.get(urn);
    const one = this.partnerships.get(school ? school.partnership : partnership);
    const bounds = one && this.areas.get(one.number).getBounds();
    if (school) {
      return {
        school,
        one,
        bounds,
        at: school.at,
        size: size(school.pupils),
        body: this.cards.school(school),
        key: `school=${encodeURIComponent(urn)}`,
      };
    }
    const venue = one && this.schools.get(one.venue);
    if (one) {
      return {
        one,
        bounds,
        venue,
        at: venue?.at,
        sign: "hub",
        size: size(venue?.pupils),
        body: this.cards.partnership(one),
        key: `partnership=${partnership}`,
      };
    }
    return at && { at, sign: "hub", body: this.cards.place(place, at) };
  }

  open(what, from) {
    super.open(what, from);
    if (what.way) this.chooseWay(what.way);
  }

  choose(found) {
    const { school, one } = found || {};
    this.pick = school || one ? { school: school?.urn, partnership: one?.number } : null;
    this.chooseWay(null);
    this.map.getContainer().classList.toggle("has-pick", Boolean(one));
    for (const [number, area] of this.areas) dress(area, "picked", one?.number === number);
    repaint(this.inks);
    if (one) this.areas.get(one.number).bringToFront();
    super.choose(found);
  }

  mark(found) {
    const { school, one, venue } = found;
    const others = one ? one.urns.map((urn) => this.schools.get(urn)) : [];
    for (const other of others) {
      if (school && other !== school) drawRoad(this, school, other, "spoke").addTo(this.picked);
      else if (venue && other !== venue) drawRoad(this, other, venue, "spoke").addTo(this.picked);
    }
    if (found.at) super.mark(found);
  }

  // Show the way from the school whose card is open to another of its partnership; none, or the same again, clears it.
  chooseWay(urn) {
    const school = this.schools.get(this.pick?.school);
    const other =
      school && school.companions?.some(([companion]) => companion === urn) && urn !== this.wayTo
        ? this.schools.get(urn)
        : null;
    this.wayTo = other ? urn : null;
    this.chosenWay.clearLayers();
    this.cards.tellWay(school, other);
    if (!school) return;
    remember(String(new URLSearchParams(other ? { school: school.urn, way: urn } : { school: school.urn })));
    if (other) this.showWay(school, other);
  }

  showWay(school, other) {
    const there = this.road(school.urn, other.urn);
    const straight = [school.at, other.at];
    const layers = [
      drawLine(there || straight, "way-case", this.inks),
      drawLine(there || straight, there ? "way" : "way crow", this.inks),
    ];
    if (this.way(other.urn, school.urn)?.letters && this.way(school.urn, other.urn)?.letters) {
      layers.splice(
        1,
        0,
        ...["way-case", "way back"].map((name) => drawLine(this.road(other.urn, school.urn), name, this.inks)),
      );
    }
    for (const line of layers) line.addTo(this.chosenWay);
    const bounds = L.featureGroup(layers).getBounds();
    if (!this.inSight(bounds)) this.fit(bounds, this.map.getZoom());
    if (this.covered()) this.card.querySelector(".way-told").scrollIntoView({ block: "nearest" }); // the card scrolls by itself
  }

  inSight(bounds) {
    const size = this.map.getSize();
    const free = L.bounds([0, 0], [size.x - this.covered(), size.y]);
    return [bounds.getNorthWest(), bounds.getSouthEast()].every((corner) =>
      free.contains(this.map.latLngToContainerPoint(corner)),
    );
  }

  back() {
    if (this.wayTo) this.chooseWay(null);
    else this.close();
  }

  name(labels) {
    const { facts, map } = this;
    const first = this.firstZoom;
    const on = (name) => map.hasLayer(this.layers[name]);
    const wide = (one) => {
      const box = this.areas.get(one.number).getBounds();
      return (zoom) => map.project(box.getSouthEast(), zoom).x - map.project(box.getNorthWest(), zoom).x;
    };
    for (const one of facts.partnerships) {
      const pixels = wide(one);
      const stands = () => map.hasLayer(this.areasOf(one)) && !this.stagesOff.has(one.stage);
      const picked = () => this.pick?.partnership === one.number;
      const more = { weight: pixels(first), dress: `hue-${one.hue}` };
      labels.add(
        "number",
        String(one.number),
        one.label,
        () => (picked() ? -1 : 0),
        (zoom) => stands() && (pixels(zoom) > areaLeast(facts.large) || picked()),
        // What is small has few places, and chooses first.
        { ...more, places: one.elsewhere || [], weight: facts.large ? more.weight : -more.weight },
      );
      labels.add(
        "name",
        one.name,
        one.label,
        () => (picked() ? 0.5 : 2),
        (zoom, width) => stands() && pixels(zoom) > width,
        more,
      );
      labels.add(
        "tally",
        keptAndBroken(one),
        one.label,
        () => 3,
        (zoom) => on("links") && !facts.links.length && pixels(zoom) > 60,
      );
    }
    nameGround(this, labels);
    for (const school of facts.schools) {
      const mine = () =>
        school.urn === this.pick?.school || (this.pick && school.partnership === this.pick.partnership);
      labels.add(
        "school",
        school.name,
        school.at,
        () => (mine() ? 1 : 6),
        (zoom) => map.hasLayer(this.layerOf(school)) && (zoom >= first + 3 || mine()),
      );
    }
    for (const group of facts.today) {
      const top = polygons(group.area)
        .flat(2)
        .reduce((best, point) => (point[0] > best[0] ? point : best));
      labels.add(
        "today",
        group.name,
        top,
        () => 3.5,
        (zoom) => on("today") && zoom >= first,
      );
    }
  }

  searchables() {
    return [
      ...this.facts.places.map(([name, at]) => searchable(name, [phrase("place")], name, { place: name, at })),
      ...this.facts.partnerships.map((one) =>
        searchable(`${one.number} ${one.name}`, [phrase("partnership")], `${one.number} ${one.name}`, {
          partnership: one.number,
        }),
      ),
      ...this.facts.schools.map((school) =>
        searchable(school.name, [school.town, whereOf(school)], `${school.name} ${school.town || ""} ${school.urn}`, {
          school: school.urn,
        }),
      ),
    ];
  }
}
