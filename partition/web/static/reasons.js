// Reasons as they are found: what templates/told.html shows of a whole answer, shown of what there is so far.
// Every event tells all that is known by then. Text only ever becomes text nodes.

import { el, listOf, pairsOf, rowOf, tableOf } from "./elements.js";
import { say } from "./talk.js";

class Reasons {
  constructor(place, follow) {
    this.place = place;
    this.shown = new Map();
    this.level = document.querySelector("#rules")?.closest("section").contains(place) ? "h3" : "h2";
    follow.addEventListener("told", (event) => event.detail.event === "found" && this.show(event.detail));
  }

  show({ figures, parts }) {
    if (figures.length) this.put("figures", figures, () => el("dl", { class: "figures filled" }, pairsOf(figures)));
    for (const part of parts) if (this.put(part.heading, part, () => this.part(part))) say(`Found: ${part.heading}`);
  }

  // A piece by its name, where it stands already or at the end; whether it is new or has grown.
  put(name, facts, make) {
    const told = JSON.stringify(facts);
    const before = this.shown.get(name);
    if (before?.told === told) return false;
    const node = make();
    if (before) before.node.replaceWith(node);
    else this.place.append(node);
    this.shown.set(name, { told, node });
    return true;
  }

  part({ heading, sentences, headings, rows }) {
    const title = el(this.level, {}, heading);
    if (!headings.length) return el("section", { class: "told-part" }, title, listOf(sentences));
    const cell = (words, n) => el("td", { "data-label": headings[n + 1] }, words);
    const lines = rows.map(([first, ...more]) => rowOf({}, first, ...more.map(cell)));
    const table = tableOf(
      "",
      headings.map((words) => [words]),
      lines,
    );
    const about = { class: "scroll stack", tabindex: "0", role: "region", "aria-label": `${heading}, as a table` };
    const told = sentences.map((words) => el("p", {}, words));
    return el("section", { class: "told-part" }, title, told, el("div", about, table));
  }
}

const found = document.getElementById("found");
const follow = document.querySelector("[data-follow]");
if (found && follow) new Reasons(found, follow);
