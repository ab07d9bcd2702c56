// The cards of a school, a partnership and a place.

import { el, listOf, pairsOf, rowOf, svgEl, tableOf } from "./elements.js";
import { ROLES } from "./signs.js";
import { kilometres, minutes, plural } from "./words.js";

export const pupilsOf = (school) =>
  school.pupils === undefined ? "pupils not known" : plural(school.pupils, "pupil", "pupils");

// Where a school is, how large, and its number: the line beneath its name.
export const factsOf = (school, identifier) =>
  el(
    "p",
    { class: "facts" },
    [school.town, pupilsOf(school), `${identifier} ${school.urn}`].filter(Boolean).join(" · "),
  );

export class Cards {
  constructor(view) {
    this.view = view;
  }

  school(school) {
    const { view } = this;
    const own = view.partnerships.get(school.partnership);
    return [
      this.view.heading(ROLES[school.role].name, school.name),
      factsOf(school, view.facts.identifier),
      own && el("p", {}, "In partnership ", this.partnershipLink(own)),
      school.reason && el("p", { class: "callout" }, school.reason),
      school.answer && this.answer(school),
      school.corrected && el("p", { class: "callout" }, "Corrected data: ", school.corrected),
      school.headship && this.headship(school),
      school.companions && this.companions(school),
      this.leaving(school),
      school.own && this.rows([["Its head’s own year", this.ownYear(school)]]),
      (school.kept || school.broken) &&
        this.rows([
          ["Working links kept", school.kept || 0],
          ["Working links broken", school.broken || 0],
        ]),
      school.shared &&
        this.rows(school.shared.map(([what, here, there]) => [`Of its ${what} here`, `${here} of ${there} others`])),
    ];
  }

  partnership(one) {
    const { schools, facts } = this.view;
    const worst = one.pair && one.pair.map((urn) => schools.get(urn).name).join(" and ");
    const counts = [
      plural(one.schools, "school", "schools"),
      plural(one.heads, "head", "heads"),
      plural(one.pupils || 0, "pupil", "pupils"),
      one.associates && plural(one.associates, "associate", "associates"),
    ];
    return [
      this.view.heading(one.already ? "A partnership already" : "Partnership", one.name, this.badge(one), " "),
      el("p", { class: "facts" }, counts.filter(Boolean).join(" · ")),
      one.breaches && el("div", { class: "callout" }, el("p", {}, "Breaks these criteria:"), listOf(one.breaches)),
      this.rows([
        ...(one.stage ? [["Stage", one.stage]] : []),
        ...(one.already ? [["Under one head", "it joins no other partnership"]] : []),
        [
          one.already ? "Base of its head" : "Meeting venue",
          schools.has(one.venue) ? schools.get(one.venue).name : "–",
        ],
        ...(one.hosts ? [["Meetings a year", one.hosts]] : []),
        ["Heads’ travel together", `${one.travel || 0} ${facts.unit === "km" ? "km" : "hours"} a year`],
        ...(one.already
          ? []
          : [
              ["Mean drive between bases", minutes(one.mean)],
              ["Longest drive between bases", el("span", {}, this.drive(one.worst), worst && el("small", {}, worst))],
            ]),
        ["Working links", `${one.kept || 0} kept, ${one.broken || 0} broken`],
      ]),
      el("h3", {}, "Members"),
      listOf(
        one.urns.map((urn) => this.member(schools.get(urn), one)),
        "members",
      ),
      el(
        "p",
        {},
        el(
          "button",
          { type: "button", class: "more", click: () => this.view.printPartnership(one) },
          "Print this partnership",
        ),
      ),
    ];
  }

  member(school, one) {
    const told = [
      pupilsOf(school),
      school.role === "associate" && "associate",
      school.urn === one.venue && (one.already ? "base" : "meeting venue"),
    ];
    return [this.view.schoolLink(school), el("span", {}, told.filter(Boolean).join(", "))];
  }

  place(name, at) {
    const near = [...this.view.schools.values()]
      .filter((school) => school.role !== "not taking part")
      .map((school) => [L.latLng(at).distanceTo(school.at), school])
      .sort((a, b) => a[0] - b[0])
      .slice(0, 6);
    return [
      this.view.heading("Place", name),
      el("h3", {}, "Nearest schools taking part"),
      listOf(
        near.map(([metres, school]) => this.neighbour(school, metres)),
        "members",
      ),
    ];
  }

  neighbour(school, metres) {
    const where = school.partnership ? `partnership ${school.partnership}` : ROLES[school.role].name.toLowerCase();
    return [this.view.schoolLink(school), el("span", {}, `${kilometres(metres / 1000)} away, ${where}`)];
  }

  badge(one) {
    return el("span", { class: `badge hue-${one.hue}` }, String(one.number));
  }

  partnershipLink(one) {
    return el(
      "button",
      { type: "button", class: "link", click: () => this.view.open({ partnership: one.number }) },
      this.badge(one),
      " ",
      el("span", { class: "named" }, one.name),
    );
  }

  headship(school) {
    const others = this.view.headships.get(school.headship).filter((other) => other !== school);
    const links = others.flatMap((other, i) => [i ? ", " : "", this.view.schoolLink(other)]);
    const ending = school.visits ? "; the head travels from there." : ".";
    return el("p", {}, `${school.headship}: one head, with `, links, ending);
  }

  // What its head has of the plan a year, and what that counts.
  ownYear(school) {
    const [amount, words] = school.own;
    return el("span", {}, `${amount} ${this.view.facts.unit === "km" ? "km" : "minutes"}`, el("small", {}, words));
  }

  // What it said when it was asked: on internal maps only.
  answer(school) {
    const said = { yes: "Said yes", no: "Said no", undecided: "Undecided", none: "No answer yet" }[school.answer];
    return el(
      "div",
      { class: "callout" },
      el("p", {}, school.answered ? `${said}, ${school.answered}` : said),
      school.prefers && el("p", {}, `Would like to work with ${school.prefers.join("; ")}, not named back.`),
      school.wishes && el("p", {}, `Wishes, in order: ${school.wishes.join("; ")}.`),
      school.unwanted && el("p", {}, `Not wanted: ${school.unwanted.join("; ")}.`),
    );
  }

  companions(school) {
    const known = school.companions.filter(([urn]) => this.view.schools.has(urn));
    const rows = known.map(([urn, to, from]) => this.companion(school, this.view.schools.get(urn), to, from));
    const headings = [["School"], ["There", "number"], ["Back", "number"], ["Way", "way-cell"]];
    return [
      el("h3", {}, "Together with; drives between bases"),
      tableOf("companions", headings, rows),
      el("div", { class: "way-told", role: "status" }),
    ];
  }

  // One row. A click anywhere in it shows the way, as its button does; the name opens the other school.
  companion(school, other, to, from) {
    const choose = (event) => {
      if (event.currentTarget.tagName === "BUTTON" || !event.target.closest("button")) this.view.chooseWay(other.urn);
    };
    const about = {
      type: "button",
      class: "way-button",
      "aria-pressed": "false",
      "aria-label": `Show the way to ${other.name}`,
      title: "Show the way on the map",
      click: choose,
    };
    const drives =
      school.headship && school.headship === other.headship
        ? el("td", { class: "number", colspan: 2 }, "same head")
        : [to, from].map((drive) => el("td", { class: "number" }, this.drive(drive)));
    const way = el("td", { class: "way-cell" }, el("button", about, this.bends()));
    return rowOf({ "data-way": other.urn, click: choose }, this.view.schoolLink(other), drives, way);
  }

  bends() {
    return svgEl(
      "svg",
      { width: 20, height: 16, viewBox: "0 0 20 16", "aria-hidden": "true" },
      svgEl("path", {
        d: "M3 13h9a3 3 0 0 0 0-6H8a2.5 2.5 0 0 1 0-5h8",
        fill: "none",
        stroke: "currentColor",
        "stroke-width": 2,
      }),
      svgEl("circle", { cx: 3, cy: 13, r: 2.5, fill: "currentColor" }),
      svgEl("circle", { cx: 17, cy: 2.5, r: 2.5, fill: "currentColor" }),
    );
  }

  // Mark the row whose way is shown, and say how long it is; without `other` say nothing.
  tellWay(school, other) {
    for (const row of document.querySelectorAll("tr[data-way]")) {
      const shown = row.dataset.way === other?.urn;
      row.classList.toggle("shown", shown);
      row.querySelector(".way-button").setAttribute("aria-pressed", String(shown));
    }
    document.querySelector(".way-told")?.replaceChildren(...(other ? this.wayTold(school, other) : []));
  }

  wayTold(school, other) {
    const ways = [this.view.way(school.urn, other.urn), this.view.way(other.urn, school.urn)];
    const [, ...known] = school.companions.find(([urn]) => urn === other.urn);
    const figures = ways.map((way, i) =>
      [minutes(way ? way.minutes : known[i]), way?.km != null && kilometres(way.km)].filter(Boolean).join(", "),
    );
    const straight = kilometres(L.latLng(school.at).distanceTo(other.at) / 1000);
    return [
      el("h4", {}, `The way to ${other.name}`),
      this.rows([
        ["There", figures[0]],
        ["Back", figures[1]],
      ]),
      ways[0]?.letters && ways[1]?.letters && el("p", {}, "The way back takes another road in part: the dashed line."),
      !ways.some(Boolean) && el("p", {}, `The line is as the crow flies: ${straight}.`),
    ].filter(Boolean);
  }

  leaving(school) {
    if (!school.today && !school.leaves) return null;
    return [
      el("h3", {}, "Today"),
      school.today && el("p", {}, `In the group ${school.today}.`),
      school.leaves && el("div", {}, el("p", {}, "Would no longer be with:"), listOf(school.leaves)),
    ];
  }

  // Minutes, marked where they are over a flag by a word as well as by colour.
  drive(value) {
    const [lower, higher] = this.view.facts.flags;
    const flag = value > higher ? ["very-slow", `over ${higher}`] : value > lower ? ["slow", `over ${lower}`] : null;
    return el(
      "span",
      { class: flag ? `drive ${flag[0]}` : "drive", title: flag ? flag[1] : undefined },
      minutes(value),
    );
  }

  rows(pairs) {
    return el("dl", { class: "rows" }, pairsOf(pairs));
  }
}
