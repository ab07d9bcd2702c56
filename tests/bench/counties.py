"""Counties to measure on, made from a size and a seed.

A loose county is a table of id, x, y, pupils, as in county250.csv.

A settlement stands somewhere in a square with room for 26 km2 a school, as there; it has as many schools as its rank
allows (the largest a tenth of them all, the next half of that, a third ...; most are villages with one), about 1.5 km
apart, drawn around its middle. Rolls are those that the sample county's small schools have.
"""

from __future__ import annotations

import csv
import re
from math import sqrt
from pathlib import Path

import numpy as np

from partition.sample import make_county, write_county
from partition.sample.schools import ROLLS, SMALL_PUPILS

KM2_PER_SCHOOL, LARGEST_SHARE, SCHOOLS_APART_METRES = 26, 0.1, 1_500
WEST_METRES, SOUTH_METRES = 520_000, 200_000  # of the square's corner, in EPSG:27700

FEDERATIONS, SCHOOLS_LEAST, SCHOOLS_MOST, REACH = 20, 4, 10, 3
HEADSHIPS = re.compile(r"headships = \{.*?\}")


def write_loose_county(schools: int, seed: int, folder: Path) -> Path:
    """Writes the county and returns its file. The same size and seed give the same bytes."""
    draws = np.random.default_rng(seed)
    side_metres = sqrt(schools * KM2_PER_SCHOOL) * 1_000
    places: list[np.ndarray] = []
    for rank in range(1, schools + 1):  # more than are needed
        here = max(1, round(LARGEST_SHARE * schools / rank))
        middle = draws.uniform(0, side_metres, 2)
        places += list(middle + draws.normal(0, SCHOOLS_APART_METRES * sqrt(here - 1) / 2, (here, 2)))
    rolls = [roll for roll in ROLLS if roll <= SMALL_PUPILS]
    steps = draws.uniform(0, len(rolls) - 1, schools)
    pupils = np.interp(steps, range(len(rolls)), rolls).round().astype(int)
    eastings, northings = np.clip(np.array(places[:schools]), 0, side_metres).round().astype(int).T
    path = folder / "county.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "x", "y", "pupils"])
        for number, (x, y, roll) in enumerate(zip(eastings, northings, pupils, strict=True)):
            table.writerow([900_000 + number, WEST_METRES + int(x), SOUTH_METRES + int(y), int(roll)])
    return path


def write_federated_county(schools: int, seed: int, folder: Path) -> Path:
    """Writes the sample county with federations of four to ten schools, as Devon has them, and returns its scenario.

    A federation's schools are drawn among three times as many that lie nearest, so that schools of other heads lie
    between them. The same size and seed give the same bytes.
    """
    county = make_county(schools)
    scenario = write_county(county, folder)
    draws = np.random.default_rng(seed)
    places = np.array([(school.easting, school.northing) for school in county.schools], dtype=float)
    small = {n for n, school in enumerate(county.schools) if school.pupils <= SMALL_PUPILS}
    led: dict[int, str] = {}
    for number in range(FEDERATIONS):
        free = sorted(small - led.keys())
        middle = int(draws.choice(free))
        count = SCHOOLS_LEAST + number % (SCHOOLS_MOST - SCHOOLS_LEAST + 1)
        nearest = sorted(free, key=lambda n: float(np.hypot(*(places[n] - places[middle]))))[: REACH * count]
        others = draws.choice(nearest[1:], count - 1, replace=False)
        led |= dict.fromkeys([middle, *map(int, others)], f"Federation {number + 1}")
    with (folder / "heads.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["urn", "headship"])
        table.writerows((county.schools[n].urn, name) for n, name in sorted(led.items()))
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(HEADSHIPS.sub('headships = "heads.csv"', text), encoding="utf-8")
    return scenario
