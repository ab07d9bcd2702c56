"""Growing a partnership from one school: which units still fit together, and which of them joins next.

A unit is a headship, or all headships of a tie. Units are the bits of whole numbers, so that "who fits all members so
far" is one operation, however large the area is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np

from partition.solver.space import UNLIMITED, SearchSpace

NOISE = 4.0  # of the draws, in neighbours: enough that growing again gives something else


@dataclass(frozen=True, slots=True)
class Group:
    """A partnership by its units, with all that its limits ask for."""

    units: tuple[int, ...]
    mask: int  # the same units as bits
    heads: int
    sums: tuple[int, ...]  # of each count that has limits
    flags: int
    values: tuple[int, ...]  # by rule on different values, the values as bits
    drives: int  # there and back between all pairs
    kept: int  # halves of links and change kept by being together


class Ground:
    """What may be grown: units, who fits whom, and the limits of a partnership."""

    def __init__(self, space: SearchSpace) -> None:
        self.space = space
        limits = [space.pupils_limits, space.schools_limits, (0, space.associates_max), *space.sum_limits.tolist()]
        counts = np.stack([space.pupils, space.schools, space.associates, *space.sums])
        some = [n for n, (least, most) in enumerate(limits) if least > 0 or most < UNLIMITED]
        self.least = tuple(int(limits[n][0]) for n in some)
        self.most = tuple(int(limits[n][1]) for n in some)
        self.scarce = next((n for n, least in enumerate(self.least) if least > 0), None)
        self.nodes = list(_units(space))
        if self.scarce is not None:  # units that have most come first
            scarce = counts[some[self.scarce]]
            self.nodes.sort(key=lambda nodes: (-scarce[nodes].sum(), nodes))
        self.unit_of = {node: unit for unit, nodes in enumerate(self.nodes) for node in nodes}
        self.near = self._near()
        self.heads = [len(nodes) for nodes in self.nodes]
        self.counts = [tuple(counts[some][:, nodes].sum(axis=1).tolist()) for nodes in self.nodes]
        self.flags = [int(np.bitwise_or.reduce(space.flags[nodes])) for nodes in self.nodes]
        self.with_flag = [
            (1 << bit, sum(1 << unit for unit, flags in enumerate(self.flags) if flags >> bit & 1))
            for bit in range(space.flags_wanted.bit_length())
        ]
        self.values = [
            tuple(_values(space, rule, nodes) for rule in range(len(space.values_most))) for nodes in self.nodes
        ]
        self.values_most = space.values_most.tolist()
        self.small = [int(space.small[nodes].sum()) for nodes in self.nodes]
        self.must = [bool(space.must_place[nodes].any()) for nodes in self.nodes]
        self.usable = sum(1 << unit for unit in range(len(self.nodes)) if self._sound(unit))
        self.work = 0  # units looked at so far: what growing has cost
        self.drives: list[dict[int, int]] = [self._drives(unit) for unit in range(len(self.nodes))]
        self.halves = [self._halves(unit) for unit in range(len(self.nodes))]
        self.travel = space.travel_factor

    def _near(self) -> list[int]:
        """Return by unit, as bits, the units all of whose nodes are neighbours of all of its own."""
        near = []
        for nodes in self.nodes:
            others = {self.unit_of[other] for other in self.space.neighbours[nodes[0]]} - {self.unit_of[nodes[0]]}
            fits = (o for o in others if all(b in self.space.neighbours[a] for a in nodes for b in self.nodes[o]))
            near.append(sum(1 << other for other in fits))
        return near

    def _sound(self, unit: int) -> bool:
        """Say whether the nodes of a unit are neighbours of each other and keep every upper limit."""
        nodes = self.nodes[unit]
        if len(nodes) > self.space.heads_max or any(map(int.__gt__, self.counts[unit], self.most)):
            return False
        if any(found.bit_count() > most for found, most in zip(self.values[unit], self.values_most, strict=True)):
            return False
        return all(b in self.space.neighbours[a] for a in nodes for b in nodes if a != b)

    def _halves(self, unit: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for node in self.nodes[unit]:
            for other, half in self.space.halves[node].items():
                found[self.unit_of[other]] = found.get(self.unit_of[other], 0) + half
        return found

    def _drives(self, unit: int) -> dict[int, int]:
        return {
            other: sum(self.space.neighbours[a][b] for a in self.nodes[unit] for b in self.nodes[other])
            for other in bits(self.near[unit])
        }

    # Groups -------------------------------------------------------------------------------------------------

    def alone(self, unit: int) -> Group:
        """Return the group of one unit."""
        nodes = self.nodes[unit]
        drives = sum(self.space.neighbours[a][b] for a in nodes for b in nodes if a < b)
        values = self.values[unit]
        kept = sum(self.space.halves[a].get(b, 0) for a in nodes for b in nodes if a < b)
        return Group((unit,), 1 << unit, self.heads[unit], self.counts[unit], self.flags[unit], values, drives, kept)

    def with_(self, group: Group, unit: int) -> Group | None:
        """Return a group with one more unit, which fits all members; None where an upper limit breaks."""
        heads = group.heads + self.heads[unit]
        sums = tuple(map(int.__add__, group.sums, self.counts[unit]))
        if heads > self.space.heads_max or any(map(int.__gt__, sums, self.most)):
            return None
        values = tuple(map(int.__or__, group.values, self.values[unit]))
        if any(found.bit_count() > most for found, most in zip(values, self.values_most, strict=True)):
            return None
        drives, halves = self.drives[unit], self.halves[unit]
        added = sum(drives[member] for member in group.units)
        kept = group.kept + sum(halves.get(member, 0) for member in group.units) if halves else group.kept
        flags, mask = group.flags | self.flags[unit], group.mask | 1 << unit
        return Group((*group.units, unit), mask, heads, sums, flags, values, group.drives + added, kept)

    def group(self, units: Sequence[int]) -> Group | None:
        """Return the group of some units; None where two do not fit or an upper limit breaks."""
        found: Group | None = self.alone(units[0])
        for unit in units[1:]:
            if found is None or found.mask & ~self.near[unit]:
                return None
            found = self.with_(found, unit)
        return found

    def complete(self, group: Group) -> bool:
        """Say whether a group keeps the lower limits and has a venue: whether it is a partnership."""
        wanted = self.space.flags_wanted
        if group.heads < self.space.heads_min or group.flags & wanted != wanted:
            return False
        return not any(map(int.__lt__, group.sums, self.least)) and self._has_venue(group) and self._shared_out(group)

    def _shared_out(self, group: Group) -> bool:
        """Say whether no head has more minutes of its own than the limit allows."""
        space = self.space
        if space.own_most == UNLIMITED or space.own is None:
            return True
        nodes = self.members(group)
        drives = {a: [space.neighbours[a].get(b, 0) for b in nodes] for a in nodes}
        carried = {a: int(space.own[a]) - sum(space.halves[a].get(b, 0) for b in nodes) for a in nodes}
        if space.meet == "host":
            reach = [v for v in nodes if space.venues is None or space.venues[v].issuperset(set(nodes) - {v})]
            venue = nodes.index(min(reach, key=lambda v: (sum(drives[v]), space.names[v])))
            own = {a: drives[a][venue] * self.travel for a in nodes}
        else:
            own = {a: sum(drives[a]) * self.travel / (len(nodes) if space.meet == "rotate" else 4) for a in nodes}
        return all(_rounded(own[a]) + carried[a] <= space.own_most for a in nodes)

    def _has_venue(self, group: Group) -> bool:
        space = self.space
        if space.venues is None and space.venue_capacity is None:
            return True
        nodes = self.members(group)
        pupils = int(space.pupils[list(nodes)].sum())
        room = [node for node in nodes if space.venue_capacity is None or pupils <= space.venue_capacity[node]]
        return any(space.venues is None or space.venues[node].issuperset(set(nodes) - {node}) for node in room)

    def members(self, group: Group) -> tuple[int, ...]:
        """Return the nodes of a group, ascending."""
        return tuple(sorted(node for unit in group.units for node in self.nodes[unit]))

    def cost(self, group: Group) -> int:
        """Return about what a group costs in thousandths, without what its members carry alone."""
        top, bottom = group.drives * self.travel.numerator, self.travel.denominator
        if self.space.meet == "pairs":
            return top // (2 * bottom) - 2 * group.kept
        return 2 * top // (bottom * group.heads) - 2 * group.kept

    # Growing ------------------------------------------------------------------------------------------------

    def grown(self, group: Group, free: int, draws: Random) -> Group | None:
        """Return the group grown, by units of `free`, until it is a partnership; None where that does not come about.

        Next is mostly the unit with the fewest ways out: free neighbours that do not fit the group count against it,
        those that do fit count for it.
        """
        common = free
        for unit in group.units:
            common &= self.near[unit]
        while not self.complete(group):
            best, best_score = -1, 0.0
            self.work += common.bit_count()
            for unit in bits(common):
                after = common & self.near[unit]
                if not self._within_reach(group, unit, after):
                    continue
                score = (self.near[unit] & free).bit_count() - 2 * after.bit_count() + NOISE * draws.random()
                if best < 0 or score < best_score:
                    best, best_score = unit, score
            if best < 0:
                return None
            then = self.with_(group, best)
            common &= ~(1 << best)
            if then is not None:
                group, common = then, common & self.near[best]
        return group

    def _within_reach(self, group: Group, unit: int, after: int) -> bool:
        """Say whether, with a unit more, the units of `after` could still complete the group."""
        heads = group.heads + self.heads[unit]
        if heads + after.bit_count() < self.space.heads_min:
            return False
        flags = group.flags | self.flags[unit]
        if any(not (flags & flag or after & having) for flag, having in self.with_flag):
            return False
        return self.scarce is None or self._enough(group, unit, after, self.space.heads_max - heads)

    def _enough(self, group: Group, unit: int, after: int, slots: int) -> bool:
        """Say whether the most that so many units of `after` have makes up a lower limit; lower units have more."""
        assert self.scarce is not None
        lacking = self.least[self.scarce] - group.sums[self.scarce] - self.counts[unit][self.scarce]
        while lacking > 0 and after and slots > 0:
            low = after & -after
            lacking -= self.counts[low.bit_length() - 1][self.scarce]
            after ^= low
            slots -= 1
        return bool(lacking <= 0)


def bits(mask: int) -> Iterator[int]:
    """Yield the places of the bits of a number, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _units(space: SearchSpace) -> Iterator[list[int]]:
    """Yield the nodes of each unit: of a tie, or a single node."""
    tied: dict[int, list[int]] = {}
    for node, tie in enumerate(space.ties.tolist()):
        tied.setdefault(tie if tie >= 0 else -1 - node, []).append(node)
    yield from sorted(tied.values())


def _values(space: SearchSpace, rule: int, nodes: Sequence[int]) -> int:
    words = np.bitwise_or.reduce(space.value_bits[rule, list(nodes)], axis=0).tolist()
    return sum(int(word) << 64 * n for n, word in enumerate(words))


def _rounded(amount: Fraction) -> int:
    """Round to the nearest integer, halves up, as `Tariff` does."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
