"""Little towns that can be checked by hand, and every plan of them."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from geodata.matrix import Matrix
from partition.model.area import Area, Existing, Link
from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.roster import Group


def read_minutes(table: str) -> tuple[list[int], list[list[float]]]:
    """URNs and minutes from a table whose first line is `to` and the URNs; `-` is no road."""
    heading, *rows = [line.split() for line in table.strip().splitlines()]
    urns = [int(urn) for urn in heading[1:]]
    minutes = [[-1.0 if cell == "-" else float(cell) for cell in row[1:]] for row in rows]
    return urns, minutes


def town(
    minutes: str | Sequence[Sequence[float]],
    *,
    pupils: Sequence[int] | int = 100,
    km_per_minute: float | None = 1.0,
    heads: Mapping[int, str] | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    links: Sequence[Link] = (),
    today: Mapping[str, Sequence[int]] | None = None,
    bases: Sequence[int] = (),
) -> Area:
    """Schools 1, 2, 3 ... (or as the table's heading says) with these minutes between them."""
    if isinstance(minutes, str):
        urns, table = read_minutes(minutes)
    else:
        urns, table = list(range(1, len(minutes) + 1)), [list(row) for row in minutes]
    count = len(urns)
    centiminutes = np.array([[-1 if m < 0 else round(m * 100) for m in row] for row in table], dtype=np.int32)
    metres = None
    if km_per_minute is not None:
        metres = np.where(centiminutes < 0, -1, centiminutes * km_per_minute * 10).astype(np.int32)
    return Area(
        urns=np.array(urns, dtype=np.int64),
        names=tuple(f"School {urn}" for urn in urns),
        pupils=np.array([pupils] * count if isinstance(pupils, int) else pupils, dtype=np.int64),
        eastings=np.arange(count, dtype=np.int64) * 1000 + 600_000,
        northings=np.full(count, 300_000, dtype=np.int64),
        travel=Matrix(urns, centiminutes.reshape(count, count), metres, words="as given"),
        headship_of=heads or {},
        columns={heading: tuple(values) for heading, values in (columns or {}).items()},
        links=tuple(links),
        existing=tuple(Existing(name=name, urns=tuple(urns)) for name, urns in (today or {}).items()),
        bases=frozenset(bases),
    )


def line(*positions: float) -> list[list[float]]:
    """Schools along one road, so many minutes from its end."""
    return [[abs(a - b) for b in positions] for a in positions]


def broken(problem: Problem, *groups: Sequence[int]) -> list[str]:
    """The settings that a plan of these groups breaks, each once, in order."""
    return list(dict.fromkeys(breach.rule for breach in check(problem, problem.plan(groups))))


def partitions(items: Sequence[int]) -> Iterator[list[list[int]]]:
    """Every way to part items into groups, each once."""
    if not items:
        yield []
        return
    first, *rest = items
    for smaller in partitions(rest):
        yield [[first], *smaller]
        for n, group in enumerate(smaller):
            yield [*smaller[:n], [first, *group], *smaller[n + 1 :]]


def every_plan(problem: Problem) -> Iterator[tuple[Plan, int, Cost]]:
    """Every plan that breaks no rule, with its small schools unplaced and its cost; by trying them all."""
    roster = problem.roster
    alone = [problem.tariff.alone(headship) for headship in range(len(roster))]
    seen: dict[tuple[int, ...], tuple[Group, Cost | None]] = {}

    def judged(members: tuple[int, ...]) -> tuple[Group, Cost | None]:
        """The group and its cost, once for all plans it is in: None where it breaks a rule."""
        if members not in seen:
            group = roster.group(members)
            seen[members] = group, None if any(problem.breaches(group)) else problem.tariff.cost(group)
        return seen[members]

    for parts in partitions(range(len(roster))):
        together = [judged(tuple(sorted(part))) for part in parts if len(part) > 1 or part[0] in roster.already]
        costs = [cost for _, cost in together if cost is not None]
        groups = [group for group, _ in together]
        if len(costs) < len(groups) or any(
            breach for rule in problem.rules for breach in rule.plan_breaches(roster, groups)
        ):
            continue
        plan = problem.plan([group.urns for group in groups])
        costs += [alone[headship] for headship in problem.alone(plan)]
        yield plan, len(problem.unplaced(plan)), sum(costs, Cost())


# The same on paper: files that the command reads ------------------------------------------------------------


def write_town(
    folder: Path,
    *positions: float,
    pupils: Sequence[int] | int = 100,
    columns: Mapping[str, Sequence[object]] | None = None,
    names: Sequence[str] | None = None,
    links: str = "",
    today: Mapping[str, Sequence[int]] | None = None,
    settings: str = "",
) -> Path:
    """Schools 900001, 900002 ... so many km along a road, at a minute a km; the scenario's path.

    `links` holds lines of urn_a,urn_b,weight. `settings` is TOML after [data]'s own keys, so may go on with them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = len(positions)
    urns = [900_001 + n for n in range(count)]
    rows: dict[str, Sequence[object]] = {
        "urn": urns,
        "name": names or [f"School {urn}" for urn in urns],
        "easting": [500_000 + round(km * 1000) for km in positions],
        "northing": [350_000] * count,
        "pupils": [pupils] * count if isinstance(pupils, int) else pupils,
        **(columns or {}),
    }
    write_csv(folder / "schools.csv", list(rows), zip(*rows.values(), strict=True))
    data = ['schools = "schools.csv"']
    if links:
        write_csv(folder / "links.csv", ["urn_a", "urn_b", "weight"], [row.split(",") for row in links.split()])
        data.append('links = "links.csv"')
    if today is not None:
        groups = [(urn, name) for name, urns in today.items() for urn in urns]
        write_csv(folder / "today.csv", ["urn", "partnership"], groups)
        data.append('existing = "today.csv"')
    path = folder / "town.toml"
    tables = "" if "[travel]" in settings else "\n[travel]\ncrow_minutes = {start = 0, per_km = 1}\n"
    tables += "" if "[map]" in settings else "\n[map]\nworld = false\n"  # made up
    path.write_text("[data]\n" + "\n".join(data) + "\n" + settings + tables, encoding="utf-8")
    return path


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Iterable[object]]) -> Path:
    """A table as a spreadsheet would save it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def alter(path: Path, *statements: str) -> None:
    """Alter a GeoPackage behind its back. Its triggers ask for functions that only GDAL brings."""
    with closing(sqlite3.connect(path)) as file, file:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            file.create_function(name, 1, lambda _: 0)
        for statement in statements:
            assert file.execute(statement).rowcount > 0, "nothing was altered"
