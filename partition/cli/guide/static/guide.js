// The guide's search, and its contents folded away on a narrow screen. A page opened from a disk may load a script,
// and nothing else: so what is looked through is one, and this is none that imports.
"use strict";

(() => {
  const SHOWN_MOST = 12;
  const SNIPPET = 150; // characters
  const form = document.getElementById("search");
  const asked = document.getElementById("asked");
  const found = document.getElementById("found");
  const told = document.getElementById("told");
  let chosen = -1;
  let loading = null;

  function passages() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = "passages.js";
      script.onload = () =>
        done(window.guidePassages.map((row) => ({ row, low: row.map((text) => text.toLowerCase()) })));
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }

  // How well a passage answers: every word must be in it, and counts more in its heading than in its text.
  function score({ low: [, title, heading, text] }, words) {
    let sum = 0;
    for (const word of words) {
      const inHeading = heading.includes(word) ? (heading === word || heading.endsWith("." + word) ? 40 : 12) : 0;
      const most = Math.max(inHeading, title.includes(word) ? 5 : 0, text.includes(word) ? 2 : 0);
      if (!most) return 0;
      sum += most;
    }
    return heading === words.join(" ") ? sum + 40 : sum;
  }

  function snippet(text, low, words) {
    const places = words.map((word) => low.indexOf(word)).filter((place) => place >= 0);
    const from = Math.max(0, Math.min(...(places.length ? places : [0])) - 40);
    return (from ? "… " : "") + text.slice(from, from + SNIPPET) + (text.length > from + SNIPPET ? " …" : "");
  }

  function option(passage, words, number) {
    const [address, title, heading, text] = passage.row;
    const link = document.createElement("a");
    link.href = address;
    link.id = `found-${number}`;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    const strong = document.createElement("strong");
    strong.textContent = heading === title ? title : `${heading} · ${title}`;
    const words_ = document.createElement("span");
    words_.textContent = snippet(text, passage.low[3], words);
    link.append(strong, words_);
    return link;
  }

  async function look() {
    const words = asked.value.toLowerCase().split(/\s+/).filter(Boolean);
    choose(-1);
    if (!words.length) return hide();
    const all = (await passages())
      .map((passage, place) => ({ passage, place, score: score(passage, words) }))
      .filter((one) => one.score)
      .sort((one, other) => other.score - one.score || one.place - other.place);
    const shown = all.slice(0, SHOWN_MOST).map(({ passage }, number) => option(passage, words, number));
    if (!shown.length) {
      const none = document.createElement("p");
      none.textContent = "Nothing found: try fewer or other words.";
      shown.push(none);
    }
    found.replaceChildren(...shown);
    found.hidden = false;
    asked.setAttribute("aria-expanded", "true");
    told.textContent = all.length === 1 ? "1 passage" : `${all.length} passages`;
  }

  function hide() {
    found.hidden = true;
    asked.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function choose(place) {
    const links = [...found.querySelectorAll("a")];
    chosen = links.length && place >= 0 ? (place + links.length) % links.length : -1;
    links.forEach((link, number) => link.setAttribute("aria-selected", String(number === chosen)));
    if (chosen < 0) return asked.removeAttribute("aria-activedescendant");
    asked.setAttribute("aria-activedescendant", links[chosen].id);
    links[chosen].scrollIntoView({ block: "nearest" });
  }

  function go() {
    const links = found.querySelectorAll("a");
    if (links.length) {
      links[Math.max(chosen, 0)].click();
      hide();
    }
  }

  asked.addEventListener("focus", () => passages());
  asked.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look().then(go);
  });
  asked.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? found.querySelectorAll("a").length - 1 : chosen - 1);
    else if (event.key === "Escape") hide();
    else if (event.key === "Enter" && chosen >= 0) go();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea")) {
      event.preventDefault();
      asked.focus();
    }
  });

  const contents = document.querySelector(".contents");
  const narrow = window.matchMedia("(max-width: 860px)");
  const fold = () => (contents.open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
  document.documentElement.dataset.ready = "";
})();
