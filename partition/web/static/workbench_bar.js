// The bar that is always in sight: figures with their change since the start, undo, redo, and the history to jump in.

import { byId, el } from "./elements.js";
import { changeOf } from "./workbench_words.js";

export class Bar {
  constructor(bench) {
    this.bench = bench;
    byId("undo").addEventListener("click", () => bench.send("undo"));
    byId("redo").addEventListener("click", () => bench.send("redo"));
    byId("open-history").addEventListener("click", () => this.openHistory());
    for (const name of ["improve", "keys", "menu"]) {
      byId(`open-${name}`).addEventListener("click", () => byId(name).showModal());
    }
  }

  show(state) {
    byId("figures").replaceChildren(...state.bar.map((figure) => this.figure(figure)));
    const names = { undo: state.done.at(-1), redo: state.undone[0] };
    for (const [id, words] of Object.entries(names)) {
      const button = byId(id);
      button.disabled = !words;
      button.title = words || "";
    }
    const left = byId("left");
    left.hidden = !state.left;
    left.textContent = state.left && `${state.left}.`;
    this.state = state;
    this.tell([]);
  }

  openHistory() {
    if (this.state) this.history(this.state);
    byId("history").showModal();
  }

  /** What need not stand there with the figures: the history, if it is open. */
  later() {
    if (byId("history").open) this.history(this.state);
  }

  figure({ key, name, now, change, words, kind }) {
    const changed =
      change &&
      el(
        "span",
        { class: `changed ${kind}` },
        el("span", { "aria-hidden": "true" }, change),
        el("span", { class: "unseen" }, `, ${words}`),
      );
    return el(
      "div",
      { "data-figure": key, title: words },
      el("dt", {}, name),
      el("dd", {}, now, changed && " ", changed),
    );
  }

  /** What is being done, or what was done last. */
  tell(words) {
    const { state } = this;
    const last = byId("last");
    if (words.length) last.replaceChildren(...words);
    else last.textContent = state?.done.length ? `Last: ${state.done.at(-1)}` : "Nothing is changed yet.";
    last.classList.toggle("telling", words.length > 0);
  }

  history(state) {
    const since = state.since ? changeOf(state.since) : [el("p", { class: "hint" }, "Nothing yet.")];
    byId("since").replaceChildren(...since);
    byId("broken-section").hidden = !state.breaches.length;
    byId("breaches").replaceChildren(...state.breaches.map((words) => el("li", {}, words)));
    const jump = (count) => this.bench.send(`jump?to=${count}`);
    const step = (words, count, undone) => {
      const about = {
        type: "button",
        class: "plain slim",
        disabled: count === state.done.length,
        click: () => jump(count),
      };
      const name = count === state.done.length ? "Here now" : undone ? "Go forward to here" : "Go back to here";
      const said = el("span", {}, words);
      return el(
        "li",
        { class: undone && "undone" },
        said,
        " ",
        el("button", { ...about, "aria-label": `${name}: ${words}` }, name),
      );
    };
    byId("log").replaceChildren(
      ...state.done.map((words, n) => step(words, n + 1, false)),
      ...state.undone.map((words, n) => step(words, state.done.length + n + 1, true)),
    );
    byId("log-start")?.remove();
    if (state.done.length) {
      const back = el(
        "button",
        { type: "button", class: "plain slim", id: "log-start", click: () => jump(0) },
        "Go back to the start",
      );
      byId("log").before(back);
    }
  }
}
