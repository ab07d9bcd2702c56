// Settings that name schools, columns or partnerships: chosen from a list and shown by name. What is chosen stands as
// text in the field beneath, which alone is sent, and which is all there is where this script is blocked.

import { el } from "./elements.js";
import { say } from "./talk.js";

const BY_SCHOOL = /school/;
const WITH_VALUE = / by /;
const MANY = 3000; // names in a list, above which a browser slows down; a name may be typed all the same

/** The names that may be chosen, and what stands for each in the file. */
class Names {
  constructor(told) {
    this.told = told;
    this.byUrn = new Map(told.schools.map(([urn, name]) => [urn, name]));
    for (const [of, names] of Object.entries(told)) {
      const values = of === "schools" ? names.map(([urn, name]) => `${name} (${urn})`) : names;
      if (values.length > MANY) continue;
      document.body.append(el("datalist", { id: `names-${of}` }, ...values.map((value) => el("option", { value }))));
    }
  }

  words(of, value) {
    const name = of === "schools" && this.byUrn.get(value);
    return name ? `${name} (${value})` : value;
  }

  /** What stands for what was typed; null where that is nothing known. */
  value(of, typed) {
    if (of !== "schools") return typed || null;
    const urn = typed.match(/\(([^()]+)\)$/)?.[1] ?? typed;
    if (this.byUrn.has(urn)) return urn;
    const found = this.told.schools.filter(([, name]) => name.toLowerCase().includes(typed.toLowerCase()));
    return typed && found.length === 1 ? found[0][0] : null;
  }
}

class Picker {
  constructor(field, names) {
    this.field = field;
    this.names = names;
    this.kind = field.dataset.kind;
    this.of = BY_SCHOOL.test(this.kind) ? "schools" : field.dataset.of;
    this.label = document.querySelector(`label[for="${field.id}"]`);
    this.place = el("div", { class: "picker" });
    this.lines = field.value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    field.before(this.place);
    field.hidden = true;
    this.label.htmlFor = `${field.id}-add`;
    this.show();
  }

  /** Take in other lines, and show them; who adds goes on adding. */
  set(lines, words) {
    this.lines = lines.filter(Boolean);
    this.field.value = this.lines.join("\n");
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.show();
    this.place.querySelector(`#${CSS.escape(this.field.id)}-add`).focus();
    say(words);
  }

  show() {
    const rows = this.lines.map((line, n) => (this.kind.startsWith("lists") ? this.group(line, n) : this.row(line, n)));
    const isGroup = this.kind.startsWith("lists");
    this.place.replaceChildren(
      ...(rows.length ? [el("ul", { class: "picked" }, rows)] : []),
      this.adding(`${this.field.id}-add`, isGroup ? "Begin a group with it" : "Add", (value) =>
        this.set([...this.lines, value], `${this.names.words(this.of, value)} added`),
      ),
    );
  }

  instead(n, line, words) {
    this.set(
      this.lines.map((old, at) => (at === n ? line : old)),
      words,
    );
  }

  row(line, n) {
    const [value, said] = WITH_VALUE.test(this.kind) ? line.split(/\s*=\s*(.*)/, 2) : [line, null];
    const words = this.names.words(this.of, value);
    return el(
      "li",
      {},
      el("span", {}, said === null ? words : `${words}: ${said}`),
      this.out(words, () => this.instead(n, "", `${words} taken out`)),
    );
  }

  group(line, n) {
    const members = line.split(/\s*[,;]\s*/);
    const chips = members.map((value, at) => {
      const words = this.names.words(this.of, value);
      const rest = members.filter((_, other) => other !== at).join(", ");
      return el(
        "span",
        { class: "chip" },
        words,
        this.out(words, () => this.instead(n, rest, `${words} taken out`)),
      );
    });
    const more = this.adding(`${this.field.id}-add-${n}`, "Add to this group", (value) =>
      this.instead(n, `${line}, ${value}`, `${this.names.words(this.of, value)} added`),
    );
    return el("li", { class: "group" }, chips, more);
  }

  out(words, click) {
    return el("button", { type: "button", class: "ask", "aria-label": `Take ${words} out`, click }, "×");
  }

  /** A field to choose one in, with its value where it has one; `then` is told what was chosen. */
  adding(id, words, then) {
    const choice = el("input", {
      type: "text",
      id,
      list: `names-${this.of}`,
      autocomplete: "off",
      spellcheck: "false",
    });
    if (id !== `${this.field.id}-add`) choice.setAttribute("aria-label", `${words}: ${this.label.textContent}`);
    else choice.setAttribute("aria-describedby", this.field.getAttribute("aria-describedby") ?? "");
    const value =
      WITH_VALUE.test(this.kind) &&
      el("input", { type: "text", class: "figure", "aria-label": `Value: ${this.label.textContent}` });
    const told = el("span", { class: "fault-words", role: "alert" });
    const add = () => {
      const found = this.names.value(this.of, choice.value.trim());
      if (found === null) told.textContent = choice.value ? "Choose one from the list." : "Choose one first.";
      else if (value && !value.value.trim()) told.textContent = "Type its value as well.";
      else then(value ? `${found} = ${value.value.trim()}` : found);
    };
    const press = (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add();
    };
    for (const field of [choice, value]) if (field) field.addEventListener("keydown", press);
    return el(
      "div",
      { class: "adding" },
      choice,
      value,
      el("button", { type: "button", class: "plain slim", click: add }, words),
      told,
    );
  }
}

/** Put pickers in place of the fields of a form, once the schools are read. */
export async function usePickers(form) {
  const answer = await fetch("/settings/names").catch(() => null);
  const told = answer?.ok ? await answer.json().catch(() => null) : null;
  if (told?.ready === false) return setTimeout(() => usePickers(form), 1000);
  if (!told?.schools) return;
  const names = new Names(told);
  for (const field of form.querySelectorAll("textarea[data-kind]")) new Picker(field, names);
}
