"""An area: its schools, who heads them, who works with whom and who is grouped today, as frozen columns."""

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
    """An existing working link between two schools; undirected. `weight` is 1 for an ordinary one."""

    urn_a: int
    urn_b: int
    weight: float = 1.0
    kind: str = ""
    source: str = ""
    agreed: bool | None = None
    column: str = ""  # whose value both schools share, such as a trust: a public fact. "" where people named the link


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A partnership that exists today, with the schools of this area that are in it."""

    name: str
    urns: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Area:
    """Schools by ascending URN, one array or tuple per fact, all of the same length.

    `travel` answers for the same URNs in the same order. `columns` holds further facts as text by heading.
    `headship_of` maps a URN to the name of the headship that leads it; a URN left out is led alone. `bases` are
    the schools a head travels from where that is not the one with the largest roll. `answers` are what schools said,
    empty where none were asked; no rule or cost looks at them.
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
        """URN to position in every column."""
        return {int(urn): position for position, urn in enumerate(self.urns)}

    @cached_property
    def working_links(self) -> tuple[Link, ...]:
        """The links that people named, which are nobody's business but theirs; the others follow from columns."""
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
        """The school's name, for people."""
        return self.names[self.index[urn]]

    def roll(self, heading: str, position: int) -> int | None:
        """A school's pupils by another column, such as a forecast for a year; None where it has no count there.

        A corrected count stands for every year.
        """
        was = self.corrected.get(int(self.urns[position]))
        return whole_number(self.columns[heading][position]) if was is None else was[1]

    def values(self, heading: str, positions: Iterable[int]) -> set[str]:
        """The values schools have in a column; blanks and "Not applicable" are no value."""
        column = self.columns[heading]
        return {column[position] for position in positions if is_value(column[position])}
