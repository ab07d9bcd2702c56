// The cards of a school, a partnership and a place. Text only ever becomes text nodes.

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "click") node.addEventListener("click", value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;
const minutes = (value) => (value === null || value === undefined ? "–" : `${Number(value.toFixed(1))} min`);
const pupilsOf = (school) => (school.pupils === undefined ? "pupils not known" : plural(school.pupils, "pupil", "pupils"));

class Cards {
  constructor(view) {
    this.view = view;
  }

  school(school) {
    const { view } = this;
    const own = view.partnerships.get(school.partnership);
    return [
      this.heading(ROLES[school.role].name, school.name),
      el("p", { class: "facts" }, [school.town, pupilsOf(school), `URN ${school.urn}`].filter(Boolean).join(" · ")),
      own && el("p", {}, "In partnership ", this.partnershipLink(own)),
      school.reason && el("p", { class: "callout" }, school.reason),
      school.corrected && el("p", { class: "callout" }, "Corrected data: ", school.corrected),
      school.headship && this.headship(school),
      school.companions && this.companions(school),
      this.leaving(school),
      (school.kept || school.broken) && this.rows([
        ["Working links kept", school.kept || 0], ["Working links broken", school.broken || 0],
      ]),
    ];
  }

  partnership(one) {
    const { schools, facts } = this.view;
    const worst = one.pair && one.pair.map((urn) => schools.get(urn).name).join(" and ");
    return [
      this.heading("Partnership", one.name, one),
      el("p", { class: "facts" }, [
        plural(one.schools, "school", "schools"), plural(one.heads, "head", "heads"), plural(one.pupils || 0, "pupil", "pupils"),
        one.associates && plural(one.associates, "associate", "associates"),
      ].filter(Boolean).join(" · ")),
      one.breaches && el("div", { class: "callout" }, el("p", {}, "Breaks these criteria:"),
        el("ul", {}, one.breaches.map((breach) => el("li", {}, breach)))),
      this.rows([
        ["Meeting venue", schools.has(one.venue) ? schools.get(one.venue).name : "–"],
        ["Heads’ travel together", `${one.travel || 0} ${facts.unit === "km" ? "km" : "hours"} a year`],
        ["Mean drive", minutes(one.mean)],
        ["Longest drive", el("span", {}, this.drive(one.worst), worst && el("small", {}, worst))],
        ["Working links", `${one.kept || 0} kept, ${one.broken || 0} broken`],
      ]),
      el("h3", {}, "Members"),
      el("ul", { class: "members" }, one.urns.map((urn) => schools.get(urn)).map((school) => el("li", {},
        this.schoolLink(school),
        el("span", {}, [pupilsOf(school), school.role === "associate" && "associate", school.urn === one.venue && "meeting venue"]
          .filter(Boolean).join(", "))))),
    ];
  }

  place(name, at) {
    const near = [...this.view.schools.values()]
      .filter((school) => school.role !== "not taking part")
      .map((school) => [L.latLng(at).distanceTo(school.at), school])
      .sort((a, b) => a[0] - b[0])
      .slice(0, 6);
    return [
      this.heading("Place", name),
      el("h3", {}, "Nearest schools taking part"),
      el("ul", { class: "members" }, near.map(([metres, school]) => el("li", {}, this.schoolLink(school),
        el("span", {}, `${(metres / 1000).toFixed(1)} km away`,
          school.partnership ? `, partnership ${school.partnership}` : `, ${ROLES[school.role].name.toLowerCase()}`)))),
    ];
  }

  heading(kind, name, partnership) {
    return el("div", { class: "card-head" },
      el("p", { class: "kind" }, kind),
      el("h2", { id: "card-title", tabindex: "-1" }, partnership && [this.badge(partnership), " "], name),
      el("button", { type: "button", class: "close", "aria-label": "Close", click: () => this.view.close() }, "×"));
  }

  badge(one) {
    return el("span", { class: `badge hue-${one.hue}` }, String(one.number));
  }

  partnershipLink(one) {
    return el("button", { type: "button", class: "link", click: () => this.view.open({ partnership: one.number }) },
      this.badge(one), " ", el("span", { class: "named" }, one.name));
  }

  schoolLink(school) {
    return el("button", { type: "button", class: "link", click: () => this.view.open({ school: school.urn }) }, school.name);
  }

  headship(school) {
    const others = this.view.headships.get(school.headship).filter((other) => other !== school);
    return el("p", {}, `${school.headship}: one head, with `, others.map((other, i) => [i ? ", " : "", this.schoolLink(other)]).flat(),
      school.visits ? "; the head travels from there." : ".");
  }

  companions(school) {
    const rows = school.companions.map(([urn, to, from]) => [this.view.schools.get(urn), to, from]).filter(([other]) => other);
    return [el("h3", {}, "Together with"), el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "School"),
        el("th", { scope: "col", class: "number" }, "There"), el("th", { scope: "col", class: "number" }, "Back"))),
      el("tbody", {}, rows.map(([other, to, from]) => el("tr", {},
        el("th", { scope: "row" }, this.schoolLink(other)),
        school.headship && school.headship === other.headship
          ? el("td", { class: "number", colspan: 2 }, "same head")
          : [this.drive(to), this.drive(from)].map((drive) => el("td", { class: "number" }, drive))))))];
  }

  leaving(school) {
    if (!school.today && !school.leaves) return null;
    return [el("h3", {}, "Today"),
      school.today && el("p", {}, `In the group ${school.today}.`),
      school.leaves && el("div", {}, el("p", {}, "Would no longer be with:"),
        el("ul", {}, school.leaves.map((name) => el("li", {}, name))))];
  }

  // Minutes, marked where they are over a flag by a word as well as by colour.
  drive(value) {
    const [lower, higher] = this.view.facts.flags;
    const flag = value > higher ? ["very-slow", `over ${higher}`] : value > lower ? ["slow", `over ${lower}`] : null;
    return el("span", { class: flag ? `drive ${flag[0]}` : "drive", title: flag ? flag[1] : undefined }, minutes(value));
  }

  rows(pairs) {
    return el("dl", { class: "rows" }, pairs.map(([what, value]) => el("div", {},
      el("dt", {}, what), el("dd", {}, value instanceof Node ? value : String(value)))));
  }
}
