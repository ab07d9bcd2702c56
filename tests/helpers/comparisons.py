"""Made-up comparisons for the tests: three plans of one town, small enough to check by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from town import write_town

from partition.maps.compare import draw_comparison, write_comparison
from partition.plans.judge import judge
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.scheme.stages import Decision, Log
from partition.studies.comparison.compare import Comparison, Option

# Ten schools along a road; the last is larger. 1 2 3 | 4 5 6 | 7 8 9
FIRST = {"West": (1, 2, 3), "Middle": (4, 5, 6), "East": (7, 8, 9)}
# 3 goes over to 4 5 6, of which 6 leaves; 7 8 9 stay as they are
SECOND = {"West": (1, 2), "Middle": (3, 4, 5), "East": (7, 8, 9)}
# all but 9 in two, so that one ends
THIRD = {"West": (1, 2, 3, 4), "East": (5, 6, 7, 8)}
NAMES = ["Ten", "Twenty", "Thirty"]


def town_case(folder: Path, names: Sequence[str] | None = None) -> Case:
    kilometres = (0, 3, 6, 12, 15, 18, 24, 27, 30, 14)
    links = "900001,900002,1 900003,900004,1 900005,900006,1"
    pupils = [60] * 9 + [400]
    settings = "[rules]\nheads_min = 2\nminutes_max = 40\n"
    path = write_town(folder, *kilometres, pupils=pupils, names=names, links=links, settings=settings)
    return load(read_scenario(path))


def compared(case: Case, *plans: dict[str, tuple[int, ...]], names: Sequence[str] = NAMES) -> Comparison:
    """These groups (schools by their last digit), each judged."""
    accounts = [
        judge(case.problem, {900_000 + urn: name for name, urns in groups.items() for urn in urns}) for groups in plans
    ]
    options = [
        Option(letter=letter, name=name, account=account)
        for letter, name, account in zip("ABC", names, accounts, strict=False)
    ]
    return Comparison(options)


def log_at(stages: Mapping[int, str]) -> Log:
    """The log of decisions that brings partnerships, by number, to these stages."""
    return Log(Decision(partnership=n, stage=stage, day="2027-01-01") for n, stage in stages.items())  # type: ignore[arg-type]


def write_town_comparison(
    folder: Path,
    *plans: dict[str, tuple[int, ...]],
    internal: bool = False,
    names: Sequence[str] = NAMES,
    schools: Sequence[str] | None = None,
    stages: Sequence[Mapping[int, str]] | None = None,
) -> Path:
    """The page of these plans."""
    folder.mkdir(exist_ok=True)
    case = town_case(folder / "town", schools)
    comparison = compared(case, *plans, names=names)
    logs = [log_at(of_plan) for of_plan in stages or [{} for _ in plans]]
    atlas = draw_comparison(comparison, [case] * len(plans), internal=internal, logs=logs)
    write_comparison(comparison, atlas, folder / "compare.html")
    return folder / "compare.html"
