"""Roads as files give them: lines with a kind, joined where they share a node. Every reader of roads returns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geodata.faults import Fault
from geodata.opening import Source

SHUT = inf
"""Seconds at a node that no car can pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """All that decides how fast a line is driven. `road` is a class of the table of speeds, or "ferry"."""

    road: str
    forward: bool = True
    backward: bool = True
    limit_kph: float | None = None
    limit_back_kph: float | None = None  # the limit in the other direction
    driven_kph: float | None = None  # the speed in a file, junctions included
    cap_kph: float | None = None
    share: float = 1.0
    crossing_minutes: float | None = None  # of a ferry, without waiting
    urban: bool | None = None  # None: decided by the density of junctions around
    roundabout: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Lines by their vertices, one line after the other; the vertices `starts[i]:starts[i + 1]` are those of line i.

    Vertices with one `node` are one place, where lines meet. `metres` is nan where a line is to be measured, `seconds`
    is the time lost at a node (SHUT: no way past). `reading` says what was read, and what was left out.
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    node: NDArray[np.int64]
    starts: NDArray[np.int64]
    kind: NDArray[np.int32]
    kinds: tuple[Kind, ...]
    metres: NDArray[np.float64] | None
    seconds: Mapping[int, float]
    source: Source
    words: str
    attribution: tuple[str, ...]
    reading: tuple[str, ...] = ()
    notices: tuple[Fault, ...] = ()
