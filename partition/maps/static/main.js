// Puts the page together: draws the plan, and opens, closes and links its cards.

const LAYERS = ["areas", "placed", "associates", "apart", "unplaced", "outside", "slow", "very-slow", "corrected",
  "venues", "headships", "today", "links"];
const REACH_PIXELS = matchMedia("(pointer: coarse)").matches ? 22 : 13; // how near to a school a click must be

class View {
  constructor(id, facts) {
    this.facts = facts;
    this.schools = new Map(facts.schools.map((school) => [school.urn, school]));
    this.partnerships = new Map(facts.partnerships.map((one) => [one.number, one]));
    this.headships = new Map();
    for (const school of facts.schools) {
      if (school.headship) this.headships.set(school.headship, [...(this.headships.get(school.headship) || []), school]);
    }
    this.map = openMap(id, facts);
    this.firstZoom = this.map.getZoom();
    this.inks = renderers(this.map);
    this.layers = Object.fromEntries(LAYERS.map((name) => [name, L.layerGroup()]));
    this.picked = L.layerGroup().addTo(this.map);
    this.cards = new Cards(this);
    this.card = document.getElementById("card");
    this.draw();
    this.startLayers();
    this.labels = new Labels(this.map);
    nameEverything(this, this.labels);
    this.startPointer();
  }

  draw() {
    drawBase(this.map, this.facts, this.inks);
    this.areas = drawAreas(this.facts, this.inks);
    for (const [number, area] of this.areas) {
      area.addTo(this.layers.areas).number = number;
    }
    const largestFirst = [...this.facts.schools].sort((a, b) => (b.pupils || 0) - (a.pupils || 0) || a.urn - b.urn);
    for (const school of largestFirst) {
      drawSchool(school, this.inks).addTo(this.layers[ROLES[school.role].layer]);
      for (const [name, flag] of drawFlags(school, this.facts, this.inks)) flag.addTo(this.layers[name]);
    }
    drawExtras(this);
    this.map.on("zoomend", () => this.resize());
    this.resize();
  }

  resize() {
    const scale = scaleAt(this.map);
    const all = [this.picked, ...Object.values(this.layers)].flatMap((layer) => layer.getLayers());
    for (const mark of all) {
      if (mark instanceof Mark) mark.setRadius(radius(mark.options.pupils, scale) + (mark.options.outside || 0));
    }
    drawSizes(document.getElementById("sizes"), scale);
  }

  startLayers() {
    for (const box of document.querySelectorAll("input[data-layer]")) {
      const layer = this.layers[box.dataset.layer];
      const apply = () => (box.checked ? layer.addTo(this.map) : layer.remove());
      apply();
      box.addEventListener("change", () => {
        apply();
        this.labels.arrange();
      });
    }
  }

  startPointer() {
    const name = L.tooltip({ direction: "top", offset: [0, -8], className: "hint", opacity: 1 });
    const container = this.map.getContainer();
    this.map.on("mousemove", (event) => {
      const school = this.nearest(event.containerPoint);
      container.classList.toggle("on-school", Boolean(school));
      if (!school) return name.remove();
      name.setLatLng(school.at).setContent(el("span", {}, school.name)).addTo(this.map);
    });
    this.map.on("mouseout", () => name.remove());
    this.map.on("click", (event) => {
      const school = this.nearest(event.containerPoint);
      const area = [...this.areas.values()].find((one) => one._path === event.originalEvent.target);
      if (school) this.open({ school: school.urn });
      else if (area) this.open({ partnership: area.number });
      else this.close();
    });
  }

  nearest(point) {
    let best = null;
    let least = REACH_PIXELS;
    for (const school of this.facts.schools) {
      if (!this.map.hasLayer(this.layers[ROLES[school.role].layer])) continue;
      const away = this.map.latLngToContainerPoint(school.at).distanceTo(point);
      if (away < least) [best, least] = [school, away];
    }
    return best;
  }

  // `what` is {school}, {partnership} or {place, at}; `from` is what had the focus, which gets it back on closing.
  open(what, from) {
    const school = this.schools.get(what.school);
    const one = this.partnerships.get(what.partnership);
    if (!school && !one && !what.at) return;
    this.opener = from || this.opener;
    const body = school ? this.cards.school(school) : one ? this.cards.partnership(one) : this.cards.place(what.place, what.at);
    this.card.replaceChildren(...body.flat().filter(Boolean));
    this.card.hidden = false;
    this.card.scrollTop = 0;
    const shown = one || (school && this.partnerships.get(school.partnership));
    this.choose(school, shown, what.at);
    const key = school ? `school=${school.urn}` : one ? `partnership=${one.number}` : "";
    if (key) remember(key);
    this.show(school ? school.at : what.at, shown);
    document.getElementById("card-title").focus({ preventScroll: true });
  }

  close() {
    if (this.card.hidden) return;
    this.card.hidden = true;
    this.choose(null, null);
    remember("");
    if (this.opener && this.opener.isConnected) this.opener.focus({ preventScroll: true });
    else this.map.getContainer().focus({ preventScroll: true });
    this.opener = null;
  }

  choose(school, one, at) {
    this.pick = school || one ? { school: school?.urn, partnership: one?.number } : null;
    this.picked.clearLayers();
    this.map.getContainer().classList.toggle("has-pick", Boolean(one));
    for (const [number, area] of this.areas) area.getElement()?.classList.toggle("picked", one?.number === number);
    if (one) this.areas.get(one.number).bringToFront();
    const hub = school || (one && this.schools.get(one.venue));
    for (const urn of (one && hub ? one.urns : [])) {
      if (urn !== hub.urn) drawLine(hub, this.schools.get(urn), "lines", "spoke", this.inks).addTo(this.picked);
    }
    const spot = hub?.at || at;
    if (spot) {
      new Mark(spot, { renderer: this.inks.flags, interactive: false, shape: "circle", className: school ? "halo" : "hub", outside: 6,
        pupils: hub?.pupils }).addTo(this.picked);
    }
    this.resize();
    this.labels.arrange();
  }

  // Bring what was opened into the part of the map that the card leaves free.
  show(at, one) {
    const stage = this.map.getContainer().parentElement;
    const covered = getComputedStyle(this.card).position === "absolute";
    const free = { paddingTopLeft: [40, 40], paddingBottomRight: [covered ? this.card.offsetWidth + 40 : 40, 40], animate: !calm };
    if (one) this.map.fitBounds(this.areas.get(one.number).getBounds(), { ...free, maxZoom: this.firstZoom + 2.5 });
    else this.map.fitBounds(L.latLng(at).toBounds(9000), { ...free, maxZoom: Math.max(this.map.getZoom(), this.firstZoom + 2.5) });
    if (stage.getBoundingClientRect().top < 0 || !covered) {
      stage.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    }
  }

  openHash() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    this.open({ school: Number(wanted.get("school")), partnership: Number(wanted.get("partnership")) });
  }
}

// The address names what is open, so that it can be sent on. A page inside a notebook has no address of its own.
function remember(key) {
  if (location.protocol !== "about:") history.replaceState(null, "", `#${key}`);
}

// Paper has its own size: the map is laid out again for it, what is folded is opened, and all is put back afterwards.
function startPrinting(map, whole) {
  const folded = [...document.querySelectorAll("details")];
  let before = null;
  const lay = (bounds) => {
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(bounds, { animate: false });
  };
  addEventListener("beforeprint", () => {
    before = { bounds: map.getBounds(), open: folded.map((part) => part.open) };
    document.documentElement.classList.add("printing");
    folded.forEach((part) => { part.open = true; });
    lay(before.bounds.contains(whole) ? whole : before.bounds);
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    folded.forEach((part, i) => { part.open = before.open[i]; });
    lay(before.bounds);
  });
}

function addWholeMap(map, bounds) {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const button = el("button", { type: "button", class: "whole", title: "Show the whole area", "aria-label": "Show the whole area",
      click: () => map.fitBounds(bounds, { animate: !calm }) });
    const svg = svgEl("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" },
      svgEl("path", { d: "M1 5V1h4M11 1h4v4M15 11v4h-4M5 15H1v-4", fill: "none", stroke: "currentColor", "stroke-width": 2 }));
    button.append(svg);
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  control.addTo(map);
}

function drawPlan(id) {
  const view = new View(id, JSON.parse(document.getElementById("facts").textContent));
  addWholeMap(view.map, view.facts.bounds);
  startSearch(view);
  startTables(view);
  startPrinting(view.map, view.facts.bounds);
  addEventListener("hashchange", () => view.openHash());
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") view.close();
  });
  view.openHash();
  document.documentElement.dataset.ready = "true";
  return view.map;
}
