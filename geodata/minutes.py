"""Travel between schools: minutes and metres, worked out on request and only within a horizon.

Times are integers of a hundredth of a minute (centiminutes) and distances are integer metres, both rounded up, so that
rounding never lets a pair pass a limit. Pairs are ordered: the two directions may differ. Places are indices into
`urns`, which ascend.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, isqrt
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from geodata.faults import Fault
from geodata.matrix import Matrix, read_matrix
from geodata.opening import Source
from geodata.reach import Indices, Ints, Reach, within_horizons
from geodata.urns import Urn, ascending

__all__ = ["CrowFly", "Matrix", "Reach", "StoredMinutes", "Travel", "read_matrix"]

COORDINATE_METRES_MAX = 10**7


class Travel(Protocol):
    """Minutes and metres between schools, whatever their source."""

    @property
    def urns(self) -> tuple[Urn, ...]:
        """Return the URNs of the schools, ascending."""
        ...

    @property
    def words(self) -> str:
        """Return the source of the minutes in words, for people."""
        ...

    @property
    def has_km(self) -> bool:
        """Return whether metres are known; unknown metres are -1, and no limit or price in km can be used then."""
        ...

    @property
    def attribution(self) -> tuple[str, ...]:
        """Return the credits to show wherever these minutes are shown."""
        ...

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the files that the minutes came from."""
        ...

    @property
    def notices(self) -> tuple[Fault, ...]:
        """Return what is doubtful about the minutes, for everybody who sees them."""
        ...

    @property
    def reading(self) -> tuple[str, ...]:
        """Return what was read of the files, and what was left out, in lines."""
        ...

    def between(self, origins: ArrayLike, destinations: ArrayLike) -> tuple[Ints, Ints]:
        """Return centiminutes and metres of each pair of indices; -1 for no way, 0 from a place to itself."""
        ...

    def within(self, horizon_centiminutes: int | None = None, horizon_metres: int | None = None) -> Reach:
        """Return every ordered pair of different places reached within both horizons; None is no limit."""
        ...


class CrowFly:
    """Travel by straight lines: start_minutes + minutes_per_km x km, and 0 minutes between schools on one point.

    The start stands for leaving and parking, which schools on one site do not need. Results are exact: `between` and
    `within` return the same integers on any machine. The default was fitted to the car minutes that OSRM gives on
    Rutland's roads.
    """

    attribution: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    notices: tuple[Fault, ...] = ()
    reading: tuple[str, ...] = ()
    has_km = True

    def __init__(
        self,
        urns: Iterable[object],
        eastings_metres: ArrayLike,
        northings_metres: ArrayLike,
        *,
        start_minutes: float | str | Decimal = 3.4,
        minutes_per_km: float | str | Decimal = 1.21,
    ) -> None:
        """Take coordinates in whole metres. Raises ValueError for others, and for negative or infinite minutes."""
        self.urns = ascending(urns)
        self._points = np.column_stack([_whole(eastings_metres), _whole(northings_metres)])
        if len(self._points) != len(self.urns):
            raise ValueError(f"{len(self.urns)} URNs but {len(self._points)} points")
        start, per_km = Fraction(str(start_minutes)), Fraction(str(minutes_per_km))
        if start < 0 or per_km < 0:
            raise ValueError(f"crow-fly minutes below 0: start {start_minutes}, per km {minutes_per_km}")
        self._start, self._per_metre = 100 * start, per_km / 10  # centiminutes
        fitted = ", as fitted on Rutland's roads" if (start, per_km) == (Fraction("3.4"), Fraction("1.21")) else ""
        self.words = f"crow-fly: {start_minutes} minutes + {minutes_per_km} per km{fitted}"

    def between(self, origins: ArrayLike, destinations: ArrayLike) -> tuple[Ints, Ints]:
        """Return centiminutes and metres of each pair of indices; 0 and 0 on one point."""
        apart = self._points[np.asarray(origins)] - self._points[np.asarray(destinations)]
        squared = (apart * apart).sum(axis=-1)  # square metres, exact
        metres = np.ceil(np.sqrt(squared)).astype(np.int32)  # exact: below 2^52 no root rounds to a whole number
        return self._centiminutes(squared), metres

    def within(self, horizon_centiminutes: int | None = None, horizon_metres: int | None = None) -> Reach:
        """Return pairs as `Travel.within` does; time and memory grow with the pairs found, not with all pairs."""
        far = self._straight_metres(horizon_centiminutes, horizon_metres)
        if far is None:
            first, second = np.triu_indices(len(self.urns), 1)
        else:
            pairs = self._tree.query_pairs(max(far, 0), output_type="ndarray")
            first, second = pairs[:, 0], pairs[:, 1]
        origin, destination = np.concatenate([first, second]), np.concatenate([second, first])
        return within_horizons(
            origin, destination, *self.between(origin, destination), horizon_centiminutes, horizon_metres
        )

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree(self._points)

    def _straight_metres(self, horizon_centiminutes: int | None, horizon_metres: int | None) -> int | None:
        """Return a distance that no pair within the horizons exceeds, plus a metre for the rounding of the tree."""
        limits = [] if horizon_metres is None else [horizon_metres + 1]
        if horizon_centiminutes is not None and self._per_metre:
            limits.append(ceil((horizon_centiminutes - self._start) / self._per_metre) + 1)
        return min(limits, default=None)

    def _centiminutes(self, squared_metres: NDArray[np.int64]) -> Ints:
        """Return centiminutes rounded up without error: where floats come near a whole number, integers decide."""
        squares = np.ravel(squared_metres)
        about = float(self._start) + float(self._per_metre) * np.sqrt(squares)
        rounded = np.ceil(about).astype(np.int64)
        near = np.flatnonzero(np.abs(about - np.rint(about)) < 1e-6)
        if len(near):
            unlike, back = np.unique(squares[near], return_inverse=True)
            rounded[near] = np.array([self._exactly(int(square)) for square in unlike], dtype=np.int64)[back]
        rounded[squares == 0] = 0
        return rounded.reshape(np.shape(squared_metres)).astype(np.int32)

    def _exactly(self, squared_metres: int) -> int:
        """Return ceil(start + per_metre * sqrt(squared)), over one denominator, where rounding the root is safe."""
        parts = self._start.denominator * self._per_metre.denominator
        start, per_metre = int(self._start * parts), int(self._per_metre * parts)
        radicand = per_metre * per_metre * squared_metres
        root = isqrt(radicand)
        return -(-(start + root + (root * root < radicand)) // parts)


class StoredMinutes:
    """Travel between stored pairs only, as in the table of a plan; any other pair is an error."""

    notices: tuple[Fault, ...] = ()
    reading: tuple[str, ...] = ()

    def __init__(
        self,
        urns: tuple[Urn, ...],
        pairs: Mapping[tuple[int, int], tuple[int, int]],
        words: str,
        attribution: tuple[str, ...],
    ) -> None:
        self.urns, self.words, self.attribution = urns, words, attribution
        self.sources: tuple[Source, ...] = ()
        self._pairs = pairs
        self.has_km = all(metres >= 0 for centiminutes, metres in pairs.values() if centiminutes >= 0)

    @classmethod
    def from_pairs(
        cls,
        urns: Iterable[object],
        origin: ArrayLike,
        destination: ArrayLike,
        centiminutes: ArrayLike,
        metres: ArrayLike,
        words: str = "minutes as stored",
        attribution: tuple[str, ...] = (),
    ) -> StoredMinutes:
        """Return travel from columns of equal length: indices into `urns`, centiminutes, metres.

        -1 stands for no way, and for unknown metres.
        """
        ends = zip(np.asarray(origin).tolist(), np.asarray(destination).tolist(), strict=True)
        takes = zip(np.asarray(centiminutes).tolist(), np.asarray(metres).tolist(), strict=True)
        return cls(ascending(urns), dict(zip(ends, takes, strict=True)), words, attribution)

    def between(self, origins: ArrayLike, destinations: ArrayLike) -> tuple[Ints, Ints]:
        """Return centiminutes and metres of each pair. Raises KeyError, naming both URNs, for a pair not stored."""
        ends = np.broadcast_arrays(np.asarray(origins), np.asarray(destinations))
        takes = [self._takes(a, b) for a, b in zip(ends[0].ravel().tolist(), ends[1].ravel().tolist(), strict=True)]
        both = np.array(takes, dtype=np.int32).reshape(-1, 2)
        return both[:, 0].reshape(ends[0].shape), both[:, 1].reshape(ends[0].shape)

    def within(self, horizon_centiminutes: int | None = None, horizon_metres: int | None = None) -> Reach:
        """Return the stored pairs within both horizons."""
        known = [(*ends, *takes) for ends, takes in self._pairs.items() if ends[0] != ends[1] and takes[0] >= 0]
        columns = np.array(known, dtype=np.int64).reshape(-1, 4).T
        return within_horizons(columns[0], columns[1], columns[2], columns[3], horizon_centiminutes, horizon_metres)

    def _takes(self, origin: int, destination: int) -> tuple[int, int]:
        if origin == destination:
            return 0, 0
        try:
            return self._pairs[origin, destination]
        except KeyError:
            raise KeyError(f"no minutes stored from {self.urns[origin]} to {self.urns[destination]}") from None


def _whole(metres: ArrayLike) -> Indices:
    """Return whole metres. Raises ValueError for fractions, and for metres beyond COORDINATE_METRES_MAX."""
    given = np.asarray(metres)
    whole = given.astype(np.int64)
    if (whole != given).any() or (np.abs(whole) > COORDINATE_METRES_MAX).any():
        raise ValueError("eastings and northings must be whole metres, and on this planet")
    return whole
