"""The earlier plan that a scenario names as what exists today: its partnerships, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from geodata.parts import file_and_part
from geodata.successors import Now
from geodata.urns import Urn
from partition.formats.plan_tables import PlanFile, plan_file_if_any
from partition.settings.scheme import STAGES, Stage

DECIDED_FROM: Stage = "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierPartnership:
    """A partnership of the earlier plan, with its schools under their identifiers of today."""

    number: int
    name: str
    key: str  # "" in plans of a time before partnerships had keys
    urns: tuple[Urn, ...]
    stage: Stage

    @property
    def label(self) -> str:
        """What it is called among today's partnerships: its number and name."""
        return f"{self.number} {self.name}"

    @property
    def is_decided(self) -> bool:
        """Whether it was approved, and has not left: then the next plan keeps it."""
        return self.stage != "left" and STAGES.index(self.stage) >= STAGES.index(DECIDED_FROM)

    def is_called(self, words: str) -> bool:
        """Return whether people mean this partnership: by its number, its name, or both."""
        return words.strip().casefold() in {str(self.number), self.name.casefold(), self.label.casefold()}


Earlier = tuple[EarlierPartnership, ...]


def read_earlier(existing: object, now: Now = str) -> Earlier:
    """Return the partnerships of the plan file in `data.existing`, by number; none where it names no plan.

    `now` gives what a school of an earlier year goes by today. Raises BadData for a malformed plan.
    """
    file = plan_file_if_any(file_and_part(existing)[0]) if isinstance(existing, str) else None
    return () if file is None else earlier_of(file, now)


def earlier_of(file: PlanFile, now: Now = str) -> Earlier:
    """Return the partnerships of a plan file, by number."""
    urns: dict[int, list[Urn]] = {}
    for school in file.tables["schools"].dicts():
        if school["partnership"] is not None:
            urns.setdefault(school["partnership"], []).append(Urn(now(str(school["urn"]))))
    stages: dict[int, Stage] = {}
    decisions = file.tables["stages"].dicts() if "stages" in file.tables else []
    for one in sorted(decisions, key=lambda one: one["day"]):  # the last of a day is the one written last
        if one["stage"] in get_args(Stage):
            stages[one["partnership"]] = one["stage"]
    rows = sorted(file.tables["partnerships"].dicts(), key=lambda row: row["number"])
    return tuple(
        EarlierPartnership(
            number=row["number"],
            name=row["name"],
            key=row.get("key") or "",
            urns=tuple(sorted(set(urns.get(row["number"], ())))),
            stage=stages.get(row["number"], "proposed"),
        )
        for row in rows
    )
