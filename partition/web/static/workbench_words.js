// How the workbench says things, the same everywhere.

import { el, listOf } from "./elements.js";

/** A partnership's number in its colour, as on the map. */
export const chip = (number, hue) => el("span", { class: `chip hue-${hue}` }, String(number));

/** A small button. */
export const slim = (words, click, more) =>
  el("button", { type: "button", class: "plain slim", click, ...more }, words);

/** What all edits together come to. */
export function sinceWords({ since }) {
  if (!since) return "The plan is as it was";
  const words = [
    since.cost === "the same" ? "Costs the same" : `Costs ${since.cost}`,
    since.placed,
    since.broken.length ? `breaks: ${since.broken.join("; ")}` : "breaks no criterion more",
  ];
  return words.filter(Boolean).join(", ");
}

/** What one change comes to, in a line. */
export function choiceWords({ cost, placed, broken }) {
  const words = [
    cost === "the same" ? "costs the same" : `costs ${cost}`,
    placed,
    broken.length
      ? `breaks ${broken.length === 1 ? "a criterion" : `${broken.length} criteria`}: ${broken[0]}`
      : "breaks nothing",
  ];
  return words.filter(Boolean).join(", ");
}

/** What a change comes to, as the page shows it everywhere. */
export function changeOf({ cost, terms, placed, fewer, broken, mended }) {
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
