// The page of alternatives: the first plan's map, with what all the plans share and what none of them is sure of.

import { Mark, polygons } from "./canvas.js";
import { el, listOf } from "./elements.js";
import { LAYERS, PlanView } from "./plan.js";
import { size } from "./signs.js";

export class AlternativesView extends PlanView {
  constructor(id, facts) {
    super(id, facts, [...LAYERS, "core", "toss-up"]);
  }

  draw() {
    super.draw();
    const { facts, inks, layers, schools } = this;
    for (const area of facts.core) {
      L.polygon(polygons(area), { renderer: inks.today, interactive: false, className: "lasso core" }).addTo(
        layers.core,
      );
    }
    for (const [urn, [kind]] of Object.entries(facts.firmness)) {
      const school = schools.get(urn);
      if (kind !== "toss-up" || !school) continue;
      new Mark(school.at, {
        renderer: inks.flags,
        interactive: false,
        shape: "square",
        className: "flag toss-up",
        outside: 6,
        size: size(school.pupils),
      }).addTo(layers["toss-up"]);
    }
  }

  look(what) {
    const found = super.look(what);
    const told = found?.school && this.facts.firmness[found.school.urn];
    return told ? { ...found, body: [...found.body, this.told(...told)] } : found;
  }

  // How firm a school's place is, and whom it is with where that is not as in the first plan.
  told(kind, others) {
    const [name, words] = this.facts.kinds[kind];
    const links = (urns) => urns.flatMap((urn, i) => [i ? "; " : "with ", this.schoolLink(this.schools.get(urn))]);
    const lines = others?.map(([letters, urns]) => [`${letters}: `, urns.length ? links(urns) : "in no partnership"]);
    return el(
      "div",
      {},
      el("h3", {}, "In the other options"),
      el("p", {}, `${name}: ${words}.`),
      lines && listOf(lines, "reasons"),
    );
  }
}
