// The page of plans compared: a map of each, all moving together, and a swipe between the first and another.

import { Mark, repaint } from "./canvas.js";
import { factsOf, pupilsOf } from "./cards.js";
import { el, listOf, rowOf, tableOf } from "./elements.js";
import { roomOf } from "./handling.js";
import { dress } from "./ink.js";
import { PlanView } from "./plan.js";
import { searchable } from "./search.js";
import { ROLES, size } from "./signs.js";
import { minutes, phrase } from "./words.js";

class Side extends PlanView {
  constructor(n, facts) {
    super(`map-${n}`, { ...facts, ...facts.plans[n] });
    this.plan = n;
    this.layers.changed = L.layerGroup();
  }

  // Of a pair of plans: what both have alike may fade, and whoever changes wears a ring.
  tell({ schools, same }) {
    for (const [number, area] of this.areas) {
      dress(area, "alike", same.includes(number));
    }
    this.layers.changed.clearLayers();
    for (const urn of schools) {
      const school = this.schools.get(urn);
      if (!school) continue;
      new Mark(school.at, {
        renderer: this.inks.flags,
        interactive: false,
        shape: "circle",
        className: "flag changed",
        outside: 4.5,
        size: size(school.pupils),
      }).addTo(this.layers.changed);
    }
    this.resize();
  }
}

class OtherSide extends Side {
  constructor(n, facts, page) {
    super(n, facts);
    this.page = page;
  }

  open(what, from) {
    this.page.open({ ...what, plan: this.plan }, from);
  }

  close() {
    this.page.close();
  }
}

export class CompareView extends Side {
  constructor(id, facts) {
    super(0, facts);
    this.frame = document.getElementById(id);
    this.others = facts.plans.slice(1).map((_, n) => new OtherSide(n + 1, facts, this));
    this.sides = [this, ...this.others];
    this.shown = this.others[0];
    yoke(this.maps());
  }

  maps() {
    return this.sides.map((side) => side.map);
  }

  start() {
    for (const side of this.others) side.startMap();
    startSwipe(this);
    const choice = document.getElementById("other");
    choice?.addEventListener("change", () => this.standBeside(this.sides[Number(choice.value)]));
    this.standBeside(this.shown);
    document.getElementById("fade").addEventListener("change", () => this.fade());
    this.fade();
    return super.start();
  }

  fade() {
    this.frame.classList.toggle("fading", document.getElementById("fade").checked);
    this.relook();
  }

  relook() {
    for (const side of this.sides) repaint(side.inks);
  }

  toPaper(on) {
    super.toPaper(on);
    for (const side of this.others) side.toPaper(on);
  }

  // Which plan stands beside the first.
  standBeside(side) {
    this.shown = side;
    for (const other of this.others) other.map.getContainer().classList.toggle("away", other !== side);
    const { schools, pairs, same } = this.facts.changes[side.plan - 1];
    const urns = schools.map(([urn]) => urn);
    this.kinds = new Map(schools);
    this.pairs = pairs;
    this.tell({ schools: urns, same: same.map(([first]) => first) });
    side.tell({ schools: urns, same: same.map(([, other]) => other) });
    document.getElementById("name-1").textContent = side.facts.letter;
    document.getElementById("full-name-1").textContent = side.facts.name;
    for (const part of document.querySelectorAll("[data-against]")) {
      part.hidden = part.dataset.against !== String(side.plan);
    }
    if (!this.card.hidden) this.close();
  }

  // The same partnership in the plan beside: its number there.
  counterpart(plan, number) {
    const [from, to] = plan === 0 ? [0, 1] : [1, 0];
    return this.pairs.find((pair) => pair[from] === number)?.[to];
  }

  look(what) {
    if (what.plan && what.plan !== this.shown.plan) this.choosePlan(what.plan);
    const plan = what.plan ? this.shown.plan : 0;
    const views = [this, this.shown];
    const wanted = views.map((view) =>
      what.partnership && !what.school
        ? { partnership: view.plan === plan ? what.partnership : this.counterpart(plan, what.partnership) }
        : what,
    );
    const found = views.map((view, i) => (view === this ? super.look(wanted[i]) : view.look(wanted[i])));
    const own = found[plan ? 1 : 0] || found[0] || found[1];
    if (!own) return null;
    const body = own.school
      ? this.schoolCard(own.school, found)
      : own.one
        ? this.partnershipCard(found, plan)
        : own.body;
    const bounds = found.reduce(
      (all, one) => (one?.bounds ? (all || L.latLngBounds([])).extend(one.bounds) : all),
      null,
    );
    const key = own.key && (own.school ? own.key : `${own.key}&plan=${plan ? this.shown.plan : 0}`);
    return { ...own, bounds, body, key, found };
  }

  choosePlan(n) {
    if (!this.sides[n] || n === 0) return;
    document.getElementById("other").value = String(n);
    this.standBeside(this.sides[n]);
  }

  // On a wide page the maps give way to the card, so that it covers none of them.
  covered() {
    return 0;
  }

  show(found) {
    this.remeasure();
    super.show(found);
  }

  close() {
    super.close();
    this.remeasure();
  }

  remeasure() {
    for (const map of this.maps()) map.invalidateSize({ animate: false, pan: false });
  }

  choose(found) {
    super.choose(found?.found?.[0] || (found?.found ? null : found));
    this.shown.choose(found?.found?.[1] || null);
  }

  schoolCard(school, found) {
    const kind = this.kinds.get(school.urn);
    return [
      this.heading(kind ? `School, ${kind}` : "School", school.name),
      factsOf(school, this.facts.identifier),
      [this, this.shown].map((view, i) => this.placeIn(view, found[i]?.school)),
    ].flat(2);
  }

  // Where a school is in one plan, and whom with.
  placeIn(view, school) {
    const one = school && view.partnerships.get(school.partnership);
    const others = (school?.companions || []).map(([urn, ...drives]) => [view.schools.get(urn), drives]);
    const cell = (drive) => el("td", { class: "number" }, view.cards.drive(drive));
    const rows = others.map(([other, drives]) => rowOf({}, this.schoolLink(other), ...drives.map(cell)));
    const headings = [["Together with"], ["There", "number"], ["Back", "number"]];
    return [
      el("h3", { class: "in-plan" }, `In ${view.facts.letter}: ${view.facts.name}`),
      !school && el("p", {}, "Not among the schools."),
      school && !one && el("p", {}, phrase(ROLES[school.role].name), school.reason ? `: ${school.reason}` : ""),
      one && el("p", {}, "Partnership ", view.cards.partnershipLink(one)),
      rows.length > 0 && tableOf("companions", headings, rows),
    ];
  }

  partnershipCard(found, plan) {
    const views = [this, this.shown];
    const ones = found.map((one) => one?.one);
    const own = ones[plan ? 1 : 0];
    const rows = [
      ["Schools", (one) => one.schools],
      ["Heads", (one) => one.heads],
      ["Pupils", (one) => one.pupils || 0],
      ["Mean drive between bases", (one) => minutes(one.mean)],
      ["Longest drive between bases", (one) => minutes(one.worst)],
      ["Links kept", (one) => one.kept || 0],
      ["Links broken", (one) => one.broken || 0],
    ];
    const fate =
      ones[0] && ones[1]
        ? null
        : plan
          ? `It continues none of ${this.facts.letter}.`
          : `None of ${this.shown.facts.letter} continues it.`;
    const urns = ones.map((one) => one?.urns || []);
    const lists = [
      [`In ${this.facts.letter} only`, urns[0].filter((urn) => !urns[1].includes(urn))],
      [`In ${this.shown.facts.letter} only`, urns[1].filter((urn) => !urns[0].includes(urn))],
      ["In both", urns[0].filter((urn) => urns[1].includes(urn))],
    ];
    const headings = views.map(({ facts }, i) => [
      ones[i] ? `${facts.letter}: no. ${ones[i].number}` : facts.letter,
      "number",
    ]);
    const cells = (value) => ones.map((one) => el("td", { class: "number" }, one ? String(value(one)) : "–"));
    const schoolOf = (urn) => this.schools.get(urn) || this.shown.schools.get(urn);
    const member = (school) => [this.schoolLink(school), el("span", {}, pupilsOf(school))];
    const members = (urns) =>
      listOf(
        urns.map((urn) => member(schoolOf(urn))),
        "members",
      );
    return [
      this.heading("Partnership", own.name, views[plan ? 1 : 0].cards.badge(own), " "),
      fate && el("p", { class: "callout" }, fate),
      tableOf(
        "",
        [[""], ...headings],
        rows.map(([what, value]) => rowOf({}, what, ...cells(value))),
      ),
      ...lists.filter(([, some]) => some.length).flatMap(([what, some]) => [el("h3", {}, what), members(some)]),
    ];
  }

  searchables() {
    const urns = new Set(this.sides.flatMap((side) => [...side.schools.keys()]));
    const anywhere = (urn) => this.sides.map((side) => side.schools.get(urn)).find(Boolean);
    return [
      ...this.facts.places.map(([name, at]) => searchable(name, ["place"], name, { place: name, at })),
      ...this.sides.flatMap((side) =>
        [...side.partnerships.values()].map((one) =>
          searchable(
            `${one.number} ${one.name}`,
            [`partnership in ${side.facts.letter}`],
            `${one.number} ${one.name}`,
            { partnership: one.number, plan: side.plan },
          ),
        ),
      ),
      ...[...urns]
        .map(anywhere)
        .map((school) =>
          searchable(
            school.name,
            [school.town, this.kinds.get(school.urn)],
            `${school.name} ${school.town || ""} ${school.urn}`,
            { school: school.urn },
          ),
        ),
    ];
  }
}

// Maps that move together: whichever is moved takes the others along. Within one scale their panes are only pushed, and
// drawn afresh when the move has ended, as Leaflet does with the map that is dragged.
function yoke(maps) {
  let leading = false;
  const lead = (map, take) => {
    if (leading) return;
    leading = true;
    for (const other of maps) if (other !== map) take(other);
    leading = false;
  };
  for (const map of maps) {
    map.on("move", () =>
      lead(map, (other) => {
        if (other.getZoom() === map.getZoom()) push(other, map.getCenter());
        else other.setView(map.getCenter(), map.getZoom(), { animate: false });
      }),
    );
    map.on("moveend", () => lead(map, (other) => other.fire("moveend")));
  }
}

function push(map, centre) {
  const pane = map.getPane("mapPane");
  const offset = map.latLngToContainerPoint(centre).subtract(map.getSize().divideBy(2)).round();
  L.DomUtil.setPosition(pane, L.DomUtil.getPosition(pane).subtract(offset));
  map.fire("move");
}

// The first plan lies beneath; the other is cut off at the line, which a slider moves. Or each has a map to itself.
function startSwipe(view) {
  const { frame } = view;
  const slider = document.getElementById("swipe");
  const cut = () => {
    const share = Number(slider.value) / Number(slider.max);
    const half = frame.clientWidth > 0 ? 22 / frame.clientWidth : 0; // of the slider's handle: the line runs through its middle
    const at = share <= 0 || share >= 1 ? share : half + share * (1 - 2 * half);
    frame.style.setProperty("--cut", `${100 * at}%`);
    slider.setAttribute(
      "aria-valuetext",
      `${Math.round(100 * share)} % ${view.facts.letter}, the rest ${view.shown.facts.letter}`,
    );
  };
  const lay = () => {
    const beside = document.querySelector("input[name=layout]:checked").value === "beside";
    const [centre, zoom, whole] = [
      view.map.getCenter(),
      view.map.getZoom(),
      view.map.getBounds().contains(view.facts.bounds),
    ];
    frame.classList.toggle("beside", beside);
    slider.hidden = beside;
    view.remeasure();
    if (whole) view.map.fitBounds(view.facts.bounds, { ...roomOf(view.map), animate: false });
    else view.map.setView(centre, zoom, { animate: false });
    cut();
  };
  slider.addEventListener("input", cut);
  addEventListener("resize", cut);
  for (const choice of document.querySelectorAll("input[name=layout]")) choice.addEventListener("change", lay);
  lay();
}
