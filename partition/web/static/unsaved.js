// What was changed in a form and not kept yet: it is there again when one comes back, in this tab, to the same form.

import { el } from "./elements.js";

/** Hold what is typed into a form; `form.dataset.unsaved` says of which text the form is. */
export function holdUnsaved(form) {
  const key = `unsaved ${location.pathname}`;
  const fields = () => [...form.elements].filter((field) => field.name && field.type !== "hidden");
  const first = new Map(fields().map((field) => [field.name, field.value]));
  const held = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (held?.of === form.dataset.unsaved) restore(held.values);
  else sessionStorage.removeItem(key);
  let isSent = false;
  form.addEventListener("submit", () => {
    isSent = true;
    sessionStorage.removeItem(key);
  });
  addEventListener("pagehide", () => {
    const changed = fields().filter((field) => field.value !== first.get(field.name) && first.has(field.name));
    if (isSent) return;
    if (!changed.length) return sessionStorage.removeItem(key);
    const values = changed.map((field) => [field.name, field.value]);
    sessionStorage.setItem(key, JSON.stringify({ of: form.dataset.unsaved, values }));
  });

  function restore(values) {
    const known = values.filter(([name]) => first.has(name));
    if (!known.length) return;
    for (const [name, value] of known) form.elements[name].value = value;
    const forget = () => {
      isSent = true;
      sessionStorage.removeItem(key);
      location.reload();
    };
    const words = `What you changed and did not keep is here again (${known.length} ${known.length === 1 ? "field" : "fields"}).`;
    const drop = el("button", { type: "button", class: "plain slim", click: forget }, "Throw it away");
    form.before(el("div", { class: "notice mind", role: "status" }, el("p", {}, words), drop));
  }
}
