// What pages do beyond links and forms. Every part works by itself, and leaves a page without it as it is.
"use strict";

/** Tell what has changed to those who hear the page. */
function say(words) {
  const said = document.getElementById("said");
  if (said && said.textContent !== words) said.textContent = words;
}
