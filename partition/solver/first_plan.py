"""A first plan, before any relaxation: partnerships grown one by one, then a few taken apart and grown again.

The hardest to place come first: a partnership is grown around the unit with the fewest free neighbours. What is left
over joins partnerships that still have room. Then, around a school not placed, a few partnerships are taken apart and
grown again with other draws, and the result stands where no more schools are unplaced (large neighbourhood search: Shaw
1998; record-to-record travel: Dueck 1993). The effort is counted in units looked at, not in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from random import Random

from partition.solver.columns import Members
from partition.solver.growing import Ground, Group, bits
from partition.solver.space import SearchSpace

WORK_MOST = 4_000_000  # units looked at: some four seconds
STALLED_MOST = 200  # times in a row that taking apart has placed no more
APART_MOST = 4  # partnerships taken apart at once
NEAREST = 8  # among so many nearest
SLACK = 20  # a plan that costs at most this part of the best one's cost more may be gone on from


@dataclass(frozen=True, slots=True)
class _State:
    groups: tuple[Group, ...]
    free: int
    unplaced: int  # small schools
    cost: int

    def rank(self) -> tuple[int, int]:
        return self.unplaced, self.cost


def first_plan(
    space: SearchSpace,
    kept: Sequence[Members],
    fit_nowhere: Callable[[Iterable[int]], list[int]],
    over: Callable[[], bool],
    tell: Callable[[int], None],
) -> list[Members]:
    """Return partnerships of a first plan; those of `kept` that are whole and apart are where it begins.

    `fit_nowhere` returns those of some nodes that no partnership can have, for which no effort is made. `over` says
    whether to end once all has been grown once; `tell` receives the number of small schools unplaced each time it
    falls. Rules on the whole plan are kept as far as they limit from above how many partnerships there are, and what
    each of them adds.
    """
    ground = Ground(space)
    maker = _Maker(ground, over)
    best = now = maker.grow(maker.begun(kept), ground.usable, None)
    tell(best.unplaced)
    hopeless = fit_nowhere(node for unit in bits(now.free) for node in ground.nodes[unit])
    maker.hopeless = {ground.unit_of[node] for node in hopeless}
    stalled = 0
    while stalled < STALLED_MOST and ground.work < WORK_MOST and not over():
        then = maker.again(now)
        if then is None:
            break
        stalled += 1
        if then.unplaced < best.unplaced:
            stalled = 0
            tell(then.unplaced)
        dearest = best.cost + abs(best.cost) // SLACK
        if then.unplaced < now.unplaced or (then.unplaced == now.unplaced and then.cost <= dearest):
            now = then
        best = min(best, now, key=_State.rank)
    return sorted(ground.members(group) for group in maker.polished(best).groups)


class _Maker:
    def __init__(self, ground: Ground, over: Callable[[], bool]) -> None:
        self.ground, self.over = ground, over
        self.draws = Random(1)
        self.hopeless: set[int] = set()  # units that no partnership can have
        rows = ground.space.plan_rows
        self.rows = [(row, row.high) for row in rows if row.high is not None and row.plain]

    def begun(self, kept: Sequence[Members]) -> list[Group]:
        """Return those of some partnerships that are whole units, complete, and apart."""
        found: list[Group] = []
        held = 0
        for members in kept:
            units = sorted({self.ground.unit_of[node] for node in members})
            if any(not self.ground.usable >> unit & 1 for unit in units):
                continue
            group = self.ground.group(units)
            if group is None or group.mask & held or self.ground.members(group) != members:
                continue
            if self.ground.complete(group) and self._allowed([*found, group]):
                found.append(group)
                held |= group.mask
        return found

    def grow(self, groups: list[Group], free: int, first: int | None) -> _State:
        """Return the groups, with as many more as can be grown of free units, `first` first."""
        ground = self.ground
        for group in groups:
            free &= ~group.mask
        noise = 1.0 if first is None else ground.space.heads_min
        hard = {u: (ground.near[u] & free).bit_count() + noise * self.draws.random() for u in bits(free)}
        order = sorted(hard, key=lambda unit: (unit != first, not ground.must[unit], hard[unit], unit))
        for unit in order:
            if not free >> unit & 1:
                continue
            grown = ground.grown(ground.alone(unit), free & ~(1 << unit), self.draws)
            if grown is not None and self._allowed([*groups, grown]):
                groups.append(grown)
                free &= ~grown.mask
        free = self._absorb(groups, free)
        unplaced = ground.space.small.sum() - sum(ground.small[unit] for group in groups for unit in group.units)
        return _State(tuple(groups), free, int(unplaced), sum(map(ground.cost, groups)))

    def _absorb(self, groups: list[Group], free: int) -> int:
        """Let free units join the groups that they fit, in place; return the units still free."""
        for unit in bits(free):
            if not self.ground.small[unit] and not self.ground.must[unit]:
                continue
            options = []
            for n, group in enumerate(groups):
                then = None if group.mask & ~self.ground.near[unit] else self.ground.with_(group, unit)
                if then is not None and self.ground.complete(then):
                    options.append((self.ground.cost(then) - self.ground.cost(group), n, then))
            for _, n, then in sorted(options, key=lambda option: option[:2]):
                if self._allowed([*groups[:n], then, *groups[n + 1 :]]):
                    groups[n] = then
                    free &= ~(1 << unit)
                    break
        return free

    def again(self, state: _State) -> _State | None:
        """Return a state in which a few groups about a free unit are grown again; None where no unit can be placed."""
        ground = self.ground
        wanted = [u for u in bits(state.free) if ground.small[u] and u not in self.hopeless]
        if not wanted:
            return None
        unit = self.draws.choice(wanted)
        near = ground.near[unit]
        count = self.draws.randint(1, APART_MOST)
        apart: set[int] = set()
        while len(apart) < min(count, len(state.groups)):
            ranked = sorted(
                (-(group.mask & near).bit_count(), n) for n, group in enumerate(state.groups) if n not in apart
            )
            _, chosen = self.draws.choice(ranked[:NEAREST])
            if not apart:
                near |= self._about(state.groups[chosen])
            apart.add(chosen)
        here, reached = 1 << unit, ground.near[unit]
        for n in apart:
            here |= state.groups[n].mask
            reached |= self._about(state.groups[n])
        here |= state.free & reached
        kept = [group for n, group in enumerate(state.groups) if n not in apart]
        then = self.grow(kept, here, unit if self.draws.random() < 0.7 else None)
        return _State(then.groups, then.free | state.free & ~here, then.unplaced, then.cost)

    def polished(self, state: _State) -> _State:
        """Return the state after moves and exchanges of single units between groups, each of which lowers the cost."""
        ground, groups = self.ground, list(state.groups)
        where = {unit: n for n, group in enumerate(groups) for unit in group.units}
        waiting = dict.fromkeys(sorted(where))  # in the order in which they are looked at
        while waiting and not self.over() and ground.work < WORK_MOST:
            unit = next(iter(waiting))
            del waiting[unit]
            found = self._best_move(groups, where, unit)
            if found is None:
                continue
            for n, group in found:
                groups[n] = group
                for member in group.units:
                    where[member] = n
            waiting |= dict.fromkeys(member for _, group in found for member in group.units)
        return _State(tuple(groups), state.free, state.unplaced, sum(map(ground.cost, groups)))

    def _best_move(self, groups: list[Group], where: dict[int, int], unit: int) -> list[tuple[int, Group]] | None:
        """Return the two groups after the move or exchange of a unit that saves most; None where none saves."""
        ground, home = self.ground, where[unit]
        rest = [member for member in groups[home].units if member != unit]
        base = ground.group(rest) if rest else None
        best, best_saving = None, 0
        for n in sorted({where[other] for other in bits(ground.near[unit]) if other in where} - {home}):
            before = ground.cost(groups[home]) + ground.cost(groups[n])
            outside = groups[n].mask & ~ground.near[unit]
            swaps = [] if outside.bit_count() > 1 else list(bits(outside)) if outside else list(groups[n].units)
            options = [(base, ground.with_(groups[n], unit))] if not outside else []
            for other in swaps:
                if base is None or base.mask & ~ground.near[other]:
                    continue
                there = ground.group([*(member for member in groups[n].units if member != other), unit])
                options.append((ground.with_(base, other), there))
            ground.work += len(options) * 4
            for here, there in options:
                if here is None or there is None or not ground.complete(here) or not ground.complete(there):
                    continue
                saving = before - ground.cost(here) - ground.cost(there)
                if saving > best_saving:
                    best, best_saving = [(home, here), (n, there)], saving
        return best

    def _about(self, group: Group) -> int:
        """Return the units that are near some member of a group."""
        return reduce(or_, (self.ground.near[unit] for unit in group.units))

    def _allowed(self, groups: list[Group]) -> bool:
        """Say whether groups keep the upper limits on the whole plan."""
        for row, most in self.rows:
            nodes = [node for group in groups for node in self.ground.members(group)]
            if row.fixed * len(groups) + int(row.weights[nodes].sum()) > most:
                return False
        return True
