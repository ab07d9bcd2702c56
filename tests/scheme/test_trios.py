"""Trios, held against trying every way to make them from any that may be."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from identifiers import ints

from partition.scheme.trios import choose_trios, trios_near

Case = tuple[int, dict[tuple[int, int, int], int]]


@st.composite
def offered(draw: st.DrawFn) -> Case:
    """Up to nine heads, and trios at drawn costs, below nothing too: some heads may be in none."""
    heads = draw(st.integers(0, 9))
    every = list(combinations(range(heads), 3))
    chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=40)) if every else []
    return heads, {trio: draw(st.integers(-50, 50)) for trio in chosen}


def best(heads: int, costs: dict[tuple[int, int, int], int]) -> tuple[int, int]:
    """How many are left out at least, and the least cost then."""

    @cache
    def of(left: frozenset[int]) -> tuple[int, int]:
        if not left:
            return 0, 0
        first = min(left)
        out, cost = of(left - {first})
        found = [(out + 1, cost)]
        for trio, own in costs.items():
            if first in trio and left >= set(trio):
                out, cost = of(left - set(trio))
                found.append((out, cost + own))
        return min(found)

    return of(frozenset(range(heads)))


@given(offered())
def test_no_other_trios_leave_fewer_out_or_cost_less(case: Case) -> None:
    heads, costs = case
    trios = np.array(sorted(costs), dtype=np.int64).reshape(-1, 3)
    found = choose_trios(heads, trios, np.array([costs[trio] for trio in sorted(costs)], dtype=np.int64), 60)
    taken = [tuple(trios[row].tolist()) for row in found.rows]
    assert found.is_proven
    assert len({head for trio in taken for head in trio}) == 3 * len(taken)
    assert (heads - 3 * len(taken), sum(costs[trio] for trio in taken)) == best(heads, costs)


def test_where_the_relaxation_shares_heads_out_in_parts() -> None:
    """Four heads, any three of whom may meet at 10, and three more a long way off them: 1 of the 7 stays out."""
    near = np.zeros((7, 7), dtype=bool)
    near[:4, :4] = near[4:, 4:] = True
    np.fill_diagonal(near, False)
    trios = trios_near(near)
    assert ints(trios.tolist()) == [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3], [4, 5, 6]]
    found = choose_trios(7, trios, np.array([10, 9, 10, 10, 50]), 60)
    assert ints((found.rows, found.is_proven)) == ((1, 4), True)


def test_with_no_time_there_is_an_answer_that_claims_nothing() -> None:
    """The cheapest that is free, again and again: 1, 2, 3 at 1, and then nobody is left for the two dearer ones."""
    trios = np.array([[0, 1, 3], [1, 2, 3], [2, 4, 5]])
    assert ints(choose_trios(6, trios, np.array([5, 1, 5]), 0.0).rows) == (1,)
    assert not choose_trios(6, trios, np.array([5, 1, 5]), 0.0).is_proven
    assert ints(choose_trios(6, trios, np.array([5, 1, 5]), 60.0).rows) == (0, 2)
