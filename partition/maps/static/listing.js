// Tables of very many rows: rows are made from the page's facts, some at a time, and sorted there.

import { el, english } from "./elements.js";
import { ROLES } from "./signs.js";
import { figure, phrase, tenths } from "./words.js";

const ROWS_AT_A_TIME = 200;

const number = (value) => ({
  text: value === null || value === undefined ? "–" : figure(value),
  sorts: value ?? -1,
  kind: "number",
});
const words = (text) => ({ text: text || "", sorts: text || "" });
// What the page says of one, and what a study wrote in English.
const notes = (told, study) => {
  const first = told.filter(Boolean).join("; ");
  return { text: [first, first && study && "; ", english(study)], sorts: [first, study].filter(Boolean).join("; ") };
};
const minutesOf = (value) => number(value === undefined ? null : Number(value.toFixed(1)));
const opening = (what, name, more = "") => ({
  sorts: name,
  head: true,
  text: [el("button", { type: "button", class: "link", ...what }, name), more],
});

const CELLS = {
  schools: (_, school) => {
    const answers = {
      yes: phrase("said yes"),
      no: phrase("said no"),
      undecided: phrase("undecided"),
      none: phrase("no answer yet"),
    };
    return [
      opening({ "data-school": school.urn }, school.name),
      words(school.town),
      words(school.urn),
      number(school.pupils),
      words(phrase(ROLES[school.role].words)),
      number(school.partnership),
      minutesOf(school.worst),
      number(school.kept || 0),
      number(school.broken || 0),
      words(school.today),
      notes([answers[school.answer], school.corrected], school.reason),
    ];
  },
  partnerships: ({ facts, schools }, one) => [
    number(one.number),
    opening({ "data-partnership": one.number }, one.name, one.already && ` ${phrase("(a partnership already)")}`),
    ...(facts.staged ? [words(one.stage && phrase(one.stage))] : []),
    words(schools.get(one.venue)?.name),
    ...[one.schools, one.associates, one.heads, one.pupils].map((count) => number(count || 0)),
    { ...number(one.travel || 0), text: tenths(one.travel || 0) },
    minutesOf(one.mean),
    minutesOf(one.worst),
    number(one.kept || 0),
    number(one.broken || 0),
    ...(facts.judged ? [notes([], (one.breaches || []).join("; "))] : []),
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
    more.textContent = phrase("{shown} of {all} shown: show {n} more", {
      shown,
      all: all.length,
      n: Math.min(ROWS_AT_A_TIME, all.length - shown),
    });
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
