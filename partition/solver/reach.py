"""What can be at all: whether a headship fits some partnership, whether there is any plan."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from partition.solver.pricer import Pricer
from partition.solver.search import Search
from partition.solver.space import SearchSpace
from partition.solver.stage import possible
from partition.solver.watch import Limits, Watch


def fit_nowhere(space: SearchSpace, nodes: Iterable[int]) -> list[int]:
    """Which of these headships no partnership that keeps every rule has."""
    return Pricer(space, 1, np.zeros(1, dtype=bool)).fit_nowhere(nodes)


def exists_any(space: SearchSpace, seconds: float = 10) -> bool:
    """Whether some plan keeps every rule; False too where none was found in the time given."""
    with Watch(Limits(seconds=seconds)) as watch:
        search = Search(space, Pricer(space, 1, watch.stop), watch)
        found = search.minimise(possible(space), None)
    return found.choice is not None and found.choice.value == 0
