"""Minutes between schools from a table that states them for every pair, in each direction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.cells import in_reading_order
from geodata.faults import BadData, Fault
from geodata.opening import Source
from geodata.pairs.checks import faults_of, notices_of
from geodata.pairs.drives import drives_between
from geodata.pairs.ends import Directory
from geodata.pairs.plausible import Findings, held_against
from geodata.pairs.reading import read_pairs
from geodata.reach import UNREACHABLE, Ints, Reach, within_horizons
from geodata.successors import Now
from geodata.urns import ascending, urns_of


class Matrix:
    """Minutes for every ordered pair, as from a file: dense arrays, for counties rather than England."""

    def __init__(
        self,
        urns: Iterable[object],
        centiminutes: NDArray[np.int32],
        metres: NDArray[np.int32] | None,
        *,
        words: str,
        attribution: tuple[str, ...] = (),
        sources: tuple[Source, ...] = (),
        notices: tuple[Fault, ...] = (),
        reading: tuple[str, ...] = (),
    ) -> None:
        """Take square arrays, one row an origin, with -1 for no way; `metres` is None where unknown.

        Raises ValueError where the arrays are not square of the number of URNs, or the URNs do not ascend.
        """
        self.urns = ascending(urns)
        self.words, self.attribution, self.sources = words, attribution, sources
        self.notices, self.reading = notices, reading
        self.has_km = metres is not None
        self._centiminutes = centiminutes.astype(np.int32)
        self._metres = np.full_like(self._centiminutes, UNREACHABLE) if metres is None else metres.astype(np.int32)
        if self._centiminutes.shape != (len(self.urns),) * 2 or self._metres.shape != self._centiminutes.shape:
            raise ValueError(f"{len(self.urns)} URNs need square arrays of that size")
        np.fill_diagonal(self._centiminutes, 0)
        np.fill_diagonal(self._metres, 0)

    def between(self, origins: ArrayLike, destinations: ArrayLike) -> tuple[Ints, Ints]:
        """Return centiminutes and metres of each pair of indices; -1 for no way or unknown metres."""
        at = np.asarray(origins), np.asarray(destinations)
        return self._centiminutes[at], self._metres[at]

    def within(self, horizon_centiminutes: int | None = None, horizon_metres: int | None = None) -> Reach:
        """Return pairs as `Travel.within` does. Raises ValueError for a horizon in metres where metres are unknown."""
        if horizon_metres is not None and not self.has_km:
            raise ValueError("the matrix gives no km")
        limit = np.iinfo(np.int32).max if horizon_centiminutes is None else horizon_centiminutes
        origin, destination = np.nonzero((self._centiminutes >= 0) & (self._centiminutes <= limit))
        return within_horizons(origin, destination, *self.between(origin, destination), None, horizon_metres)


def read_matrix(
    path: Path | str,
    urns: Iterable[object],
    known_urns: Collection[object] | None = None,
    *,
    eastings_metres: ArrayLike | None = None,
    northings_metres: ArrayLike | None = None,
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    now: Now = str,
) -> Matrix:
    """Read minutes, and km where the file has them, for every ordered pair of `urns`, from CSV, XLSX or Parquet.

    The file has a row for each pair, or a row and a column for each school. Columns are found by their usual headings
    (geodata.pairs.headings) or by `columns`, units by the headings or by `units`, both by our names: urn_from, urn_to,
    minutes, km. Blank minutes mean that there is no way. Minutes are rounded up to hundredths, km to metres; the two
    directions may differ. Rows of a school and itself, and of schools that are known but not among `urns`, are left
    out, and counted in `reading`. `now` gives what a school of an earlier year goes by today, where the table has not
    today's identifier too.

    Raises BadData for a missing or repeated pair, an unknown URN, a time or distance that is no number, negative or
    absurd (over a day, over 2,000 km); and, where coordinates are given, for minutes or km in another unit than stated,
    and for drives that no car can make.
    """
    wanted = ascending(urns)
    directory = Directory(wanted, urns_of(known_urns or ()), now)
    drives = drives_between(read_pairs(Path(path), columns or {}, directory), wanted, units or {})
    found = Findings(faults=[], notices=[], unread=[])
    if eastings_metres is not None and northings_metres is not None:
        points = np.column_stack([np.asarray(eastings_metres), np.asarray(northings_metres)]).astype(np.float64)
        found = held_against(drives, points)
    if faults := [*found.faults, *faults_of(drives, found.unread)]:
        raise BadData(in_reading_order(faults))
    centiminutes, metres = drives.squares()
    return Matrix(
        wanted,
        centiminutes,
        metres,
        words=f"minutes from the table {Path(path).name}",
        sources=(drives.pairs.source,),
        notices=(*found.notices, *notices_of(drives)),
        reading=drives.reading(),
    )
