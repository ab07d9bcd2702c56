// The page of minutes from one school: the ground in bands, and each school by its own minutes.

import { Mark, polygons } from "./canvas.js";
import { el } from "./elements.js";
import { nameGround } from "./labels.js";
import { searchable } from "./search.js";
import { View } from "./view.js";
import { minutes } from "./words.js";

export class BandsView extends View {
  constructor(id, facts) {
    super(id, facts, ["bands", "reached", "beyond", "origin"]);
    this.origin = this.schools.get(facts.origin);
    this.map.getContainer().classList.add("has-bands");
    this.layers.origin.addTo(this.map);
    for (const band of [...facts.bands].reverse()) {
      // each holds all that is nearer, so the nearest comes last
      L.polygon(polygons(band.area), {
        renderer: this.inks.areas,
        interactive: false,
        className: `band shade-${band.shade}`,
        smoothFactor: 0.4,
      }).addTo(this.layers.bands);
    }
    for (const school of facts.schools) this.sign(school).addTo(this.layerOf(school));
  }

  sign(school) {
    const look = { renderer: this.inks.schools, interactive: false, size: 5 };
    if (school === this.origin) {
      return new Mark(school.at, {
        ...look,
        renderer: this.inks.flags,
        shape: "star",
        className: "mark origin",
        size: 7,
      });
    }
    if (school.shade === null) {
      return new Mark(school.at, { ...look, shape: "diamond", className: "mark beyond", size: 3.5 });
    }
    return new Mark(school.at, { ...look, shape: "circle", className: `mark reached shade-${school.shade}` });
  }

  layerOf(school) {
    return this.layers[school === this.origin ? "origin" : school.shade === null ? "beyond" : "reached"];
  }

  told(school) {
    return school === this.origin
      ? "Minutes are counted from here"
      : school.minutes === null
        ? "Not reached"
        : minutes(school.minutes);
  }

  hint(school) {
    return `${this.told(school)}: ${school.name}`;
  }

  look({ school: urn, place, at }) {
    const school = this.schools.get(urn);
    if (!school) return at && { at, sign: "hub", body: [this.heading("Place", place)] };
    const from = school === this.origin ? null : this.origin;
    return {
      school,
      at: school.at,
      key: `school=${encodeURIComponent(urn)}`,
      bounds: from && L.latLngBounds([school.at, from.at]),
      body: [
        this.heading(from ? "School" : "Minutes are counted from", school.name),
        el("p", { class: "facts" }, `${this.facts.identifier} ${school.urn}`),
        from && [el("p", { class: "reached" }, this.told(school)), el("p", {}, "from ", this.schoolLink(from))],
      ],
    };
  }

  choose(found) {
    this.pick = found?.school;
    super.choose(found);
  }

  name(labels) {
    const { facts, map, layers } = this;
    const shown = (layer) => map.hasLayer(layer);
    const pixels = (metres, at, zoom) =>
      (metres * map.options.crs.scale(zoom)) / (40_075_017 * Math.cos((at[0] * Math.PI) / 180));
    for (const [nearest, band] of facts.bands.map((one, i) => [i === 0, one])) {
      band.labels.forEach(([north, east, room], i) => {
        const roomy = (zoom, width) => 2 * pixels(room, [north, east], zoom) > width;
        labels.add(
          "band",
          band.words,
          [north, east],
          () => 2 + i,
          (zoom, width) => shown(layers.bands) && ((!i && !nearest) || roomy(zoom, width)),
        );
      });
    }
    nameGround(this, labels);
    labels.add(
      "origin",
      this.origin.name,
      this.origin.at,
      () => 1,
      () => true,
    );
    for (const school of facts.schools) {
      if (school === this.origin) continue;
      const near = (zoom) => zoom >= this.firstZoom + 2 || school === this.pick;
      labels.add(
        "reached",
        this.hint(school),
        school.at,
        () => (school === this.pick ? 0 : 5),
        (zoom) => shown(this.layerOf(school)) && near(zoom),
      );
      if (school.minutes === null) continue;
      labels.add(
        "reached",
        String(Math.round(school.minutes)),
        school.at,
        () => 4,
        (zoom) => shown(this.layerOf(school)) && !near(zoom),
      );
    }
  }

  searchables() {
    return [
      ...this.facts.places.map(([name, at]) => searchable(name, ["place"], name, { place: name, at })),
      ...this.facts.schools.map((school) =>
        searchable(school.name, [this.told(school).toLowerCase()], `${school.name} ${school.urn}`, {
          school: school.urn,
        }),
      ),
    ];
  }
}
