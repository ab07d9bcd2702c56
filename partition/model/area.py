"""An area: its schools, their headships, the links between them and the partnerships of today, as frozen columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.answers import Answer
from geodata.cells import whole_number
from geodata.groups import is_value
from geodata.minutes import Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An existing working link between two schools, without direction. `weight` is 1 for an ordinary link.

    `agreed` says whether both schools agree on the link, None where unknown. `source` is its origin, such as a survey.
    """

    urn_a: int
    urn_b: int
    weight: float = 1.0
    kind: str = ""
    source: str = ""
    agreed: bool | None = None
    column: str = ""  # the column in which both have one value, such as a trust: public. "": people named the link


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A partnership that exists today: its name, and those of its schools that are in this area."""

    name: str
    urns: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Area:
    """Schools in ascending order of URN: one array or tuple for each fact, all of one length.

    `travel` holds the drives between the same URNs in the same order. `eastings` and `northings` are in metres of
    EPSG:27700. `columns` holds further facts as text, by heading. `headship_of` maps a URN to the name of its headship;
    a school whose URN is missing there is a headship of its own. `bases` are the URNs of schools from which a head
    travels where the base is not the school with the largest roll. `corrected` maps a URN to the number of pupils in
    the file (None where the file has no count) and the number used instead. `answers` are the schools' replies to an
    inquiry, by URN, empty where nobody asked; no rule and no cost reads `answers`.

    Raises ValueError where URNs do not ascend, or where `travel` has other URNs.
    """

    urns: NDArray[np.int64]
    names: tuple[str, ...]
    pupils: NDArray[np.int64]
    eastings: NDArray[np.int64]
    northings: NDArray[np.int64]
    travel: Travel
    towns: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headship_of: Mapping[int, str] = field(default_factory=dict)
    bases: frozenset[int] = frozenset()
    links: tuple[Link, ...] = ()
    existing: tuple[Existing, ...] = ()
    corrected: Mapping[int, tuple[int | None, int]] = field(default_factory=dict)
    answers: Mapping[int, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not np.array_equal(self.urns, np.unique(self.urns)):
            raise ValueError("an area's URNs must ascend and not repeat")
        if not np.array_equal(self.urns, self.travel.urns):
            raise ValueError("travel must answer for the area's own URNs, in the same order")

    def __len__(self) -> int:
        return len(self.urns)

    @cached_property
    def index(self) -> Mapping[int, int]:
        """The position of each URN in every array and column."""
        return {int(urn): position for position, urn in enumerate(self.urns)}

    @cached_property
    def working_links(self) -> tuple[Link, ...]:
        """Links that people named, which are private; all other links follow from a column that both schools share."""
        return tuple(link for link in self.links if not link.column)

    @cached_property
    def headships(self) -> tuple[tuple[int, ...], ...]:
        """The schools of each headship, by position, in order of the lowest URN."""
        schools_by_name: dict[str, list[int]] = {}
        alone: list[tuple[int, ...]] = []
        for position, urn in enumerate(self.urns):
            name = self.headship_of.get(int(urn), "")
            if name:
                schools_by_name.setdefault(name, []).append(position)
            else:
                alone.append((position,))
        return tuple(sorted(alone + [tuple(schools) for schools in schools_by_name.values()]))

    def name_of(self, urn: int) -> str:
        """Return the name of a school, as people read it."""
        return self.names[self.index[urn]]

    def roll(self, heading: str, position: int) -> int | None:
        """Return a school's number of pupils by a column, such as a forecast for a year; None where the cell has none.

        `position` is the school's position in the area. A corrected number of pupils holds for every such column.
        """
        was = self.corrected.get(int(self.urns[position]))
        return whole_number(self.columns[heading][position]) if was is None else was[1]

    def values(self, heading: str, positions: Iterable[int]) -> set[str]:
        """Return the values that schools, given by position, have in a column, without blanks and "Not applicable"."""
        column = self.columns[heading]
        return {column[position] for position in positions if is_value(column[position])}
