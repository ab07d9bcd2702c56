"""Questions of existence: whether a headship fits in some partnership, and whether any plan exists."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from partition.solver.pricer import Pricer
from partition.solver.search import Search
from partition.solver.space import SearchSpace
from partition.solver.stage import possible
from partition.solver.watch import Limits, Watch


def fit_nowhere(space: SearchSpace, nodes: Iterable[int]) -> list[int]:
    """Return those of the nodes that are in no partnership that keeps every rule."""
    return Pricer(space, 1, np.zeros(1, dtype=bool)).fit_nowhere(nodes)


def partnerships_with(space: SearchSpace, nodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return for each of the nodes that fits one a partnership (nodes) that keeps every rule on partnerships."""
    return Pricer(space, 1, np.zeros(1, dtype=bool)).any_with(nodes)


def exists_any(space: SearchSpace, seconds: float = 10) -> bool:
    """Say whether some plan keeps every rule; False too where the search finds none in `seconds`."""
    with Watch(Limits(seconds=seconds)) as watch:
        search = Search(space, Pricer(space, 1, watch.stop), watch)
        found = search.minimise(possible(space), None)
    return found.choice is not None and found.choice.value == 0
