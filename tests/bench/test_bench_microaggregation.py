"""Microaggregation: is the engine asked what is meant? Held against every grouping of a few points; then a made set."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from microaggregation import Points, grouped, squares_within
from town import partitions

MADE, SECONDS_MAX = 100, 60


def drawn(seed: int, count: int, dimensions: int = 2) -> Points:
    """Points around a few middles."""
    draws = np.random.default_rng(seed)
    middles = draws.uniform(0, 1_000, (max(count // 8, 2), dimensions))
    return (
        (middles[draws.integers(0, len(middles), count)] + draws.normal(0, 80, (count, dimensions))).round().astype(int)
    )


def test_squares_within_is_to_the_mean() -> None:
    points = np.array([[0, 0], [2, 0], [10, 10], [10, 16]])
    assert squares_within(points, [(0, 1), (2, 3)]) == 1 + 1 + 9 + 9


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("k", "count", "dimensions"), [(2, 8, 2), (3, 9, 2), (3, 8, 4)])
def test_no_grouping_is_better(seed: int, k: int, count: int, dimensions: int) -> None:
    """Of all groupings in groups of k or more, those of 2k and more among them."""
    points = drawn(seed, count, dimensions)
    every = (groups for groups in partitions(range(count)) if min(map(len, groups)) >= k)
    least = min(squares_within(points, [tuple(group) for group in groups]) for groups in every)
    found = grouped(points, k, SECONDS_MAX)
    assert found.groups is not None and sorted(point for group in found.groups for point in group) == [*range(count)]
    assert squares_within(points, found.groups) == pytest.approx(least, abs=0.001 * count)
    assert found.bound is not None and least - 0.001 * count <= found.bound <= least


@pytest.mark.parametrize("k", [3, 5])
def test_microaggregation_of_a_made_set(k: int, rows: dict[str, Mapping[str, object]]) -> None:
    """Nothing is published of this set: the groups are an answer, and the bound is no higher."""
    points = drawn(1, MADE)
    found = grouped(points, k, SECONDS_MAX)
    cost = None if found.groups is None else squares_within(points, found.groups)
    rows[f"microaggregation: {MADE} points, k = {k}"] = {"cost": cost, "bound": found.bound, "seconds": found.seconds}
    if found.groups is not None:
        assert sorted(point for group in found.groups for point in group) == [*range(MADE)]
        assert {k <= len(group) < 2 * k for group in found.groups} == {True}
        assert found.bound is None or found.bound <= squares_within(points, found.groups)
