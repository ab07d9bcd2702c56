// A page's view: the map with its layers, the one card, and all that opens, closes and links it.
// A kind of page says what it draws, what can be opened and what a card tells.

import { Mark, drawBase, openMap, renderers, repaint, scaleAt } from "./canvas.js";
import { el } from "./elements.js";
import { addButton, roomOf, startHandling } from "./handling.js";
import { Labels } from "./labels.js";
import { REACH_PIXELS, calm } from "./outlines.js";
import { startPrinting } from "./paper.js";
import { drawForPaper, showPicture } from "./picture.js";
import { startSearch } from "./search.js";
import { startTables } from "./tables.js";
import { phrase } from "./words.js";

export class View {
  constructor(id, facts, layers) {
    this.facts = facts;
    this.schools = new Map(facts.schools.map((school) => [school.urn, school]));
    this.map = openMap(id, facts);
    this.map.fitBounds(facts.bounds, { ...roomOf(this.map), animate: false });
    this.map.setMinZoom(this.map.getZoom() - 1.5);
    this.firstZoom = this.map.getZoom();
    this.inks = renderers(this.map, facts.large);
    this.layers = Object.fromEntries(layers.map((name) => [name, L.layerGroup()]));
    this.picked = L.layerGroup().addTo(this.map);
    this.card = document.getElementById("card");
    drawBase(this.map, facts, this.inks);
  }

  start() {
    this.startMap();
    startSearch(this, this.searchables());
    startTables(this);
    this.printPart = startPrinting(this.maps(), this.facts.bounds, (on) => this.toPaper(on));
    addEventListener("hashchange", () => this.openHash());
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.back();
    });
    this.openHash();
    this.startTalk();
    document.documentElement.dataset.ready = "true";
    return this.map;
  }

  // In a frame of a page from the same server the map answers it: it tells what is opened, and shows what it is asked to.
  startTalk() {
    const { origin, protocol } = location; // a sandboxed map has no origin of its own, but its address has
    if (parent === window || !protocol.startsWith("http")) return;
    this.sayOpened = ({ school, partnership }) => parent.postMessage({ school, partnership }, origin);
    addEventListener("message", (event) => {
      if (event.source === parent && event.origin === origin && event.data?.show) this.point(event.data.show);
    });
  }

  // Mark something and bring it into view, without its card: the focus stays in the page around.
  point(what) {
    const found = this.look(what);
    if (!found) return;
    this.card.hidden = true;
    this.choose(found);
    this.bringIntoView(found);
  }

  startMap() {
    this.map.on("zoomend", () => this.resize());
    this.resize();
    this.startLayers();
    startHandling(this.map, this.facts.bounds);
    addButton(this.map, "image", phrase("Image of what the map shows"), () => showPicture(this.map, this.labels));
    this.labels = new Labels(this.map, this.facts.bounds);
    this.name(this.labels);
    this.labels.arrange();
    this.startPointer();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => this.relook());
  }

  // Whether something of the page besides a place has this name.
  isNamed() {
    return false;
  }

  maps() {
    return [this.map];
  }

  toPaper(on) {
    for (const drawn of this.map.getContainer().querySelectorAll(".on-paper")) drawn.remove();
    if (on) drawForPaper(this.map, this.inks);
  }

  // Have what is drawn on canvas look at the styles again.
  relook() {
    repaint(this.inks);
  }

  // Signs keep their size on the screen, a little larger as the map comes nearer.
  resize() {
    const scale = scaleAt(this.map, this.facts.large);
    const around = this.facts.large ? Math.min(1, 1.5 * scale) : 1;
    for (const ink of Object.values(this.inks)) ink.options.thin = around;
    for (const mark of [this.picked, ...Object.values(this.layers)].flatMap((layer) => layer.getLayers())) {
      if (mark instanceof Mark) mark.setRadius(mark.options.size * scale + around * (mark.options.outside || 0));
    }
    return scale;
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
    const hint = L.tooltip({ direction: "top", offset: [0, -8], className: "hint", opacity: 1 });
    const container = this.map.getContainer();
    this.map.on("mousemove", (event) => {
      if (this.map.dragging.moving()) return hint.remove();
      const school = this.nearest(event.containerPoint);
      const what = school ? { school: school.urn } : this.under(event.originalEvent.target, event.layerPoint);
      container.classList.toggle("on-school", Boolean(what));
      if (!what) return hint.remove();
      const [first, more] = school ? [this.hint(school), this.hintMore(school)] : this.hintUnder(what);
      hint
        .setLatLng(school ? school.at : event.latlng)
        .setContent(el("span", {}, first, more && el("small", {}, more)))
        .addTo(this.map);
    });
    this.map.on("mouseout", () => hint.remove());
    this.map.on("click", (event) => {
      const school = this.nearest(event.containerPoint);
      const what = school ? { school: school.urn } : this.under(event.originalEvent.target, event.layerPoint);
      if (what) this.open(what);
      else this.close();
    });
  }

  nearest(point) {
    let best = null;
    let least = REACH_PIXELS;
    const corners = [-1, 1].map((way) => this.map.containerPointToLatLng(point.add([way * least, -way * least])));
    const near = ([north, east]) =>
      corners[0].lat < north && north < corners[1].lat && corners[0].lng < east && east < corners[1].lng;
    for (const school of this.facts.schools) {
      if (!near(school.at) || !this.map.hasLayer(this.layerOf(school))) continue;
      const away = this.map.latLngToContainerPoint(school.at).distanceTo(point);
      if (away < least) [best, least] = [school, away];
    }
    return best;
  }

  hint(school) {
    return school.name;
  }

  // What else a hint says of a school.
  hintMore() {
    return "";
  }

  // What lies beneath the pointer besides schools: the element there, and the place on the map's layers. Most pages have
  // nothing that opens.
  under() {
    return null;
  }

  // The two lines of a hint on what lies beneath the pointer.
  hintUnder() {
    return ["", ""];
  }

  // `what` names a school, a place or another thing of the page; `from` is what had the focus, which gets it back on closing.
  open(what, from) {
    const found = this.look(what);
    if (!found) return;
    this.opener = from || this.opener;
    this.card.replaceChildren(...found.body.flat().filter(Boolean));
    this.card.hidden = false;
    this.card.scrollTop = 0;
    this.choose(found);
    if (found.key) remember(found.key);
    this.sayOpened?.(what);
    this.show(found);
    document.getElementById("card-title").focus({ preventScroll: true });
  }

  // Escape goes one step back: the card is the last to close.
  back() {
    this.close();
  }

  close() {
    if (this.card.hidden) return;
    this.card.hidden = true;
    this.choose(null);
    remember("");
    if (this.opener && this.opener.isConnected) this.opener.focus({ preventScroll: true });
    else this.map.getContainer().focus({ preventScroll: true });
    this.opener = null;
  }

  choose(found) {
    this.picked.clearLayers();
    if (found) this.mark(found);
    this.resize();
    this.labels.arrange();
  }

  mark({ at, sign = "halo", size = 5 }) {
    new Mark(at, {
      renderer: this.inks.flags,
      interactive: false,
      shape: "circle",
      className: sign,
      outside: 6,
      size,
    }).addTo(this.picked);
  }

  heading(kind, name, ...before) {
    return el(
      "div",
      { class: "card-head" },
      el("p", { class: "kind" }, kind),
      el("h2", { id: "card-title", tabindex: "-1" }, ...before, name),
      el("button", { type: "button", class: "close", "aria-label": phrase("Close"), click: () => this.close() }, "×"),
    );
  }

  schoolLink(school) {
    return el("button", { type: "button", class: "link", click: () => this.open({ school: school.urn }) }, school.name);
  }

  // Bring what was opened into the part of the map that the card leaves free.
  show(found) {
    this.bringIntoView(found);
    const stage = this.map.getContainer().closest(".stage");
    if (stage.getBoundingClientRect().top < 0 || !this.covered()) {
      stage.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    }
  }

  bringIntoView({ at, bounds }) {
    const nearer = this.firstZoom + 2.5;
    if (bounds) this.fit(bounds, nearer);
    else this.fit(L.latLng(at).toBounds(9000), Math.max(this.map.getZoom(), nearer));
  }

  fit(bounds, maxZoom) {
    const right = this.covered() + 40;
    this.map.fitBounds(bounds, { paddingTopLeft: [40, 40], paddingBottomRight: [right, 40], maxZoom, animate: !calm });
  }

  // How many pixels of the map, from its right edge, lie under the card.
  covered() {
    return getComputedStyle(this.card).position === "absolute" ? this.card.offsetWidth : 0;
  }

  openHash() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const [school, way] = ["school", "way"].map((key) => wanted.get(key));
    const [partnership, plan] = ["partnership", "plan"].map((key) => Number(wanted.get(key)));
    this.open({ school, partnership, way, plan });
  }
}

// The address names what is open, so that it can be sent on. A page inside a notebook has no address of its own.
export function remember(key) {
  if (location.protocol !== "about:") history.replaceState(null, "", `#${key}`);
}
