// Settings as they are typed: what each would do to the county, and what is wrong with it, before anything is kept.

import { usePickers } from "./pickers.js";
import { ask, say } from "./talk.js";
import { holdUnsaved } from "./unsaved.js";
import { capital } from "./words.js";

const settings = document.getElementById("settings");

class Looking {
  constructor(form) {
    this.form = form;
    this.count = 0;
    form.addEventListener("change", () => this.look());
    form.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.look(), 500);
    });
    this.look();
  }

  async look() {
    clearTimeout(this.waiting);
    const count = (this.count += 1);
    const { ok, facts } = await ask("/settings/look", { method: "POST", body: new FormData(this.form) });
    if (!ok || count !== this.count) return; // the form works without, and a later answer is on its way
    for (const [id, { effect, faults }] of Object.entries(facts)) this.tell(id, effect, faults);
  }

  tell(id, effect, faults) {
    const field = document.getElementById(id);
    document.getElementById(`${id}-effect`).textContent = effect;
    document.getElementById(`${id}-fault`).textContent = faults.map((fault) => `${capital(fault)}.`).join(" ");
    field.closest(".field").classList.toggle("faulty", faults.length > 0);
    if (faults.length) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (field === document.activeElement) say([...faults, effect].filter(Boolean).join(". "));
  }
}

if (settings) {
  holdUnsaved(settings);
  new Looking(settings);
  usePickers(settings);
}
