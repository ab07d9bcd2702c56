"""Plans to keep in a project file."""

from __future__ import annotations

from pathlib import Path

from partition.maps.atlas import draw_atlas
from partition.maps.page import write_map
from partition.plans.account import Account
from partition.plans.judge import judge
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.storage.plan_file import write_plan
from partition.storage.project_file import MAP, PLAN, Project


def judged(scenario: Path) -> tuple[Case, Account]:
    case = load(read_scenario(scenario))
    labels = {urn: group.name for group in case.problem.area.existing for urn in group.urns}
    return case, judge(case.problem, labels)


def keep_written(scenario: Path) -> Project:
    """Today's groups of a scenario as a kept plan, with the plan file and the map that stand beside it then."""
    folder, (case, account) = scenario.parent, judged(scenario)
    write_plan(case, account, folder / PLAN)
    write_map(draw_atlas(case, account), folder / MAP)
    content = {name: (folder / name).read_bytes() for name in (PLAN, MAP)}
    project = Project(folder / "project.gpkg")
    project.keep(case, account, content, scenario=scenario.read_text(encoding="utf-8"), note="", internal=False)
    return project


def keep(project: Project, case: Case, account: Account, content: bytes, note: str = "") -> int:
    return project.keep(case, account, {PLAN: content, MAP: content[::-1]}, scenario="[data]\n", note=note)
