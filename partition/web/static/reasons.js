// Reasons as they are found: what templates/told.html shows of a whole answer, shown of what there is so far.
// Every event tells all that is known by then. Text only ever becomes text nodes.

import { el } from "./elements.js";
import { say } from "./talk.js";

class Reasons {
  constructor(place, follow) {
    this.place = place;
    this.shown = new Map();
    this.level = document.querySelector("#rules")?.closest("section").contains(place) ? "h3" : "h2";
    follow.addEventListener("told", (event) => event.detail.event === "found" && this.show(event.detail));
  }

  show({ figures, parts }) {
    if (figures.length) {
      this.put("figures", figures, () =>
        el(
          "dl",
          { class: "figures filled" },
          figures.map(([what, value]) => el("div", {}, el("dt", {}, what), el("dd", {}, value))),
        ),
      );
    }
    for (const part of parts) if (this.put(part.heading, part, () => this.part(part))) say(`Found: ${part.heading}`);
  }

  // A piece by its name, where it stands already or at the end; whether it is new or has grown.
  put(name, facts, make) {
    const told = JSON.stringify(facts),
      before = this.shown.get(name);
    if (before?.told === told) return false;
    const node = make();
    if (before) before.node.replaceWith(node);
    else this.place.append(node);
    this.shown.set(name, { told, node });
    return true;
  }

  part({ heading, sentences, headings, rows }) {
    const title = el(this.level, {}, heading);
    if (!headings.length) {
      return el(
        "section",
        { class: "told-part" },
        title,
        el(
          "ul",
          {},
          sentences.map((words) => el("li", {}, words)),
        ),
      );
    }
    const label = `${heading}, as a table`;
    return el(
      "section",
      { class: "told-part" },
      title,
      sentences.map((words) => el("p", {}, words)),
      el(
        "div",
        { class: "scroll stack", tabindex: "0", role: "region", "aria-label": label },
        this.table(headings, rows),
      ),
    );
  }

  table(headings, rows) {
    return el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          headings.map((words) => el("th", { scope: "col" }, words)),
        ),
      ),
      el(
        "tbody",
        {},
        rows.map(([first, ...more]) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, first),
            more.map((words, n) => el("td", { "data-label": headings[n + 1] }, words)),
          ),
        ),
      ),
    );
  }
}

const found = document.getElementById("found");
const follow = document.querySelector("[data-follow]");
if (found && follow) new Reasons(found, follow);
