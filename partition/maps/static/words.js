// Text as it is looked for; and sentences and figures in the language of the page.

/** Text without what people leave out when they look for it: case, accents, apostrophes and full stops. */
export const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’.]/g, "")
    .toLowerCase();

export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

const CATEGORIES = ["zero", "one", "two", "few", "many", "other"]; // in the order of a catalogue's forms
const PLACE = /\{(\w+)\}/;
const ONE_DIGIT = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
let catalogue = null;
let writing = null;

/** Mark a text as a message that `phrase` says later. */
export const message = (text) => text;

// What the page's language has for each message. Of a page in English there is nothing: its messages are English.
function said() {
  catalogue ??= JSON.parse(document.getElementById("catalogue")?.textContent || "{}");
  return catalogue;
}

// How the page's language writes numbers, and which form it has for so many.
function ways() {
  if (writing) return writing;
  const languages = [document.documentElement.lang, "en-GB"]; // the other where a browser does not know the first
  const plurals = new Intl.PluralRules(languages);
  const { pluralCategories } = plurals.resolvedOptions();
  writing = {
    figures: new Intl.NumberFormat(languages, { useGrouping: false, maximumFractionDigits: 10 }),
    tenths: new Intl.NumberFormat(languages, { useGrouping: false, ...ONE_DIGIT }),
    form: (n) => CATEGORIES.filter((name) => pluralCategories.includes(name)).indexOf(plurals.select(n)),
  };
  return writing;
}

/** Whether texts that only English has are to be marked as such: on a page in another language. */
export const inEnglish = () => document.getElementById("catalogue") !== null;

/** A number as the page's language writes it. */
export const figure = (value) => ways().figures.format(value);

/** A number to one digit after the point, likewise. */
export const tenths = (value) => ways().tenths.format(value);

const shown = (value) => (typeof value === "number" ? figure(value) : value);
const withValues = (words, values) => words.replace(new RegExp(PLACE, "g"), (_, name) => shown(values[name]));

/** A message in the page's language, with the values that it names in braces. */
export const phrase = (text, values = {}) => withValues(said()[text] ?? text, values);

/** A message some of whose values are elements, as what an element holds. */
export const sentence = (text, values) =>
  (said()[text] ?? text).split(PLACE).map((part, i) => (i % 2 ? shown(values[part]) : part));

/** A message about `n` things, in the form that the page's language has for so many. */
export function counted(n, one, many) {
  const forms = said()[one];
  if (!forms) return withValues(n === 1 ? one : many, { n });
  return withValues(forms[ways().form(n)], { n });
}

const toTenth = (value) => Number(value.toFixed(1));
export const minutes = (value) =>
  value === null || value === undefined ? "–" : phrase("{n} min", { n: toTenth(value) });
export const kilometres = (value) => phrase("{n} km", { n: toTenth(value) });
