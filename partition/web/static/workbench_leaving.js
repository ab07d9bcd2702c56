// Partnerships that some heads would leave. Worked out after edits, never in one: an edit takes what was known away at
// once, and it is asked again when nobody has edited for a moment.

import { byId, el, listOf } from "./elements.js";
import { ask } from "./talk.js";

const QUIET_MILLISECONDS = 700;

export class Leaving {
  constructor(bench) {
    this.bench = bench;
    this.known = null;
  }

  /** Forget who would leave, as the plan is another now. */
  forget() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.ask(), QUIET_MILLISECONDS);
    this.take(null, "Finding out whether any heads would leave …");
  }

  async ask() {
    const { bench } = this;
    const { version } = bench.state;
    const { ok, facts } = await ask(`${bench.at}/leaving?seen=${version}`, {});
    if (version !== bench.state.version) return; // edited meanwhile, and so forgotten, and to be asked again
    if (ok && facts.version !== version) return; // edited in another window: the plan as it is comes soon
    const found = ok ? facts.found : null;
    this.take(found, found?.words ?? "Whether any heads would leave is not known.");
    bench.panel.search();
  }

  take(found, words) {
    this.known = found;
    byId("leaving").textContent = words;
    this.bench.map?.markLeaving(this);
    byId("card-leaving")?.replaceChildren(...this.told(this.bench.partnership));
  }

  /** What is known of a partnership: few words, and why; nothing where nobody would leave it. */
  of(number) {
    return this.known?.partnerships[number] ?? null;
  }

  tag(number) {
    const mine = this.of(number);
    return mine && el("span", { class: "tag leave" }, mine.tag);
  }

  /** The part of a partnership's card. */
  told(number) {
    const mine = this.of(number);
    if (!mine) return [];
    const asked = el("a", { href: `/plan/${this.bench.place.dataset.plan}/holds` }, "Will it hold?");
    return [
      el("p", {}, this.tag(number)),
      listOf(mine.why),
      el("p", { class: "hint small" }, "Of the kept plan: ", asked),
    ];
  }
}
