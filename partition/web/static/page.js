// What pages do beyond links and forms. Every part works by itself, and leaves a page without it as it is.

import { Chart } from "./chart.js";
import { el } from "./elements.js";
import { say } from "./talk.js";
import { capital } from "./words.js";

const MINUTES_PER_HOUR = 60;
const FIELDS = "input:not([type=range]), textarea, select"; // a slider is set by its own script
const EDGE = 8; // pixels about a word's meaning
const ROOM = { height: 280, left: 62, right: 16, top: 18, bottom: 34 };

/** A cost, thousandths of a minute (or km) a year, for people. */
function amount(thousandths, unit) {
  const value = thousandths / 1000 / (unit === "km" ? 1 : MINUTES_PER_HOUR);
  const words = value.toLocaleString("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${words} ${unit === "km" ? "km" : "hours"}`;
}

/** Follows one piece of work: its words, its figures and its line over time. */
class Following {
  constructor(place) {
    this.place = place;
    this.words = place.querySelector("[data-words]") ?? document.querySelector("[data-words]");
    const drawing = place.querySelector("svg.chart");
    this.chart = drawing && new Chart(drawing, ROOM);
    this.unit = "minutes";
    this.small = null;
    this.points = [];
    this.parts = new Map();
    const source = new EventSource(place.dataset.follow);
    source.onmessage = (message) => this.hear(JSON.parse(message.data), source);
    source.onerror = () =>
      this.tell("The program does not answer; trying again. If it was stopped, start it again: what was kept is there");
  }

  hear(event, source) {
    this.place.dispatchEvent(new CustomEvent("told", { detail: event, bubbles: true })); // for scripts of single pages
    if (event.event === "doing") this.tell(event.words);
    if (event.event === "search") Object.assign(this, { unit: event.unit, small: event.small });
    if (event.event === "progress") this.progress(event);
    if (event.event === "ended") {
      source.close();
      this.draw();
      if (this.place.dataset.then === "reload") this.reload();
    }
  }

  /** The page as it is now; what was typed and not sent yet is not thrown away without asking. */
  reload() {
    if (![...document.querySelectorAll(FIELDS)].some(isChanged)) return location.reload();
    const again = el("button", { click: () => location.reload() }, "Show what was found");
    const words = "It has ended. Showing it loads the page again: what you typed here and did not send is lost then";
    this.tell(words);
    this.words?.parentElement.classList.remove("busy");
    this.place.querySelector("form")?.remove();
    this.place.append(again);
  }

  tell(words) {
    if (!this.words) return;
    this.words.textContent = capital(words);
    say(this.words.textContent);
  }

  progress(event) {
    const stage = {
      possible: "Looking for any plan",
      fewest: "Placing as many small schools as possible",
      cost: "Looking for the least travel",
    };
    if (stage[event.stage] && this.stage !== event.stage) this.tell(stage[event.stage]);
    this.stage = event.stage;
    if (event.stage !== "cost") return;
    this.parts.set(event.part, event);
    if (this.parts.size < event.parts) return; // parts of the map that no partnership joins: the largest comes last
    const sum = (what) => {
      const values = [...this.parts.values()].map((part) => part[what]);
      return values.includes(null) ? null : values.reduce((all, value) => all + value, 0);
    };
    const whole = { seconds: event.seconds, cost: sum("cost"), bound: sum("bound") };
    const unplaced = sum("unplaced");
    if (unplaced !== null && this.small !== null) this.figure("placed", `${this.small - unplaced} of ${this.small}`);
    if (whole.cost !== null) this.figure("cost", amount(whole.cost, this.unit));
    if (whole.bound !== null) this.figure("bound", amount(whole.bound, this.unit));
    if (whole.cost && whole.bound !== null) {
      this.figure("gap", `${((100 * (whole.cost - whole.bound)) / whole.cost).toFixed(2)}%`);
    }
    this.points.push(whole);
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  figure(name, words) {
    const place = this.place.querySelector(`[data-figure="${name}"]`);
    if (place) place.textContent = words;
  }

  /** Cost and bound as steps over time. */
  draw() {
    this.frame = null;
    if (!this.chart || this.points.length < 2) return;
    const { chart, unit } = this;
    const first = this.points[0].seconds;
    const last = Math.max(this.points.at(-1).seconds, first + 0.1);
    chart.begin([first, last], this.range());
    chart.rule((value) => amount(value, unit).split(" ")[0]);
    const foot = ROOM.height - 10;
    chart.write(`${first.toFixed(1)} s`, ROOM.left, foot);
    chart.write(`${last.toFixed(1)} s`, chart.width - ROOM.right, foot, "end");
    chart.write(
      unit === "km" ? "km a year, over time" : "heads’ hours a year, over time",
      chart.width / 2,
      foot,
      "middle",
    );
    for (const line of ["bound", "cost"]) {
      const steps = this.points
        .filter((point) => point[line] !== null)
        .map((point) => [chart.x(point.seconds), chart.y(point[line])]);
      const path = steps
        .map(([x, y], n) => (n ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}`))
        .join("");
      if (path) chart.add("path", { class: line, d: `${path}H${chart.x(last).toFixed(1)}` });
    }
  }

  /** From the least to the most that is drawn: all figures, but none so far off that the rest lies flat. */
  range() {
    const costs = this.points.map((point) => point.cost).filter((value) => value !== null);
    const bounds = this.points.map((point) => point.bound).filter((value) => value !== null);
    let [low, high] = [Math.min(...costs, ...bounds), Math.max(...costs, ...bounds)];
    if (costs.length) high = Math.min(high, 1.25 * Math.min(...costs));
    if (bounds.length) low = Math.max(low, 0.75 * Math.max(...bounds));
    return high > low ? [low, high] : [low * 0.98 - 1, low * 1.02 + 1];
  }
}

/** How long work has gone on, second by second; and, where it says how much of it is done, how long the rest may take. */
class Clock {
  constructor(place) {
    this.place = place;
    this.after = place.textContent.replace(/^\d+ s so far/, "");
    this.began = Date.now() - 1000 * Number(place.dataset.elapsed);
    this.left = "";
    document.addEventListener("told", ({ detail }) => {
      if (detail.event === "ended") clearInterval(this.ticking);
      if (detail.event === "doing") this.estimate(detail.words);
    });
    this.ticking = setInterval(() => this.show(), 1000);
  }

  get seconds() {
    return Math.round((Date.now() - this.began) / 1000);
  }

  estimate(words) {
    const [, done, all] = words.match(/^(\d+) of (\d+) /) ?? [];
    const rest = Number(done) > 0 ? Math.round((this.seconds / Number(done)) * (Number(all) - Number(done))) : null;
    this.left = rest === null ? "" : `; about ${length(rest)} more, if the others take as long`;
  }

  show() {
    this.place.textContent = `${length(this.seconds)} so far${this.left}${this.after}`;
  }
}

const length = (seconds) => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

/** Whether a field is not as the page brought it: also where somebody typed before this script was there to hear it. */
function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  const first = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(first, 0);
}

/** What a word means, beside the button that asked for it and within the window. */
function placeMeaning(meaning) {
  const ask = document.querySelector(`[popovertarget="${CSS.escape(meaning.id)}"]`).getBoundingClientRect();
  const { width, height } = meaning.getBoundingClientRect();
  const [wide, high] = [document.documentElement.clientWidth, innerHeight];
  const top = ask.bottom + height + EDGE < high ? ask.bottom + EDGE : Math.max(ask.top - height - EDGE, EDGE);
  const left = Math.min(Math.max(ask.left - width / 2, EDGE), wide - width - EDGE);
  Object.assign(meaning.style, { margin: 0, inset: "auto", top: `${top}px`, left: `${left}px` });
}

for (const meaning of document.querySelectorAll(".meaning[popover]")) {
  meaning.addEventListener("toggle", ({ newState }) => newState === "open" && placeMeaning(meaning));
}
addEventListener("DOMContentLoaded", () => {
  // by then the scripts of single pages hear what is told
  for (const place of document.querySelectorAll("[data-elapsed]")) new Clock(place);
  for (const place of document.querySelectorAll("[data-follow]")) new Following(place);
});
document.getElementById("wrong")?.focus(); // a form comes back with what is wrong with it

/** Of what may happen to a school, the fields that it needs; the others are neither shown nor sent. */
function showFor(form) {
  const choice = form.querySelector("select");
  const show = () => {
    for (const part of form.querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(choice.value);
    }
  };
  choice.addEventListener("change", show);
  show();
}

for (const form of document.querySelectorAll("form[data-happens]")) showFor(form);
