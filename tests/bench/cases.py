"""What is measured, and what others reached on the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

SHARED_DATA = Path(__file__).parents[2].parent / "shared" / "data"
REGISTER, LOOSE_COUNTY = "gias_lincolnshire_2025-07.csv", "county250.csv"
OSBOURNBY = "data.pupils.151275=61"  # the one school without a count
ALIKE = "rules.headship_is_partnership_from=off"  # federations are grouped as other heads are, whatever the sizes
WITHOUT_OSBOURNBY = "data.missing_pupils=leave out"

MARKS_SECONDS = (5, 15, 60, 120)  # when cost, bound and gap of the loose counties are told
GAPS = (0.01, 0.003)  # how long it takes to these is told as the sample county grows

# What the prototype's design table was measured with: each school alone, other minutes, no prices but travel.
PROTOTYPE = (
    "travel.crow_minutes={start=2.6, per_km=1.22}",
    "preferences.meetings_per_year=1",
    "preferences.minutes_per_link=0",
    "preferences.minutes_per_separation=0",
)
ALONE = (*PROTOTYPE, WITHOUT_OSBOURNBY, "data.headships=off")
# The loose county's question, of a table of id, x, y, pupils: least sum of km over all pairs in a group.
LOOSE = (
    "data.columns={urn='id', name='id', easting='x', northing='y', pupils='pupils'}",
    "rules.school_pupils_max=off",
    "rules.heads_min=4",
    "rules.heads_max=8",
    "rules.pupils_min=300",
    "rules.pupils_max=900",
    "rules.km_max=20",
    "rules.minutes_max=off",
    "preferences.meet=pairs",
    "preferences.measure=km",
    "preferences.meetings_per_year=1",
    "preferences.minutes_per_link=0",
    "preferences.minutes_per_separation=0",
)


@dataclass(frozen=True, slots=True)
class BenchCase:
    """One thing to measure. `file` is a real one beside the project; without, the sample county of `size` schools, or
    with a `seed` a loose county of so many that `counties.py` makes.

    `published` are others' figures for the same question, as their authors gave them.
    """

    name: str
    settings: tuple[str, ...] = ()
    file: str | None = None
    size: int = 280
    seed: int | None = None
    does: Literal["solve", "judge", "map", "command"] = "solve"
    published: str = ""
    seconds: float = 60  # that a search may take


def rules(heads_min: int, heads_max: int, minutes_max: float) -> tuple[str, ...]:
    return (f"rules.heads_min={heads_min}", f"rules.heads_max={heads_max}", f"rules.minutes_max={minutes_max}")


def lincolnshire(name: str, *settings: str, published: str = "") -> BenchCase:
    return BenchCase(f"Lincolnshire, {name}", (OSBOURNBY, ALIKE, *settings), REGISTER, published=published)


def prototype(name: str, *settings: str, published: str) -> BenchCase:
    return BenchCase(f"163 schools alone, {name}", (*ALONE, *settings), REGISTER, published=published)


PAIRS, HOST = "preferences.meet=pairs", "preferences.meet=host"


def grid() -> Iterator[BenchCase]:
    """Lincolnshire by heads, drive, pupils and how heads meet."""
    for heads, minutes, meet in product(((3, 6), (4, 7), (5, 10), (8, 14)), (20, 30, 35), ("rotate", "host", "pairs")):
        settings = (*rules(*heads, minutes), f"preferences.meet={meet}")
        yield lincolnshire(f"grid {heads[0]}-{heads[1]} heads, {minutes} min, {meet}", *settings)
    for heads, pupils, meet in product(((3, 6), (4, 7)), (200, 500), ("rotate", "host", "pairs")):
        settings = (*rules(*heads, 25), f"rules.pupils_max={pupils}", f"preferences.meet={meet}")
        yield lincolnshire(f"grid {heads[0]}-{heads[1]} heads, 25 min, {pupils} pupils, {meet}", *settings)


COUNTY250, SAMPLE = "county250, pairs in km", "sample county, default"
# Five more of the kind, by number of schools and seed; and the sample county as it grows, by its small schools.
COUNTIES = tuple(
    BenchCase(f"loose county of {size}, seed {seed}", LOOSE, size=size, seed=seed, seconds=120)
    for seed, size in enumerate((150, 200, 300, 400, 500), 1)
)
GROWTH = tuple(
    BenchCase(f"{small:,} small schools in one model", size=size, seconds=seconds)
    for small, size, seconds in (
        (250, 430, 60),
        (500, 850, 60),
        (1_000, 1_700, 300),
        (2_500, 4_200, 600),
        (6_000, 10_000, 900),
    )
)

CASES = (
    BenchCase(SAMPLE),
    BenchCase("sample county of 1,000", size=1000),
    lincolnshire("default"),
    lincolnshire("3-8 heads, 25 min", *rules(3, 8, 25)),
    lincolnshire("2-6 heads, 200 pupils", "rules.heads_min=2", "rules.heads_max=6", "rules.pupils_max=200"),
    lincolnshire("5-10 heads, 30 min", *rules(5, 10, 30)),
    lincolnshire("pairs", PAIRS),
    lincolnshire("host", HOST),
    prototype("3-8, 25 min", *rules(3, 8, 25), published="prototype: 1,946.9 proven, 2.2 s"),
    prototype(
        "3-8, 30 min, 500 pupils",
        *rules(3, 8, 30),
        "rules.pupils_max=500",
        published="prototype: 1,979.6 proven, 6.3 s",
    ),
    prototype("5-10, 30 min", *rules(5, 10, 30), published="prototype: 2,830.7 proven, 3.6 s"),
    prototype("pairs, 3-8, 25 min", *rules(3, 8, 25), PAIRS, published="prototype: 1,474.2 proven, 11 s"),
    prototype(
        "pairs, 4-8, 25 min",
        *rules(4, 8, 25),
        PAIRS,
        published="prototype: 2,515.9, bound 2,448.7, gap 2.7 %, 41 s",
    ),
    BenchCase(
        COUNTY250,
        LOOSE,
        LOOSE_COUNTY,
        seconds=120,
        published=(
            "in 100 s: CP-SAT 3,140.9 (bound 1,522.7); GerryChain 3,247.2; spopt max-p 3,632.5 (2 too wide); k-means "
            "2,386.7 (4 break limits); annealer 2,086.8. Prototype: 1,864.0 in 76 s, 1,844.53 proven in 317 s"
        ),
    ),
    *COUNTIES,
    *GROWTH,
    *grid(),
    BenchCase("sample county, today's groups judged", does="judge"),
    BenchCase("sample county, map written", does="map"),
    BenchCase("sample county, file to map", does="command"),
    BenchCase("Lincolnshire, file to map", (OSBOURNBY,), REGISTER, does="command"),
)
