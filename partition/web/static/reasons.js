// Reasons as they are found: what templates/told.html shows of a whole answer, shown of what there is so far.
// Every event tells all that is known by then. Text only ever becomes text nodes.
"use strict";

class Reasons {
  constructor(place, follow) {
    this.place = place;
    this.shown = new Map();
    this.level = document.querySelector("#rules")?.closest("section").contains(place) ? "h3" : "h2";
    follow.addEventListener("told", (event) => event.detail.event === "found" && this.show(event.detail));
  }

  show({ figures, parts }) {
    if (figures.length) this.put("figures", figures, () => this.el("dl", "figures filled", ...figures.map(([what, value]) => this.el("div", "", this.el("dt", "", what), this.el("dd", "", value)))));
    for (const part of parts) if (this.put(part.heading, part, () => this.part(part))) say(`Found: ${part.heading}`);
  }

  // A piece by its name, where it stands already or at the end; whether it is new or has grown.
  put(name, facts, make) {
    const told = JSON.stringify(facts), before = this.shown.get(name);
    if (before?.told === told) return false;
    const node = make();
    if (before) before.node.replaceWith(node);
    else this.place.append(node);
    this.shown.set(name, { told, node });
    return true;
  }

  part({ heading, sentences, headings, rows }) {
    const section = this.el("section", "told-part", this.el(this.level, "", heading));
    if (!headings.length) {
      section.append(this.el("ul", "", ...sentences.map((words) => this.el("li", "", words))));
      return section;
    }
    const heads = (scope, words) => Object.assign(this.el("th", "", words), { scope });
    const cell = (words, n) => {
      const node = this.el("td", "", words);
      node.dataset.label = headings[n + 1];
      return node;
    };
    const head = this.el("thead", "", this.el("tr", "", ...headings.map((words) => heads("col", words))));
    const body = this.el("tbody", "", ...rows.map(([first, ...more]) => this.el("tr", "", heads("row", first), ...more.map(cell))));
    const scroll = this.el("div", "scroll stack", this.el("table", "", head, body));
    for (const [key, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", `${heading}, as a table`]]) scroll.setAttribute(key, value);
    section.append(...sentences.map((words) => this.el("p", "", words)), scroll);
    return section;
  }

  el(tag, name, ...children) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...children);
    return node;
  }
}

const found = document.getElementById("found"), follow = document.querySelector("[data-follow]");
if (found && follow) new Reasons(found, follow);
