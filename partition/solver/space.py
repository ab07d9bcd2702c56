"""The search space: a problem as arrays, which is all that the search sees.

Nodes are the roster's headships by position. Two nodes are neighbours when every rule lets them share a partnership;
drives are kept between neighbours only, so that a large area stays sparse. `encode` tells a `SpaceBuilder` what each
rule says; what it builds is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]

UNLIMITED = 2**62
MEET = {"rotate": 0, "pairs": 1, "host": 2}


@dataclass(frozen=True, slots=True)
class Groups:
    """Disjoint groups of nodes, some of which may lie outside this space: then none here is that group."""

    of_node: Ints  # the number of each node's group, -1: none
    heads: Ints  # by group, how many nodes it has
    weights: Ints  # by group, never below 0


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A rule on the whole plan: low <= sum over partnerships of what each counts for <= high.

    A partnership counts for `fixed`, each member's weight, and `kept` for each member that is today in the one that it
    succeeds. With a `label` only partnerships that succeed that one count at all. It counts as well for every pair
    of its members in `pairs` (by node, the others), and, where it is one of `groups` exactly, for that one's weight:
    such a row has no low, so that being one of them is never a gain.
    """

    name: str
    fixed: int
    weights: Ints
    low: int | None
    high: int | None
    kept: int = 0
    label: int | None = None
    pairs: Sequence[Mapping[int, int]] | None = None
    groups: Groups | None = None

    def among(self, nodes: Sequence[int]) -> PlanRow:
        """The same for some nodes only, by ascending position."""
        some, groups = list(nodes), self.groups
        return replace(
            self,
            weights=self.weights[some],
            pairs=None if self.pairs is None else _within(self.pairs, nodes),
            groups=None if groups is None else replace(groups, of_node=groups.of_node[some]),
        )


@dataclass(frozen=True, kw_only=True)
class SearchSpace:
    """All that the search reads, by node."""

    names: Ints  # a number of its own that orders nodes wherever there is a tie: the URN of the base
    pupils: Ints
    rolls: Ints  # other pupils, such as forecasts: (roll, node)
    roll_limits: Ints  # the least and the most of them in a partnership, by roll
    schools: Ints
    small: Ints
    associates: Ints
    heads_min: int
    heads_max: int
    pupils_limits: tuple[int, int]
    schools_limits: tuple[int, int]
    associates_max: int
    must_place: Bools
    flags: Ints  # one bit for each thing that some member must have
    flags_wanted: int
    ties: Ints  # number of the tie, -1 for a free node; a partnership has all of a tie or none
    tie_sizes: Ints
    value_bits: Words  # values as bits: (rule, node, word of 64)
    values_most: Ints  # the most different ones a partnership may have, by rule
    plan_rows: tuple[PlanRow, ...]
    today: Bools | None  # by partnership of today, which nodes are in it; None where no rule asks
    neighbours: Sequence[Mapping[int, int]]  # by node, its neighbours and the drive there and back
    halves: Sequence[Mapping[int, int]]  # by node, each end's half of what parting it from another costs
    carried: Ints  # what each costs alone
    meet: str
    travel_factor: Fraction
    off_target_price: Fraction
    pupils_target: int
    venues: Sequence[frozenset[int]] | None = None  # by node, neighbours within the limit for a venue; None: all
    venue_capacity: Ints | None = None  # the most pupils where a node is the venue; None: no such limit

    @property
    def size(self) -> int:
        return len(self.names)

    @cached_property
    def width(self) -> int:
        """The most members a partnership can have."""
        near = max((len(near) for near in self.neighbours), default=0)
        return max(min(self.heads_max, near + 1, self.size), 1)

    @cached_property
    def dear(self) -> int:
        """More than any node's share of its partnership's cost, in thousandths."""
        widest = max((drive for near in self.neighbours for drive in near.values()), default=0)
        travel = self.travel_factor * widest * self.width
        pupils = int(self.pupils.max(initial=0)) + self.pupils_target
        return max(int(travel + self.off_target_price * pupils) + int(self.carried.max(initial=0)), 1)

    @property
    def ceiling(self) -> int:
        """No plan costs more, in thousandths."""
        return self.size * self.dear

    @cached_property
    def order(self) -> Ints:
        """Rank of each node: fewest neighbours left first (degeneracy), so that blocks stay small."""
        degree = [len(near) for near in self.neighbours]
        buckets: dict[int, set[int]] = {}
        for node, count in enumerate(degree):
            buckets.setdefault(count, set()).add(node)
        rank = np.zeros(self.size, dtype=np.int64)
        gone = [False] * self.size
        for place in range(self.size):
            fewest = min(count for count, nodes in buckets.items() if nodes)
            node = min(buckets[fewest])
            buckets[fewest].remove(node)
            gone[node] = True
            rank[node] = place
            for other in self.neighbours[node]:
                if not gone[other]:
                    buckets[degree[other]].remove(other)
                    degree[other] -= 1
                    buckets.setdefault(degree[other], set()).add(other)
        return rank

    @property
    def by_venue(self) -> bool:
        """Whether roots are venues, which anyone near may join, and not the first member by rank."""
        return self.meet == "host"

    def among(self, nodes: Sequence[int], plan_rows: tuple[PlanRow, ...] = ()) -> SearchSpace:
        """The same for some nodes only, by ascending position, with rules on the plan of its own.

        A tie must be inside or outside whole.
        """
        place = {node: n for n, node in enumerate(nodes)}
        some = np.array(nodes, dtype=np.int64)
        venues = self.venues
        by_node = ("names", "pupils", "schools", "small", "associates", "must_place", "flags", "ties", "carried")
        return replace(
            self,
            **{name: getattr(self, name)[some] for name in by_node},
            rolls=self.rolls[:, some],
            value_bits=np.ascontiguousarray(self.value_bits[:, some, :]),
            plan_rows=plan_rows,
            today=None if self.today is None else self.today[:, some],
            neighbours=_within(self.neighbours, nodes),
            halves=_within(self.halves, nodes),
            venues=None if venues is None else [frozenset(place[b] for b in venues[a] if b in place) for a in nodes],
            venue_capacity=None if self.venue_capacity is None else self.venue_capacity[some],
        )


def _within(links: Sequence[Mapping[int, int]], nodes: Sequence[int]) -> list[dict[int, int]]:
    """Links between some nodes, numbered anew in that order."""
    place = {node: n for n, node in enumerate(nodes)}
    return [{place[b]: value for b, value in links[a].items() if b in place} for a in nodes]
