"""The search space: a problem as arrays, and the only data that the search reads.

Nodes are the roster's headships by position. Two nodes are neighbours where every rule allows both in one partnership.
Drives are stored between neighbours only, so that a large area stays sparse. `encode` enters each rule in a
`SpaceBuilder`, which builds a frozen space.
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
    """Disjoint groups of nodes. No column equals a group some of whose nodes lie outside the space."""

    of_node: Ints  # the number of each node's group; -1: none
    heads: Ints  # by group, the number of its nodes
    weights: Ints  # by group, never below 0


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A rule on the whole plan: low <= sum over partnerships of their amounts <= high.

    The amount of a partnership is the sum of `fixed`, the weights of its members, `kept` for each member that today is
    in the partnership that this one succeeds, the numbers in `pairs` for each pair of its members (by node, other
    node), and the weight of one of `groups` where the partnership equals that group. With a `label` only partnerships
    that succeed the partnership of today of that number have an amount, and all others have 0. A row with `groups` has
    no `low`, so a partnership never gains by equality with a group.
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

    @property
    def plain(self) -> bool:
        """Whether the amount of a partnership is the sum of `fixed` and the weights of its members, no more."""
        return not self.kept and self.label is None and self.pairs is None and self.groups is None

    def among(self, nodes: Sequence[int]) -> PlanRow:
        """Return the rule for some nodes only, given in ascending order and renumbered."""
        some, groups = list(nodes), self.groups
        return replace(
            self,
            weights=self.weights[some],
            pairs=None if self.pairs is None else _within(self.pairs, nodes),
            groups=None if groups is None else replace(groups, of_node=groups.of_node[some]),
        )


@dataclass(frozen=True, kw_only=True)
class SearchSpace:
    """The arrays of a problem, by node. Costs are in thousandths a year, drives in centiminutes (or metres)."""

    names: NDArray[np.object_]  # the URN of the base, different for every node: the order among equals
    pupils: Ints
    sums: Ints  # further counts with limits, such as pupils by a forecast: (count, node)
    sum_limits: Ints  # the least and the most of each in a partnership
    schools: Ints
    small: Ints
    associates: Ints
    heads_min: int
    heads_max: int
    pupils_limits: tuple[int, int]
    schools_limits: tuple[int, int]
    associates_max: int
    must_place: Bools
    flags: Ints  # one bit for each property that some member must have, then one for each that costs where lacking
    flags_wanted: int
    ties: Ints  # number of the tie, -1 for a free node; a partnership has all of a tie or none
    tie_sizes: Ints
    value_bits: Words  # values as bits: (rule, node, word of 64)
    values_most: Ints  # the most different ones a partnership may have, by rule
    plan_rows: tuple[PlanRow, ...]
    today: Bools | None  # (partnership of today, node): whether the node is in it; None where no rule needs it
    neighbours: Sequence[Mapping[int, int]]  # by node, its neighbours and the drive there and back
    halves: Sequence[Mapping[int, int]]  # by node and other node, half of the price of parting the two
    carried: Ints  # the cost of each headship alone
    meet: str
    travel_factor: Fraction
    off_target_price: Fraction
    pupils_target: int
    venues: Sequence[frozenset[int]] | None = None  # by node, neighbours within the limit for a venue; None: all
    venue_capacity: Ints | None = None  # the most pupils where a node is the venue; None: no such limit
    together: Sequence[Mapping[int, int]] = ()  # by node and other node, the price of the two in one partnership
    lack_prices: tuple[int, ...] = ()  # of each flag after those wanted, where no member has it
    own: Ints | None = None  # by node, what its head carries alone of its own minutes; None: they do not matter
    own_most: int = UNLIMITED  # of one head, in thousandths
    bands: tuple[tuple[int, Fraction], ...] = ()  # from which own thousandth on, and by how much each costs more

    @property
    def size(self) -> int:
        """The number of nodes."""
        return len(self.names)

    @cached_property
    def width(self) -> int:
        """The largest number of members that a partnership can have."""
        near = max((len(near) for near in self.neighbours), default=0)
        return max(min(self.heads_max, near + 1, self.size), 1)

    @cached_property
    def dear(self) -> int:
        """An amount above any node's share of its partnership's cost, in thousandths."""
        widest = max((drive for near in self.neighbours for drive in near.values()), default=0)
        travel = self.travel_factor * widest * self.width
        pupils = int(self.pupils.max(initial=0)) + self.pupils_target
        carried = int(self.carried.max(initial=0))
        unlike = self.width * max((price for others in self.together for price in others.values()), default=0)
        own = sum((extra * max(Fraction(0), travel + carried + 1 - start) for start, extra in self.bands), Fraction(0))
        extra = sum(self.lack_prices) + unlike + int(own) + bool(self.bands)
        return max(int(travel + self.off_target_price * pupils) + carried + extra, 1)

    @property
    def ceiling(self) -> int:
        """An upper bound on the cost of every plan, in thousandths."""
        return self.size * self.dear

    @cached_property
    def order(self) -> Ints:
        """The rank of each node: next is always the node with fewest neighbours left (degeneracy), for small blocks."""
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
        """Whether the root of a partnership is its venue, which any neighbour may join, or its first member by rank."""
        return self.meet == "host"

    def among(self, nodes: Sequence[int], plan_rows: tuple[PlanRow, ...] = ()) -> SearchSpace:
        """Return the space for some nodes only, in ascending order and renumbered, with other rules on the plan.

        All nodes of a tie must be among the nodes, or none.
        """
        place = {node: n for n, node in enumerate(nodes)}
        some = np.array(nodes, dtype=np.int64)
        venues = self.venues
        by_node = ("names", "pupils", "schools", "small", "associates", "must_place", "flags", "ties", "carried")
        return replace(
            self,
            **{name: getattr(self, name)[some] for name in by_node},
            sums=self.sums[:, some],
            value_bits=np.ascontiguousarray(self.value_bits[:, some, :]),
            plan_rows=plan_rows,
            today=None if self.today is None else self.today[:, some],
            neighbours=_within(self.neighbours, nodes),
            halves=_within(self.halves, nodes),
            venues=None if venues is None else [frozenset(place[b] for b in venues[a] if b in place) for a in nodes],
            venue_capacity=None if self.venue_capacity is None else self.venue_capacity[some],
            together=_within(self.together, nodes) if self.together else (),
            own=None if self.own is None else self.own[some],
        )


def _within(links: Sequence[Mapping[int, int]], nodes: Sequence[int]) -> list[dict[int, int]]:
    """Return the entries between some nodes, renumbered by their order here."""
    place = {node: n for n, node in enumerate(nodes)}
    return [{place[b]: value for b, value in links[a].items() if b in place} for a in nodes]
