// The cards of a school, a partnership and a place.

import { el, english, listOf, pairsOf, rowOf, svgEl, tableOf } from "./elements.js";
import { ROLES } from "./signs.js";
import { counted, figure, kilometres, minutes, phrase, sentence } from "./words.js";

export const pupilsOf = (school) =>
  school.pupils === undefined ? phrase("pupils not known") : counted(school.pupils, "{n} pupil", "{n} pupils");

/** In which partnership a school is or, of a school in none, what it is. */
export const whereOf = (school) =>
  school.partnership
    ? phrase("partnership {number}", { number: school.partnership })
    : phrase(ROLES[school.role].words);

/** How many working links a partnership keeps, and how many it breaks. */
export const keptAndBroken = (one) =>
  phrase("{kept} kept, {broken} broken", { kept: one.kept || 0, broken: one.broken || 0 });

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
      this.view.heading(phrase(ROLES[school.role].name), school.name),
      factsOf(school, view.facts.identifier),
      own && el("p", {}, sentence("In partnership {partnership}", { partnership: this.partnershipLink(own) })),
      school.reason && el("p", { class: "callout" }, english(school.reason)),
      school.answer && this.answer(school),
      school.corrected && el("p", { class: "callout" }, phrase("Corrected data: {what}", { what: school.corrected })),
      school.headship && this.headship(school),
      school.companions && this.companions(school),
      this.leaving(school),
      school.own && this.rows([[phrase("Its head’s own year"), this.ownYear(school)]]),
      (school.kept || school.broken) &&
        this.rows([
          [phrase("Working links kept"), figure(school.kept || 0)],
          [phrase("Working links broken"), figure(school.broken || 0)],
        ]),
      school.shared &&
        this.rows(
          school.shared.map(([what, here, there]) => [
            phrase("Of its {what} here", { what }),
            phrase("{here} of {there} others", { here, there }),
          ]),
        ),
    ];
  }

  partnership(one) {
    const { schools, facts } = this.view;
    const [oneEnd, otherEnd] = (one.pair || []).map((urn) => schools.get(urn).name);
    const worst = one.pair && phrase("{one} and {other}", { one: oneEnd, other: otherEnd });
    const counts = [
      counted(one.schools, "{n} school", "{n} schools"),
      counted(one.heads, "{n} head", "{n} heads"),
      counted(one.pupils || 0, "{n} pupil", "{n} pupils"),
      one.associates && counted(one.associates, "{n} associate", "{n} associates"),
    ];
    return [
      this.view.heading(
        one.already ? phrase("A partnership already") : phrase("Partnership"),
        one.name,
        this.badge(one),
        " ",
      ),
      el("p", { class: "facts" }, counts.filter(Boolean).join(" · ")),
      one.breaches &&
        el(
          "div",
          { class: "callout" },
          el("p", {}, phrase("Breaks these criteria:")),
          listOf(one.breaches.map(english)),
        ),
      this.rows([
        ...(one.stage ? [[phrase("Stage"), phrase(one.stage)]] : []),
        ...(one.already ? [[phrase("Under one head"), phrase("it joins no other partnership")]] : []),
        [
          one.already ? phrase("Base of its head") : phrase("Meeting venue"),
          schools.has(one.venue) ? schools.get(one.venue).name : "–",
        ],
        ...(one.hosts ? [[phrase("Meetings a year"), english(one.hosts)]] : []),
        [
          phrase("Heads’ travel together"),
          facts.unit === "km"
            ? phrase("{n} km a year", { n: one.travel || 0 })
            : phrase("{n} hours a year", { n: one.travel || 0 }),
        ],
        ...(one.already
          ? []
          : [
              [phrase("Mean drive between bases"), minutes(one.mean)],
              [
                phrase("Longest drive between bases"),
                el("span", {}, this.drive(one.worst), worst && el("small", {}, worst)),
              ],
            ]),
        [phrase("Working links"), keptAndBroken(one)],
      ]),
      el("h3", {}, phrase("Members")),
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
          phrase("Print this partnership"),
        ),
      ),
    ];
  }

  member(school, one) {
    const told = [
      pupilsOf(school),
      school.role === "associate" && phrase("associate"),
      school.urn === one.venue && (one.already ? phrase("base") : phrase("meeting venue")),
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
      this.view.heading(phrase("Place"), name),
      el("h3", {}, phrase("Nearest schools taking part")),
      listOf(
        near.map(([metres, school]) => this.neighbour(school, metres)),
        "members",
      ),
    ];
  }

  neighbour(school, metres) {
    const away = phrase("{km} away, {where}", { km: kilometres(metres / 1000), where: whereOf(school) });
    return [this.view.schoolLink(school), el("span", {}, away)];
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
    const values = { federation: school.headship, schools: links };
    return el(
      "p",
      {},
      school.visits
        ? sentence("{federation}: one head, with {schools}; the head travels from there.", values)
        : sentence("{federation}: one head, with {schools}.", values),
    );
  }

  // What its head has of the plan a year, and what that counts.
  ownYear(school) {
    const [amount, words] = school.own;
    const told = this.view.facts.unit === "km" ? kilometres(amount) : phrase("{n} minutes", { n: amount });
    return el("span", {}, told, el("small", {}, words));
  }

  // What it said when it was asked: on internal maps only.
  answer(school) {
    const answers = {
      yes: phrase("Said yes"),
      no: phrase("Said no"),
      undecided: phrase("Undecided"),
      none: phrase("No answer yet"),
    };
    const answer = answers[school.answer];
    const names = (schools) => ({ schools: schools.join("; ") });
    return el(
      "div",
      { class: "callout" },
      el("p", {}, school.answered ? `${answer}, ${school.answered}` : answer),
      school.prefers &&
        el("p", {}, phrase("Would like to work with {schools}, not named back.", names(school.prefers))),
      school.wishes && el("p", {}, phrase("Wishes, in order: {schools}.", names(school.wishes))),
      school.unwanted && el("p", {}, phrase("Not wanted: {schools}.", names(school.unwanted))),
    );
  }

  companions(school) {
    const known = school.companions.filter(([urn]) => this.view.schools.has(urn));
    const rows = known.map(([urn, to, from]) => this.companion(school, this.view.schools.get(urn), to, from));
    const headings = [
      [phrase("School")],
      [phrase("There"), "number"],
      [phrase("Back"), "number"],
      [phrase("Way"), "way-cell"],
    ];
    return [
      el("h3", {}, phrase("Together with; drives between bases")),
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
      "aria-label": phrase("Show the way to {school}", { school: other.name }),
      title: phrase("Show the way on the map"),
      click: choose,
    };
    const drives =
      school.headship && school.headship === other.headship
        ? el("td", { class: "number", colspan: 2 }, phrase("same head"))
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
      el("h4", {}, phrase("The way to {school}", { school: other.name })),
      this.rows([
        [phrase("There"), figures[0]],
        [phrase("Back"), figures[1]],
      ]),
      ways[0]?.letters &&
        ways[1]?.letters &&
        el("p", {}, phrase("The way back takes another road in part: the dashed line.")),
      !ways.some(Boolean) && el("p", {}, phrase("The line is as the crow flies: {km}.", { km: straight })),
    ].filter(Boolean);
  }

  leaving(school) {
    if (!school.today && !school.leaves) return null;
    return [
      el("h3", {}, phrase("Today")),
      school.today && el("p", {}, phrase("In the group {group}.", { group: school.today })),
      school.leaves && el("div", {}, el("p", {}, phrase("Would no longer be with:")), listOf(school.leaves)),
    ];
  }

  // Minutes, marked where they are over a flag by a word as well as by colour.
  drive(value) {
    const [lower, higher] = this.view.facts.flags;
    const over = (n) => phrase("over {n}", { n });
    const flag = value > higher ? ["very-slow", over(higher)] : value > lower ? ["slow", over(lower)] : null;
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
