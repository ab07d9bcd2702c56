"""A made-up county with federations of 6, 8 and 10 schools among schools that have a head each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from town import write_csv, write_town

from geodata.urns import Urn
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario

FEDERATIONS = {"Fen Federation": range(1, 7), "Marsh Federation": range(7, 15), "Wold Federation": range(15, 25)}
ALONE = range(25, 37)  # twelve schools with a head each, three kilometres from one another
KM = [*(n * 0.5 for n in range(24)), *(40 + 3 * n for n in range(12))]


def urn(number: int) -> Urn:
    return Urn(900_000 + number)


def write_county(
    folder: Path, *, settings: str = "", today: Mapping[str, Sequence[Urn]] | None = None, links: str = ""
) -> Path:
    """The scenario's path: the federations along the first 12 km of a road, each school half a kilometre on."""
    folder.mkdir(parents=True, exist_ok=True)
    led = [(urn(n), name) for name, numbers in FEDERATIONS.items() for n in numbers]
    write_csv(folder / "heads.csv", ["urn", "headship"], led)
    return write_town(
        folder,
        *KM,
        pupils=[40 + n for n in range(len(KM))],
        today=today,
        links=links,
        settings=f'headships = "heads.csv"\n{settings}',
    )


def county(folder: Path, *settings: str, **asked: str) -> Case:
    """The case of the county, with settings as on the command line."""
    return load(read_scenario(write_county(folder, **asked), settings))  # type: ignore[arg-type]
