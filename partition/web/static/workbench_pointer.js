// The pointer on the map: to choose, to draw around, to paint, and to carry schools to where they should be.

import "./leaflet.js";
import { say } from "./talk.js";
import { choiceWords } from "./workbench_words.js";

const PRESS_PIXELS = 6; // from here on a press is a drag
const BRUSH_PIXELS = 20;
const LASSO_STEP_PIXELS = 4;

export class Pointer {
  constructor(bench) {
    this.bench = bench;
    this.bare = bench.map;
    this.map = bench.map.map;
    this.box = this.map.getContainer();
    this.hint = document.getElementById("hint");
    this.modes = [...document.querySelectorAll("[data-mode]")];
    for (const button of this.modes) button.addEventListener("click", () => this.setMode(button.dataset.mode));
    this.hand = document.getElementById("hand-of");
    this.hand.addEventListener("change", () => {
      const to = this.hand.value;
      this.bench.inHand = /^\d+$/.test(to) ? Number(to) : to || null;
    });
    this.touches = new Set();
    this.box.addEventListener("pointerdown", (event) => this.down(event), { capture: true });
    addEventListener("pointermove", (event) => this.moved(event));
    addEventListener("pointerup", (event) => this.up(event));
    addEventListener("pointercancel", (event) => {
      this.touches.delete(event.pointerId);
      this.drop();
    });
    this.box.addEventListener("pointerleave", () => (this.hint.hidden = true));
    this.map.on("click", (event) => this.click(event));
    this.setMode("choose");
  }

  setMode(mode) {
    this.drop();
    this.mode = mode;
    for (const button of this.modes) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    for (const one of ["choose", "lasso", "paint"]) this.box.classList.toggle(one, one === mode);
    document.getElementById("in-hand").hidden = mode !== "paint";
    if (mode === "paint") this.fillHand();
    else this.bench.inHand = null;
    if (mode === "paint" && this.bench.chosen.length) this.bench.close();
    const words = {
      lasso: "Draw around the schools to choose. Shift adds to those chosen.",
      paint: "Choose what to have in hand, here or by pressing an area; then brush over schools.",
    };
    this.bench.tell(...(words[mode] ? [words[mode]] : []));
  }

  fillHand() {
    const { partnerships, inHand } = this.bench;
    const options = [
      ["", "nothing yet"],
      ...[...partnerships.values()].map((one) => [one.number, `${one.number} ${one.name}`]),
      ["new", "a new partnership"],
      ["none", "no partnership"],
    ];
    this.hand.replaceChildren(
      ...options.map(([value, words]) => new Option(words, value, false, value === (inHand ?? ""))),
    );
  }

  point(event) {
    return this.map.mouseEventToContainerPoint(event);
  }

  // Pressing and letting go ----------------------------------------------------------------------------------------------

  down(event) {
    this.touches.add(event.pointerId);
    if (this.touches.size > 1) return this.drop(); // two fingers move the map
    if (event.button !== 0 || event.target.closest(".leaflet-control")) return;
    const at = this.point(event);
    const urn = this.bare.school(at);
    const taking = urn && this.bench.schools.get(urn).kind !== "not taking part";
    const what =
      this.mode === "choose"
        ? taking && "carry"
        : this.mode === "paint" && this.bench.inHand === null
          ? null
          : this.mode;
    if (!what) return;
    this.map.dragging.disable();
    this.press = { what, at, urn, shift: event.shiftKey, path: [at], painted: new Set() };
    if (what === "paint") this.brush(at);
  }

  moved(event) {
    const at = this.point(event);
    if (!this.press) return event.target.closest?.("#map") ? this.hover(at, event) : undefined;
    const { press } = this;
    if (!press.begun && at.distanceTo(press.at) < PRESS_PIXELS) return;
    press.begun = true;
    if (press.what === "carry") this.carry(at, event);
    if (press.what === "lasso") this.draw(at);
    if (press.what === "paint") this.brush(at);
  }

  up(event) {
    this.touches.delete(event.pointerId);
    const { press } = this;
    if (!press) return;
    const over = event.target.closest?.("#map");
    this.drop();
    if (!press.begun && press.what !== "paint") return; // a click, which the map tells
    this.swallow = true;
    setTimeout(() => (this.swallow = false));
    if (press.what === "carry" && over) this.land(press, this.point(event));
    if (press.what === "lasso") this.enclose(press);
    if (press.what === "paint" && press.painted.size) this.bench.move([...press.painted], this.bench.inHand);
  }

  /** Let go of whatever is being done, without doing it; whether there was anything. */
  drop() {
    const was = this.press;
    this.press = null;
    this.map.dragging.enable();
    this.line?.remove();
    this.line = null;
    this.bare.price(null);
    this.bare.aim(null);
    this.box.classList.remove("carrying");
    this.hint.hidden = true;
    if (was?.begun) this.bench.tell();
    return Boolean(was?.begun);
  }

  click(event) {
    if (this.swallow) return;
    const { bench } = this;
    const { originalEvent, containerPoint: at } = event;
    const urn = this.bare.school(at);
    const number = urn ? null : this.bare.partnership(at);
    if (this.mode === "paint") return this.fill(urn ? bench.schools.get(urn).partnership : number);
    const several = originalEvent.shiftKey || originalEvent.ctrlKey || document.getElementById("several").checked;
    if (urn) return several ? bench.toggle(urn) : bench.choose([urn], false);
    if (number === null) return several ? undefined : bench.close();
    const from = this.from(bench.chosen);
    if (!bench.chosen.length || from === number) return bench.open(number, false);
    // A finger has no pointer to hover with: what it would cost is shown first, with the button that moves.
    if (originalEvent.pointerType === "touch") return bench.panel.focusChoice(number);
    this.put(bench.chosen, number);
  }

  /** Move schools and let go of them: what is pressed next is looked at, not moved into. */
  async put(urns, to) {
    if (await this.bench.move(urns, to)) this.bench.close();
  }

  fill(number) {
    if (this.bench.inHand !== null || number === null) return;
    this.bench.takeInHand(number);
  }

  // Carrying ------------------------------------------------------------------------------------------------------------

  /** The partnership that schools are in; null where they are in several, or none. */
  from(urns) {
    const places = new Set(urns.map((urn) => this.bench.schools.get(urn).partnership));
    return places.size === 1 ? [...places][0] : null;
  }

  carried(press) {
    const { chosen } = this.bench;
    return chosen.includes(press.urn) ? chosen : [press.urn];
  }

  carry(at, event) {
    const { press } = this;
    if (!press.urns) this.pick(press);
    press.here = [at, event];
    const number = this.bare.partnership(at);
    this.bare.aim(number);
    this.follow(event, this.called(press.urns), this.worded(press, number));
  }

  /** Begin to carry: every area says what it would cost there, as soon as that is known. */
  async pick(press) {
    const { bench } = this;
    press.urns = this.carried(press);
    this.box.classList.add("carrying");
    if (press.urns !== bench.chosen) bench.choose(press.urns, false);
    press.facts = await bench.price(press.urns);
    if (this.press !== press) return;
    press.prices = new Map((press.facts?.choices || []).map((choice) => [choice.to, choice]));
    this.bare.price(press.prices, this.from(press.urns));
    this.carry(...press.here);
  }

  called(urns) {
    const { bench } = this;
    const along = bench.along(urns);
    const names = urns.length === 1 ? bench.schools.get(urns[0]).name : `${urns.length} schools`;
    if (!along.length) return names;
    const others = along.length === 1 ? bench.schools.get(along[0]).name : `${along.length} others`;
    return `${names}, with ${others} (one head)`;
  }

  worded(press, number) {
    if (number === null) return "drop on a partnership";
    if (number === this.from(press.urns)) return "stays where it is";
    const choice = press.prices?.get(number);
    return `${this.bench.called(number)}: ${choice ? choiceWords(choice) : press.facts === null ? "cannot go there" : "…"}`;
  }

  async land(press, at) {
    const number = this.bare.partnership(at);
    if (number === null || number === this.from(press.urns)) return say("Nothing was moved");
    await this.bench.price(press.urns); // it is priced before it is made
    this.put(press.urns, number);
  }

  // Drawing around, and painting -------------------------------------------------------------------------------------------

  draw(at) {
    const { path } = this.press;
    if (at.distanceTo(path.at(-1)) < LASSO_STEP_PIXELS) return;
    path.push(at);
    const spots = path.map((point) => this.bare.at(point));
    this.line ??= L.polygon(spots, { interactive: false, className: "lasso-line", pane: "lines" }).addTo(this.map);
    this.line.setLatLngs(spots);
  }

  enclose({ path, shift }) {
    const inside = ({ x, y }) =>
      path.reduce((odd, a, i) => {
        const b = path[(i + 1) % path.length];
        return a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x ? !odd : odd;
      }, false);
    const { bench } = this;
    const taking = bench.state.schools.filter((school) => school.kind !== "not taking part");
    const found = taking.map((school) => school.urn).filter((urn) => inside(this.bare.pixels(urn)));
    bench.choose(shift ? [...bench.chosen, ...found] : found, false);
    say(`${found.length} schools drawn around`);
  }

  async brush(at) {
    const { bench, press } = this;
    const urn = this.bare.school(at, BRUSH_PIXELS);
    const school = urn && bench.schools.get(urn);
    const there = bench.inHand === "none" ? null : bench.inHand;
    if (!school || school.kind === "not taking part" || school.partnership === there || press.painted.has(urn)) return;
    press.painted.add(urn);
    press.begun = true;
    const urns = [...press.painted];
    this.bare.mark(urns, bench.along(urns), null);
    const facts = await bench.price(urns);
    const choice = facts?.choices.find((one) => one.to === bench.inHand);
    if (this.press !== press || !choice) return;
    bench.tell(`${this.called(urns)} into ${bench.called(bench.inHand)}: ${choiceWords(choice)}`);
  }

  // Hovering ----------------------------------------------------------------------------------------------------------------

  hover(at, event) {
    if (event.pointerType === "touch") return;
    const { bench } = this;
    const urn = this.bare.school(at);
    this.box.classList.toggle("on-school", Boolean(urn));
    if (urn) return this.overSchool(urn, event);
    const number = this.bare.partnership(at);
    if (number === null) return (this.hint.hidden = true);
    const one = bench.partnerships.get(number);
    const from = this.from(bench.chosen);
    if (bench.chosen.length && from !== number && this.mode === "choose") {
      const choice =
        this.known?.urns === bench.chosen &&
        this.known.version === bench.state.version &&
        this.known.prices.get(number);
      if (!choice) this.learn(bench.chosen);
      return this.follow(
        event,
        `Move ${this.called(bench.chosen)} here`,
        `${bench.called(number)}: ${choice ? choiceWords(choice) : "…"}`,
      );
    }
    this.follow(
      event,
      `${number} ${one.name}`,
      `${one.facts}, longest drive ${one.longest}${one.kept ? ", kept as now" : ""}`,
    );
  }

  overSchool(urn, event) {
    const { bench } = this;
    const school = bench.schools.get(urn);
    const where = school.partnership === null ? school.role : `in ${bench.called(school.partnership)}`;
    this.follow(event, school.name, `${school.pupils.toLocaleString("en-GB")} pupils, ${where}`);
    if (this.mode !== "paint" || bench.inHand === null || school.kind === "not taking part") return;
    bench.price([urn]).then((facts) => {
      const choice = facts?.choices.find((one) => one.to === bench.inHand);
      if (choice && !this.press) {
        bench.tell(`${this.called([urn])} into ${bench.called(bench.inHand)}: ${choiceWords(choice)}`);
      }
    });
  }

  async learn(urns) {
    const { version } = this.bench.state;
    const facts = await this.bench.price(urns);
    this.known = { urns, version, prices: new Map((facts?.choices || []).map((choice) => [choice.to, choice])) };
  }

  /** Words beside the pointer. */
  follow(event, what, words) {
    this.hint.hidden = false;
    this.hint.replaceChildren(Object.assign(document.createElement("strong"), { textContent: what }), ` ${words}`);
    const box = this.box.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 16, box.width - this.hint.offsetWidth - 8);
    const top = Math.min(event.clientY - box.top + 18, box.height - this.hint.offsetHeight - 8);
    this.hint.style.transform = `translate(${Math.max(left, 4)}px, ${Math.max(top, 4)}px)`;
  }
}
