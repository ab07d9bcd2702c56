// Options as they are found, and a slider over the points of a curve. Without it the page lists the same in words.
"use strict";

const DIAL = { height: 300, left: 66, right: 24, top: 38, bottom: 50, inset: 16 };

/** A slider over the points that stand in words in the same section, and their drawing. */
class Dial {
  constructor(section) {
    this.section = section;
    this.place = section.querySelector("[data-dial]");
    this.chart = this.place.querySelector("svg.chart");
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
    const words = [card.dataset.says, "proven" in card.dataset ? "proven" : "best found so far", ...("knee" in card.dataset ? ["the knee"] : [])];
    this.range.setAttribute("aria-valuetext", words.join(", "));
    this.draw();
  }

  draw() {
    if (this.place.hidden) return;
    const width = Math.max(this.chart.clientWidth, 260);
    const points = this.cards.map((card) => ({ count: Number(card.dataset.count), cost: Number(card.dataset.height), ...card.dataset }));
    const counts = points.map((point) => point.count), costs = points.map((point) => point.cost);
    const [least, most, low, high] = [Math.min(...counts), Math.max(...counts), Math.min(...costs), Math.max(...costs)];
    const x = (count) => DIAL.left + DIAL.inset + ((count - least) / (most - least || 1)) * (width - DIAL.left - DIAL.inset - DIAL.right);
    const y = (cost) => DIAL.top + ((high - cost) / (high - low || 1)) * (DIAL.height - DIAL.top - DIAL.bottom);
    const { unit, counted } = this.section.querySelector(".points").dataset;
    this.chart.setAttribute("viewBox", `0 0 ${width} ${DIAL.height}`);
    this.chart.replaceChildren();
    for (const cost of [low, (low + high) / 2, high]) {
      this.add("path", { class: "axis", d: `M${DIAL.left} ${y(cost)}H${width - DIAL.right}` });
      this.add("text", { x: DIAL.left - 8, y: y(cost) + 4, "text-anchor": "end" }, cost.toLocaleString("en-GB", { maximumFractionDigits: 1 }));
    }
    for (const count of [least, most]) {
      this.add("text", { x: x(count), y: DIAL.height - 24, "text-anchor": "middle" }, count.toLocaleString("en-GB"));
    }
    this.add("text", { x: (DIAL.left + width - DIAL.right) / 2, y: DIAL.height - 8, "text-anchor": "middle" }, counted);
    this.add("text", { x: 6, y: 14 }, unit);
    const full = points.filter((point) => "full" in point);
    this.add("path", { class: "line", d: full.map((point, n) => (n ? `H${x(point.count)}V${y(point.cost)}` : `M${x(point.count)} ${y(point.cost)}`)).join("") });
    points.forEach((point, n) => {
      const [left, top] = [x(point.count), y(point.cost)];
      if (n === Number(this.range.value)) this.add("path", { class: "chosen", d: `M${left - 10} ${top - 10}h20v20h-20Z` });
      if ("full" in point) this.add("circle", { class: "proven" in point ? "point" : "point unsure", cx: left, cy: top, r: 5 });
      else this.add("path", { class: "point fewer", d: `M${left} ${top - 6}l6 12h-12Z` });
      if ("knee" in point) this.add("text", { class: "knee", x: left + 14, y: top - 10 }, "knee");
    });
  }

  add(tag, attributes, words) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (words) element.textContent = words;
    this.chart.append(element);
  }
}

const dials = new Map([...document.querySelectorAll("[data-dial]")].map((place) => [place.closest("section"), new Dial(place.closest("section"))]));

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
