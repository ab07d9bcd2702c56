// Answers as they are written down: each row saved by itself, rows to be seen chosen by a word, and what a next round finds.

import { el } from "./elements.js";
import { ask, say } from "./talk.js";
import { capital } from "./words.js";

const ROW = ["said", "partners", "date", "wishes", "not_wanted"]; // as pages/answers.py joins them

class Answers {
  constructor(form) {
    this.form = form;
    form.addEventListener("change", (event) => this.save(event.target.closest(".reply")));
    this.list = document.getElementById("schools");
    this.schools = [...this.list.options].map((option) => [option.value, option.textContent]);
    for (const told of ["focusin", "input"]) form.addEventListener(told, (event) => this.offer(event.target));
    const filter = document.getElementById("filter");
    filter.disabled = false;
    filter.addEventListener("input", () => this.show(filter.value));
  }

  /** Schools to choose from while one is typed; those named before it stay. */
  offer(field) {
    if (field.list !== this.list) return;
    const before = field.value.slice(0, field.value.lastIndexOf(";") + 1);
    if (before === this.before) return;
    this.before = before;
    this.list.replaceChildren(
      ...this.schools.map(([name, words]) => new Option(words, before ? `${before} ${name}` : name)),
    );
  }

  /** One row, as it is now; after what was sent of it before, so that the last written down is the last kept. */
  save(row) {
    if (!row) return;
    const sent = new URLSearchParams();
    for (const field of row.querySelectorAll("[name]")) sent.set(field.name, field.value.trim());
    row.sending = (row.sending || Promise.resolve()).then(() => this.send(row, sent));
  }

  /** What is wrong is told beside the row, and nothing of it is kept. */
  async send(row, sent) {
    const urn = row.dataset.urn;
    const was = row.querySelector("[name^='was:']");
    sent.set(was.name, was.value);
    const { facts: told } = await ask(this.form.action, {
      method: "POST",
      body: sent,
      headers: { Accept: "application/json" },
      keepalive: true,
    });
    const faults = told ? told.faults?.[urn] || [] : ["It was not saved: the program does not answer"];
    row.classList.toggle("faulty", faults.length > 0);
    row.querySelector(".fault-words").textContent = faults.map((words) => `${capital(words)}.`).join(" ");
    if (!told?.progress) return say(faults.join(". "));
    was.value = ROW.map((what) => sent.get(`${what}:${urn}`)).join("|"); // not as it is by now: somebody may be typing on
    this.form.querySelectorAll(".partnership").forEach((part, n) => this.tally(part, ...told.groups[n]));
    document.getElementById("progress").textContent = `${told.progress}.`;
    say(`Saved. ${told.progress}`);
  }

  /** How a partnership stands, beside its name. */
  tally(part, counts, stands) {
    part.querySelector("[data-counts]").textContent = counts;
    const tag = part.querySelector("[data-stands]");
    tag.textContent = stands;
    tag.hidden = !stands;
    tag.className = `tag ${stands === "accepted by all" ? "good" : "bad"}`;
  }

  show(words) {
    const wanted = words.toLowerCase().trim();
    for (const part of this.form.querySelectorAll(".partnership")) {
      const whole = part.querySelector("summary").textContent.toLowerCase().includes(wanted);
      let any = false;
      for (const row of part.querySelectorAll(".reply")) {
        const text = `${row.querySelector(".who").textContent} ${row.querySelector("select").selectedOptions[0].textContent}`;
        row.hidden = !whole && !text.toLowerCase().includes(wanted);
        any ||= !row.hidden;
      }
      part.hidden = !any;
      part.open = any && wanted !== "";
    }
  }
}

const answers = document.getElementById("answers");
if (answers) new Answers(answers);

// Whom to talk to, as each is found.
document.querySelector("[data-follow]")?.addEventListener("told", ({ detail }) => {
  if (detail.event === "matter") {
    document.getElementById("found").append(el("li", {}, `${detail.name}: ${detail.words}`));
  }
});
