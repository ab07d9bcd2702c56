"""A kept plan as its page shows it: read straight from the plan file's own tables, with no heavy library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from geodata.urns import Urn, urns_of
from partition.formats.plan_tables import read_plan_file
from partition.storage.project_file import PLAN

KEPT_FROM = ("approved", "heads of agreement signed", "active")  # as partition.scenario.earlier, which loads too much


@dataclass(frozen=True, slots=True)
class PlanTables:
    """What a plan's page shows, read straight from the plan file's own tables."""

    run: Mapping[str, Any]
    partnerships: Sequence[Mapping[str, Any]]
    schools: Sequence[Mapping[str, Any]]
    decisions: Sequence[Mapping[str, Any]]  # how far partnerships have come, in the order of their days

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
    shown = file.tables.keys() & {"partnerships", "schools", "stages"}
    rows = {layer: [_with_urns(row) for row in file.tables[layer].dicts()] for layer in shown}
    run = file.run()
    return PlanTables(
        run=run | {"unplaced": list(urns_of(run["unplaced"]))},
        partnerships=sorted(rows["partnerships"], key=itemgetter("number")),
        schools=sorted(rows["schools"], key=itemgetter("urn")),
        decisions=sorted(rows.get("stages", ()), key=itemgetter("day")),
    )


def _with_urns(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its URNs in their order: older plans hold numbers."""
    return row | {name: Urn(row[name]) for name in ("urn", "venue_urn") if row.get(name) is not None}
