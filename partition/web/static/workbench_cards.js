// Cards of what is chosen: a school, several schools, a partnership.

import { el, listOf } from "./elements.js";
import { say } from "./talk.js";
import { changeOf, choiceWords, slim } from "./workbench_words.js";
import { plain } from "./words.js";

const CHOICES_FIRST = 5;
const NOTE_MAX = 1000;

const heading = (...words) => el("h2", { id: "chosen", tabindex: "-1" }, ...words);

export function cardOfSchool(bench, school) {
  const known = bench.schools.get(school.urn);
  return [
    heading(school.name),
    el("p", { class: "hint small" }, `${school.facts} · ${school.identifier} ${school.urn}`),
    school.where &&
      el(
        "p",
        {},
        bench.chip(school.partnership),
        " ",
        slim(school.where, () => bench.open(school.partnership), { class: "plain slim as-link" }),
      ),
    sharing(bench, [school.urn]),
    moveTo(bench, school),
    choices(bench, school, [school.urn]),
    listOf(school.why, "why"),
    school.role !== "not taking part" && bench.place.dataset.searched && why(bench, school),
    standing(bench, school),
    school.partnership !== null && keeping(bench, bench.partnerships.get(school.partnership)),
    school.companions.length > 0 && companions(bench, school),
    note(bench, { urn: school.urn }, known.note),
  ].filter(Boolean);
}

export function cardOfMany(bench, facts) {
  const schools = bench.chosen.map((urn) => bench.schools.get(urn));
  const heads = schools.length === facts.heads ? "" : `, ${facts.heads} heads`;
  const pair = schools.length === 2 && facts.heads === 2;
  const set = (how, words) => slim(words, () => bench.edit({ kind: "pair", urns: [...bench.chosen], how }));
  return [
    heading(`${schools.length} schools chosen${heads}`),
    sharing(bench, bench.chosen),
    pair &&
      el(
        "div",
        { class: "small-buttons" },
        set("together", "Keep together"),
        set("apart", "Keep apart"),
        set("free", "Neither"),
      ),
    moveTo(bench, facts),
    choices(bench, { ...facts, where: "their partnerships" }, bench.chosen),
    el(
      "ul",
      { class: "companions" },
      schools.map((school) => el("li", {}, chosenRow(bench, school))),
    ),
  ].filter(Boolean);
}

const chosenRow = (bench, school) => [
  el("span", {}, school.partnership !== null && [bench.chip(school.partnership), " "], school.name),
  slim("Leave out", () => bench.toggle(school.urn, true), { "aria-label": `Leave out ${school.name}` }),
];

export function cardOfPartnership(bench, one) {
  return [
    heading(bench.chip(one.number), " ", one.name),
    el("p", {}, `${one.facts} · ${one.hours} a year · longest drive ${one.longest}`),
    el("p", { class: "hint small" }, `Meets at ${one.venue}`),
    one.breaches.length > 0 &&
      el("div", { class: "breaks" }, el("p", {}, el("span", { class: "tag bad" }, "Breaks")), listOf(one.breaches)),
    el("div", { id: "card-leaving" }, bench.leaving.told(one.number)),
    keeping(bench, one),
    el(
      "div",
      { class: "small-buttons" },
      slim("Choose all its schools", () => bench.choose(one.urns)),
      slim("Take in hand, to paint", () => bench.takeInHand(one.number)),
    ),
    el(
      "ul",
      { class: "companions" },
      one.urns.map((urn) => el("li", {}, memberRow(bench, bench.schools.get(urn)))),
    ),
    note(bench, { partnership: one.number }, one.note),
  ].filter(Boolean);
}

const memberRow = (bench, school) => [
  el("span", {}, school.name, el("small", {}, `${school.pupils.toLocaleString("en-GB")} pupils, ${school.role}`)),
  slim("Choose", () => bench.choose([school.urn]), { "aria-label": `Choose ${school.name}` }),
];

/** Said before anything moves: a head's schools go together. */
function sharing(bench, urns) {
  const along = bench.along(urns).map((urn) => bench.schools.get(urn).name);
  if (!along.length) return null;
  const which = along.length > 3 ? `${along.slice(0, 3).join(", ")} and ${along.length - 3} more` : along.join(" and ");
  const words =
    urns.length === 1
      ? `One head leads this school and ${which}: they move together.`
      : `With them move ${which}, as they share a head.`;
  return el("p", { class: "sharing" }, words);
}

/** A place by its number or name, with its price before it is made. */
function moveTo(bench, { choices: places }) {
  if (!places.length) return null;
  const nameOf = ({ to, name }) => (typeof to === "number" ? `${to} ${name}` : name);
  const input = el("input", { type: "text", id: "move-to", list: "move-places", autocomplete: "off" });
  const price = el("p", { class: "hint small", id: "move-price" });
  const button = el("button", { class: "slim", disabled: true }, "Move");
  const places_ = el(
    "datalist",
    { id: "move-places" },
    places.map((one) => el("option", { value: nameOf(one) })),
  );
  const meant = () => {
    const asked = plain(input.value).trim();
    if (!asked) return null;
    const by = (test) => places.find((one) => test(plain(nameOf(one)), one));
    return (
      by((name, { to }) => String(to) === asked || name === asked) ||
      by((name) => name.startsWith(asked)) ||
      by((name) => name.includes(asked))
    );
  };
  input.addEventListener("input", () => {
    const found = meant();
    button.disabled = !found;
    price.textContent = found ? `${nameOf(found)}: ${choiceWords(found)}` : input.value ? "No such place" : "";
  });
  const form = el(
    "form",
    { class: "move-to" },
    el("label", { for: "move-to" }, "Move to, by number or name"),
    el("div", {}, input, button),
    price,
    places_,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = meant();
    if (found) bench.move(bench.chosen, found.to);
  });
  return form;
}

function choices(bench, facts, urns) {
  if (!facts.choices.length) return null;
  const rows = facts.choices.map((one) => choice(bench, one, urns));
  const more = rows.slice(CHOICES_FIRST);
  const place = el("ol", { class: "choices" }, rows.slice(0, CHOICES_FIRST));
  const showAll = () => {
    show.remove();
    place.append(...more);
    more[0].querySelector("button").focus();
  };
  const show = slim(`Show all ${rows.length}`, showAll, { id: "show-all" });
  const breaks = facts.leaving.length > 0 && facts.where;
  return el(
    "section",
    { class: "with" },
    el("h3", {}, urns.length === 1 ? "Where it could be" : "Where they could be"),
    breaks && el("div", { class: "breaks" }, el("p", {}, `Leaving ${facts.where} breaks:`), listOf(facts.leaving)),
    place,
    more.length > 0 && show,
  );
}

function choice(bench, one, urns) {
  const about = {
    type: "button",
    class: "slim",
    "data-to": String(one.to),
    "aria-label": `Move to ${one.name}`,
    click: () => bench.move(urns, one.to),
  };
  const number = typeof one.to === "number" && [bench.chip(one.to), " "];
  const name = el(
    "h4",
    {},
    number,
    one.name,
    one.longest && el("small", {}, `, up to ${one.longest} from base to base`),
  );
  const button = el("button", about, one.to === "none" ? "Take out" : "Move here");
  return el(
    "li",
    { class: one.broken.length ? "choice-row breaks-some" : "choice-row" },
    el("div", { class: "choice-head" }, name, button),
    changeOf(one),
  );
}

const why = (bench, { urn }) =>
  el(
    "p",
    { class: "small" },
    el("a", { href: `${bench.at.replace("hand", "why")}/school?${new URLSearchParams({ urn })}` }, "Why here?"),
    el("span", { class: "hint" }, " The reasons in the kept plan, each solved again."),
  );

function standing(bench, { urn, role, small }) {
  const out = role === "not taking part";
  const set = (to, words) => slim(words, () => bench.edit({ kind: "take part", urn, role: to }));
  return el(
    "div",
    { class: "small-buttons" },
    (out || !small) && set("small", "Treat as a small school"),
    (out || small) && set("associate", "Mark as associate"),
    !out && set("out", "Exclude: does not take part"),
  );
}

function keeping(bench, { number, name, kept }) {
  const set = (how, words) => slim(words, () => bench.edit({ kind: "keep", partnership: number, how }));
  const words = { closed: `${name} is kept as now.`, open: `${name} is kept as now, and others may join.` };
  return el(
    "div",
    {},
    words[kept] && el("p", {}, el("span", { class: "tag" }, "Kept"), ` ${words[kept]}`),
    el(
      "div",
      { class: "small-buttons" },
      kept !== "closed" && set("closed", `Keep ${name} as now`),
      kept !== "open" && set("open", "Keep it, others may join"),
      kept && set("free", "Keep it no longer"),
    ),
  );
}

function companions(bench, { urn, companions: others }) {
  const rows = others.map((one) => companion(bench, urn, one));
  return el(
    "section",
    { class: "with" },
    el("h3", {}, "Companions, and the drives between bases"),
    listOf(rows, "companions"),
  );
}

function companion(bench, urn, one) {
  const pair = (how, words, name) =>
    slim(words, () => bench.edit({ kind: "pair", urns: [urn, one.urn], how }), { "aria-label": `${name} ${one.name}` });
  const drives = one.there === one.back ? `${one.there} each way` : `${one.there} there, ${one.back} back`;
  const kept = one.paired && el("span", { class: "tag" }, `kept ${one.paired}`);
  const buttons = one.paired
    ? [pair("free", "Release", "Neither together nor apart with")]
    : [pair("together", "Together", "Keep together with"), pair("apart", "Apart", "Keep apart from")];
  return [el("span", {}, one.name, el("small", {}, drives), kept), el("span", { class: "small-buttons" }, buttons)];
}

/** A note for the office: it stands on no map, plan or paper. */
function note(bench, about, words) {
  const key = String(about.urn ?? about.partnership);
  const box = el(
    "textarea",
    { id: "note", rows: 2, maxlength: NOTE_MAX, "data-about": key, "aria-describedby": "note-hint" },
    words,
  );
  const keep = () => {
    if (box.value.trim() === words) return say("The note is as it was");
    box.defaultValue = box.value;
    bench.edit({ kind: "note", ...about, words: box.value });
  };
  return el(
    "div",
    { class: "note" },
    el("label", { for: "note" }, "Note"),
    box,
    el("p", { class: "hint small", id: "note-hint" }, "For the office only: on no map, plan or paper."),
    slim("Save the note", keep),
  );
}
