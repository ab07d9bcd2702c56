// Search by name: a text box with a list beneath it (the ARIA combobox pattern).

import { el } from "./elements.js";
import { phrase, plain } from "./words.js";

const FOUND_MAX = 8;

// What can be found: its name and what stands beneath it, the words to look for, and what it opens.
export const searchable = (name, note, words, opens) => ({
  name,
  note: note.filter(Boolean).join(", "),
  words: plain(words).split(/[^\p{L}\p{N}]+/u),
  opens,
});

// Every word asked for begins a word of the item; the earlier it does so, the better.
function find(items, asked) {
  const tokens = plain(asked)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  if (!tokens.length) return [];
  return items
    .map((item) => [tokens.map((token) => item.words.findIndex((word) => word.startsWith(token))), item])
    .filter(([places]) => places.every((place) => place >= 0))
    .sort((a, b) => a[0].reduce((x, y) => x + y) - b[0].reduce((x, y) => x + y))
    .map(([, item]) => item);
}

export function startSearch(view, items) {
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const told = document.getElementById("told");
  let found = [];
  let current = -1;

  const hide = () => {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (item) => {
    input.value = item.name;
    hide();
    view.open(item.opens, input);
  };
  const point = (next) => {
    current = next;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === current)));
    if (current < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[current].id);
    list.children[current].scrollIntoView({ block: "nearest" });
  };
  const show = () => {
    const all = find(items, input.value);
    found = all.slice(0, FOUND_MAX);
    list.replaceChildren(
      ...found.map((item, i) => {
        const option = el(
          "li",
          { role: "option", id: `found-${i}`, "aria-selected": "false" },
          item.name,
          el("small", {}, item.note),
        );
        option.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the box
        option.addEventListener("click", () => choose(item));
        return option;
      }),
    );
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    told.textContent = input.value.trim() ? phrase("{n} found", { n: all.length }) : "";
    point(found.length ? 0 : -1);
  };

  input.disabled = false;
  input.addEventListener("input", show);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden) show();
    else if (event.key === "ArrowDown") point((current + 1) % found.length);
    else if (event.key === "ArrowUp" && !list.hidden) point((current + found.length - 1) % found.length);
    else if (event.key === "Enter" && !list.hidden && current >= 0) choose(found[current]);
    else if (event.key === "Escape" && !list.hidden) {
      hide();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });
}
