// The cards of a school, a partnership and a place.

import { el, svgEl } from "./elements.js";
import { ROLES } from "./signs.js";
import { kilometres, minutes, plural } from "./words.js";

export const pupilsOf = (school) =>
  school.pupils === undefined ? "pupils not known" : plural(school.pupils, "pupil", "pupils");

export class Cards {
  constructor(view) {
    this.view = view;
  }

  school(school) {
    const { view } = this;
    const own = view.partnerships.get(school.partnership);
    return [
      this.view.heading(ROLES[school.role].name, school.name),
      el("p", { class: "facts" }, [school.town, pupilsOf(school), `URN ${school.urn}`].filter(Boolean).join(" · ")),
      own && el("p", {}, "In partnership ", this.partnershipLink(own)),
      school.reason && el("p", { class: "callout" }, school.reason),
      school.answer && this.answer(school),
      school.corrected && el("p", { class: "callout" }, "Corrected data: ", school.corrected),
      school.headship && this.headship(school),
      school.companions && this.companions(school),
      this.leaving(school),
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
    return [
      this.view.heading("Partnership", one.name, this.badge(one), " "),
      el(
        "p",
        { class: "facts" },
        [
          plural(one.schools, "school", "schools"),
          plural(one.heads, "head", "heads"),
          plural(one.pupils || 0, "pupil", "pupils"),
          one.associates && plural(one.associates, "associate", "associates"),
        ]
          .filter(Boolean)
          .join(" · "),
      ),
      one.breaches &&
        el(
          "div",
          { class: "callout" },
          el("p", {}, "Breaks these criteria:"),
          el(
            "ul",
            {},
            one.breaches.map((breach) => el("li", {}, breach)),
          ),
        ),
      this.rows([
        ...(one.stage ? [["Stage", one.stage]] : []),
        ["Meeting venue", schools.has(one.venue) ? schools.get(one.venue).name : "–"],
        ["Heads’ travel together", `${one.travel || 0} ${facts.unit === "km" ? "km" : "hours"} a year`],
        ["Mean drive", minutes(one.mean)],
        ["Longest drive", el("span", {}, this.drive(one.worst), worst && el("small", {}, worst))],
        ["Working links", `${one.kept || 0} kept, ${one.broken || 0} broken`],
      ]),
      el("h3", {}, "Members"),
      el(
        "ul",
        { class: "members" },
        one.urns
          .map((urn) => schools.get(urn))
          .map((school) =>
            el(
              "li",
              {},
              this.view.schoolLink(school),
              el(
                "span",
                {},
                [
                  pupilsOf(school),
                  school.role === "associate" && "associate",
                  school.urn === one.venue && "meeting venue",
                ]
                  .filter(Boolean)
                  .join(", "),
              ),
            ),
          ),
      ),
    ];
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
      el(
        "ul",
        { class: "members" },
        near.map(([metres, school]) =>
          el(
            "li",
            {},
            this.view.schoolLink(school),
            el(
              "span",
              {},
              `${(metres / 1000).toFixed(1)} km away`,
              school.partnership ? `, partnership ${school.partnership}` : `, ${ROLES[school.role].name.toLowerCase()}`,
            ),
          ),
        ),
      ),
    ];
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
    return el(
      "p",
      {},
      `${school.headship}: one head, with `,
      others.map((other, i) => [i ? ", " : "", this.view.schoolLink(other)]).flat(),
      school.visits ? "; the head travels from there." : ".",
    );
  }

  // What it said when it was asked: on internal maps only.
  answer(school) {
    const said = { yes: "Said yes", no: "Said no", undecided: "Undecided", none: "No answer yet" }[school.answer];
    return el(
      "div",
      { class: "callout" },
      el("p", {}, school.answered ? `${said}, ${school.answered}` : said),
      school.prefers && el("p", {}, `Would like to work with ${school.prefers.join("; ")}, not named back.`),
    );
  }

  companions(school) {
    const rows = school.companions
      .map(([urn, to, from]) => [this.view.schools.get(urn), to, from])
      .filter(([other]) => other);
    return [
      el("h3", {}, "Together with"),
      el(
        "table",
        { class: "companions" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "School"),
            el("th", { scope: "col", class: "number" }, "There"),
            el("th", { scope: "col", class: "number" }, "Back"),
            el("th", { scope: "col", class: "way-cell" }, "Way"),
          ),
        ),
        el(
          "tbody",
          {},
          rows.map(([other, to, from]) => this.companion(school, other, to, from)),
        ),
      ),
      el("div", { class: "way-told", role: "status" }),
    ];
  }

  // One row. A click anywhere in it shows the way, as its button does; the name opens the other school.
  companion(school, other, to, from) {
    const choose = (event) => {
      if (event.currentTarget.tagName === "BUTTON" || !event.target.closest("button")) this.view.chooseWay(other.urn);
    };
    return el(
      "tr",
      { "data-way": other.urn, click: choose },
      el("th", { scope: "row" }, this.view.schoolLink(other)),
      school.headship && school.headship === other.headship
        ? el("td", { class: "number", colspan: 2 }, "same head")
        : [this.drive(to), this.drive(from)].map((drive) => el("td", { class: "number" }, drive)),
      el(
        "td",
        { class: "way-cell" },
        el(
          "button",
          {
            type: "button",
            class: "way-button",
            "aria-pressed": "false",
            "aria-label": `Show the way to ${other.name}`,
            title: "Show the way on the map",
            click: choose,
          },
          this.bends(),
        ),
      ),
    );
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
      const shown = Number(row.dataset.way) === other?.urn;
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
      school.leaves &&
        el(
          "div",
          {},
          el("p", {}, "Would no longer be with:"),
          el(
            "ul",
            {},
            school.leaves.map((name) => el("li", {}, name)),
          ),
        ),
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
    return el(
      "dl",
      { class: "rows" },
      pairs.map(([what, value]) =>
        el("div", {}, el("dt", {}, what), el("dd", {}, value instanceof Node ? value : String(value))),
      ),
    );
  }
}
