"""Plans to keep in a project file."""

from __future__ import annotations

from pathlib import Path

from partition.plans.account import Account
from partition.plans.judge import judge
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.storage.project_file import MAP, PLAN, Project


def judged(scenario: Path) -> tuple[Case, Account]:
    case = load(read_scenario(scenario))
    labels = {urn: group.name for group in case.problem.area.existing for urn in group.urns}
    return case, judge(case.problem, labels)


def keep(project: Project, case: Case, account: Account, content: bytes, note: str = "") -> int:
    return project.keep(case, account, {PLAN: content, MAP: content[::-1]}, scenario="[data]\n", note=note)
