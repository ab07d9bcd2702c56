// Tables of very many rows: rows are made from the page's facts, some at a time, and sorted there.

import { el } from "./elements.js";

const ROWS_AT_A_TIME = 200;

const number = (value) => ({ text: value ?? "–", sorts: value ?? -1, kind: "number" });
const words = (text) => ({ text: text || "", sorts: text || "" });
const minutesOf = (value) => number(value === undefined ? null : Number(value.toFixed(1)));
const opening = (what, name, more = "") => ({
  sorts: name,
  head: true,
  text: [el("button", { type: "button", class: "link", ...what }, name), more],
});

const CELLS = {
  schools: ({ facts }, school) => {
    const said = { yes: "said yes", no: "said no", undecided: "undecided", none: "no answer yet" }[school.answer];
    return [
      opening({ "data-school": school.urn }, school.name),
      words(school.town),
      words(school.urn),
      number(school.pupils),
      words(facts.parts[school.role] || school.role),
      number(school.partnership),
      minutesOf(school.worst),
      number(school.kept || 0),
      number(school.broken || 0),
      words(school.today),
      words([said, school.corrected, school.reason].filter(Boolean).join("; ")),
    ];
  },
  partnerships: ({ facts, schools }, one) => [
    number(one.number),
    opening({ "data-partnership": one.number }, one.name, one.already && " (a partnership already)"),
    ...(facts.staged ? [words(one.stage)] : []),
    words(schools.get(one.venue)?.name),
    ...[one.schools, one.associates, one.heads, one.pupils].map((count) => number(count || 0)),
    { ...number(one.travel || 0), text: (one.travel || 0).toFixed(1) },
    minutesOf(one.mean),
    minutesOf(one.worst),
    number(one.kept || 0),
    number(one.broken || 0),
    ...(facts.judged ? [words((one.breaches || []).join("; "))] : []),
  ],
};

const cellOf = ({ text, kind, head }) => el(head ? "th" : "td", { class: kind, scope: head && "row" }, text);

/** Fill a table that names its rows (`data-listed`); returns what sorts it, and what has it hold some rows only. */
export function startListing(view, table) {
  const cells = (one) => CELLS[table.dataset.listed](view, one);
  const every = view.facts[table.dataset.listed];
  let all = every;
  let shown = ROWS_AT_A_TIME;
  const more = el("button", { type: "button", class: "more", click: () => fill(shown + ROWS_AT_A_TIME) });
  table.closest(".scroll").after(more);
  const fill = (count) => {
    shown = Math.min(count, all.length);
    table.tBodies[0].replaceChildren(...all.slice(0, shown).map((one) => el("tr", {}, cells(one).map(cellOf))));
    more.textContent = `${shown} of ${all.length} shown: show ${Math.min(ROWS_AT_A_TIME, all.length - shown)} more`;
    more.hidden = shown === all.length;
  };
  fill(shown);
  const sort = (column, compare, upwards) => {
    const keyed = all.map((one) => [cells(one)[column].sorts, one]);
    keyed.sort(([a], [b]) => (upwards ? compare(a, b) : compare(b, a)));
    all = keyed.map(([, one]) => one);
    fill(ROWS_AT_A_TIME);
  };
  const only = (holds) => {
    all = holds ? every.filter((one) => holds(one.urn, one.number)) : every;
    fill(holds ? all.length : ROWS_AT_A_TIME);
  };
  return { sort, only };
}
