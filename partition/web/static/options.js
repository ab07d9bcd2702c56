// Options as they are found, and a slider over the points of a curve. Without it the page lists the same in words.

import { Chart } from "./chart.js";
import { say } from "./talk.js";

const ROOM = { height: 300, left: 66, right: 24, top: 38, bottom: 50, inset: 16 };

/** A slider over the points that stand in words in the same section, and their drawing. */
class Dial {
  constructor(section) {
    this.section = section;
    this.place = section.querySelector("[data-dial]");
    this.chart = new Chart(this.place.querySelector("svg.chart"), ROOM);
    this.range = this.place.querySelector("input");
    this.chosen = null; // a count, once somebody has chosen one
    this.range.addEventListener("input", () => {
      this.chosen = this.cards[Number(this.range.value)].dataset.count;
      this.show();
    });
    new ResizeObserver(() => this.draw()).observe(this.place);
    this.read();
  }

  /** Take in what the page now says; who had chosen a point stays there. */
  read() {
    this.cards = [...this.section.querySelectorAll("[data-live] [data-count]")];
    this.place.hidden = this.cards.length < 2;
    if (this.place.hidden) return;
    const kept = this.cards.findIndex((card) => card.dataset.count === this.chosen);
    const knee = this.cards.findIndex((card) => "knee" in card.dataset);
    this.range.max = this.cards.length - 1;
    this.range.value = kept >= 0 ? kept : Math.max(knee, 0);
    this.place.querySelector("[data-fewer]").hidden = this.cards.every((card) => "full" in card.dataset);
    this.show();
  }

  show() {
    const at = Number(this.range.value);
    this.cards.forEach((card, n) => (card.hidden = n !== at));
    const card = this.cards[at];
    const words = [
      card.dataset.says,
      "proven" in card.dataset ? "proven" : "best found so far",
      ...("knee" in card.dataset ? ["the knee"] : []),
    ];
    this.range.setAttribute("aria-valuetext", words.join(", "));
    this.draw();
  }

  draw() {
    if (this.place.hidden) return;
    const { chart } = this;
    const points = this.cards.map((card) => ({
      count: Number(card.dataset.count),
      cost: Number(card.dataset.height),
      ...card.dataset,
    }));
    const counts = points.map((point) => point.count);
    const costs = points.map((point) => point.cost);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    chart.begin([least, most], [Math.min(...costs), Math.max(...costs)]);
    chart.rule((cost) => cost.toLocaleString("en-GB", { maximumFractionDigits: 1 }));
    for (const count of [least, most]) {
      chart.write(count.toLocaleString("en-GB"), chart.x(count), ROOM.height - 24, "middle");
    }
    const { unit, counted } = this.section.querySelector(".points").dataset;
    chart.write(counted, (ROOM.left + chart.width - ROOM.right) / 2, ROOM.height - 8, "middle");
    chart.write(unit, 6, 14);
    const corners = points
      .filter((point) => "full" in point)
      .map((point) => [chart.x(point.count), chart.y(point.cost)]);
    chart.add("path", { class: "line", d: corners.map(([x, y], n) => (n ? `H${x}V${y}` : `M${x} ${y}`)).join("") });
    points.forEach((point, n) => this.drawPoint(point, n === Number(this.range.value)));
  }

  drawPoint(point, isChosen) {
    const { chart } = this;
    const [x, y] = [chart.x(point.count), chart.y(point.cost)];
    if (isChosen) chart.add("path", { class: "chosen", d: `M${x - 10} ${y - 10}h20v20h-20Z` });
    if ("full" in point) {
      chart.add("circle", { class: "proven" in point ? "point" : "point unsure", cx: x, cy: y, r: 5 });
    } else chart.add("path", { class: "point fewer", d: `M${x} ${y - 6}l6 12h-12Z` });
    if ("knee" in point) chart.write("knee", x + 14, y - 10, "start", "knee");
  }
}

const dials = new Map();
for (const place of document.querySelectorAll("[data-dial]")) {
  const section = place.closest("section");
  dials.set(section, new Dial(section));
}

let asked = 0;

/** Put these parts of a section as the server now shows them in place of what is there. */
async function refresh(section, parts) {
  const count = (asked += 1);
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok) return; // the next find asks again
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (count !== asked) return; // a later answer is on its way
  const fresh = page.querySelector(`section[aria-labelledby="${section.getAttribute("aria-labelledby")}"]`);
  for (const part of parts) replace(section.querySelector(part), document.adoptNode(fresh.querySelector(part)));
  dials.get(section)?.read();
}

/** What was open stays open, and who stood on a button stands there again. */
function replace(old, fresh) {
  const here = old.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...old.querySelectorAll("details[open]")].map((one) => one.id);
  old.replaceWith(fresh);
  for (const one of fresh.querySelectorAll("details")) one.open = open.includes(one.id);
  if (here) document.getElementById(here)?.focus();
}

for (const section of document.querySelectorAll("section:has([data-live])")) {
  section.addEventListener("told", async ({ detail }) => {
    if (detail.event === "found") await refresh(section, ["[data-live]"]);
    if (detail.event === "ended") await refresh(section, ["[data-standing]", "[data-live]"]);
    if (detail.words && detail.event !== "doing") say(detail.words);
  });
}
