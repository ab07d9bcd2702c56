// The workbench: a plan changed by hand on a map that fills the window. The server judges; this page only shows what it
// says. Text only ever becomes text nodes.

import { el, listOf } from "./elements.js";
import { ask, say } from "./talk.js";
import { Bar } from "./workbench_bar.js";
import { Keys } from "./workbench_keys.js";
import { Leaving } from "./workbench_leaving.js";
import { BenchMap } from "./workbench_map.js";
import { Panel } from "./workbench_panel.js";
import { Pointer } from "./workbench_pointer.js";
import { Sheet } from "./workbench_sheet.js";
import { chip, sinceWords } from "./workbench_words.js";

const LOOK_AGAIN_MILLISECONDS = 4000; // for what another browser does; another window of this one says so itself

/** Once what stands on the page now is on the screen; at once where nobody sees it. */
const painted = () =>
  document.hidden ? Promise.resolve() : new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

class Workbench {
  constructor(place) {
    this.place = place;
    this.at = `/plan/${place.dataset.plan}/hand`;
    this.chosen = []; // schools
    this.partnership = null; // the one whose card is open, where no school is chosen
    this.inHand = null; // where painting puts schools: a partnership's number, "new" or "none"
    this.queue = Promise.resolve(); // edits are sent one after the other
    this.priced = new Map(); // what places cost, by the schools that would go there; of this version only
    this.bar = new Bar(this);
    this.sheet = new Sheet();
    this.panel = new Panel(this);
    this.keys = new Keys(this);
    this.leaving = new Leaving(this);
    this.begin();
  }

  async begin() {
    const opening = document.getElementById("opening");
    const asked = ["state", "spots", "ground", "cells"].map((path) => this.read(path)); // all at once: each as it comes
    const [state, spots] = await Promise.all(asked.slice(0, 2));
    if (!state || !spots) return (opening.hidden = true);
    this.take(state);
    this.map = new BenchMap("map", spots, () => this.sheet.covered());
    this.map.drawSchools(this.state);
    opening.textContent = "Dividing the land among the schools …";
    const [ground, land] = await Promise.all(asked.slice(2));
    opening.hidden = true;
    if (!ground || !land) return;
    this.map.setGround(ground);
    this.map.setCells(land.cells);
    this.panel.setDistricts(ground.districts);
    document.getElementById("credits").textContent = ground.attribution.join(" · ");
    this.pointer = new Pointer(this);
    this.startWindows();
    await this.drawSoon(); // numbers have the colours of the map only now
    document.documentElement.dataset.ready = "true";
  }

  // What is asked of the server ----------------------------------------------------------------------------------------

  /** What the server says; null, told on the page, where it refuses or is not there. */
  async read(path) {
    const { ok, facts } = await ask(`${this.at}/${path}`, {});
    if (ok) return facts;
    this.refuse(facts);
    return null;
  }

  /** Have something done, after all that was asked before. */
  send(path, body = null) {
    this.queue = this.queue.then(() => this.sent(path, body));
    return this.queue;
  }

  edit(edit) {
    return this.send("edit", edit);
  }

  async sent(path, body) {
    this.place.setAttribute("aria-busy", "true");
    this.sending = true;
    const seen = `${path.includes("?") ? "&" : "?"}seen=${this.state.version}`;
    const { ok, facts } = await ask(`${this.at}/${path}${seen}`, { method: "POST", body: JSON.stringify(body) });
    this.sending = false;
    if (facts?.stale) this.take(facts.state);
    if (!ok) {
      this.refuse(facts, facts?.stale && (() => this.send(path, body)));
      this.rest();
      return false;
    }
    document.getElementById("refused").hidden = true;
    this.take(facts);
    const done = { undo: "Undone", redo: "Done again" }[path] || facts.done.at(-1) || "Nothing is changed";
    say(`${done}. ${sinceWords(facts)}`);
    this.windows?.postMessage(facts.version);
    return true;
  }

  /** Whoever waits for the page is told when nothing is asked for or drawn any more. */
  rest() {
    if (!this.sending && !this.drawing && !this.making) this.place.removeAttribute("aria-busy");
  }

  /** Why something was not done; `again` does it all the same. */
  refuse(facts, again) {
    const refused = document.getElementById("refused");
    const close = () => (refused.hidden = true);
    const repeat = () => {
      close();
      again();
    };
    refused.replaceChildren(
      el("h2", {}, "That was not done"),
      listOf(facts?.faults || ["The program does not answer; see whether it still runs."]),
      el(
        "div",
        { class: "small-buttons" },
        again && el("button", { type: "button", class: "slim", click: repeat }, "Do it all the same"),
        el("button", { type: "button", class: "plain slim", click: close }, "Close"),
      ),
    );
    refused.hidden = false;
  }

  /** What every place would cost these schools, each judged; of one school all that its card says. */
  price(urns) {
    const key = urns.join(" ");
    if (!this.priced.has(key)) {
      const query = new URLSearchParams(urns.map((urn) => ["urn", urn]));
      const facts = ask(`${this.at}/${urns.length === 1 ? "school" : "several"}?${query}`, {});
      this.priced.set(
        key,
        facts.then(({ ok, facts }) => {
          if (!ok) this.refuse(facts);
          return ok ? facts : null;
        }),
      );
    }
    return this.priced.get(key);
  }

  // Other windows ------------------------------------------------------------------------------------------------------

  startWindows() {
    this.windows = new BroadcastChannel(`partnerships ${this.at}`);
    this.windows.onmessage = ({ data }) => this.lookAgain(data);
    document.addEventListener("visibilitychange", () => this.ask());
    setInterval(() => this.ask(), LOOK_AGAIN_MILLISECONDS);
  }

  async ask() {
    if (document.hidden || this.place.hasAttribute("aria-busy")) return;
    const { ok, facts } = await ask(`${this.at}/version`, {});
    if (ok) this.lookAgain(facts.version);
  }

  lookAgain(version) {
    this.queue = this.queue.then(async () => {
      if (version === this.state.version) return;
      const { ok, facts } = await ask(`${this.at}/state`, {});
      if (!ok || facts.version === this.state.version) return;
      this.take(facts);
      say(`In another window: ${facts.done.at(-1) || "all undone"}. ${sinceWords(facts)}`);
    });
  }

  // What stands on the page ----------------------------------------------------------------------------------------------

  /** The draft as it is now: its figures first, map and lists once those are on the screen. */
  take(state) {
    this.changed ||= this.state?.version !== state.version;
    this.state = state;
    this.priced.clear();
    this.schools = new Map(state.schools.map((school) => [school.urn, school]));
    this.partnerships = new Map(state.partnerships.map((one) => [one.number, one]));
    this.bar.show(state);
    document.getElementById("hint").hidden = true; // beside the pointer stood what was so before
    this.drawSoon();
  }

  /** Draw map, lists and card, once for all that came until then. */
  drawSoon() {
    this.drawing ??= painted().then(() => {
      this.drawing = null;
      const card = this.draw().finally(() => {
        if (this.making === card) this.making = null;
        this.rest();
      });
      this.making = card;
    });
    return this.drawing;
  }

  /** Draw it all now; done once the card is there too, which is asked for. */
  async draw() {
    if (this.changed) this.leaving.forget();
    this.changed = false;
    if (this.pointer) this.map.draw(this.state);
    else this.map?.drawSchools(this.state);
    this.bar.later();
    this.panel.search();
    const card = this.refresh();
    const taking = this.state.schools.map((school) => school.kind !== "not taking part").join();
    if (this.taking !== undefined && this.taking !== taking) this.redraw();
    this.taking = taking;
    return card;
  }

  /** Others take part now, so that the land is divided anew. */
  async redraw() {
    const land = await this.read("cells");
    if (!land || !this.map) return;
    this.map.setCells(land.cells);
    this.drawSoon();
  }

  hue(number) {
    return this.map ? this.map.hue(number) : 0;
  }

  chip(number) {
    return chip(number, this.hue(number));
  }

  called(to) {
    if (to === "new") return "a new partnership";
    if (to === "none") return "no partnership";
    return `${to} ${this.partnerships.get(to)?.name || ""}`;
  }

  // What is chosen -------------------------------------------------------------------------------------------------------

  /** Choose these schools and no other; `focus` moves to their card, which a keyboard wants and a pointer does not. */
  choose(urns, focus = true) {
    this.chosen = [...new Set(urns)].filter((urn) => this.schools.has(urn));
    this.partnership = null;
    return this.shown(focus);
  }

  toggle(urn, focus = false) {
    const there = this.chosen.includes(urn);
    return this.choose(there ? this.chosen.filter((one) => one !== urn) : [...this.chosen, urn], focus);
  }

  open(partnership, focus = true) {
    this.chosen = [];
    this.partnership = partnership;
    return this.shown(focus);
  }

  close() {
    this.chosen = [];
    this.partnership = null;
    return this.shown(false);
  }

  shown(focus) {
    this.markMap();
    this.panel.mark();
    return this.panel.show(focus);
  }

  refresh() {
    if (this.partnership !== null && !this.partnerships.has(this.partnership)) this.partnership = null;
    this.markMap();
    return this.panel.show(null);
  }

  /** The schools that go with those chosen, as one head leads them. */
  along(urns) {
    return [...new Set(urns.flatMap((urn) => this.schools.get(urn)?.led_with || []))].filter(
      (urn) => !urns.includes(urn),
    );
  }

  markMap() {
    const only = this.chosen.length === 1 ? this.schools.get(this.chosen[0]).partnership : null;
    this.map?.mark(this.chosen, this.along(this.chosen), this.partnership ?? only);
    if (this.chosen.length) this.map?.show(this.chosen);
    else if (this.partnership !== null) this.map?.show(this.partnerships.get(this.partnership).urns);
  }

  /** Have schools go somewhere; those there already stay. */
  move(urns, to) {
    const going = urns.filter((urn) => this.schools.get(urn).partnership !== (to === "none" ? null : to));
    if (!going.length) return say("They are there already");
    if (going.length === 1) return this.edit({ kind: "move", urn: going[0], to });
    return this.edit({ kind: "move many", urns: going, to });
  }

  takeInHand(to) {
    this.inHand = to;
    this.pointer?.setMode(to === null ? "choose" : "paint");
    say(to === null ? "Nothing in hand" : `In hand: ${this.called(to)}. Brush over schools to put them there`);
  }

  /** Words on what is being done, and what it would come to, beneath the map: before it is done. */
  tell(...words) {
    this.bar.tell(words);
  }
}

const hand = document.getElementById("hand");
if (hand) new Workbench(hand);
