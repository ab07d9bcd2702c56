// What scripts of pages say to people, and ask of the program.

/** Tell what has changed to those who hear the page. */
export function say(words) {
  const said = document.getElementById("said");
  if (said && said.textContent !== words) said.textContent = words;
}

/** What the program answers to a request: whether it did as it was asked, and its facts, null where there are none. */
export async function ask(address, request) {
  const answer = await fetch(address, request).catch(() => null);
  const facts = answer && (await answer.json().catch(() => null));
  return { ok: Boolean(answer?.ok && facts), facts };
}
