"""Places that each place reaches by road, as far as was searched; and the same kept for the next run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geodata import cache
from geodata.reach import Indices


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Destinations that one origin reaches within `limit_ms` (None: no limit), ascending, with their weights."""

    limit_ms: int | None
    destination: Indices
    weight: Indices

    def covers(self, limit_ms: int | None) -> bool:
        """Return whether the row holds all that this limit asks for."""
        return self.limit_ms is None or (limit_ms is not None and limit_ms <= self.limit_ms)


def load_rows(name: str, limit_ms: int | None, places: int) -> list[Row] | None:
    """Return the rows kept under a name, if there is one for each of `places` places and all columns fit; else None."""
    kept = cache.load(name)
    if kept is None or set(kept) != {"reached", "destination", "weight"}:
        return None
    reached, destination, weight = kept["reached"], kept["destination"], kept["weight"]
    if len(reached) != places or reached.sum() != len(destination) or len(destination) != len(weight):
        return None
    cuts = np.cumsum(reached)[:-1]
    both = zip(np.split(destination.astype(np.int64), cuts), np.split(weight, cuts), strict=True)
    return [Row(limit_ms, *columns) for columns in both]


def store_rows(name: str, rows: Sequence[Row]) -> None:
    """Keep the rows of all places under a name."""
    cache.store(
        name,
        {
            "reached": np.array([len(row.destination) for row in rows], dtype=np.int64),
            "destination": np.concatenate([row.destination for row in rows]).astype(np.int32),
            "weight": np.concatenate([row.weight for row in rows]),
        },
    )
