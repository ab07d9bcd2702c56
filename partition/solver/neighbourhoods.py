"""Neighbourhood search: improve a plan by solving a few adjacent partnerships at a time again, exactly.

The rest of the plan stays fixed, so each part is a small problem for the same search. The prices of the relaxation say
where to begin: at partnerships that cost far more than the prices of their members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from partition.solver.choice import Choice
from partition.solver.columns import Members, columns_of
from partition.solver.parts import Part, SolveParts
from partition.solver.prices import Prices, amounts
from partition.solver.space import PlanRow, SearchSpace
from partition.solver.stage import Stage

NODES_MOST = 36
WIDE = (120, 240, 480)  # solved in a second or two, and in ten; wider ones where narrower ones bring nothing
SIZES_FOR_ONE_MORE = (18, 36, 60)
PARTS_IN_ROUND = 16  # parts that are solved at once, however many workers there are

AsItIs = tuple[tuple[int, ...], tuple[Members, ...], tuple[object, ...]]
"""The nodes of a part, its partnerships, and what the rest of the plan leaves of the limits."""


def improvements(
    space: SearchSpace,
    stage: Stage,
    start: Choice,
    prices: Prices,
    solve_parts: SolveParts,
    solved: set[AsItIs] | None = None,
    *,
    wide: int | None = None,
    at_once: int = PARTS_IN_ROUND,
) -> Iterator[Choice]:
    """Yield the plan after each round of parts solved again; a part that becomes cheaper replaces the old one.

    There is a part around each group (a partnership, or a headship alone), those first that cost most above their
    members' prices; with `wide`, parts of up to so many nodes until each group is in one. The parts of a round,
    `at_once` of them, have no common node, and its make-up does not depend on the number of workers. Rules on the plan
    tie parts, so that a round is one part, unless they leave no room: then each part keeps its own amount, whatever the
    others do. Rules on successors of today's partnerships cannot be kept part by part: then nothing is yielded.

    Parts in `solved`, as they are now, are left out: they were solved before. Those solved without gain are added.
    """
    if not _kept_part_by_part(stage):
        return
    plan = _Plan(space, stage, start)
    solved = set() if solved is None else solved
    most = at_once if all(row.low == row.high for row in stage.plan_rows) else 1
    seeds, covered, done = plan.seeds(prices), set[int](), set[tuple[int, ...]]()
    while seeds:
        round_, later, taken = list[tuple[int, ...]](), list[Members](), set[int]()
        for seed in seeds:
            if wide is not None and seed[0] in covered:
                continue
            nodes = plan.about(seed, wide or NODES_MOST, rings=wide is not None) if len(round_) < most else ()
            if nodes in done:
                continue
            if nodes and taken.isdisjoint(nodes):
                round_.append(nodes)
                taken.update(nodes)
            else:
                later.append(seed)
        seeds = later
        covered.update(taken)
        done.update(round_)
        plan.redo([nodes for nodes in round_ if len(nodes) >= space.heads_min], solve_parts, solved)
        yield plan.choice


def trades(
    space: SearchSpace, stage: Stage, start: Choice, prices: Prices, solve_parts: SolveParts
) -> Iterator[Choice]:
    """Yield better plans, in which one part leaves one more small school alone and another part one fewer.

    Parts are wide and have no common node. Nothing is yielded where the stage has rules on the plan, or no limit on
    small schools alone.
    """
    if stage.alone_limit is None or stage.plan_rows:
        return
    plan = _Plan(space, stage, start)
    offers: dict[int, list[_Offer]] = {1: [], -1: []}
    asked = [(nodes, more) for nodes in plan.apart(prices) for more in offers]
    found = solve_parts([plan.part(nodes, more) for nodes, more in asked])
    for (nodes, more), after in zip(asked, found, strict=True):
        if after is not None:
            offers[more].append(_Offer(after.value - plan.value_of(nodes), nodes, after))
    traded: set[tuple[int, ...]] = set()
    for one_more in sorted(offers[1], key=_Offer.rank):
        free = [one for one in offers[-1] if one.nodes != one_more.nodes and one.nodes not in traded]
        one_fewer = min(free, key=_Offer.rank, default=None)
        if one_more.nodes in traded or one_fewer is None:
            continue
        if one_more.change + one_fewer.change >= 0:
            break
        for offer in (one_more, one_fewer):
            plan.put(offer.nodes, offer.after)
            traded.add(offer.nodes)
        yield plan.choice


def placing_more(space: SearchSpace, stage: Stage, start: Choice, solve_parts: SolveParts) -> Iterator[Choice]:
    """Yield plans with fewer and fewer small schools alone: solve parts around each for one fewer, small parts first.

    `solve_parts` receives a part whose stage limits the small schools alone, without its choice as it is now.
    Rules on successors of today's partnerships cannot be kept part by part: then nothing is yielded.
    """
    if not _kept_part_by_part(stage):
        return
    plan = _Plan(space, stage, start)
    done: set[tuple[int, ...]] = set()
    for nodes_most in SIZES_FOR_ONE_MORE:
        for node in start.alone:
            while stage.alone_weights[node] and node in plan.alone:
                nodes = plan.about((node,), nodes_most)
                if nodes in done or len(nodes) < space.heads_min:
                    break
                done.add(nodes)
                (after,) = solve_parts([plan.part(nodes, -1)])
                if after is None:
                    break
                plan.put(nodes, after)
                yield plan.choice


def completed(space: SearchSpace, stage: Stage, fixed: Choice, solve: Callable[[Part], Choice | None]) -> Choice | None:
    """Return the plan of fixed partnerships and of all others solved as one part; None where nothing is found for it.

    `fixed` has all others alone, whether they may be alone or not.

    Rules on successors of today's partnerships cannot be kept part by part: then nothing is returned.
    """
    if not _kept_part_by_part(stage):
        return None
    plan = _Plan(space, stage, fixed)
    after = solve(replace(plan.part(fixed.alone), now=None))
    if after is None:
        return None
    plan.put(fixed.alone, after)
    return plan.choice


def _kept_part_by_part(stage: Stage) -> bool:
    """Say whether all rules on the plan can be kept part by part: not those on successors of today's partnerships."""
    return all(row.label is None and not row.kept for row in stage.plan_rows)


@dataclass(frozen=True, slots=True)
class _Offer:
    """A new choice for a part, by the part's own node numbers, and the change of the plan's value (micro-units)."""

    change: int
    nodes: tuple[int, ...]
    after: Choice

    def rank(self) -> tuple[int, tuple[int, ...]]:
        return self.change, self.nodes


class _Plan:
    """A plan during the search: the group of each node, and the cost of each partnership in thousandths."""

    def __init__(self, space: SearchSpace, stage: Stage, choice: Choice) -> None:
        self.space, self.stage, self.value = space, stage, choice.value
        self.costs: dict[Members, int] = dict(zip(choice.partnerships, choice.costs, strict=True))
        self.alone = set(choice.alone)
        self.group_of = {node: members for members in choice.partnerships for node in members}
        self.group_of |= {node: (node,) for node in choice.alone}

    @property
    def choice(self) -> Choice:
        ordered = sorted(self.costs)
        return Choice(tuple(ordered), tuple(sorted(self.alone)), self.value, tuple(self.costs[m] for m in ordered))

    def seeds(self, prices: Prices) -> list[Members]:
        """Return all groups, those first whose value is most above the prices of their members."""
        groups = set(self.group_of.values())
        above = {m: self._value(m) - int(prices.duals.nodes[list(m)].sum()) for m in groups}
        return sorted(groups, key=lambda members: (-above[members], members))

    def apart(self, prices: Prices) -> Iterator[tuple[int, ...]]:
        """Yield wide parts without a common node, around the groups of `seeds` in order."""
        taken: set[int] = set()
        for seed in self.seeds(prices):
            nodes = () if seed[0] in taken else self.about(seed, WIDE[0], rings=True)
            if taken.isdisjoint(nodes) and len(nodes) >= self.space.heads_min:
                taken.update(nodes)
                yield nodes

    def _value(self, members: Members) -> int:
        if members[0] in self.alone:
            return int(self.stage.alone[members[0]])
        return self.costs[members] * self.stage.scale

    def about(self, seed: Members, nodes_most: int = NODES_MOST, *, rings: bool = False) -> tuple[int, ...]:
        """Return the nodes of a group and of the groups nearest to it, whole groups only, in ascending order.

        With `rings`, groups next to those come too, ring by ring.
        """
        seed = self.group_of[seed[0]]
        nodes, ring = set(seed), self._next_to(seed, set(seed))
        while ring:
            for group in ring:
                if len(nodes) + len(group) > nodes_most:
                    break
                nodes.update(group)
            else:
                ring = self._next_to([node for group in ring for node in group], nodes) if rings else []
                continue
            break
        tied = set(self.space.ties[sorted(nodes)].tolist()) - {-1}
        for node in np.flatnonzero(np.isin(self.space.ties, sorted(tied))).tolist():
            nodes.update(self.group_of[node])
        return tuple(sorted(nodes))

    def _next_to(self, inside: Sequence[int], apart_from: set[int]) -> list[Members]:
        """Return the groups with neighbours of some nodes, apart from those of others, the nearest first."""
        nearest: dict[Members, int] = {}
        for node in inside:
            for other, drive in self.space.neighbours[node].items():
                if other not in apart_from:
                    group = self.group_of[other]
                    nearest[group] = min(drive, nearest.get(group, drive))
        return sorted(nearest, key=lambda group: (nearest[group], group))

    def redo(self, parts: Sequence[tuple[int, ...]], solve_parts: SolveParts, solved: set[AsItIs]) -> None:
        """Solve parts without a common node again, and put choices that are cheaper in place of the present ones.

        Each part may leave as many small schools alone as the others leave room for now; a choice that finds the room
        taken by one before it is dropped.
        """
        known = {nodes: self._as_it_is(nodes) for nodes in parts}
        asked = [nodes for nodes in parts if known[nodes] not in solved]
        for nodes, after in zip(asked, solve_parts([self.part(nodes) for nodes in asked]), strict=True):
            if after is None or after.value >= self.value_of(nodes):
                solved.add(known[nodes])
            elif self._has_room(nodes, after):
                self.put(nodes, after)

    def _as_it_is(self, nodes: tuple[int, ...]) -> AsItIs:
        groups, _ = self._inside(nodes)
        return nodes, tuple(groups), (self._room(nodes), *(self._rest(row, groups) for row in self.stage.plan_rows))

    def _room(self, nodes: Sequence[int]) -> int | None:
        """Return how many small schools of some nodes may be alone: the limit less those alone elsewhere."""
        if self.stage.alone_limit is None:
            return None
        return self.stage.alone_limit - int(self.stage.alone_weights[sorted(self.alone.difference(nodes))].sum())

    def _has_room(self, nodes: tuple[int, ...], after: Choice) -> bool:
        """Say whether a choice for a part keeps the limit on small schools alone, beside the present others."""
        room = self._room(nodes)
        return room is None or int(self.stage.alone_weights[[nodes[n] for n in after.alone]].sum()) <= room

    def value_of(self, nodes: tuple[int, ...]) -> int:
        """Return the value of the groups of some nodes, in micro-units."""
        return sum(self._value(members) for members in {self.group_of[node] for node in nodes})

    def part(self, nodes: tuple[int, ...], more_alone: int = 0) -> Part:
        """Return a part, by its own node numbers.

        With `more_alone` 1 (or -1), one small school more (or fewer) than now may be alone.
        """
        place = {node: n for n, node in enumerate(nodes)}
        groups, alone = self._inside(nodes)
        rows = tuple(self._row(row, nodes, groups) for row in self.stage.plan_rows)
        part = self._stage(nodes, rows)
        now = Choice(
            tuple(tuple(place[node] for node in members) for members in groups),
            tuple(place[node] for node in alone),
            self.value_of(nodes),
            tuple(self.costs[members] for members in groups),
        )
        if more_alone and part.alone_limit is not None:
            part = replace(part, alone_limit=int(part.alone_weights[list(now.alone)].sum()) + more_alone)
        return Part(self.space.among(nodes, rows), part, None if more_alone < 0 else now)

    def put(self, nodes: tuple[int, ...], after: Choice) -> None:
        """Put a choice for a part in place of the present groups of its nodes."""
        self.value += after.value - self.value_of(nodes)
        groups, alone = self._inside(nodes)
        self.alone -= set(alone)
        for members in groups:
            del self.costs[members]
        for local, cost in zip(after.partnerships, after.costs, strict=True):
            members = tuple(nodes[n] for n in local)
            self.costs[members] = cost
            self.group_of.update(dict.fromkeys(members, members))
        for n in after.alone:
            self.alone.add(nodes[n])
            self.group_of[nodes[n]] = (nodes[n],)

    def _inside(self, nodes: tuple[int, ...]) -> tuple[list[Members], list[int]]:
        """Return the partnerships of some nodes, and those of the nodes that are alone."""
        return sorted({self.group_of[node] for node in nodes} & set(self.costs)), sorted(self.alone & set(nodes))

    def _stage(self, nodes: tuple[int, ...], rows: tuple[PlanRow, ...]) -> Stage:
        """Return a part's stage: its limit on small schools alone is the whole limit less those alone elsewhere."""
        stage, some = self.stage, list(nodes)
        return replace(
            stage,
            alone=stage.alone[some],
            alone_allowed=stage.alone_allowed[some],
            alone_weights=stage.alone_weights[some],
            alone_limit=self._room(nodes),
            plan_rows=rows,
        )

    def _row(self, row: PlanRow, nodes: tuple[int, ...], inside: list[Members]) -> PlanRow:
        """Return a rule on the plan for a part: its limits less the amount of the rest of the plan, which is fixed."""
        rest = self._rest(row, inside)
        return replace(
            row.among(nodes),
            low=None if row.low is None else row.low - rest,
            high=None if row.high is None else row.high - rest,
        )

    def _rest(self, row: PlanRow, inside: list[Members]) -> int:
        """Return the amount in a rule on the plan of all partnerships but those inside a part."""
        others = self.costs.keys() - set(inside)
        return int(amounts(row, columns_of(dict.fromkeys(sorted(others), 0), self.space.width), self.space).sum())
