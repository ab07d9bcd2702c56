// Text as it is looked for, and figures in words.

/** Text without what people leave out when they look for it: case, accents, apostrophes and full stops. */
export const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’.]/g, "")
    .toLowerCase();

export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
export const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;
export const minutes = (value) => (value === null || value === undefined ? "–" : `${Number(value.toFixed(1))} min`);
export const kilometres = (value) => `${Number(value.toFixed(1))} km`;
