"""What a worker is asked to do, and what every piece of work begins with: its project, and its case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partition.scenario.case import Case
    from partition.settings.scenario import Scenario
    from partition.storage.project_file import Project

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done, for which project."""

    what: str  # a key of TASKS
    project: str
    scenario: str = ""
    asked: int | None = None  # the number under which the project notes it
    name: str = ""
    note: str = ""
    internal: bool = False
    plan: int | None = None  # the kept plan that it is about
    page: str = ""  # where it is shown, if it has a page of its own
    given: Mapping[str, Any] = field(default_factory=dict)  # what else was said, as JSON holds it


def project_of(order: Order) -> Project:
    from partition.storage.project_file import Project

    return Project(order.project)


def note_end(order: Order, words: str) -> None:
    if order.asked is not None:
        project_of(order).end(order.asked, words)


def scenario_of(order: Order, tell: Tell) -> Scenario:
    """The order's scenario, which may name files within the project's folder only; tells that they are read now."""
    from partition.scenario.read import read_within

    scenario = read_within(order.scenario, Path(order.project).parent)
    tell("doing", words="reading the data and working out the minutes")
    return scenario


def load_case(order: Order, tell: Tell) -> Case:
    """The case of the order's scenario."""
    scenario = scenario_of(order, tell)
    from partition.scenario.case import load

    return load(scenario)
