// The facts of a page: as they stand in it or, of very many schools, packed (JSON, gzip, base 64).

import { phrase } from "./words.js";

let unpacked = null;

const written = () => document.getElementById("facts").textContent;

export const readFacts = () => unpacked || JSON.parse(written());

/** Unpack the facts, then run `draw`; a browser that cannot is told so on the page. */
export async function whenUnpacked(draw) {
  if (!window.DecompressionStream) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent = phrase(
      "This map needs a browser of 2023 or later: Firefox 113, Chrome or Edge 80, Safari 16.4.",
    );
    return document.getElementById("map").after(notice);
  }
  const signs = atob(written());
  const bytes = new Uint8Array(signs.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = signs.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  unpacked = await new Response(stream).json();
  draw();
}
