// What is found by a few words, the best match first.

import { plain } from "./words.js";

const wordsIn = (text) =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** How well a text answers: 0 begins with all that is asked, 1 a word of it does, 2 its words begin with each; else null. */
function rank(asked, tokens, text) {
  const whole = plain(text);
  if (whole === asked) return -1;
  if (whole.startsWith(asked)) return 0;
  const own = wordsIn(text);
  if (own.some((word) => word.startsWith(asked))) return 1;
  return tokens.every((token) => own.some((word) => word.startsWith(token))) ? 2 : null;
}

/** Schools and partnerships that answer what is asked, the best first: by number, by name, then by place, then within. */
export function bestMatches(asked, { schools, partnerships }, nameOf) {
  const sought = plain(asked).trim();
  const tokens = wordsIn(asked);
  if (!tokens.length) return [];
  const best = (...ranks) => ranks.filter((one) => one !== null).reduce((a, b) => Math.min(a, b), Infinity);
  const after = (value, steps) => (value === null ? null : value + steps);
  const scored = [
    ...partnerships.map((one) => {
      const score = best(String(one.number) === sought ? -2 : null, rank(sought, tokens, one.name));
      return { score, name: one.name, partnership: one };
    }),
    ...schools.map((school) => {
      const all = `${school.name} ${school.town} ${nameOf(school.partnership)}`;
      const within = plain(all);
      const score = best(
        school.urn.toLowerCase() === sought ? -1 : null,
        rank(sought, tokens, school.name),
        after(rank(sought, tokens, school.town), 3),
        school.urn.toLowerCase().startsWith(sought) ? 4 : null,
        after(rank(sought, tokens, all), 5),
        tokens.every((token) => within.includes(token)) ? 9 : null,
      );
      return { score, name: school.name, school };
    }),
  ];
  return scored.filter((one) => one.score < Infinity).sort((a, b) => a.score - b.score || a.name.localeCompare(b.name));
}
