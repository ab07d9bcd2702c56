"""A sweep over the headships, one by one: the fewest small schools unplaced, from a list of all partnerships.

Whether one more school can be placed is a question that the relaxation answers badly where a limit on pupils is tight:
it places in fractions what no plan places whole, and branching on two heads moves its value little. The map answers it
better. Headships are swept in an order in which neighbours follow each other. Of a plan for those swept so far nothing
matters but two things: how many small schools it leaves unplaced, and which headships not yet swept its partnerships
have taken already. That is a state, and of two plans with the same headships taken the one that leaves fewer out is as
good as both: dynamic programming over the headships taken (Held and Karp 1962), as along the frontier of a graph.

Without a limit on the states the result is exact. Otherwise the most promising states are kept after each headship (a
beam, as of Ow and Morton 1988), and the result is a plan without proof. All amounts are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from partition.solver.choice import Choice
from partition.solver.columns import Columns
from partition.solver.pricer import Pricer
from partition.solver.space import Ints, SearchSpace
from partition.solver.watch import Watch

Masks = NDArray[np.uint64]  # of headships taken and not yet swept, one bit for each

BITS = 64  # headships taken and not yet swept, at any time
TRIED = 6  # headships that may be swept next; the one is that leaves fewest states
SAMPLE = 600  # states by which that is judged
SAMPLED_MOST = 400_000  # states that come of a sample
PER_KEPT = 100  # states after a headship, for each one kept before
FEW = 200  # states up to which the order is not worth a trial
UNPLACED, LIKELY = 3_000, 300  # what one school left out, and a factor e of partnerships, weigh among states
HEADSHIPS_MOST, LISTED_MOST = 400, 20_000  # of an area that is swept, and of the partnerships there
KEPT, KEPT_FOR_PROOF = 20_000, 300_000  # states after each headship, for a plan and for a proof
ALONE, TAKEN = -1, -2  # what became of a headship in a state, where no new partnership took it


@dataclass(frozen=True, slots=True)
class Swept:
    """The fewest found, as a sum of weights, with the positions of the columns taken; None for none within the limit.

    With `exact` nothing is below, and none within the limit means that there is none.
    """

    least: int | None
    taken: tuple[int, ...]
    exact: bool


def placed_by_sweep(space: SearchSpace, pricer: Pricer, watch: Watch, start: Choice, bound: int) -> tuple[Choice, int]:
    """Return a plan with as few small schools unplaced as sweeps find, or `start`, and a bound on them in any plan.

    Any plan leaves at least `bound` unplaced. Where the area is large or its partnerships are many, nothing is swept.
    """
    columns = pricer.every(LISTED_MOST) if space.size <= HEADSHIPS_MOST else None
    if columns is None:
        return start, bound
    sweep = Sweep(space, columns, watch)
    unplaced = int(space.small[list(start.alone)].sum())
    while unplaced > bound and not watch.over:
        swept = sweep.fewest(bound, KEPT_FOR_PROOF, exactly=True)
        if not swept.exact or swept.least is not None:
            break
        bound += 1
    if unplaced > bound and not watch.over:
        swept = sweep.fewest(unplaced - 1, KEPT)
        if swept.least is not None:
            start, unplaced = _choice(space, columns.take(np.array(swept.taken, np.int64))), swept.least
            watch.tell("fewest", "a better plan", unplaced, bound)
        bound = unplaced if swept.exact else bound
    return start, bound


def _choice(space: SearchSpace, taken: Columns) -> Choice:
    order = sorted(zip(taken.tuples(), taken.costs.tolist(), strict=True))
    alone = set(range(space.size)).difference(*(members for members, _ in order))
    return Choice(tuple(members for members, _ in order), tuple(sorted(alone)), 0, tuple(cost for _, cost in order))


class _States(NamedTuple):
    """Plans for the headships swept so far, and for each the plan before it, by position, and the last step."""

    masks: Masks
    left_out: NDArray[np.int32]
    before: NDArray[np.int32]
    steps: NDArray[np.int32]

    def take(self, where: Ints) -> _States:
        """Return some of the states, by positions."""
        return _States(self.masks[where], self.left_out[where], self.before[where], self.steps[where])


class _Step(NamedTuple):
    """One headship to be swept: its bit, its weight if it is left out, and the partnerships that can take it."""

    node: int
    bit: np.uint64
    weight: int
    places: Ints  # of the partnerships
    keys: Masks


class Sweep:
    """A sweep over the columns of a space without rules on the plan, all of which must be there."""

    def __init__(self, space: SearchSpace, columns: Columns, watch: Watch) -> None:
        assert not space.plan_rows
        self.space, self.columns, self.watch = space, columns, watch
        incidence = columns.incidence(space.size).tocsc()
        self._of_node = [incidence.indices[a:b] for a, b in zip(incidence.indptr, incidence.indptr[1:], strict=False)]
        many = np.array([max(len(places), 1) for places in self._of_node])
        self._likely = np.rint(LIKELY * np.log(many)).astype(np.int64)
        self._likely -= int(self._likely.mean()) if space.size else 0

    def fewest(self, most: int, kept: int, exactly: bool = False) -> Swept:
        """Return the least weight of small schools left out, if it is at most `most`, keeping `kept` states.

        With `exactly` more states end the sweep, with nothing found.
        """
        states = _States(np.zeros(1, np.uint64), np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros(1, np.int32))
        history: list[_States] = []
        self._alive = np.ones(len(self.columns), dtype=bool)
        self._bits = np.zeros(self.space.size + 1, np.uint64)  # by node; the last is for no node
        self._free = [np.uint64(1) << np.uint64(n) for n in reversed(range(BITS))]
        todo, exact = set(range(self.space.size)), True
        room = kept if exactly else PER_KEPT * kept
        while todo:
            step = self._next(states, todo, most)
            if step is None or self.watch.over:
                return Swept(None, (), False)
            states, whole = _swept(states, step, most, room)
            exact = exact and whole
            if exactly and not exact:
                return Swept(None, (), False)
            if not len(states.masks):
                return Swept(None, (), exact)
            self._forget(step, todo)
            if len(states.masks) > kept:
                states, exact = self._promising(states, kept), False
            if not exactly:
                history.append(states)
        best = int(states.left_out.argmin())
        return Swept(int(states.left_out[best]), _traced(history, best), exact)

    # The order ----------------------------------------------------------------------------------------------

    def _next(self, states: _States, todo: set[int], most: int) -> _Step | None:
        """Return what to sweep next: of the headships taken here and there, one that leaves few states.

        None where more than `BITS` headships would be taken and not yet swept.
        """
        left = {node: int(self._alive[self._of_node[node]].sum()) for node in todo}
        order = sorted((node for node in todo if self._bits[node]), key=lambda node: (left[node], node))
        if not order:
            order = [min(todo, key=lambda node: (left[node], node))]
        if len(order) == 1 or len(states.masks) <= FEW:
            return self._step(order[0], most)
        some = np.linspace(0, len(states.masks) - 1, min(SAMPLE, len(states.masks))).astype(np.int64)
        sample = states.take(some)
        best: tuple[int, _Step] | None = None
        for node in order[:TRIED]:
            bits, free = self._bits.copy(), list(self._free)
            step = self._step(node, most)
            self._bits, self._free = bits, free
            if step is not None:
                count = len(_swept(sample, step, most, SAMPLED_MOST)[0].masks)
                if best is None or count < best[0]:
                    best = count, step
        return None if best is None else self._step(best[1].node, most)

    def _step(self, node: int, most: int) -> _Step | None:
        """Return the step that sweeps a node, with bits for all nodes that it touches; None where bits are wanting."""
        places = self._of_node[node][self._alive[self._of_node[node]]]
        members = self.columns.members[places]
        touched = np.unique(np.append(members[members >= 0], node))
        for other in touched[self._bits[touched] == 0].tolist():
            if not self._free:
                return None
            self._bits[other] = self._free.pop()
        weight = most + 1 if self.space.must_place[node] else int(self.space.small[node])
        keys = np.bitwise_or.reduce(self._bits[members], axis=1) if len(places) else np.zeros(0, np.uint64)
        return _Step(node, self._bits[node], weight, places.astype(np.int64), keys)

    def _forget(self, step: _Step, todo: set[int]) -> None:
        todo.remove(step.node)
        self._alive[step.places] = False
        self._bits[step.node] = 0
        self._free.append(step.bit)

    # The beam -----------------------------------------------------------------------------------------------

    def _promising(self, states: _States, kept: int) -> _States:
        """Return some states: those with few left out that have taken headships which few partnerships can take."""
        value = UNPLACED * states.left_out.astype(np.int64)
        value += ((states.masks * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(54)).astype(np.int64)  # some of each kind
        for node in np.flatnonzero(self._bits).tolist():
            value[(states.masks & self._bits[node]) != 0] += self._likely[node]
        chosen = np.sort(np.argsort(value, kind="stable")[:kept])
        return states.take(chosen)


def _traced(history: list[_States], last: int) -> tuple[int, ...]:
    """Return the positions of the columns that led to a state of the last step."""
    taken = []
    for states in reversed(history):
        if states.steps[last] >= 0:
            taken.append(int(states.steps[last]))
        last = int(states.before[last])
    return tuple(sorted(taken))


def _swept(states: _States, step: _Step, most: int, room: int) -> tuple[_States, bool]:
    """Return the states after a headship, and whether there was room for all of them."""
    masks, left_out, before, steps, whole = _sweep(
        states.masks, states.left_out, step.bit, step.weight, step.keys, step.places, most, room
    )
    return _States(masks, left_out, before, steps), whole


@njit(cache=True, nogil=True)
def _sweep(
    masks: Masks,
    left_out: NDArray[np.int32],
    bit: np.uint64,
    weight: int,
    keys: Masks,
    places: Ints,
    most: int,
    room: int,
) -> tuple[Masks, NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], bool]:
    """Extend each state by each partnership that takes the headship of `bit`; of equal states keep the best."""
    size = 1_024
    table = np.full(size, -1, np.int64)  # positions of states, by a hash of their masks
    capacity = min(room, 1_024)
    found = np.empty(capacity, np.uint64)
    out, before, steps = np.empty(capacity, np.int32), np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    count, whole = 0, True
    for s in range(masks.shape[0]):
        taken = (masks[s] & bit) != 0
        for j in range(-1, 0 if taken else keys.shape[0]):
            mask, total, how = masks[s], np.int64(left_out[s]), TAKEN if taken else ALONE
            if j >= 0:
                if keys[j] & mask:
                    continue
                mask, how = mask | keys[j], places[j]
            elif not taken:
                total += weight
                if total > most:
                    continue
            mask &= ~bit
            at = _place_of(table, found, mask)
            if table[at] >= 0:
                known = table[at]
                if total < out[known]:
                    out[known], before[known], steps[known] = total, s, how
                continue
            if count == room:
                whole = False
                continue
            if count == capacity:
                capacity = min(room, 2 * capacity)
                found = _longer(found, capacity)
                out, before, steps = _longer(out, capacity), _longer(before, capacity), _longer(steps, capacity)
            table[at] = count
            found[count], out[count], before[count], steps[count] = mask, total, s, how
            count += 1
            if 2 * count > size:
                size *= 4
                table = np.full(size, -1, np.int64)
                for known in range(count):
                    table[_place_of(table, found, found[known])] = known
    return found[:count].copy(), out[:count].copy(), before[:count].copy(), steps[:count].copy(), whole


@njit(cache=True, nogil=True)
def _place_of(table: Ints, found: Masks, mask: np.uint64) -> int:
    """Return the place in the table where a mask is, or where it would be."""
    mixed = mask * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    last = table.shape[0] - 1
    at = np.int64(mixed & np.uint64(last))
    while table[at] >= 0 and found[table[at]] != mask:
        at = (at + 1) & last
    return int(at)


@njit(cache=True, nogil=True)
def _longer(values, length):  # type: ignore[no-untyped-def]
    more = np.empty(length, values.dtype)
    more[: values.shape[0]] = values
    return more
