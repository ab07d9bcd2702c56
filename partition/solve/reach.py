"""Which headships any partnership at all can have: a search for one, headship by headship."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from partition.solve.pricer import Pricer
from partition.solve.space import SearchSpace
from partition.solve.stage import fewest


def can_be_placed(space: SearchSpace, nodes: Iterable[int]) -> dict[int, bool]:
    """For each headship, whether some partnership that keeps every rule on partnerships has it."""
    pricer = Pricer(space, 1, np.zeros(1, dtype=bool))
    stage = fewest(space)
    return {node: pricer.any_with(stage, node) is not None for node in nodes}
