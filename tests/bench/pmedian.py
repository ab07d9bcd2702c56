"""Published instances of the capacitated p-median problem, read as their authors wrote them.

Choose `hosts` of the points; every point, a host too, goes to one host, and the demands of all that go to a host stay
within its capacity. Least sum of distances from the points to their hosts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from cases import SHARED_DATA
from numpy.typing import NDArray

FOLDER = SHARED_DATA / "bench"
SECONDS_WHERE_NONE_QUOTED, TIMES_QUOTED = 60.0, 10.0


@dataclass(frozen=True, slots=True)
class Published:
    """What is known of one file. `quoted_seconds` are another solver's; `decimals` those `best` is given to."""

    file: str
    best: float
    decimals: int = 0
    quoted_seconds: float | None = None

    @property
    def seconds_max(self) -> float:
        """That a search may take: ten times what is quoted, a minute where nothing is."""
        return SECONDS_WHERE_NONE_QUOTED if self.quoted_seconds is None else TIMES_QUOTED * self.quoted_seconds


PUBLISHED = (
    # Osman & Christofides 1994, OR-Library pmedcap1
    Published("cpmp01.txt", 713),
    Published("cpmp02.txt", 740),
    Published("cpmp08.txt", 820),
    Published("cpmp10.txt", 829),
    Published("cpmp11.txt", 1006),
    Published("cpmp15.txt", 1091),
    Published("cpmp20.txt", 1005),
    # Lorena & Senne 2004; seconds of a matheuristic on CPLEX, Stefanello et al. 2015
    Published("SJC1.dat", 17_288.99, decimals=2, quoted_seconds=1.9),
    Published("SJC2.dat", 33_270.94, decimals=2, quoted_seconds=3.3),
    Published("SJC3a.dat", 45_335.16, decimals=2, quoted_seconds=24),
    # Ceselli & Righini 2005; HiGHS took 7 s on the easiest, over 20 s on the hardest: the least of these for each
    Published("p1250-1.txt", 383, quoted_seconds=7),
    Published("p1250-2.txt", 412, quoted_seconds=7),
    Published("p1250-3.txt", 405, quoted_seconds=7),
    Published("p1250-4.txt", 384, quoted_seconds=7),
    Published("p1250-5.txt", 429, quoted_seconds=7),
)

# Lorena & Senne; Stefanello et al. 2015: the best known, of which nobody says that they are optimal
OPEN = (
    Published("p3038_600.dat", 122_711.17, decimals=2),
    Published("p3038_700.dat", 109_677.30, decimals=2),
    Published("rl1304_200.txt", 276_977.60, decimals=2),
    Published("pr2392_500.txt", 316_042.97, decimals=2),
)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance. `distances[point, host]` is one way, in the file's own unit, rounded as its `best` was found."""

    published: Published
    hosts: int
    demands: NDArray[np.int64]
    capacities: NDArray[np.int64]
    distances: NDArray[np.float64]

    @property
    def points(self) -> int:
        return len(self.demands)

    @cached_property
    def whole(self) -> bool:
        """Whether every distance is a whole number."""
        return bool((self.distances == np.round(self.distances)).all())

    def cost(self, host_of: Sequence[int]) -> float:
        """The sum of distances when point n goes to host_of[n]."""
        return float(self.distances[np.arange(self.points), np.asarray(host_of)].sum())

    def broken(self, host_of: Sequence[int]) -> list[str]:
        """What is wrong with these hosts, in words; nothing where they are an answer."""
        if len(host_of) != self.points:
            return [f"{len(host_of)} points have a host, of {self.points}"]
        used = sorted(set(host_of))
        wrong = [] if len(used) == self.hosts else [f"{len(used)} hosts, not {self.hosts}"]
        for host in used:
            if host_of[host] != host:
                wrong.append(f"{host} is a host, but goes to {host_of[host]}")
            load = int(self.demands[np.asarray(host_of) == host].sum())
            if load > self.capacities[host]:
                wrong.append(f"host {host} has {load} to carry, and room for {self.capacities[host]}")
        return wrong

    def matches_best(self, cost: float) -> bool:
        """Whether a cost is the published one, to the digits that it is published with."""
        return abs(cost - self.published.best) <= 0.51 * 10**-self.published.decimals


def read_instance(published: Published, folder: Path = FOLDER) -> Instance:
    """The instance of a file. Raises ValueError where the file does not hold what its first line announces."""
    path = folder / published.file
    points, hosts, *words = path.read_text(encoding="ascii").split()
    return _instance(published, path.name, int(points), int(hosts), np.array(words, dtype=np.float64))


def _instance(published: Published, name: str, points: int, hosts: int, figures: NDArray[np.float64]) -> Instance:
    layouts = {points * 4: _by_place, points * (points + 2): _by_matrix}
    if len(figures) not in layouts:
        wanted = " or ".join(map(str, layouts))
        raise ValueError(f"{name}: {len(figures)} figures follow, but {points} points need {wanted}")
    loads, rooms, distances = layouts[len(figures)](figures, points)
    demands, capacities = loads.astype(np.int64), rooms.astype(np.int64)
    if (demands != loads).any() or (capacities != rooms).any():
        raise ValueError(f"{name}: a demand or a capacity is not a whole number")
    if name.startswith("cpmp"):
        distances = np.floor(distances)
    return Instance(published=published, hosts=hosts, demands=demands, capacities=capacities, distances=distances)


Figures = NDArray[np.float64]
Facts = tuple[Figures, Figures, Figures]


def _by_place(figures: Figures, points: int) -> Facts:
    """A row a point: x, y, capacity, demand."""
    table = figures.reshape(points, 4)
    across = table[:, None, :2] - table[None, :, :2]
    # of whole squares the root of a square is exact, so that rounding down never takes one off
    return table[:, 3], table[:, 2], np.sqrt((across**2).sum(axis=2))


def _by_matrix(figures: Figures, points: int) -> Facts:
    """Distances a row a point, then the demands, then the capacities."""
    matrix, demands, capacities = np.split(figures, [points**2, points**2 + points])
    return demands, capacities, matrix.reshape(points, points)
