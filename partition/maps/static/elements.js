// Elements of a page. Text only ever becomes text nodes.

import { inEnglish } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element. Attributes and children that are nothing, false or empty are left out; `click` is what a click does. */
export const el = (tag, attributes, ...children) => filled(document.createElement(tag), attributes, children);

/** The element of the page that has an id. */
export const byId = (id) => document.getElementById(id);

/** An element of a drawing, likewise. */
export const svgEl = (tag, attributes, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

function filled(node, attributes, children) {
  const there = (value) => value !== undefined && value !== null && value !== false && value !== "";
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "click") node.addEventListener("click", value);
    else if (there(value)) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter(there));
  return node;
}

/** A text that only English has, marked as such on a page in another language. */
export const english = (text) => (text && inEnglish() ? el("span", { lang: "en" }, text) : text);

/** A list, an item a line; nothing where there are none. */
export const listOf = (items, name) =>
  items.length > 0 && el("ul", { class: name }, ...items.map((item) => el("li", {}, item)));

/** What stands in a list of terms: each pair is what it is, and its value. */
export const pairsOf = (pairs) => pairs.map(([what, value]) => el("div", {}, el("dt", {}, what), el("dd", {}, value)));

/** A table; each heading is its words and, if it has one, its class. */
export function tableOf(name, headings, rows) {
  const cells = headings.map(([words, kind]) => (words ? el("th", { scope: "col", class: kind }, words) : el("td")));
  return el("table", { class: name }, el("thead", {}, el("tr", {}, cells)), el("tbody", {}, rows));
}

/** A row of a table, its first cell what the others are about. */
export const rowOf = (attributes, first, ...cells) => el("tr", attributes, el("th", { scope: "row" }, first), ...cells);
