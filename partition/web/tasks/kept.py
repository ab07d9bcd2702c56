"""A kept plan over its data again, which every study of it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.faults import BadData, Fault
from partition.web.tasks.order import Order, Tell, project_of, scenario_of

if TYPE_CHECKING:
    from partition.actions.plan_over_data import PlanOverData
    from partition.storage.project_file import Kept, Project


@dataclass(frozen=True)
class Study:
    """A kept plan as its study sees it: what was kept, and the plan over its data read again."""

    project: Project
    kept: Kept
    over: PlanOverData

    def keep_files(self, files: Mapping[str, bytes], *, instead_of: str = "") -> None:
        """Keep what the study wrote beside the plan, in place of what an earlier one did in the folder `instead_of`."""
        self.project.add_files(self.kept.id, files, instead_of=instead_of)


def kept_plan(project: Project, number: int | None) -> Kept:
    """A plan by its number. Raises BadData where it was removed."""
    kept = None if number is None else project.plan(number)
    if kept is None:
        raise BadData([Fault(file="project", value=number or "", fix="there is no such plan any more")])
    return kept


def plan_bytes(project: Project, kept: Kept) -> bytes:
    """A kept plan's own file; nothing where it is gone, which whoever reads it refuses."""
    from partition.storage.project_file import PLAN

    return project.file(kept.id, PLAN) or b""


def files_in(folder: Path, where: str) -> dict[str, bytes]:
    """Every file in a folder, by the name under which a project keeps it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"{where}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}


def study_of(order: Order, tell: Tell, *, searched: bool = True) -> Study:
    """The plan `order.plan` over its data. Raises BadData where they do not agree any more.

    With `searched`, so too where it is groups that were judged, which no search stands behind.
    """
    project = project_of(order)
    kept = kept_plan(project, order.plan)
    scenario = scenario_of(replace(order, scenario=kept.scenario), tell)
    from partition.actions.plan_over_data import Disagreement, PlanOverData

    try:
        over = PlanOverData.open(plan_bytes(project, kept), scenario, searched=searched)
    except Disagreement as wrong:  # told of the plan as people know it
        raise BadData([replace(fault, file=kept.name) for fault in wrong.faults]) from None
    return Study(project, kept, over)
