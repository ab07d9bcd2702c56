"""Venues with room for so many each, exactly so many of them (capacitated p-median), against trying every choice."""

from __future__ import annotations

import sys
from itertools import combinations, product
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from pmedian import Instance, Published
from pmedian_engine import solved


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Up to seven points on a small grid, demands that do not all fit together, room that differs by venue."""
    points = draw(st.integers(3, 7))
    places = np.array([[draw(st.integers(0, 9)), draw(st.integers(0, 9))] for _ in range(points)])
    demands = np.array([draw(st.integers(1, 2_000)) for _ in range(points)])
    spare = [draw(st.sampled_from([0, 500, 1_500, 3_000])) for _ in range(points)]
    return Instance(
        published=Published("made up", 0),
        hosts=draw(st.integers(1, min(points, 3))),
        demands=demands,
        capacities=demands + np.array(spare),
        distances=np.abs(places[:, None] - places[None]).sum(axis=2).astype(float),
    )


def best_of_all(instance: Instance) -> float | None:
    """The least distance of any choice of hosts and of a host for each point; None where none has room."""
    best = None
    for hosts in combinations(range(instance.points), instance.hosts):
        others = [n for n in range(instance.points) if n not in hosts]
        for choice in product(hosts, repeat=len(others)):
            host_of = dict(zip(others, choice, strict=True)) | {host: host for host in hosts}
            hosts_of = [host_of[n] for n in range(instance.points)]
            if not instance.broken(hosts_of):
                cost = instance.cost(hosts_of)
                best = cost if best is None else min(best, cost)
    return best


@settings(max_examples=60, deadline=None)
@given(instances())
def test_the_best_venues_within_their_room(instance: Instance) -> None:
    answer, best = solved(instance, 600), best_of_all(instance)
    if best is None:
        assert answer.host_of is None
    else:
        assert answer.host_of is not None and not instance.broken(answer.host_of)
        assert instance.cost(answer.host_of) == answer.bound == best
