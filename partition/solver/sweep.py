"""A sweep over the headships, one by one: plans from a list of all partnerships that a plan of use can have.

Whether one more school can be placed is a question that the relaxation answers badly where a limit on pupils is tight:
it places in fractions what no plan places whole, and branching on two heads moves its value little. The map answers it
better. Headships are swept in an order in which neighbours follow each other. Of a plan for those swept so far nothing
matters but its value and which headships not yet swept its partnerships have taken already. That is a state, and of two
plans with the same headships taken the better one is as good as both: dynamic programming over the headships taken
(Held and Karp 1962), as along the frontier of a graph.

What a state takes at the prices of a relaxation, beyond the bound that these prove, must stay within a limit (bounds by
prices in dynamic programming: Christofides, Mingozzi and Toth 1981). After each headship better prices are found for
those ahead, so that states that cannot end within the limit go early.

Without a limit on the states the result is exact. Otherwise the most promising states are kept after each headship (a
beam, as of Ow and Morton 1988), and the result is a plan without proof. All amounts are whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from partition.solver.charges import Charge, ahead
from partition.solver.choice import Choice
from partition.solver.columns import Columns
from partition.solver.space import Ints, SearchSpace
from partition.solver.watch import Watch

Masks = NDArray[np.uint64]  # of headships taken and not yet swept, one bit for each

BITS = 64  # headships taken and not yet swept, at any time
TRIED = 6  # headships that may be swept next; the one is that leaves fewest states
SAMPLE = 600  # states by which that is judged
SAMPLED_MOST = 400_000  # states that come of a sample
PER_KEPT = 100  # states after a headship, for each one kept before
FEW = 200  # states up to which the order is not worth a trial
REPRICED_FROM = 2_000  # states from which better prices for those ahead are worth their time
ALONE, TAKEN = -1, -2  # what became of a headship in a state, where no new partnership took it


@dataclass(frozen=True, slots=True)
class Swept:
    """The best plan found, with the value 0; None for none within the limits.

    With `exact` nothing was left out of sight: then None means that there is none.
    """

    choice: Choice | None
    exact: bool


NOT_KNOWN = Swept(None, False)


class _States(NamedTuple):
    """Plans for the headships swept so far, and for each the plan before it, by position, and the last step."""

    masks: Masks
    left_out: NDArray[np.int32]  # small schools
    values: Ints  # of which the least is wanted
    taken: NDArray[np.int64]  # of the limit of each charge: (state, charge)
    before: NDArray[np.int32]
    steps: NDArray[np.int32]

    def take(self, where: Ints) -> _States:
        """Return some of the states, by positions."""
        return _States(
            self.masks[where],
            self.left_out[where],
            self.values[where],
            self.taken[where],
            self.before[where],
            self.steps[where],
        )


class _Step(NamedTuple):
    """One headship to be swept: its bit, and the partnerships that can take it."""

    node: int
    bit: np.uint64
    places: Ints  # of the partnerships
    keys: Masks


class Sweep:
    """A sweep over a list of columns, for plans that leave at most so many small schools out and keep to the charges.

    The space has no rules on the plan, and the list has every column that such a plan can have. Wanted is the plan that
    leaves fewest out, or with `by_cost` the cheapest. Where states are too many, those go that take most of the last
    charge.
    """

    def __init__(
        self,
        space: SearchSpace,
        columns: Columns,
        charges: Sequence[Charge],
        out_most: int,
        watch: Watch,
        by_cost: bool = False,
    ) -> None:
        assert not space.plan_rows
        self.space, self.columns, self.watch, self.out_most, self.by_cost = space, columns, watch, out_most, by_cost
        self._charges = charges
        self._alone = space.carried if by_cost else space.small
        incidence = columns.incidence(space.size).tocsc()
        self._of_node = [incidence.indices[a:b] for a, b in zip(incidence.indptr, incidence.indptr[1:], strict=False)]

    def best(self, kept: int, exactly: bool = False) -> Swept:
        """Return the best plan, keeping `kept` states. With `exactly` more states end the sweep, with nothing found.

        The plan may lie above the limit of a charge, because rows with a price may be slack; none below was missed.
        """
        self.charges = [charge.copy() for charge in self._charges]
        self._alive = np.ones(len(self.columns), dtype=bool)
        self._bits = np.zeros(self.space.size + 1, np.uint64)  # by node; the last is for no node
        self._free = [np.uint64(1) << np.uint64(n) for n in reversed(range(BITS))]
        one = np.zeros(1, np.int32)
        nothing = np.zeros((1, len(self.charges)), np.int64)
        states = _States(np.zeros(1, np.uint64), one, np.zeros(1, np.int64), nothing, one, one)
        history: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []
        todo, exact = set(range(self.space.size)), True
        while todo:
            step = self._next(states, todo)
            if step is None or self.watch.over:
                return NOT_KNOWN
            states, whole = self._swept(states, step, kept if exactly else PER_KEPT * kept)
            exact = exact and whole
            if exactly and not exact:
                return NOT_KNOWN
            self._forget(step, todo)
            states = self._charged_ahead(states, sorted(todo))
            if not len(states.masks):
                return Swept(None, exact)
            if len(states.masks) > kept:
                states, exact = self._promising(states, kept), False
            history.append((states.before, states.steps))
        taken = np.array(_traced(history, int(states.values.argmin())), np.int64)
        return Swept(_choice(self.space, self.columns.take(taken)), exact)

    # The order ----------------------------------------------------------------------------------------------

    def _next(self, states: _States, todo: set[int]) -> _Step | None:
        """Return what to sweep next: of the headships taken here and there, one that leaves few states.

        None where more than `BITS` headships would be taken and not yet swept.
        """
        left = {node: int(self._alive[self._of_node[node]].sum()) for node in todo}
        order = sorted((node for node in todo if self._bits[node]), key=lambda node: (left[node], node))
        if not order:
            order = [min(todo, key=lambda node: (left[node], node))]
        if len(order) == 1 or len(states.masks) <= FEW:
            return self._step(order[0])
        some = np.linspace(0, len(states.masks) - 1, min(SAMPLE, len(states.masks))).astype(np.int64)
        sample = states.take(some)
        best: tuple[int, _Step] | None = None
        for node in order[:TRIED]:
            bits, free = self._bits.copy(), list(self._free)
            step = self._step(node)
            self._bits, self._free = bits, free
            if step is not None:
                count = len(self._swept(sample, step, SAMPLED_MOST)[0].masks)
                if best is None or count < best[0]:
                    best = count, step
        return None if best is None else self._step(best[1].node)

    def _step(self, node: int) -> _Step | None:
        """Return the step that sweeps a node, with bits for all nodes that it touches; None where bits are wanting."""
        places = self._of_node[node][self._alive[self._of_node[node]]]
        members = self.columns.members[places]
        touched = np.unique(np.append(members[members >= 0], node))
        for other in touched[self._bits[touched] == 0].tolist():
            if not self._free:
                return None
            self._bits[other] = self._free.pop()
        keys = np.bitwise_or.reduce(self._bits[members], axis=1) if len(places) else np.zeros(0, np.uint64)
        return _Step(node, self._bits[node], places.astype(np.int64), keys)

    def _swept(self, states: _States, step: _Step, room: int) -> tuple[_States, bool]:
        """Return the states after a headship, and whether there was room for all of them."""
        masks, left_out, values, taken, before, steps, whole = _sweep(
            states.masks,
            states.left_out,
            states.values,
            states.taken,
            step.bit,
            step.keys,
            step.places,
            self.columns.costs[step.places] if self.by_cost else np.zeros(len(step.places), np.int64),
            int(self.space.small[step.node]),
            int(self._alone[step.node]),
            bool(self.space.must_place[step.node]),
            np.array([charge.alone[step.node] for charge in self.charges]),
            np.stack([charge.columns[step.places] for charge in self.charges], axis=1),
            np.array([charge.most for charge in self.charges]),
            self.out_most,
            not self.by_cost,
            room,
        )
        return _States(masks, left_out, values, taken, before, steps), whole

    def _forget(self, step: _Step, todo: set[int]) -> None:
        todo.remove(step.node)
        self._alive[step.places] = False
        self._bits[step.node] = 0
        self._free.append(step.bit)

    # Prices and promise -------------------------------------------------------------------------------------

    def _charged_ahead(self, states: _States, todo: list[int]) -> _States:
        """Return the states that can end within each limit, and charge them at once what those ahead ask at least."""
        for n, charge in enumerate(self.charges):
            if len(states.masks) <= REPRICED_FROM or not todo:
                break
            bits = self._bits[todo]
            shares = [1.0 - float(np.mean((states.masks & bit) != 0)) for bit in bits]
            alive = np.flatnonzero(self._alive)
            asked = ahead(charge, self.columns, alive, todo, shares, self.watch)
            charge.move(self.columns, alive, np.array(todo), asked)
            taken = states.taken.copy()
            taken[:, n] += int(asked.sum()) - _asked_of_taken(states.masks, bits, asked)
            states = states._replace(taken=taken).take(np.flatnonzero(taken[:, n] <= charge.most))
            room = charge.most - int(taken[:, n].min())  # some states may have taken less than nothing by these prices
            self._alive[alive[charge.columns[alive] > room]] = False
        return states

    def _order(self, states: _States) -> Ints:
        """Return the states from the most promising on: those that take least of the last charge."""
        return np.lexsort((states.masks, states.left_out, states.taken[:, -1])).astype(np.int64)

    def _promising(self, states: _States, kept: int) -> _States:
        return states.take(np.sort(self._order(states)[:kept]))


def _choice(space: SearchSpace, taken: Columns) -> Choice:
    """Return the choice of some columns, with all other headships alone, and the value 0."""
    order = sorted(zip(taken.tuples(), taken.costs.tolist(), strict=True))
    alone = set(range(space.size)).difference(*(members for members, _ in order))
    return Choice(tuple(members for members, _ in order), tuple(sorted(alone)), 0, tuple(cost for _, cost in order))


def _traced(history: Sequence[tuple[NDArray[np.int32], NDArray[np.int32]]], last: int) -> tuple[int, ...]:
    """Return the positions of the columns that led to a state of the last step."""
    taken = []
    for before, steps in reversed(history):
        if steps[last] >= 0:
            taken.append(int(steps[last]))
        last = int(before[last])
    return tuple(sorted(taken))


@njit(cache=True, nogil=True)
def _asked_of_taken(masks: Masks, bits: Masks, asked: Ints) -> Ints:
    """Return by state the sum of what is asked of headships that it has taken."""
    total = np.zeros(len(masks), np.int64)
    for n in range(len(bits)):
        if bits[n] and asked[n]:
            for s in range(len(masks)):
                if masks[s] & bits[n]:
                    total[s] += asked[n]
    return total


@njit(cache=True, nogil=True)
def _sweep(
    masks: Masks,
    left_out: NDArray[np.int32],
    values: Ints,
    taken: NDArray[np.int64],
    bit: np.uint64,
    keys: Masks,
    places: Ints,
    costs: Ints,
    small: int,
    carried: int,
    must_place: bool,
    alone: Ints,
    columns: NDArray[np.int64],
    limits: Ints,
    out_most: int,
    by_out: bool,
    room: int,
) -> tuple[Masks, NDArray[np.int32], Ints, NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], bool]:
    """Extend each state by each partnership that takes the headship of `bit`; of equal states keep that of least value.

    With `by_out` the value is the number left out, and states are equal that have taken the same headships; otherwise
    equal states also leave as many out. Of each charge the least that any of the equal states takes is kept, so that
    none is dropped too early.
    """
    size, kinds = 1_024, limits.shape[0]
    table = np.full(size, -1, np.int64)  # positions of states, by a hash of their masks
    capacity = min(room, 1_024)
    found, out, worth = np.empty(capacity, np.uint64), np.empty(capacity, np.int32), np.empty(capacity, np.int64)
    took = np.empty((capacity, kinds), np.int64)
    before, steps = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    count, whole, more = 0, True, np.empty(kinds, np.int64)
    for s in range(masks.shape[0]):
        swept = (masks[s] & bit) != 0
        for j in range(-1, 0 if swept else keys.shape[0]):
            mask, total, value, how = masks[s], left_out[s], values[s], TAKEN if swept else ALONE
            if j >= 0:
                if keys[j] & mask:
                    continue
                mask, value, how = mask | keys[j], value + costs[j], places[j]
            elif not swept:
                if must_place:
                    continue
                total, value = total + small, value + carried
            fits = total <= out_most
            for k in range(kinds):
                more[k] = taken[s, k]
                if j >= 0:
                    more[k] += columns[j, k]
                elif not swept:
                    more[k] += alone[k]
                fits = fits and more[k] <= limits[k]
            if not fits:
                continue
            mask &= ~bit
            at = _place_of(table, found, out, mask, total, by_out)
            if table[at] >= 0:
                known = table[at]
                if value < worth[known]:
                    out[known], worth[known], before[known], steps[known] = total, value, s, how
                for k in range(kinds):
                    took[known, k] = min(took[known, k], more[k])
                continue
            if count == room:
                whole = False
                continue
            if count == capacity:
                capacity = min(room, 2 * capacity)
                found, out, took = _longer(found, capacity), _longer(out, capacity), _longer(took, capacity)
                worth, before, steps = _longer(worth, capacity), _longer(before, capacity), _longer(steps, capacity)
            table[at] = count
            found[count], out[count], worth[count], before[count], steps[count] = mask, total, value, s, how
            took[count] = more
            count += 1
            if 2 * count > size:
                size *= 4
                table = np.full(size, -1, np.int64)
                for known in range(count):
                    table[_place_of(table, found, out, found[known], out[known], by_out)] = known
    return (
        found[:count].copy(),
        out[:count].copy(),
        worth[:count].copy(),
        took[:count].copy(),
        before[:count].copy(),
        steps[:count].copy(),
        whole,
    )


@njit(cache=True, nogil=True)
def _place_of(table: Ints, found: Masks, out: NDArray[np.int32], mask: np.uint64, total: int, by_out: bool) -> int:
    """Return the place in the table where a state is, or where it would be."""
    mixed = mask if by_out else mask + np.uint64(total) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    last = table.shape[0] - 1
    at = np.int64(mixed & np.uint64(last))
    while table[at] >= 0 and (found[table[at]] != mask or not (by_out or out[table[at]] == total)):
        at = (at + 1) & last
    return int(at)


@njit(cache=True, nogil=True)
def _longer(values, length):  # type: ignore[no-untyped-def]
    more = np.empty((length, *values.shape[1:]), values.dtype)
    more[: values.shape[0]] = values
    return more
