"""Drives between the schools asked for, from the rows of a table of pairs; and what was read, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.cells import listed
from geodata.pairs.headings import FROM, KM, MINUTES, OUR_NAMES
from geodata.pairs.reading import Pairs
from geodata.reach import UNREACHABLE, Indices, Ints
from geodata.urns import Urn

HUNDREDTHS, METRES_PER_KM = 100, 1_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drives:
    """The rows `at` of a table, each of two different schools asked for; and the rows of a school and itself.

    `amounts` are minutes and km by name, nan where blank or no number; `units` those in which they were read.
    """

    pairs: Pairs
    urns: Sequence[Urn]
    at: Indices
    at_home: Indices
    amounts: Mapping[str, Floats]
    units: Mapping[str, str]

    @property
    def origin(self) -> Indices:
        """Return the place of the school where each drive starts."""
        return self.pairs.origin.place[self.at]

    @property
    def destination(self) -> Indices:
        """Return the place of the school where each drive ends."""
        return self.pairs.destination.place[self.at]

    @property
    def minutes(self) -> Floats:
        """Return the minutes of each drive, nan for no way."""
        return self.amounts[MINUTES]

    @property
    def km(self) -> Floats | None:
        """Return the km of each drive, nan for no way; None where the file gives none."""
        km = self.amounts.get(KM)
        return None if km is None or np.isnan(km).all() else np.where(np.isnan(self.minutes), np.nan, km)

    def squares(self) -> tuple[Ints, Ints | None]:
        """Return centiminutes and metres, rounded up, a row for each origin; -1 for no way and where none is given."""
        return self._square(self.minutes, HUNDREDTHS), None if self.km is None else self._square(self.km, METRES_PER_KM)

    def _square(self, amounts: Floats, per: int) -> Ints:
        square = np.full((len(self.urns),) * 2, UNREACHABLE, dtype=np.int32)
        exact = np.round(np.where(np.isnan(amounts), UNREACHABLE, amounts * per), 6)  # without the errors of floats
        square[self.origin, self.destination] = np.ceil(exact).astype(np.int32)
        return square

    def reading(self) -> tuple[str, ...]:
        """Return what was read, and what was left out, in lines."""
        return tuple(f"{self.pairs.file}: {words}" for words in self._account())

    def _account(self) -> Iterator[str]:
        no_way = int(np.isnan(self.minutes).sum())
        yield f"{len(self.at):,} pairs read, {no_way:,} of them with no way"
        columns = self.pairs.columns
        if self.pairs.is_square:
            rows, across = ("starts", "ends") if FROM in columns else ("ends", "starts")
            yield f"a square: each row is where a drive {rows}, each column where it {across}; read as {self._units()}"
        else:
            used = [f"{name} from {columns[name]!r}" for name in OUR_NAMES if name in columns]
            yield f"{', '.join(used)}; read as {self._units()}"
        others = len(self.pairs.row) - len(self.at) - len(self.at_home)
        left = [(len(self.at_home), "of a school and itself"), (others, "of schools that are not selected")]
        if words := [f"{count:,} row{'s' * (count != 1)} {what}" for count, what in left if count]:
            yield f"left out: {', '.join(words)}"
        if self.pairs.not_read:
            yield f"columns not read: {listed(self.pairs.not_read)}"

    def _units(self) -> str:
        return " and ".join(self.units[name] for name in self.amounts)


def drives_between(pairs: Pairs, urns: Sequence[Urn], units: Mapping[str, str]) -> Drives:
    """Return the drives between these schools; `units` are what people stated, by our name of the column."""
    origin, destination = pairs.origin.place, pairs.destination.place
    asked = (origin >= 0) & (destination >= 0)
    apart = origin != destination
    at = np.flatnonzero(asked & apart)
    read_in = {name: units.get(name) or pairs.units[name] or name for name in pairs.amounts}
    amounts = {
        name: (read.as_stated if name in units else read.measured)(name, read_in[name])[at]
        for name, read in pairs.amounts.items()
    }
    return Drives(pairs=pairs, urns=urns, at=at, at_home=np.flatnonzero(asked & ~apart), amounts=amounts, units=read_in)
