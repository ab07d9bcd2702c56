// The one panel: what is looked for, lists beside the map, and the card of what is chosen.

import { byId, el } from "./elements.js";
import { cardOfMany, cardOfPartnership, cardOfSchool } from "./workbench_cards.js";
import { bestMatches } from "./workbench_search.js";
import { slim } from "./workbench_words.js";

const SHOWN_MAX = 12; // of what is found; lists show all

const LISTS = {
  "": ["No list", () => []],
  unplaced: ["Not yet placed", ({ schools }) => schools.filter((school) => school.kind === "unplaced")],
  schools: ["All schools", ({ schools }) => [...schools].sort((a, b) => a.name.localeCompare(b.name))],
  partnerships: ["Partnerships", ({ partnerships }) => partnerships],
  breaks: ["Criteria broken", ({ partnerships }) => partnerships.filter((one) => one.breaches.length)],
  leaves: ["Some may leave", ({ partnerships }, { leaving }) => partnerships.filter((one) => leaving.of(one.number))],
  notes: ["With a note", ({ schools, partnerships }) => [...partnerships, ...schools].filter((one) => one.note)],
};

export class Panel {
  constructor(bench) {
    this.bench = bench;
    this.find = byId("find");
    this.list = byId("schools");
    this.lists = byId("lists");
    this.card = byId("card");
    this.districts = [];
    this.asked = 0;
    this.wanted = null; // whether the card that is asked for is to have the focus; null where that is left as it is
    this.lists.append(...Object.entries(LISTS).map(([value, [words]]) => new Option(words, value)));
    this.find.addEventListener("input", () => {
      this.folded = false;
      this.search();
    });
    this.find.addEventListener("keydown", (event) => this.step(event));
    this.list.addEventListener("keydown", (event) => this.step(event));
    this.lists.addEventListener("change", () => {
      this.find.value = "";
      this.search();
      bench.sheet.rise();
    });
    this.find.addEventListener("focus", () => {
      bench.sheet.rise();
      this.find.select();
      if (!this.folded) return;
      this.folded = false;
      this.search();
    });
  }

  setDistricts(districts) {
    this.districts = districts;
    this.search();
  }

  // Lists ---------------------------------------------------------------------------------------------------------------

  search() {
    const { state } = this.bench;
    if (!state) return;
    const asked = this.folded ? "" : this.find.value.trim();
    const nameOf = (number) => (number === null ? "" : this.bench.called(number));
    const all = asked
      ? bestMatches(asked, state, nameOf).map((one) => one.school || one.partnership)
      : LISTS[this.lists.value][1](state, this.bench);
    const shown = asked ? all.slice(0, SHOWN_MAX) : all;
    const count = asked ? `${all.length} found` : `${all.length} on this list`;
    byId("found").textContent =
      asked || this.lists.value
        ? `${count}${all.length > shown.length ? `; the first ${SHOWN_MAX} are shown` : ""}`
        : "";
    const focused = document.activeElement?.closest?.("#schools button")?.dataset.key;
    const before = this.rows;
    this.rows = new Map();
    this.list.replaceChildren(...shown.map((one) => this.row(one, before)));
    byId("panel").classList.toggle("has-list", shown.length > 0);
    if (focused) this.list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    byId("above-list").replaceChildren(...(!asked && this.lists.value === "partnerships" ? [this.locks()] : []));
  }

  /** The row of one school or partnership: the one that is there already, where nothing about it has changed. */
  row(one, before) {
    const { bench } = this;
    const number = "urn" in one ? one.partnership : one.number;
    const look = JSON.stringify([
      one,
      number === null ? "" : bench.called(number),
      bench.hue(number),
      this.isChosen(one),
    ]);
    const item = before?.get(look) || el("li", {}, this.pick(one));
    this.rows.set(look, item);
    return item;
  }

  pick(one) {
    const { bench } = this;
    const school = "urn" in one;
    const press = (event) => {
      const more = school && (byId("several").checked || event.shiftKey || event.ctrlKey);
      if (more) return bench.toggle(one.urn);
      if (this.find.value) this.folded = true; // what was looked for is found: its card has the room
      this.search();
      return school ? bench.choose([one.urn]) : bench.open(one.number);
    };
    const number = school ? one.partnership : one.number;
    const where = school
      ? [one.town, one.partnership === null ? one.role : this.bench.partnerships.get(one.partnership)?.name]
      : [one.facts, one.kept && (one.kept === "open" ? "kept, open" : "kept as now")];
    const about = {
      type: "button",
      class: "pick",
      "data-key": school ? `school ${one.urn}` : `partnership ${one.number}`,
      "data-urn": school && one.urn,
      "data-number": !school && String(one.number),
      "aria-pressed": String(this.isChosen(one)),
      click: press,
    };
    const breaks =
      !school && one.breaches.length > 0 && el("span", { class: "tag bad" }, `breaks ${one.breaches.length}`);
    return el(
      "button",
      about,
      number !== null && bench.chip(number),
      el(
        "span",
        {},
        one.name,
        " ",
        breaks,
        !school && bench.leaving.tag(one.number),
        one.note && el("span", { class: "tag mind" }, "note"),
      ),
      el("small", {}, where.filter(Boolean).join(" · ")),
    );
  }

  isChosen(one) {
    return "urn" in one ? this.bench.chosen.includes(one.urn) : this.bench.partnership === one.number;
  }

  mark() {
    for (const button of this.list.querySelectorAll("button.pick")) {
      const { urn, number } = button.dataset;
      const on = urn ? this.bench.chosen.includes(urn) : this.bench.partnership === Number(number);
      button.setAttribute("aria-pressed", String(on));
    }
  }

  /** Keep all partnerships as they are now, or those of a district, or those of what is chosen. */
  locks() {
    const { bench } = this;
    const all = () => bench.state.partnerships.map((one) => one.number);
    const of = (urns) => {
      const inside = new Set(urns);
      const most = (one) => one.urns.filter((urn) => inside.has(urn)).length * 2 > one.urns.length;
      return bench.state.partnerships.filter(most).map((one) => one.number);
    };
    const choice = el("select", { id: "lock-what" });
    const sets = [["All partnerships", all], ...this.districts.map(([name, urns]) => [name, () => of(urns)])];
    choice.append(...sets.map(([name], n) => new Option(name, String(n))));
    const set = (how) => {
      const [name, numbers] = sets[Number(choice.value)];
      const partnerships = numbers();
      if (!partnerships.length) return bench.tell(`Most schools of no partnership lie in ${name}.`);
      bench.edit({ kind: "keep many", partnerships, how, what: name });
    };
    return el(
      "div",
      { class: "locks" },
      el("label", { for: "lock-what" }, "Keep as now"),
      choice,
      el(
        "div",
        { class: "small-buttons" },
        slim("Keep them", () => set("closed")),
        slim("Keep, others may join", () => set("open")),
        slim("Release", () => set("free")),
      ),
      this.districts.length > 0 &&
        el("p", { class: "hint small" }, "Of a district: the partnerships most of whose schools lie in it."),
    );
  }

  /** Arrow keys walk from the box into the list and back; Enter in the box takes the best match. */
  step(event) {
    const buttons = [...this.list.querySelectorAll("button.pick")];
    if (event.key === "Enter" && event.target === this.find && buttons.length) return buttons[0].click();
    if (event.key === "Escape" && event.target === this.find && this.find.value) {
      event.preventDefault();
      this.find.value = "";
      return this.search();
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const to = [this.find, ...buttons][buttons.indexOf(event.target.closest("button")) + 1 + by];
    if (!to) return;
    to.focus();
    event.preventDefault();
  }

  // The card --------------------------------------------------------------------------------------------------------------

  /** The card of what is chosen; what is asked for later wins, whichever is answered first. With `focus` null the focus
   * stays on the card where it is there still: the card is made anew, and who has gone elsewhere meanwhile stays there.
   * Where the card is asked for anew before it came, the focus goes where it was to go. */
  async show(wanted) {
    const { bench } = this;
    const asked = ++this.asked;
    this.wanted = wanted ?? this.wanted;
    const parts = await this.parts();
    if (asked !== this.asked) return;
    const focus = this.wanted;
    this.wanted = null;
    const typed = this.unsaved();
    const writing = document.activeElement?.id === "note";
    const stay = focus ?? this.card.contains(document.activeElement);
    this.card.hidden = !parts.length;
    this.card.replaceChildren(...parts);
    byId("panel").classList.toggle("has-card", parts.length > 0);
    const note = byId("note");
    if (typed && note?.dataset.about === typed.about) note.value = typed.words;
    if (!parts.length) return;
    if (writing && focus === null) return note?.focus();
    bench.sheet.rise();
    if (stay) byId("chosen").focus({ preventScroll: true });
    if (stay) byId("chosen").scrollIntoView({ block: "nearest" });
  }

  async parts() {
    const { bench } = this;
    const { chosen, partnership } = bench;
    const about = chosen.length ? chosen.join() : String(partnership);
    const same = about === this.card.dataset.about;
    if (!chosen.length && partnership === null) {
      this.card.dataset.about = "";
      return [];
    }
    if (!chosen.length) {
      this.card.dataset.about = about;
      return cardOfPartnership(bench, bench.partnerships.get(partnership));
    }
    const single = chosen.length === 1;
    const facts = await bench.price(chosen);
    if (!facts) return same ? [...this.card.children] : [];
    this.card.dataset.about = about;
    return single ? cardOfSchool(bench, facts) : cardOfMany(bench, facts);
  }

  /** What is typed as a note and not kept yet. */
  unsaved() {
    const note = byId("note");
    if (!note || note.value === note.defaultValue) return null;
    return { about: note.dataset.about, words: note.value };
  }

  focusChoices() {
    const first = this.card.querySelector("[data-to], #move-to");
    if (first) first.focus();
    else this.bench.tell("Choose a school first.");
  }

  /** The place in the card's list where a partnership stands. */
  focusChoice(number) {
    byId("show-all")?.click();
    this.card.querySelector(`[data-to="${number}"]`)?.focus();
  }
}
