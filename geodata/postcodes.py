"""Points of postcodes, from files that are kept beside the schools' own: nothing is asked of the internet.

Known are Code-Point Open and GeoNames' postal files, which have no headings, the ONS Postcode Directory, and any table
with a postcode and coordinates. A postcode's point is its middle, so schools may share one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from geodata.cells import listed, number, refused
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, DEGREES
from geodata.headings import POSTCODES, plain
from geodata.labels import is_blank
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.readings import Reading
from geodata.tables import Table, read_table

POSTCODES_OF = {  # of places that are not on the British grid, and their own systems
    "Northern Ireland": (re.compile(r"BT\d", re.IGNORECASE), "EPSG:29903"),
    "Ireland": (re.compile(r"[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4}", re.IGNORECASE), "EPSG:2157"),
}
HEADINGS = {
    "postcode": ("pcds", "pcd", "pcd2", "pcd7", "pcd8", *POSTCODES),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lon", "lng"),
    "easting": ("oseast1m", "east1m", "easting", "eastings", "x"),
    "northing": ("osnrth1m", "north1m", "northing", "northings", "y"),
    "ended": ("doterm", "date of termination", "ended"),
}
BRITISH_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)
CODE_POINT = ("postcode", "quality", "easting", "northing")
GEONAMES = ("country", "postcode", *[""] * 7, "latitude", "longitude")
OS_ROYAL_MAIL_ONS = (
    "Contains OS data © Crown copyright and database right, Royal Mail data © Royal Mail copyright and database right, "
    "and National Statistics data © Crown copyright and database right (postcodes)"
)
CREDITS = {
    CODE_POINT: OS_ROYAL_MAIL_ONS,
    GEONAMES: "Postcodes by GeoNames (geonames.org), licensed under CC BY 4.0",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """The middle of a postcode in the system of a code; `ended` if the postcode is no longer in use."""

    x: float
    y: float
    system: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Postcodes:
    """The points of the postcodes that were looked for, by compact postcode, and the files they are from."""

    spots: Mapping[str, Spot] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    readings: tuple[Reading, ...] = ()
    attribution: tuple[str, ...] = ()

    @property
    def system(self) -> str:
        """Return the one system of all points; degrees where there are several."""
        systems = {spot.system for spot in self.spots.values()}
        return systems.pop() if len(systems) == 1 else DEGREES

    def of(self, text: str) -> Spot | None:
        """Return the point of a postcode, however it is written."""
        return self.spots.get(compact(text))


def compact(postcode: str) -> str:
    """Return a postcode without spaces, in capitals."""
    return re.sub(r"\s", "", postcode).upper()


def read_postcodes(paths: Sequence[Path | str], wanted: Collection[str]) -> Postcodes:
    """Return the points of the postcodes wanted, each from the first file that has it.

    A folder stands for the CSV files in it, as Code-Point Open comes; of these, the first and those with a postcode
    wanted are told. Raises BadData, for all files, where one cannot be read or has no postcodes with coordinates.
    """
    codes = {compact(postcode) for postcode in wanted}
    spots: dict[str, Spot] = {}
    sources: list[Source] = []
    readings: list[Reading] = []
    credits: list[str] = []
    faults: list[Fault] = []
    for path, is_of_folder in _files(paths):
        try:
            table = read_table(path, partial(_headings_kept, path), headless=_headings_meant)
        except BadData as error:
            faults += error.faults
            continue
        found = _spots(table, _columns(path, list(table.frame.columns)), codes)
        if is_of_folder and sources and not found:
            continue
        spots |= {code: spot for code, spot in found.items() if code not in spots}
        sources.append(table.source)
        left = len(table.frame) - len(found)
        readings.append(
            replace(
                table.reading,
                columns=_columns(path, list(table.frame.columns)),
                left={"of postcodes that no school has": left} if left else {},
            )
        )
        credits += [_credit(table)] if found else []
    if faults:
        raise BadData(faults)
    return Postcodes(spots, tuple(sources), tuple(readings), tuple(dict.fromkeys(credits)))


def _files(paths: Sequence[Path | str]) -> Iterator[tuple[Path | str, bool]]:
    """Yield each file, and whether it is one of a folder's. Raises BadData for a folder without any."""
    for path in paths:
        if not Path(path).is_dir():
            yield path, False
            continue
        inside = sorted(file for file in Path(path).iterdir() if file.suffix.casefold() == ".csv")
        if not inside:
            raise refused(
                Path(path), "no CSV file is in this folder; give the one that has the files, such as Data/CSV"
            )
        yield from ((file, True) for file in inside)


def _headings_meant(cells: Sequence[str]) -> Sequence[str] | None:
    """Return the headings of a table without any, by its first row; None for a row of headings."""

    def numbers(*places: int) -> bool:
        return all(number(cells[place]) is not None for place in places)

    if len(cells) >= len(GEONAMES) and re.fullmatch("[A-Z]{2}", cells[0]) and numbers(9, 10):
        return GEONAMES
    if len(cells) >= len(CODE_POINT) and BRITISH_POSTCODE.fullmatch(cells[0]) and numbers(1, 2, 3):
        return CODE_POINT
    return None


def _headings_kept(path: Path | str, headings: Sequence[str]) -> Collection[str]:
    return _columns(path, headings).values()


def _columns(path: Path | str, headings: Sequence[str]) -> dict[str, str]:
    """Return the heading of each thing that is read. Raises BadData where there are no postcodes or no points."""
    by_plain = {plain(heading): heading for heading in reversed(headings) if heading}
    found = {
        use: next((by_plain[plain(name)] for name in names if plain(name) in by_plain), "")
        for use, names in HEADINGS.items()
    }
    found = {use: heading for use, heading in found.items() if heading}
    if "postcode" not in found or not (
        {"latitude", "longitude"} <= set(found) or {"easting", "northing"} <= set(found)
    ):
        fix = (
            "no postcodes with coordinates; give a file such as Code-Point Open, the ONS Postcode Directory or "
            f"GeoNames, or a table with postcode, latitude and longitude; the headings are {listed(headings)}"
        )
        raise BadData([Fault(file=file_and_part(path)[0].name, row=1, column="postcode", fix=fix)])
    return found


def _spots(table: Table, columns: Mapping[str, str], codes: Collection[str]) -> dict[str, Spot]:
    """Return the points of the postcodes in a table that are wanted and have one; degrees go first."""
    texts = table.frame[columns["postcode"]].map(compact)
    rows = table.frame[texts.isin(codes)]
    in_degrees = {"latitude", "longitude"} <= columns.keys()
    pair = ("longitude", "latitude") if in_degrees else ("easting", "northing")
    ended = rows[columns["ended"]] if "ended" in columns else [""] * len(rows)
    spots: dict[str, Spot] = {}
    for code, x_text, y_text, end in zip(
        texts.loc[rows.index], *(rows[columns[use]] for use in pair), ended, strict=True
    ):
        x, y = number(x_text), number(y_text)
        if x is None or y is None or (x, y) == (0, 0) or (in_degrees and abs(y) > 90):
            continue  # directories write these for postcodes without a point
        spots.setdefault(code, Spot(x, y, DEGREES if in_degrees else _metric(code), not is_blank(end)))
    return spots


def _metric(code: str) -> str:
    """Return the system of the eastings and northings that directories give for a postcode."""
    return next((system for like, system in POSTCODES_OF.values() if like.match(code)), BRITISH.code)


def _credit(table: Table) -> str:
    headless = next((names for names in CREDITS if table.reading.headings_row == 0 and names[0] in table.frame), None)
    if headless is not None:
        return CREDITS[headless]
    if {"pcds", "pcd", "oseast1m", "east1m"} & {plain(heading) for heading in table.headings}:
        return OS_ROYAL_MAIL_ONS
    return f"Postcodes from {table.source.name}"
