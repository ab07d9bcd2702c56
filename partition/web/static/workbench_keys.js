// Shortcuts: one table that does what it says, and that the page shows.

import { el } from "./elements.js";
import { choiceWords } from "./workbench_words.js";

const TYPED = "input, textarea, select";
const OFF = "partnerships letters off";

export class Keys {
  constructor(bench) {
    this.bench = bench;
    this.digits = "";
    const byId = (id) => document.getElementById(id);
    this.table = [
      ["Ctrl+Z", "Undo the last edit", () => byId("undo").click()],
      ["Ctrl+Y", "Do it again", () => byId("redo").click()],
      ["Escape", "Let go: of a number typed, of what is carried, in hand, or chosen", () => this.letGo()],
      ["/", "Find a school or partnership", () => byId("find").focus()],
      ["0 to 9, then Enter", "Move what is chosen to the partnership of this number, once its price was told", null],
      ["N, then Enter", "Move what is chosen to a new partnership", () => this.offer("new")],
      ["X, then Enter", "Take what is chosen out of its partnership", () => this.offer("none")],
      ["M", "Go to the places where what is chosen could be", () => bench.panel.focusChoices()],
      ["S", "Choose several, or one at a time", () => byId("several").click()],
      ["V", "Choose on the map with the pointer", () => bench.pointer?.setMode("choose")],
      ["L", "Draw around schools on the map to choose them", () => bench.pointer?.setMode("lasso")],
      ["P", "Paint: brush schools into the partnership in hand", () => bench.pointer?.setMode("paint")],
      ["K", "Keep as now the partnership of what is chosen, or keep it no longer", () => this.keep()],
      ["W", "Show the whole area", () => bench.map?.whole()],
      ["H", "The history", () => bench.bar.openHistory()],
      ["?", "These shortcuts", () => byId("keys").showModal()],
    ];
    byId("key-list").replaceChildren(
      ...this.table.map(([keys, words]) => el("div", {}, el("dt", {}, words), el("dd", {}, el("kbd", {}, keys)))),
    );
    this.letters = byId("letters");
    this.letters.checked = localStorage.getItem(OFF) === null;
    this.letters.addEventListener("change", () =>
      this.letters.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"),
    );
    addEventListener("keydown", (event) => this.hear(event));
  }

  hear(event) {
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target.matches?.(TYPED) && event.target.type !== "checkbox";
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Escape" && !event.defaultPrevented) return this.letGo();
    if (typing || event.altKey) return;
    const act = control ? this.withControl(event) : this.letter(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  withControl(event) {
    const key = event.key.toLowerCase();
    if (key === "z") return () => document.getElementById(event.shiftKey ? "redo" : "undo").click();
    if (key === "y") return () => document.getElementById("redo").click();
    return null;
  }

  letter(event) {
    if (!this.letters.checked) return null;
    if (event.key === "Enter" && this.offered !== undefined) return () => this.told && this.accept();
    if (/^\d$/.test(event.key) && this.bench.chosen.length) return () => this.digit(event.key);
    if (event.key === "Backspace" && this.digits) return () => this.digit("");
    const found = this.table.find(([keys]) => keys.split(",")[0].toLowerCase() === event.key.toLowerCase());
    return found?.[2] || null;
  }

  digit(figure) {
    this.digits = figure ? this.digits + figure : this.digits.slice(0, -1);
    if (!this.digits) return this.letGo();
    const number = Number(this.digits);
    if (this.bench.partnerships.has(number)) return this.offer(number);
    this.offered = undefined;
    this.bench.tell(`${this.digits}: no partnership has this number yet. Type on, or Escape.`);
  }

  /** Tell what a move would come to; Enter makes it. */
  async offer(to) {
    const { bench } = this;
    if (!bench.chosen.length) return bench.tell("Choose a school first.");
    const urns = bench.chosen;
    this.offered = to;
    this.told = false; // what it comes to is told before it can be done
    const facts = await bench.price(urns);
    if (this.offered !== to || bench.chosen !== urns) return;
    const choice = facts?.choices.find((one) => one.to === to);
    const who = urns.length === 1 ? bench.schools.get(urns[0]).name : `${urns.length} schools`;
    if (!choice) {
      this.offered = undefined;
      return bench.tell(`${who} cannot go to ${bench.called(to)}, or is there already.`);
    }
    bench.tell(
      `${who} to ${bench.called(to)}: ${choiceWords(choice)}. `,
      el("kbd", {}, "Enter"),
      " moves, ",
      el("kbd", {}, "Escape"),
      " lets go.",
    );
    this.told = true;
    document.getElementById("said").textContent = `${who} to ${bench.called(to)}: ${choiceWords(choice)}. Enter moves`;
  }

  accept() {
    const to = this.offered;
    this.forget();
    this.bench.move(this.bench.chosen, to);
  }

  forget() {
    this.digits = "";
    this.offered = undefined;
    this.bench.tell();
  }

  letGo() {
    const { bench } = this;
    if (this.digits || this.offered !== undefined) return this.forget();
    if (bench.pointer?.drop()) return;
    if (bench.inHand !== null || (bench.pointer && bench.pointer.mode !== "choose")) return bench.takeInHand(null);
    bench.close();
  }

  keep() {
    const { bench } = this;
    const number = bench.partnership ?? bench.schools.get(bench.chosen[0])?.partnership;
    const one = bench.partnerships.get(number);
    if (!one) return bench.tell("Choose a partnership, or a school of one, first.");
    bench.edit({ kind: "keep", partnership: number, how: one.kept ? "free" : "closed" });
  }
}
