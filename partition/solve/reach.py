"""What can be at all: whether a headship fits some partnership, whether there is any plan."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from partition.solve.pool import Pool
from partition.solve.pricer import Pricer
from partition.solve.search import Search
from partition.solve.space import SearchSpace
from partition.solve.stage import fewest, possible
from partition.solve.watch import Limits, Watch


def can_be_placed(space: SearchSpace, nodes: Iterable[int]) -> dict[int, bool]:
    """For each headship, whether some partnership that keeps every rule on partnerships has it."""
    pricer = Pricer(space, 1, np.zeros(1, dtype=bool))
    stage = fewest(space)
    return {node: pricer.any_with(stage, node) for node in nodes}


def exists_any(space: SearchSpace, seconds: float = 10) -> bool:
    """Whether some plan keeps every rule; False too where none was found in the time given."""
    with Watch(Limits(seconds=seconds)) as watch:
        search = Search(space, Pool(space), Pricer(space, 1, watch.stop), watch)
        found = search.minimise(possible(space), None)
    return found.choice is not None and found.choice.value == 0
