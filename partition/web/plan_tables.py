"""A kept plan as its page shows it: read straight from the plan file's own tables, with no heavy library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from geodata.identifier import IdentifierWords
from geodata.urns import Urn, urns_of
from partition.formats.plan_layout import identifier_of
from partition.formats.plan_tables import read_plan_file
from partition.storage.project_file import PLAN

KEPT_FROM = ("approved", "heads of agreement signed", "active")  # as partition.scenario.earlier, which loads too much
PRICES = {  # what a plan is priced at in all, term by term
    "travel": "heads’ travel",
    "links": "working links broken",
    "change": "heads parted",
    "balance": "uneven sizes",
    "likeness": "unlike heads",
    "lacks": "lacks",
    "wishes": "wishes not met",
    "fairness": "uneven travel",
}


@dataclass(frozen=True, slots=True)
class PlanTables:
    """What a plan's page shows, read straight from the plan file's own tables."""

    run: Mapping[str, Any]
    partnerships: Sequence[Mapping[str, Any]]
    schools: Sequence[Mapping[str, Any]]
    decisions: Sequence[Mapping[str, Any]]  # how far partnerships have come, in the order of their days
    travel: Mapping[int, int]  # of each partnership, in thousandths of the plan's unit a year

    @property
    def left(self) -> frozenset[int]:
        """The partnerships that have come to an end: they are in no count and no sum."""
        return frozenset(number for number, stage in self.stages.items() if stage == "left")

    @property
    def figures(self) -> dict[str, Any]:
        """What the plan comes to, of the partnerships that have not left: the same as in its papers."""
        present = [item for item in self.partnerships if item["number"] not in self.left]
        roles = [school["role"] for school in self.schools if school["partnership"] not in self.left]
        federations = {school["partnership"] for school in self.schools if school["role"] == "federation"} - self.left
        worst = [item["worst_minutes"] for item in present if item["worst_minutes"] is not None]
        costs = self.run["cost"]
        return {
            "partnerships": len(present) - len(federations),
            "federations": len(federations),
            "placed": roles.count("placed") + roles.count("federation"),
            "associates": roles.count("associate"),
            "travel": sum(self.travel[item["number"]] for item in present),
            "longest": max(worst, default=None),
            "priced": None if self.left else self.run["cost"]["total"],
            "prices": [(words, costs[name]) for name, words in PRICES.items() if costs.get(name)],
            "left": [f"{item['number']} {item['name']}" for item in self.partnerships if item["number"] in self.left],
        }

    @property
    def identifier(self) -> IdentifierWords:
        """What people call the schools' identifiers."""
        return identifier_of(self.run)

    @property
    def stages(self) -> dict[int, str]:
        """Where each partnership stands on which anything is decided."""
        return {row["partnership"]: row["stage"] for row in self.decisions}

    @property
    def approved(self) -> list[Mapping[str, Any]]:
        """The partnerships that the next plan keeps as they are, because they are approved or further."""
        return [item for item in self.partnerships if self.stages.get(item["number"]) in KEPT_FROM]


def plan_tables(content: bytes) -> PlanTables:
    """A plan file's tables from its bytes, without its shapes, and quick. Raises BadData where it is none."""
    file = read_plan_file(content, PLAN)
    shown = file.tables.keys() & {"partnerships", "schools", "stages", "costs"}
    rows = {layer: [_with_urns(row) for row in file.tables[layer].dicts()] for layer in shown}
    run = file.run()
    return PlanTables(
        run=run | {"unplaced": list(urns_of(run["unplaced"]))},
        partnerships=sorted(rows["partnerships"], key=itemgetter("number")),
        schools=sorted(rows["schools"], key=itemgetter("urn")),
        decisions=sorted(rows.get("stages", ()), key=itemgetter("day")),
        travel={int(row["which"]): row["travel"] for row in rows["costs"] if row["what"] == "partnership"},
    )


def _with_urns(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its URNs in their order: older plans hold numbers."""
    return row | {name: Urn(row[name]) for name in ("urn", "venue_urn") if row.get(name) is not None}
