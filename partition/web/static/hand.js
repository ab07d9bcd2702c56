// A plan changed by hand: schools to choose from, where each could go, and what every change comes to.
// The server judges; this page only shows what it says. Text only ever becomes text nodes.

import { el, listOf, pairsOf } from "./elements.js";
import { ask, say } from "./talk.js";
import { plain } from "./words.js";

const SHOWN_MAX = 12;
const CHOICES_FIRST = 5;

/** A small button. */
const slim = (words, click, more) => el("button", { type: "button", class: "plain slim", click, ...more }, words);

class Hand {
  constructor(place) {
    this.place = place;
    this.at = `/plan/${place.dataset.plan}/hand`;
    this.map = document.getElementById("map");
    this.find = document.getElementById("find");
    this.schools = document.getElementById("schools");
    this.card = document.getElementById("card");
    this.find.addEventListener("input", () => this.search());
    this.find.addEventListener("keydown", (event) => this.step(event, -1));
    this.schools.addEventListener("keydown", (event) =>
      this.step(event, [...this.schools.querySelectorAll("button")].indexOf(event.target)),
    );
    document.getElementById("undo").addEventListener("click", () => this.send("undo"));
    document.getElementById("redo").addEventListener("click", () => this.send("redo"));
    this.map.addEventListener("load", () => {
      document.getElementById("drawing").hidden = true;
      if (this.chosen) this.show(this.chosen);
    });
    addEventListener("message", (event) => this.hear(event));
    this.read("state").then((state) => {
      if (state) this.take(state);
      this.redraw();
    });
  }

  // What the server says; null, told on the page, where it refuses or is not there.
  async read(path, body) {
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const { ok, facts } = await ask(`${this.at}/${path}`, sent);
    const refused = document.getElementById("refused");
    refused.hidden = ok;
    if (ok) return facts;
    refused.replaceChildren(
      el("h2", {}, "That was not done"),
      listOf(facts?.faults || ["The program does not answer; see whether it still runs."]),
    );
    return null;
  }

  async send(path, body = null, words = "") {
    this.place.setAttribute("aria-busy", "true");
    const onCard = this.card.contains(document.activeElement); // which is made anew, so who stood on it is put on its head
    const state = await this.read(path, body);
    this.place.removeAttribute("aria-busy");
    if (!state) return;
    const drawn = this.state.digest !== state.digest;
    this.take(state);
    if (drawn) this.redraw();
    const done = { undo: "Undone", redo: "Done again" }[path] || state.done.at(-1);
    say(words || `${done}. ${this.sinceWords(state)}`);
    if (this.chosen) await this.choose(this.chosen, onCard);
  }

  edit(edit) {
    return this.send("edit", edit);
  }

  take(state) {
    this.state = state;
    this.names = new Map(state.partnerships.map((one) => [one.number, one.name]));
    this.place.removeAttribute("aria-busy");
    document.getElementById("figures").replaceChildren(...pairsOf(state.figures));
    const names = { undo: state.done.at(-1), redo: state.undone[0] };
    for (const [id, words] of Object.entries(names)) {
      const button = document.getElementById(id);
      button.disabled = !words;
      button.title = words || "";
    }
    const left = document.getElementById("left");
    left.hidden = !state.left;
    left.textContent = state.left && `${state.left}.`;
    document.getElementById("last").textContent = state.done.length
      ? `Last: ${state.done.at(-1)}`
      : "Nothing is changed yet.";
    document.getElementById("log").replaceChildren(...state.done.map((words) => el("li", {}, words)));
    document
      .getElementById("since")
      .replaceChildren(...(state.since ? this.change(state.since) : [el("p", { class: "hint" }, "Nothing yet.")]));
    document.getElementById("broken-section").hidden = !state.breaches.length;
    document.getElementById("breaches").replaceChildren(...state.breaches.map((words) => el("li", {}, words)));
    this.search();
  }

  sinceWords({ since }) {
    if (!since) return "The plan is as it was.";
    const words = [
      since.cost === "the same" ? "Costs the same" : `Costs ${since.cost}`,
      since.placed,
      since.broken.length ? `breaks: ${since.broken.join("; ")}` : "breaks no criterion more",
    ];
    return words.filter(Boolean).join(", ");
  }

  // What a change comes to, as the page shows it everywhere.
  change({ cost, terms, placed, fewer, broken, mended }) {
    return [
      el(
        "p",
        { class: "cost" },
        el("strong", {}, cost === "the same" ? "Costs the same" : cost),
        terms.length > 1 && ` (${terms.map(([what, words]) => `${what} ${words}`).join(", ")})`,
      ),
      placed && el("p", {}, el("span", { class: fewer ? "tag bad" : "tag good" }, placed)),
      broken.length > 0 &&
        el("div", { class: "breaks" }, el("p", {}, el("span", { class: "tag bad" }, "Breaks")), listOf(broken)),
      mended.length > 0 &&
        el("div", { class: "mends" }, el("p", {}, el("span", { class: "tag good" }, "Mends")), listOf(mended)),
    ].filter(Boolean);
  }

  search() {
    if (!this.state) return;
    const words = plain(this.find.value).split(/\s+/).filter(Boolean);
    const all = this.state.schools.filter((school) => {
      const text = plain(`${school.name} ${school.town} ${school.urn} ${this.names.get(school.partnership) || ""}`);
      return words.every((word) => text.includes(word));
    });
    const first = words.length ? all : all.filter((school) => school.role.includes("not yet placed"));
    document.getElementById("found").textContent = words.length
      ? `${all.length} found${all.length > SHOWN_MAX ? `; the first ${SHOWN_MAX} are shown` : ""}`
      : first.length
        ? "Not yet placed; type to find any other"
        : "";
    this.schools.replaceChildren(...first.slice(0, SHOWN_MAX).map((school) => el("li", {}, this.pick(school))));
  }

  pick(school) {
    const about = {
      type: "button",
      class: "pick",
      "data-urn": school.urn,
      "aria-pressed": String(school.urn === this.chosen),
      click: () => this.choose(school.urn),
    };
    const where = [school.town, this.names.get(school.partnership) || school.role].filter(Boolean).join(" · ");
    return el("button", about, el("span", {}, school.name), el("small", {}, where));
  }

  // Arrow keys walk from the box into the list and back.
  step(event, at) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const to = [this.find, ...this.schools.querySelectorAll("button")][at + 1 + by];
    if (!to) return;
    to.focus();
    event.preventDefault();
  }

  async choose(urn, moveFocus = true) {
    const school = await this.read(`school?${new URLSearchParams({ urn })}`);
    if (!school) return;
    this.chosen = urn;
    for (const button of this.schools.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.urn === urn));
    }
    this.card.replaceChildren(...this.cardOf(school));
    this.card.hidden = false;
    this.show(urn);
    if (moveFocus) {
      document.getElementById("chosen").focus({ preventScroll: matchMedia("(min-width: 1000px)").matches });
    }
  }

  cardOf(school) {
    return [
      el("h3", { id: "chosen", tabindex: "-1" }, school.name),
      el("p", { class: "hint" }, `${school.facts} · ${school.identifier} ${school.urn}`),
      school.where && el("p", {}, "In ", el("strong", {}, school.where)),
      listOf(school.why, "why"),
      school.role !== "not taking part" &&
        this.place.dataset.searched &&
        el(
          "p",
          {},
          el(
            "a",
            { href: `${this.at.replace("hand", "why")}/school?${new URLSearchParams({ urn: school.urn })}` },
            "Why here?",
          ),
          el("span", { class: "hint" }, " The reasons in the kept plan, each solved again."),
        ),
      this.standing(school),
      school.partnership !== null && this.keeping(school),
      school.companions.length > 0 && this.companions(school),
      school.choices.length > 0 && this.choices(school),
    ].filter(Boolean);
  }

  standing({ urn, role, small }) {
    const out = role === "not taking part";
    const set = (to, words) => slim(words, () => this.edit({ kind: "take part", urn, role: to }));
    return el(
      "div",
      { class: "small-buttons" },
      (out || !small) && set("small", "Treat as a small school"),
      (out || small) && set("associate", "Mark as associate"),
      !out && set("out", "Exclude: does not take part"),
    );
  }

  keeping({ partnership, where }) {
    const { kept } = this.state.partnerships.find((one) => one.number === partnership);
    const set = (how, words) => slim(words, () => this.edit({ kind: "keep", partnership, how }));
    const words = { closed: `${where} is kept as now.`, open: `${where} is kept as now, and others may join.` };
    const said = words[kept];
    return el(
      "div",
      {},
      said && el("p", {}, el("span", { class: "tag" }, "Kept"), ` ${said}`),
      el(
        "div",
        { class: "small-buttons" },
        kept !== "closed" && set("closed", `Keep ${where} as now`),
        kept !== "open" && set("open", "Keep it, others may join"),
        kept && set("free", "Keep it no longer"),
      ),
    );
  }

  companions({ urn, companions }) {
    const rows = companions.map((one) => this.companion(urn, one));
    return el(
      "section",
      { class: "with" },
      el("h4", {}, "Companions, and the drives between bases"),
      listOf(rows, "companions"),
    );
  }

  companion(urn, one) {
    const pair = (how, words, name) =>
      slim(words, () => this.edit({ kind: "pair", urns: [urn, one.urn], how }), {
        "aria-label": `${name} ${one.name}`,
      });
    const drives = one.there === one.back ? `${one.there} each way` : `${one.there} there, ${one.back} back`;
    const kept = one.paired && el("span", { class: "tag" }, `kept ${one.paired}`);
    const buttons = one.paired
      ? [pair("free", "Release", "Neither together nor apart with")]
      : [pair("together", "Together", "Keep together with"), pair("apart", "Apart", "Keep apart from")];
    return [el("span", {}, one.name, el("small", {}, drives), kept), el("span", { class: "small-buttons" }, buttons)];
  }

  choices(school) {
    const rows = school.choices.map((choice) => this.choice(school, choice));
    const more = rows.slice(CHOICES_FIRST);
    const place = el("ol", { class: "choices" }, rows.slice(0, CHOICES_FIRST));
    const showAll = () => {
      show.remove();
      place.append(...more);
      more[0].querySelector("button").focus();
    };
    const show = slim(`Show all ${rows.length}`, showAll, { id: "show-all" });
    const breaks = school.leaving.length > 0 && school.where;
    return el(
      "section",
      { class: "with" },
      el("h4", {}, "Where it could be"),
      breaks && el("div", { class: "breaks" }, el("p", {}, `Leaving ${school.where} breaks:`), listOf(school.leaving)),
      place,
      more.length > 0 && show,
    );
  }

  choice(school, choice) {
    const about = {
      type: "button",
      class: "slim",
      "data-to": choice.to,
      "aria-label": `Move to ${choice.name}`,
      click: () => this.edit({ kind: "move", urn: school.urn, to: choice.to }),
    };
    const name = el(
      "h5",
      {},
      choice.name,
      choice.longest && el("small", {}, `, up to ${choice.longest} from base to base`),
    );
    const button = el("button", about, choice.to === "none" ? "Take out" : "Move here");
    const head = el("div", { class: "choice-head" }, name, button);
    const kind = choice.broken.length ? "choice-row breaks-some" : "choice-row";
    return el("li", { class: kind }, head, this.change(choice));
  }

  // The map runs in a sandbox, so it has no origin: who speaks is told by its window.
  hear(event) {
    if (event.source !== this.map.contentWindow || typeof event.data !== "object" || event.data === null) return;
    const { school, partnership } = event.data;
    if (typeof school === "string" && school !== this.chosen) this.choose(school, false);
    if (Number.isInteger(partnership)) this.target(this.state?.partnerships.find((one) => one.on_map === partnership));
  }

  // A partnership opened on the map is where the chosen school might go: its place in the list is shown.
  target(one) {
    if (!one || !this.chosen) return;
    document.getElementById("show-all")?.click();
    const button = this.card.querySelector(`button[data-to="${one.number}"]`);
    button?.focus();
    say(button ? `${one.name}: press to move there` : `It is in ${one.name} already`);
  }

  show(urn) {
    this.map.contentWindow?.postMessage({ show: { school: urn } }, "*");
  }

  // A plan as it was kept has its map ready; after an edit it is drawn afresh.
  redraw() {
    document.getElementById("drawing").hidden = false;
    this.map.src = this.state?.done.length ? `${this.at}/map` : this.at.replace("hand", "map");
  }
}

const hand = document.getElementById("hand");
if (hand) new Hand(hand);
