"""The endgame: the best plan made of a closed list of columns, which holds every column that a better plan can use.

With a closed list, pricing is a pass through the list, so cuts of any size cost little: cuts are added while the bound
rises, and columns that no better plan can use are dropped (closed lists: Baldacci, Christofides and Mingozzi 2008; cuts
on a closed list: Pecin, Pessoa, Poggi and Uchoa 2017). The remaining columns go to branching, two headships together or
apart (Ryan and Foster 1981). All bounds are evaluated in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from partition.solver.choice import Choice, chosen
from partition.solver.columns import Columns
from partition.solver.cuts import Cut, violated
from partition.solver.diving import dive
from partition.solver.master import Master, Relaxation
from partition.solver.prices import Prices
from partition.solver.space import Bools, Ints, SearchSpace
from partition.solver.stage import MICRO, Stage
from partition.solver.watch import Watch

FIRST_COLUMNS = 4_000
COLUMNS_PER_ROUND = 2_000
CUTS_PER_ROUND = 150
DIVISOR_MOST = 8
CUT_NODES_MOST = 250  # all of a county; over a whole country the growth of such sets takes minutes
STALL = 0.02  # a round that closes less than this share of the gap is stalled
STALLED_ROUNDS = 4
NODE_ROUNDS = 3  # rounds of cuts at a node
PAIRS_TRIED = 8
RAISED_MOST = 6


@dataclass(frozen=True, slots=True)
class Ended:
    """The result: the best choice found within the limit, or None, and a bound on all choices, in micro-units."""

    choice: Choice | None
    bound: int
    cuts: tuple[Cut, ...]  # cuts in the master at the root
    columns: Columns  # columns in the master at the root
    left: Columns  # all columns that a choice as good as the best can use
    prices: Prices  # of the last relaxation


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of the tree: a bound, and what is allowed: columns, by places in the pool, and headships alone."""

    bound: int
    places: Ints
    alone: Bools


class Endgame:
    """The search of one closed list of columns in one stage."""

    def __init__(
        self, space: SearchSpace, stage: Stage, columns: Columns, prices: Prices, limit: int, watch: Watch
    ) -> None:
        """Set up the master with the cuts of `prices` and the columns of least reduced cost.

        A choice with a value above `limit`, in micro-units, is of no use.
        """
        self.space, self.stage, self.watch = space, stage, watch
        self.pool = columns
        self.limit = limit
        self.choice: Choice | None = None
        self.bound = self._bound_now = 0
        self.master = Master(space, stage, watch.seed)
        self.prices = prices
        self.reduced = prices.of(columns)
        self._in_master = np.zeros(len(columns), dtype=bool)
        self._places = np.zeros(0, dtype=np.int64)  # by column of the master, its place in the pool
        self.master.add_cuts(prices.cuts)
        self._admit(np.argsort(self.reduced, kind="stable")[:FIRST_COLUMNS])

    def play(self, enough: Callable[[Choice], bool], rounds_most: int, nodes_most: int) -> Ended:
        """Search for a choice within the limit, with at most `rounds_most` rounds of cuts and `nodes_most` nodes.

        The search ends early with a choice for which `enough` returns True.
        """
        self._enough = enough
        relaxation = self._root(rounds_most)
        cuts = tuple(self.master.cuts)
        columns = self.master.columns
        if nodes_most and relaxation is not None and self.bound <= self.limit and not self._over:
            self._branch(nodes_most)
        if self.choice is not None:
            self._drop_columns()
        return Ended(self.choice, self.bound, cuts, columns, self.pool, self.prices)

    @property
    def _over(self) -> bool:
        return self.watch.over or (self.choice is not None and self._enough(self.choice))

    # The root -----------------------------------------------------------------------------------------------

    def _root(self, rounds_most: int) -> Relaxation | None:
        """Return the relaxation with the cuts that help; None where nothing is left to do, or time is over."""
        stalled, known = 0, set(self.master.cuts)
        relaxation = self._converge()
        for round_ in range(rounds_most + 1):
            if relaxation is None:
                return None
            if self.bound > self.limit:
                return None
            if relaxation.whole:
                self._accept(chosen(self.stage, self.master.columns, relaxation))
                return None if self.bound > self.limit else relaxation
            found = dive(self.master, self.prices, self.limit, self.watch)
            if found is not None:
                self._accept(found)
            fresh = self._violated(relaxation, known) if stalled < STALLED_ROUNDS and round_ < rounds_most else []
            self._drop_columns()
            if not fresh or self._over:
                return relaxation
            known.update(fresh)
            before = self._bound_now
            self.master.drop_loose_cuts(relaxation)
            self.master.add_cuts(fresh)
            relaxation = self._converge()
            closed = self._bound_now - before
            stalled = 0 if closed > STALL * max(self.limit - before, self.stage.unit) else stalled + 1
        return None

    def _violated(self, relaxation: Relaxation, known: set[Cut]) -> list[Cut]:
        heads = min(self.space.width, DIVISOR_MOST)
        return violated(
            self.master.columns,
            relaxation.used,
            self.space.size,
            known,
            most=CUTS_PER_ROUND,
            largest=min(self.space.size, CUT_NODES_MOST),
            heads=heads,
        )

    def _admit(self, places: Ints) -> None:
        self.master.add_columns(self.pool.take(places))
        self._in_master[places] = True
        self._places = np.concatenate([self._places, places])

    def _converge(self) -> Relaxation | None:
        """Solve and price from the list until no column improves the relaxation; return None where time is over."""
        raised = 0
        while not self.watch.over:
            relaxation = self.master.solve(self.watch.seconds_left())
            if relaxation is None:
                return None
            self.prices = Prices(self.space, self.stage, relaxation.duals, self.master.cuts)
            self.reduced = self.prices.of(self.pool)
            self._bound_now = self.prices.bound_over(self.pool, self.reduced)
            self.bound = max(self.bound, self._whole_unit(self._bound_now))
            better = np.flatnonzero((self.reduced < 0) & ~self._in_master)
            if len(better):
                self._admit(better[np.argsort(self.reduced[better], kind="stable")[:COLUMNS_PER_ROUND]])
            elif relaxation.unmet > 1e-6 and self.bound <= self.limit and raised < RAISED_MOST:
                self.master.raise_price_of_unmet()
                raised += 1
            else:
                return relaxation
        return None

    def _whole_unit(self, micro: int) -> int:
        """Round a bound in micro-units up to a whole unit of the stage: values of choices are whole units."""
        return -(-micro // self.stage.unit) * self.stage.unit

    def _drop_columns(self) -> None:
        """Forget columns that no choice as good as the best one can use (without a best one, as good as the limit)."""
        kept = self.reduced <= self.limit + self.stage.unit - self._bound_now
        if kept.all():
            return
        self.master.keep_columns(kept[self._places])
        number = np.cumsum(kept) - 1
        self._places = number[self._places[kept[self._places]]]
        self.pool, self.reduced, self._in_master = self.pool.take(kept), self.reduced[kept], self._in_master[kept]

    def _accept(self, choice: Choice) -> None:
        if choice.value <= self.limit:
            self.choice, self.limit = choice, choice.value - self.stage.unit

    # Branching ----------------------------------------------------------------------------------------------

    def _branch(self, nodes_most: int) -> None:
        """Branch on two headships together or apart: depth first, the half with the lower estimate first."""
        self._member = self.pool.incidence(self.space.size).astype(bool).tocsc()
        nodes = [_Node(self.bound, np.arange(len(self.pool)), np.ones(self.space.size, dtype=bool))]
        for _ in range(nodes_most):
            while nodes and nodes[-1].bound > self.limit:
                nodes.pop()
            if not nodes or self._over:
                break
            nodes += self._children(nodes.pop())
        self.bound = max(self.bound, min([self.limit + self.stage.unit, *(node.bound for node in nodes)]))

    def _children(self, node: _Node) -> list[_Node]:
        """Return the halves of a node, the more promising last; none where no choice in the node is within the limit.

        Where time is over, return the node itself.
        """
        try:
            relaxation, node = self._converge_at(node)
            if relaxation is None:
                return [node] if self.watch.over else []
            pairs = [] if relaxation.whole else self._pairs_in_doubt(relaxation)
            if not pairs:
                if relaxation.unmet < 1e-6:  # otherwise the only choice of the node breaks a rule on the plan
                    self._accept(chosen(self.stage, self.master.columns, relaxation))
                return []
            return self._best_halves(node, pairs)
        finally:
            self.master.allow_all()

    def _converge_at(self, node: _Node) -> tuple[Relaxation | None, _Node]:
        """Return a node's relaxation after rounds of cuts, and the rest of the node; no relaxation above the limit."""
        known = set(self.master.cuts)
        for round_ in range(NODE_ROUNDS + 1):
            relaxation, node = self._solve_at(node)
            if relaxation is None or node.bound > self.limit:
                return None, node
            fresh = self._violated(relaxation, known) if round_ < NODE_ROUNDS and not relaxation.whole else []
            if not fresh:
                break
            known.update(fresh)
            self.master.add_cuts(fresh)
        return relaxation, node

    def _solve_at(self, node: _Node) -> tuple[Relaxation | None, _Node]:
        """Return a node's relaxation, and the node with its bound and only the columns of choices within the limit.

        No relaxation where time is over. The relaxation is not solved to the end once the bound is above the limit.
        """
        raised = 0
        while True:
            relaxation = self._relaxation_of(node)
            if relaxation is None:
                return None, node
            prices = Prices(self.space, self.stage, relaxation.duals, self.master.cuts)
            columns = self.pool.take(node.places)
            reduced = prices.of(columns)
            bound = prices.bound_over(columns, reduced, node.alone)
            better = np.flatnonzero((reduced < 0) & ~self._in_master[node.places])
            fresh = node.places[better[np.argsort(reduced[better], kind="stable")[:COLUMNS_PER_ROUND]]]
            kept = node.places[reduced <= self.limit - bound]
            node = _Node(max(node.bound, self._whole_unit(bound)), kept, node.alone)
            if node.bound > self.limit:
                return relaxation, node
            if len(fresh):
                self._admit(fresh)
            elif relaxation.unmet > 1e-6 and raised < RAISED_MOST:
                self.master.raise_price_of_unmet()
                raised += 1
            else:
                return relaxation, node

    def _relaxation_of(self, node: _Node) -> Relaxation | None:
        """Return the relaxation over those of a node's columns that the master has; None where time is over."""
        allowed = np.zeros(len(self.pool), dtype=bool)
        allowed[node.places] = True
        self.master.allow(allowed[self._places], node.alone)
        return self.master.solve(self.watch.seconds_left())

    def _best_halves(self, node: _Node, pairs: Sequence[tuple[int, int]]) -> list[_Node]:
        """Return the halves of a node, the more promising last, for the pair whose weaker half is estimated highest.

        An estimate is the relaxation over the columns that the master has already: it decides the order alone.
        """
        best: list[_Node] = []
        best_rise = (-1.0, -1.0)
        highest = (self.limit + self.stage.unit) / MICRO
        for pair in pairs:
            estimated = []
            for half in (self._half(node, pair, together=True), self._half(node, pair, together=False)):
                at = self._relaxation_of(half)
                estimated.append((0.0 if at is None else min(round(at.value, 6), highest), half))
            estimated.sort(key=lambda found: -found[0])
            if (rise := (estimated[1][0], estimated[0][0])) > best_rise:
                best, best_rise = [half for _, half in estimated], rise
            if rise[0] == highest or self.watch.over:
                break
        return best

    def _half(self, node: _Node, pair: tuple[int, int], *, together: bool) -> _Node:
        """Return the half of a node with two headships together, or apart."""
        has_a, has_b = (self._member[:, [one]].toarray().ravel()[node.places] for one in pair)
        kept, alone = ((has_a == has_b) if together else ~(has_a & has_b)), node.alone
        if together:
            alone = alone.copy()
            alone[list(pair)] = False
        return _Node(node.bound, node.places[kept], alone)

    def _pairs_in_doubt(self, relaxation: Relaxation) -> list[tuple[int, int]]:
        """Return the pairs that the relaxation puts together by nearest to a half, in a fixed order."""
        together: dict[tuple[int, int], float] = {}
        some = (relaxation.used > 1e-6) & (relaxation.used < 1 - 1e-6)
        for members, used in zip(self.master.columns.take(some).tuples(), relaxation.used[some].tolist(), strict=True):
            for n, a in enumerate(members):
                for b in members[n + 1 :]:
                    together[a, b] = together.get((a, b), 0.0) + used
        doubt = {pair: abs(amount - 0.5) for pair, amount in together.items() if 1e-6 < amount < 1 - 1e-6}
        return sorted(doubt, key=lambda pair: (round(doubt[pair], 6), pair))[:PAIRS_TRIED]
