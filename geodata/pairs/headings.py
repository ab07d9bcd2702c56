"""Headings of a table of pairs: which column holds what, and in which unit, by the words of the heading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geodata.cells import listed, no_such_heading
from geodata.faults import BadData, Fault

Amount = Literal["minutes", "km"]
FROM, TO, MINUTES, KM = "urn_from", "urn_to", "minutes", "km"
OUR_NAMES = (FROM, TO, MINUTES, KM)

ORIGINS = {
    *("from", "origin", "orig", "source", "src", "start", "input", "o"),
    *("von", "origine", "origen", "desde", "van", "fra", "fran", "lahto"),
}
DESTINATIONS = {
    *("to", "destination", "dest", "target", "end", "finish", "d"),
    *("nach", "ziel", "destino", "destinazione", "hasta", "vers", "naar", "til", "till", "kohde", "maaranpaa"),
}
NAMING = ("urn", "id", "code", "school", "name", "number", "key", "point", "place", "location", "stop", "zone", "node")
"""Words beside an end, such as in "from_id": the more telling first."""
TIMES = {
    *("time", "times", "duration", "durations", "traveltime", "drivetime"),
    *("dauer", "zeit", "fahrzeit", "reisezeit", "duree", "temps", "tiempo", "duracion", "durata", "tempo", "duur"),
    *("reistijd", "tid", "kesto", "aika", "ajoaika", "matkaaika"),
}
DISTANCES = {
    *("distance", "distances", "dist", "length"),
    *("entfernung", "distanz", "distancia", "distanza", "afstand", "avstand", "etaisyys", "matka"),
}
COSTS = {"cost", "impedance"}
PLAIN = {
    "total",
    "travel",
    "drive",
    "driving",
    "car",
    "road",
    "route",
    "journey",
    "trip",
    "in",
    "by",
    "p50",
    "median",
    "hhmm",
    "hms",
}
TIME_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "seconds"),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten", "minutos", "minuti", "minuter"), "minutes"),
    **dict.fromkeys(("minutter", "minuuttia", "minuutit", "minuty"), "minutes"),
    **dict.fromkeys(("sekunden", "secondes", "segundos", "secondi", "sekunder", "sekuntia"), "seconds"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "stunden", "heures", "horas"), "hours"),
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), "milliseconds"),
    **dict.fromkeys(("day", "days"), "days"),
}
LENGTH_UNITS = {
    **dict.fromkeys(("metre", "metres", "meter", "meters"), "metres"),
    **dict.fromkeys(("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("mi", "mile", "miles"), "miles"),
}
KNOWN = {*ORIGINS, *DESTINATIONS, *NAMING, *TIMES, *DISTANCES, *COSTS, *PLAIN, *TIME_UNITS, *LENGTH_UNITS, "m"}
PIECE = re.compile(r"[A-Z]?[a-z]+[0-9]*|[A-Z]+(?![a-z])[0-9]*|[0-9]+")
GIVE_COLUMN = "say which it is, as in --set travel.columns.{name}=HEADING"


@dataclass(frozen=True, slots=True, order=True)
class Measure:
    """A column of minutes or of km: the lower the rank, the plainer its heading; `unit` is "" where none is stated."""

    rank: int
    heading: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a table of pairs.

    `ends` are columns that may name where a drive starts and where it ends, the more telling first; one heading twice
    is a column of "A - B". In a square, `ends` is the column of rows, and `square` the headings that name schools.
    """

    ends: tuple[tuple[str, str], ...]
    minutes: Measure | None
    km: Measure | None
    square: tuple[str, ...] = ()
    rows_are_ends: bool = False

    def needed(self) -> list[str]:
        """Return the headings to read."""
        measures = [measure.heading for measure in (self.minutes, self.km) if measure is not None]
        return [*dict.fromkeys(heading for pair in self.ends for heading in pair), *measures, *self.square]


def lay_out(file: str, headings: Sequence[str], columns: Mapping[str, str], is_school: Callable[[str], bool]) -> Layout:
    """Find the columns, by `columns` (our name: heading) or by their words; or else a square of schools.

    `is_school` tells whether a text names a known school. Raises BadData where ends or minutes are not found, or where
    two columns could be either.
    """
    faults = [no_such_heading(file, heading, headings) for heading in columns.values() if heading not in headings]
    if faults:
        raise BadData(faults)
    ends, measures = _ends(headings, columns), _measures(headings, columns)
    if not (ends and measures[MINUTES]) and (square := _square(headings, columns, is_school)):
        return square
    missing = [name for name in (FROM, TO) if not ends and name not in columns]
    missing += [MINUTES] * (not measures[MINUTES])
    if missing:
        fix = f"no column says so; the headings are {listed(headings)}; "
        raise BadData(Fault(file=file, row=1, column=name, fix=fix + GIVE_COLUMN.format(name=name)) for name in missing)
    chosen: dict[str, Measure] = {}
    for name, found in measures.items():
        if len(found) > 1 and found[0].rank == found[1].rank:
            both = " and ".join(repr(measure.heading) for measure in found[:2])
            fix = f"{both} could each be it; {GIVE_COLUMN.format(name=name)}"
            faults.append(Fault(file=file, row=1, column=name, fix=fix))
        if found:
            chosen[name] = found[0]
    if faults:
        raise BadData(faults)
    return Layout(ends=ends, minutes=chosen[MINUTES], km=chosen.get(KM))


def words(heading: str) -> tuple[str, ...]:
    """Return the words of a heading in small letters: those of "OriginID", "total_minutes" and "traveltime_p50"."""
    letters = unicodedata.normalize("NFKD", heading)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    pieces = [piece.casefold() for piece in PIECE.findall(plain)]
    return tuple(word for piece in pieces for word in _parted(piece) or (piece,))


def _parted(piece: str) -> tuple[str, ...]:
    """Return known words that were run together; nothing where a part is not known."""
    if piece in KNOWN:
        return (piece,)
    for at in range(len(piece) - 1, 1, -1):
        if piece[:at] in KNOWN and (rest := _parted(piece[at:])):
            return (piece[:at], *rest)
    return ()


def _ends(headings: Sequence[str], columns: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return pairs of columns that name both ends of a drive in the same manner, and last a column of "A - B"."""
    found: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
    for heading in headings:
        parts = words(heading)
        told = [word for word in parts if word in ORIGINS or word in DESTINATIONS]
        rest = [word for word in parts if word not in told]
        if len(told) == 1 and all(word in NAMING for word in rest):
            found[told[0] in DESTINATIONS].setdefault(" ".join(sorted(rest)), []).append(heading)
    pairs = [
        (start, end)
        for manner in sorted(found[False].keys() & found[True].keys(), key=_telling)
        for start, end in zip(found[False][manner], found[True][manner], strict=False)
    ]
    if FROM in columns or TO in columns:
        start, end = (columns.get(name) or _plainest(found[name == TO]) for name in (FROM, TO))
        return ((start, end),) if start and end else ()
    pairs += [(heading, heading) for heading in headings if words(heading) == ("name",)]
    return tuple(pairs)


def _plainest(headings_by_manner: Mapping[str, Sequence[str]]) -> str:
    """Return the heading that names an end in the most telling manner; "" where there is none."""
    return next((headings_by_manner[manner][0] for manner in sorted(headings_by_manner, key=_telling)), "")


def _telling(manner: str) -> tuple[int, str]:
    named = [NAMING.index(word) for word in manner.split()]
    return (min(named, default=len(NAMING)), manner)


def _measures(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, list[Measure]]:
    """Return the columns that may hold minutes and those that may hold km, the plainest first."""
    found: dict[str, list[Measure]] = {MINUTES: [], KM: []}
    for heading in headings:
        for name in found:
            if measure := _measure(heading, name):
                found[name].append(measure)
    for name in found:
        if heading := columns.get(name, ""):
            known = _measure(heading, name)
            found[name] = [Measure(-1, heading, known.unit if known else "")]
    return {name: sorted(measures) for name, measures in found.items()}


def _measure(heading: str, name: str) -> Measure | None:
    """Return how a heading speaks of minutes, or of km; None where it speaks of something else."""
    kinds, units, m = (TIMES, TIME_UNITS, "minutes") if name == MINUTES else (DISTANCES, LENGTH_UNITS, "metres")
    parts = [word for word in words(heading) if word not in PLAIN]
    said = [word for word in parts if word in kinds]
    cost = [word for word in parts if word in COSTS] if name == MINUTES else []
    stated = [word for word in parts if word in units or (word == "m" and said)]
    if len(parts) != len(said) + len(cost) + len(stated) or len(stated) > 1:
        return None
    if not parts:  # such as "travel" or "total"
        return None
    unit = "" if not stated else m if stated[0] == "m" else units[stated[0]]
    if heading.casefold() == name:
        return Measure(0, heading, unit)
    if unit:
        return Measure(1 if unit == name else 2, heading, unit)
    return Measure(3 + len(cost), heading, "")


def _square(headings: Sequence[str], columns: Mapping[str, str], is_school: Callable[[str], bool]) -> Layout | None:
    """Return the layout of a table that has a row and a column for each school; None for another."""
    schools = tuple(heading for heading in headings if heading and is_school(heading))
    others = [heading for heading in headings if heading not in schools]
    if len(schools) < 2 or not others or 2 * len(schools) < len(headings) - 1:
        return None
    corner = columns.get(FROM) or columns.get(TO) or others[0]
    if len(schools) == 2 and any(heading[:1].isdigit() for heading in others):  # a row of a drive
        return None
    strangers = tuple(heading for heading in others if heading != corner and re.fullmatch(r"[0-9]+(\.0*)?", heading))
    parts = words(corner)
    rows_are_ends = columns.get(TO) == corner or (
        any(word in DESTINATIONS for word in parts) and not any(word in ORIGINS for word in parts)
    )
    return Layout(
        ends=((corner, corner),),
        minutes=None,
        km=None,
        square=(*schools, *strangers),
        rows_are_ends=rows_are_ends,
    )
