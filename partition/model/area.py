"""An area: its schools, their headships, the links between them and the partnerships of today, as frozen columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.answers import Answer
from geodata.cells import whole_number
from geodata.grid import BRITISH, Grid
from geodata.identifier import URN, IdentifierWords
from geodata.labels import is_value
from geodata.minutes import Travel
from geodata.urns import Urn, ascending, by_urn, urns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A working link between two schools today, without direction.

    A link counts only where both schools take part and have different heads.

    Parameters
    ----------
    urn_a, urn_b
        The URNs of the two schools.
    weight
        The number of ordinary links that this link counts as; 1 for an ordinary link.
    kind
        The kind of link in a few words, such as "shared post"; "" where unknown.
    source
        The origin of the link, such as a survey; "" where unknown.
    agreed
        Whether both schools agree on the link; None where unknown.
    column
        The column in which both schools have one value, such as a trust, which is public; "" for a link that people
        named, which is private.
    """

    urn_a: Urn
    urn_b: Urn
    weight: float = 1.0
    kind: str = ""
    source: str = ""
    agreed: bool | None = None
    column: str = ""  # the column in which both have one value, such as a trust: public. "": people named the link

    def __post_init__(self) -> None:
        object.__setattr__(self, "urn_a", Urn(self.urn_a))
        object.__setattr__(self, "urn_b", Urn(self.urn_b))


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A partnership that exists today.

    Parameters
    ----------
    name
        The name of the partnership, for people.
    urns
        The URNs of its schools that are in this area.
    """

    name: str
    urns: tuple[Urn, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "urns", urns_of(self.urns))


@dataclass(frozen=True, kw_only=True)
class Area:
    """The schools of an area in ascending order of URN, with all facts about them; n is the number of schools.

    Parameters
    ----------
    urns : tuple of Urn, length n
        The URNs of the schools, ascending, each once; numbers and texts are taken too. All arrays and tuples of length
        n follow this order.
    names : tuple of str, length n
        The names of the schools, for people.
    pupils : array of int64, shape (n,)
        The number of pupils of each school today.
    eastings, northings : array of int64, shape (n,)
        Coordinates in metres on `grid`.
    travel
        The drives between the same schools in the same order, such as `CrowFly`: in hundredths of a minute and in
        metres.
    towns : tuple of str, length n
        The town of each school; empty where towns are unknown.
    places : tuple of str, length n
        The town or village that each school stands in, as maps name it, "" where none is known; empty where nobody
        looked. A partnership is named after it.
    columns
        Further facts as text: by heading, a tuple of length n.
    headship_of
        The name of the headship of a school, by URN. A school that is missing here is a headship of its own.
    bases
        The URNs of schools from which a head of several schools travels. Without one a head travels from the school
        with the most pupils.
    links
        Working links between schools.
    existing
        Partnerships of today.
    corrected
        By URN, the number of pupils in the file (None where the file has no number) and the number used instead.
    answers
        By URN, the reply of a school that was asked about its partners; empty where nobody asked. Of a reply, costs
        read the wishes, and the rule `Apart` the schools that do not want each other; nothing else is read by either.
    grid
        The metric system of the coordinates: the British National Grid (EPSG:27700) by default.
    identifier
        What people call a school's identifier, one and several: "URN", "URNs" by default.

    Raises
    ------
    ValueError
        Where URNs repeat or do not ascend, or where `travel` has other URNs.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Area
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> area = Area(
    ...     urns=urns,
    ...     names=("Ash", "Birch", "Cedar"),
    ...     pupils=pupils,
    ...     eastings=metres,
    ...     northings=metres,
    ...     travel=CrowFly(urns, metres, metres),
    ...     headship_of={101: "Ash and Birch", 102: "Ash and Birch"},
    ... )
    >>> len(area), area.name_of(103), area.headships
    (3, 'Cedar', ((0, 1), (2,)))
    """

    urns: tuple[Urn, ...]
    names: tuple[str, ...]
    pupils: NDArray[np.int64]
    eastings: NDArray[np.int64]
    northings: NDArray[np.int64]
    travel: Travel
    towns: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headship_of: Mapping[Urn, str] = field(default_factory=dict)
    bases: frozenset[Urn] = frozenset()
    links: tuple[Link, ...] = ()
    existing: tuple[Existing, ...] = ()
    corrected: Mapping[Urn, tuple[int | None, int]] = field(default_factory=dict)
    answers: Mapping[Urn, Answer] = field(default_factory=dict)
    grid: Grid = BRITISH
    identifier: IdentifierWords = URN

    def __post_init__(self) -> None:
        for name in ("headship_of", "corrected", "answers"):
            object.__setattr__(self, name, by_urn(getattr(self, name)))
        object.__setattr__(self, "bases", frozenset(urns_of(self.bases)))
        object.__setattr__(self, "urns", ascending(self.urns))
        if self.urns != self.travel.urns:
            raise ValueError("travel must answer for the area's own URNs, in the same order")

    def __len__(self) -> int:
        return len(self.urns)

    @cached_property
    def index(self) -> Mapping[Urn, int]:
        """The position of each URN in every array and column."""
        return {urn: position for position, urn in enumerate(self.urns)}

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
            name = self.headship_of.get(urn, "")
            if name:
                schools_by_name.setdefault(name, []).append(position)
            else:
                alone.append((position,))
        return tuple(sorted(alone + [tuple(schools) for schools in schools_by_name.values()]))

    @cached_property
    def led_with(self) -> Mapping[Urn, tuple[Urn, ...]]:
        """The schools of each school's head, that school included, by URN."""
        return {self.urns[n]: tuple(self.urns[i] for i in schools) for schools in self.headships for n in schools}

    def name_of(self, urn: Urn) -> str:
        """Return the name of a school, as people read it."""
        return self.names[self.index[Urn(urn)]]

    def roll(self, heading: str, position: int) -> int | None:
        """Return a school's number of pupils by a column, such as a forecast for a year; None where the cell has none.

        `position` is the school's position in the area. A corrected number of pupils holds for every such column.
        """
        was = self.corrected.get(self.urns[position])
        return whole_number(self.columns[heading][position]) if was is None else was[1]

    def values(self, heading: str, positions: Iterable[int]) -> set[str]:
        """Return the values that schools, given by position, have in a column, without blanks and "Not applicable"."""
        column = self.columns[heading]
        return {column[position] for position in positions if is_value(column[position])}
