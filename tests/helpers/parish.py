"""A parish of a few schools with a plan by hand: what the tests of the scheme's parts ask about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from town import write_csv, write_town

from geodata.urns import Urn
from partition.plans.account import Account
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.scheme import Scheme, scheme_of
from partition.scheme.stages import Log

FIRST = 900_001


def urns(*numbers: int) -> list[Urn]:
    """School 1 is 900001."""
    return [Urn(FIRST - 1 + number) for number in numbers]


def case_of(folder: Path, positions: Sequence[float], settings: str = "", pupils: Sequence[int] | int = 100) -> Case:
    """Schools so many km, which are minutes, along a road; rules that let any groups be."""
    free = "[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\n" if "[rules]" not in settings else ""
    return load(read_scenario(write_town(folder, *positions, pupils=pupils, settings="\n" + free + settings)))


def account_of(case: Case, *groups: Sequence[int]) -> Account:
    """The plan of these groups of school numbers."""
    return Account(case.problem, case.problem.plan([urns(*group) for group in groups]))


def scheme(case: Case, *groups: Sequence[int], log: Log | None = None) -> Scheme:
    """The scheme around that plan."""
    return scheme_of(case, account_of(case, *groups), log)


def table(folder: Path, name: str, headings: str, rows: Iterable[Iterable[object]]) -> Path:
    """A file of the scheme's."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_csv(folder / name, headings.split(), rows)


def advisers(folder: Path, *desks: Sequence[object], more: str = "") -> Path:
    """Desks as (name, km along the road, caseload ...)."""
    rows = [(name, "County Hall", 500_000 + round(km * 1000), 350_000, *rest) for name, km, *rest in desks]
    return table(folder, "advisers.csv", f"adviser office easting northing {more}", rows)
