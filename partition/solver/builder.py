"""The builder of a problem's search space: limits that rules may set, and the arrays made from all limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.minutes import Reach
from partition.model.problem import Problem
from partition.model.roster import DrivesBetween
from partition.solver.ends import EndsLimit, HeadPairs
from partition.solver.space import UNLIMITED, Bools, Ints, PlanRow, SearchSpace


class SpaceBuilder:
    """Limits and arrays by node, filled by `encode` rule by rule, then frozen by `build`."""

    def __init__(self, problem: Problem) -> None:
        roster = problem.roster
        self.problem = problem
        self.size = len(roster)
        self.heads_min, self.heads_max = 2, self.size
        self.pupils_limits = [0, UNLIMITED]
        self.sums: list[tuple[Ints, list[int]]] = []  # a count of each node, and the limits of its sum
        self.schools_limits = [0, UNLIMITED]
        self.associates_max = UNLIMITED
        self.schools = _column(len(h.schools) for h in roster.headships)
        self.small = _column(0 if h.already else h.small for h in roster.headships)  # to place
        self.usable = np.ones(self.size, dtype=bool)
        self.must_place = np.zeros(self.size, dtype=bool)
        self.wanted_flags: list[Bools] = [self.small > 0]  # for each, some member must have True
        self.distinct: list[tuple[list[set[str]], int]] = []  # values by node, and the most different values
        self.plan_rows: list[PlanRow] = []
        self.follows_today = False  # whether columns say which partnership of today each succeeds
        self._tie_parent = list(range(self.size))
        self._forbidden: set[tuple[int, int]] = set()
        self._classes: list[Ints] = []
        self.centiminutes_horizon: int | None = None
        self.metres_horizon: int | None = None
        self._pair_tests: list[Ints] = []
        self._ends_limits: list[EndsLimit] = []
        self.own_most = UNLIMITED  # thousandths of a head's own minutes

    # Limits that rules set ----------------------------------------------------------------------------------

    def limit_heads(self, least: int | None, most: int | None) -> None:
        """Limit the number of nodes in a partnership; None is no limit, and two is always the least."""
        self.heads_min = max(self.heads_min, least or 0)
        self.heads_max = min(self.heads_max, UNLIMITED if most is None else most)

    def limit_sum(self, counts: Ints, least: int | None, most: int | None) -> None:
        """Limit the sum of a count over a partnership; None is no limit.

        `counts` has one number for each node, 0 or more: the search gives up a partnership whose sum is over its limit.
        """
        assert (counts >= 0).all()
        same = (limits for known, limits in self.sums if np.array_equal(known, counts))
        limits = next(same, None)
        if limits is None:
            limits = [0, UNLIMITED]
            self.sums.append((counts, limits))
        narrow(limits, least, most)

    def forbid(self, nodes: Sequence[int]) -> None:
        """Forbid every partnership with two of these nodes."""
        ordered = sorted(set(nodes))
        self._forbidden |= {(a, b) for n, a in enumerate(ordered) for b in ordered[n + 1 :]}

    def separate(self, classes: Sequence[Sequence[int]]) -> None:
        """Forbid every partnership with nodes of two classes. Nodes in no class form one more class."""
        labels = np.full(self.size, -1, dtype=np.int64)
        for label, nodes in enumerate(classes):
            labels[list(nodes)] = label
        self._classes.append(labels)

    def tie(self, nodes: Sequence[int]) -> None:
        """Demand that a partnership has all of these nodes or none. Ties with a common node become one tie."""
        first, *others = sorted(set(nodes))
        for node in others:
            self._tie_parent[self._tie_root(node)] = self._tie_root(first)

    def _tie_root(self, node: int) -> int:
        while self._tie_parent[node] != node:
            node = self._tie_parent[node]
        return node

    def limit_drives(
        self, between: DrivesBetween, *, centiminutes_max: Ints | None = None, metres_max: int | None = None
    ) -> None:
        """Limit the drives between two headships, each way: between any two schools, their bases or nearest schools.

        `centiminutes_max` is a limit for each school of the area; the limit of a pair is the longer.
        """
        if between != "schools":
            self._ends_limits.append(EndsLimit(between, centiminutes_max, metres_max))
            return
        if centiminutes_max is not None:
            self._pair_tests.append(centiminutes_max)
            self.centiminutes_horizon = _tighter(self.centiminutes_horizon, int(centiminutes_max.max(initial=0)))
        if metres_max is not None:
            self.metres_horizon = _tighter(self.metres_horizon, metres_max)

    # Building -----------------------------------------------------------------------------------------------

    def build(self) -> SearchSpace:
        """Return the search space, frozen."""
        headships, preferences = self.problem.roster.headships, self.problem.preferences
        flags = np.zeros(self.size, dtype=np.int64)
        lacks = preferences.lacks
        for bit, has in enumerate([*self.wanted_flags, *(self._having(column, value) for column, value, _ in lacks)]):
            flags |= has.astype(np.int64) << bit
        value_bits, values_most = self._distinct_words()
        halves = self._halves()
        return SearchSpace(
            names=np.array([h.base_urn for h in headships], dtype=object),
            pupils=_column(h.pupils for h in headships),
            sums=_rows([counts for counts, _ in self.sums], self.size),
            sum_limits=_rows([limits for _, limits in self.sums], 2),
            schools=self.schools,
            small=self.small,
            associates=_column(h.associates for h in headships),
            heads_min=self.heads_min,
            heads_max=self.heads_max,
            pupils_limits=(self.pupils_limits[0], self.pupils_limits[1]),
            schools_limits=(self.schools_limits[0], self.schools_limits[1]),
            associates_max=self.associates_max,
            must_place=self.must_place,
            flags=flags,
            flags_wanted=(1 << len(self.wanted_flags)) - 1,
            ties=self._ties,
            tie_sizes=np.bincount(self._ties[self._ties >= 0], minlength=1).astype(np.int64),
            value_bits=value_bits,
            values_most=values_most,
            plan_rows=tuple(self.plan_rows),
            today=self._today() if self.follows_today else None,
            neighbours=self._neighbours(),
            halves=halves,
            carried=_column(sum(by_other.values()) for by_other in halves) + _column(self.problem.tariff.wished),
            meet=preferences.meet,
            travel_factor=preferences.travel_factor,
            off_target_price=preferences.off_target_price,
            pupils_target=preferences.pupils_target,
            venues=self._venues(),
            together=self._together(),
            lack_prices=tuple(price for *_, price in lacks),
            own=_column(sum(by_other.values()) for by_other in halves),
            own_most=self.own_most,
            bands=preferences.bands,
        )

    def _today(self) -> Bools:
        existing = self.problem.roster.existing
        today = np.zeros((len(existing), self.size), dtype=bool)
        for label, (_, members) in enumerate(existing):
            today[label, list(members)] = True
        return today

    @cached_property
    def _ties(self) -> Ints:
        """The number of the tie of each node, -1 for a free node."""
        roots = [self._tie_root(node) for node in range(self.size)]
        tied = sorted(root for root, count in Counter(roots).items() if count > 1)
        number = {root: n for n, root in enumerate(tied)}
        return _column(number.get(root, -1) for root in roots)

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints, Ints]:
        """Pairs of neighbours: lower node, higher node, and the drive there and back between their bases."""
        far = self._ends_limits and self.centiminutes_horizon is None and self.metres_horizon is None
        low, high, drives = self._near_pairs() if far else self._pairs_by_school()
        whole = self.usable[low] & self.usable[high]
        for labels in self._classes:
            whole &= labels[low] == labels[high]
        if self._forbidden:
            whole &= ~np.isin(low * self.size + high, [a * self.size + b for a, b in self._forbidden])
        if self._ends_limits:
            pairs = HeadPairs(self.problem.roster, low, high)
            whole &= pairs.joined()
            for limit in self._ends_limits:
                whole &= pairs.within(limit)
        return low[whole], high[whole], drives[whole]

    def _near_pairs(self) -> tuple[Ints, Ints, Ints]:
        """Return the pairs with two schools within the first limit on bases or nearest schools, and others."""
        limit = self._ends_limits[0]
        horizon = None if limit.centiminutes_max is None else int(limit.centiminutes_max.max(initial=0))
        reach = self.problem.area.travel.within(horizon, limit.metres_max)
        a, b = self._node_of[reach.origin], self._node_of[reach.destination]
        kept = (a >= 0) & (b >= 0) & (a != b)
        keys = np.unique(np.minimum(a, b)[kept] * self.size + np.maximum(a, b)[kept])
        low, high = keys // max(self.size, 1), keys % max(self.size, 1)
        pairs = HeadPairs(self.problem.roster, low, high)
        return low, high, pairs.base_drives(by_metres=self.problem.preferences.measure == "km")

    @cached_property
    def _node_of(self) -> Ints:
        """The node of each school of the area, -1 for a school that takes no part."""
        node_of = np.full(len(self.problem.area), -1, dtype=np.int64)
        for node, headship in enumerate(self.problem.roster.headships):
            node_of[list(headship.schools)] = node
        return node_of

    def _pairs_by_school(self) -> tuple[Ints, Ints, Ints]:
        """Return the pairs of which every two schools are joined by a road, within every limit on any two schools."""
        roster, area = self.problem.roster, self.problem.area
        is_base = np.zeros(len(area), dtype=bool)
        is_base[[headship.base for headship in roster.headships]] = True
        reach = area.travel.within(self.centiminutes_horizon, self.metres_horizon)
        kept = self._allowed_drives(reach)
        origin, destination = reach.origin[kept].astype(np.int64), reach.destination[kept].astype(np.int64)
        a, b = self._node_of[origin], self._node_of[destination]
        low, high = np.minimum(a, b), np.maximum(a, b)
        key = low * self.size + high
        keys, where, found = np.unique(key, return_inverse=True, return_counts=True)
        low, high = keys // max(self.size, 1), keys % max(self.size, 1)
        one_way = (reach.metres if self.problem.preferences.measure == "km" else reach.centiminutes)[kept]
        between_bases = is_base[origin] & is_base[destination]
        drives = np.zeros(len(keys), dtype=np.int64)
        np.add.at(drives, where[between_bases], one_way[between_bases].astype(np.int64))
        whole = found == 2 * self.schools[low] * self.schools[high]
        return low[whole], high[whole], drives[whole]

    def _allowed_drives(self, reach: Reach) -> Bools:
        """Return by drive whether the drive joins schools of two nodes and keeps every limit, in its own direction."""
        a, b = self._node_of[reach.origin], self._node_of[reach.destination]
        kept = np.asarray((a >= 0) & (b >= 0) & (a != b))
        for limits in self._pair_tests:
            kept &= reach.centiminutes <= np.maximum(limits[reach.origin], limits[reach.destination])
        return kept

    def _neighbours(self) -> list[dict[int, int]]:
        """Return the neighbours of each node, with the drive there and back."""
        found: list[dict[int, int]] = [{} for _ in range(self.size)]
        for a, b, drive in zip(*(column.tolist() for column in self._pairs), strict=True):
            found[a][b] = drive
            found[b][a] = drive
        return found

    def _halves(self) -> list[dict[int, int]]:
        """Return by node and other node half of the price of parting the two, for links and change together."""
        found: list[dict[int, int]] = [{} for _ in range(self.size)]
        tariff = self.problem.tariff
        for prices in (tariff.link_halves, tariff.change_halves):
            for (a, b), half in prices.items():
                found[a][b] = found[b][a] = found[a].get(b, 0) + half
        return found

    def _together(self) -> list[dict[int, int]]:
        """Return by node and neighbour the price of the two in one partnership: unlike values, and wishes."""
        tariff = self.problem.tariff
        if not {"likeness", "wishes"} & set(self.problem.preferences.terms):
            return []
        found: list[dict[int, int]] = [{} for _ in range(self.size)]
        for a, b in zip(*(column.tolist() for column in self._pairs[:2]), strict=True):
            found[a][b] = found[b][a] = tariff.unlike(a, b) + tariff.regret(a, b)
        return found

    def _having(self, column: str, value: str) -> Bools:
        area, headships = self.problem.area, self.problem.roster.headships
        return np.array([value in area.values(column, headship.schools) for headship in headships], dtype=bool)

    def _venues(self) -> list[frozenset[int]] | None:
        """Return the neighbours of each node within the limit for a venue, both ways; None where no limit is set."""
        limit = self.problem.tariff.host_centiminutes_max
        if limit is None:
            return None
        low, high, _ = self._pairs
        bases = _column(h.base for h in self.problem.roster.headships)
        ways = [self.problem.area.travel.between(bases[a], bases[b])[0] for a, b in ((low, high), (high, low))]
        near = (ways[0] >= 0) & (ways[0] <= limit) & (ways[1] >= 0) & (ways[1] <= limit)
        found: list[set[int]] = [set() for _ in range(self.size)]
        for a, b in zip(low[near].tolist(), high[near].tolist(), strict=True):
            found[a].add(b)
            found[b].add(a)
        return [frozenset(nodes) for nodes in found]

    def _distinct_words(self) -> tuple[NDArray[np.uint64], Ints]:
        """Return values as bits, of the shape (rule, node, word of 64), and the most different values, by rule."""
        most = _column(limit for _, limit in self.distinct)
        alphabets = [sorted(set().union(*values)) for values, _ in self.distinct]
        words = max((len(alphabet) + 63) // 64 for alphabet in alphabets) if alphabets else 1
        bits = np.zeros((len(self.distinct), self.size, max(words, 1)), dtype=np.uint64)
        for rule, (values, _) in enumerate(self.distinct):
            bit_of = {value: bit for bit, value in enumerate(alphabets[rule])}
            for node, here in enumerate(values):
                for bit in (bit_of[value] for value in here):
                    bits[rule, node, bit // 64] |= np.uint64(1 << (bit % 64))
        return bits, most


def _column(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _rows(rows: Sequence[Ints | list[int]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _tighter(limit: int | None, other: int) -> int:
    return other if limit is None else min(limit, other)


def narrow(limits: list[int], least: int | None, most: int | None) -> None:
    if least is not None:
        limits[0] = max(limits[0], least)
    if most is not None:
        limits[1] = min(limits[1], most)
