"""The search of one stage: column generation, then closed lists of columns, until the best plan is proven.

Let B be the safe bound at some prices. Any solution with a value of at most B + T uses only columns whose reduced cost
at those prices is at most T (Baldacci, Christofides and Mingozzi 2008). So an endgame over all columns of that kind
either finds the best solution, or proves that no solution has a value of B + T or less. Its cuts then raise B.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from partition.solver.canonical import canonical
from partition.solver.choice import Choice, Found, chosen
from partition.solver.columns import Columns, Pool
from partition.solver.cuts import Cut, violated
from partition.solver.diving import dive
from partition.solver.endgame import Endgame
from partition.solver.linear import NumericalTrouble
from partition.solver.master import Master, Relaxation
from partition.solver.neighbourhoods import PARTS_IN_ROUND, WIDE, AsItIs, improvements, placing_more, trades
from partition.solver.parts import Crew, Part
from partition.solver.pricer import Pricer
from partition.solver.prices import Prices
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage, as_many_as_heads_suffice_for
from partition.solver.watch import Watch, gap

COLUMNS_PER_ROOT = 8
CUTS_LEAST = 150  # in a round; a large area takes more, because most cuts are local
STEPS = (4_000, 60_000, 0)  # of pricing a root; more where these find no new column, at last without a limit
LISTED_MOST = 60_000  # columns in a closed list
FEW = 20_000  # columns of a list short enough for the endgame before any cuts, or any more
LISTED_AGAIN = 0.7  # part of what was open when such a list was asked for last, from which it is asked for again
LISTED_FOR_A_PLAN_MOST = 20_000  # where no proof is wanted
LISTED_MOST_AT_LAST = 400_000  # where smaller lists bring no progress
LISTED_OF_LARGE_MOST = 150_000  # in a large area, so that memory suffices
LISTED_TIES_MOST = 20_000
LISTED_OF_PART_MOST, NODES_OF_PART = 20_000, 5  # where a part of a plan is solved again
REACH_MOST = 0.3  # the reach of a list above the bound, as a share of the bound
ROUNDS, NODES = 12, 0  # of cuts and of branching in a list that does not hold every better plan
ROUNDS_AT_LAST, NODES_AT_LAST = 200, 100_000
PRICED_CUTS_NODES_MOST = 40  # larger cuts slow the exact pricing
ROUNDS_MOST = 60  # of lists
STALLED_MOST = 3  # rounds of cuts in the exact pricing that raise the bound little
SMALL = 40  # up to this number of headships no parts are solved again
PART_OF_AREA = 1 / 3  # the most of an area that is not large in a wide part
LARGE = 1_500  # from this number of headships on, wide parts are solved again
LISTED_NODES_MOST = 400  # the most headships for whom a first plan may come from an endgame; for more, diving suffices
TOO_MANY = 0.01  # partnerships in the relaxation above those that there are heads for
UNMET_RAISED_MOST = 3  # times that the price of leaving a row unmet is raised tenfold

Ways = Callable[..., Iterator[Choice]]
"""Ways from a plan to better ones, such as `improvements`."""


class Search:
    """The search of one space, stage by stage. Columns and cuts found in one stage are used in the next."""

    def __init__(self, space: SearchSpace, pricer: Pricer, watch: Watch, crew: Crew | None = None) -> None:
        self.space, self.pricer, self.watch, self.crew = space, pricer, watch, crew
        self.pool = Pool(space.width)
        self.cuts: list[Cut] = []  # the cuts with a dual not 0 in the last stage

    def minimise(
        self, stage: Stage, start: Choice | None, nodes_most: int = NODES_AT_LAST, bound: int | None = None
    ) -> Found:
        """Return the best choice of a stage and a bound, as good as time and at most `nodes_most` nodes allow.

        A `bound` in micro-units may be known before. Among equally good choices the first by a fixed order is returned.
        """
        search = _StageSearch(self, stage, start, nodes_most)
        if bound is not None:
            search.prove(bound)
        return search.minimise()

    def anchored(self, stage: Stage, start: Choice | None) -> tuple[Found, Prices | None, int]:
        """Return what `minimise` returns, the prices that proved the highest bound by pricing, and that bound.

        A choice with a value of at most that bound and some reach uses only columns whose reduced cost at those prices
        is at most the reach.
        """
        search = _StageSearch(self, stage, start)
        return search.minimise(), search.anchor, search.anchor_bound

    def place_more(self, stage: Stage, start: Choice, most: int) -> Choice:
        """Return a plan with fewer small schools alone, if possible `most`, counted by the weights of `stage`."""
        best = start
        for choice in placing_more(self.space, stage, start, self.solve_parts):
            best = choice
            if self.watch.over or int(stage.alone_weights[list(best.alone)].sum()) <= most:
                break
        return best

    def solve_parts(self, parts: Sequence[Part]) -> list[Choice | None]:
        """Return for each part the best choice found, or its choice as it is now."""
        here = partial(solved_part, watch=self.watch)
        return list(map(here, parts)) if self.crew is None else self.crew.solve(parts, here)

    def good_plan(self, stage: Stage, good: Callable[[Choice, int], bool], start: Choice | None) -> Found:
        """Return a choice for which `good`, given the bound so far, is True, or the best found by a limited effort."""
        return _StageSearch(self, stage, start).good_plan(good)


def solved_part(part: Part, watch: Watch) -> Choice | None:
    """Return the best choice found for a part, or its choice as it is now."""
    search = Search(part.space, Pricer(part.space, 1, watch.stop), watch.quiet())
    try:
        stage = _StageSearch(search, part.stage, part.now)
        return (stage.best_of_part() if part.now is None else stage.better_part()) or part.now
    except NumericalTrouble:
        return part.now


class _StageSearch:
    """The search of one stage, which may begin with a choice."""

    def __init__(self, search: Search, stage: Stage, start: Choice | None, nodes_most: int = NODES_AT_LAST) -> None:
        self.space, self.pool, self.pricer, self.watch = search.space, search.pool, search.pricer, search.watch
        self.search, self.stage = search, stage
        self.asked = stage  # as it was asked: without rows that any plan keeps
        self.best = start
        self.listed_most = LISTED_MOST
        self.to_the_end = False  # whether to search a list to the end though better plans may lie outside
        self.nodes_most = nodes_most
        self.good: Callable[[Choice, int], bool] = lambda *_: False  # whether a choice ends the search, by the bound
        self.bound: int | None = None
        self.anchor: Prices | None = None  # the prices that proved the bound
        self.anchor_bound = 0
        self.impossible = False
        self.ties: Columns | None = None  # all columns that a plan as good as the best can use
        self.solved = set[AsItIs]()  # parts of plans that nothing better was found for
        self.traded: Choice | None = None  # the plan that trades came to last
        self.few: Columns | None = None  # all columns that a better plan can use, where these are few
        self.master = self._new_master(search.cuts if stage.scale else [])

    def _new_master(self, cuts: Sequence[Cut]) -> Master:
        master = Master(self.space, self.stage, self.watch.seed)
        master.add_cuts(cuts)
        master.add_columns(self.pool.columns)
        return master

    def minimise(self) -> Found:
        """Return the best choice and a bound; see `Search.minimise`."""
        try:
            self.best_of_part()
        except NumericalTrouble:
            self.watch.halt("numerics")
        if self._found().proven and self.stage.scale and self.anchor is not None and not self.watch.over:
            self._make_canonical()
        return self._found()

    def best_of_part(self) -> Choice | None:
        """Return the best choice by column generation, diving, cuts and endgames: any one of equally good ones."""
        relaxation = self._converge("relaxation")
        if relaxation is not None:
            self._dive(relaxation)
            if not self._few_left(FEW):
                self._improve_large()
                self._cut(relaxation)
            self._close()
        return self.best

    def better_part(self) -> Choice | None:
        """Return a better choice of a part, or the one there is, by bounded work: one list, few nodes, no parts."""
        self.nodes_most, self.listed_most = NODES_OF_PART, LISTED_OF_PART_MOST
        relaxation = self._converge("relaxation")
        if relaxation is not None:
            self._dive(relaxation)
            if not self._few_left(FEW):
                self._cut(relaxation)
            if not self._settled and self.anchor is not None:
                self._play()
        return self.best

    def good_plan(self, good: Callable[[Choice, int], bool]) -> Found:
        """Return a good choice, without branching; see `Search.good_plan`."""
        self.good, self.nodes_most, self.listed_most = good, 0, LISTED_FOR_A_PLAN_MOST
        try:
            relaxation = self._converge("relaxation")
            if relaxation is not None:
                self._dive(relaxation)
                self._cut(relaxation)
            if not self._settled and self.anchor is not None and self.space.size <= LISTED_NODES_MOST:
                self._play(ROUNDS)
        except NumericalTrouble:
            self.watch.halt("numerics")
        return self._found()

    def _found(self) -> Found:
        return Found(self.best, self.bound, self.impossible)

    @property
    def _settled(self) -> bool:
        """Whether the search may end: proven, within the gap, good enough, impossible, or stopped."""
        if self.watch.over or self.impossible or self._found().proven:
            return True
        if self.best is not None and self._good_enough(self.best):
            return True
        limit = self.watch.limits.gap
        if limit and self.stage.name == "cost" and self.best is not None:
            open_gap = gap(self.best.value, self.bound)
            return open_gap is not None and open_gap <= limit
        return False

    def _good_enough(self, choice: Choice) -> bool:
        return self.good(choice, self.bound or 0)

    # Column generation --------------------------------------------------------------------------------------

    def _converge(self, doing: str) -> Relaxation | None:
        """Solve and price until no column improves the relaxation; return None where the search is stopped before.

        Where the relaxation then has more partnerships than there are heads for, a row forbids that from here on: not
        before, because a row that is slack only makes the relaxation slower to solve.
        """
        relaxation = self._priced_out(doing)
        if relaxation is None or self.stage is not self.asked or self.stage.may_break_rows:
            return relaxation
        row = as_many_as_heads_suffice_for(self.space)
        if relaxation.used.sum() <= (row.high or 0) + TOO_MANY:
            return relaxation
        self.stage = replace(self.stage, plan_rows=(*self.stage.plan_rows, row))
        self.master = self._new_master(self.master.cuts)
        return self._priced_out(doing)

    def _priced_out(self, doing: str) -> Relaxation | None:
        raised = 0
        while not self.watch.over:
            relaxation = self.master.solve(self.watch.seconds_left())
            if relaxation is None:
                return None
            prices = Prices(self.space, self.stage, relaxation.duals, self.master.cuts)
            fresh = self._priced(prices)
            self._tell(doing)
            if len(fresh):
                self.master.add_columns(fresh)
            elif relaxation.unmet > 1e-6 and raised < UNMET_RAISED_MOST:
                self.master.raise_price_of_unmet()
                raised += 1
            else:
                return relaxation
        return None

    def _priced(self, prices: Prices) -> Columns:
        """Return new columns that improve the relaxation, and raise the bound; more steps only where few find none."""
        for steps in STEPS:
            priced = self.pricer.price(prices, COLUMNS_PER_ROOT, steps)
            fresh = self.pool.add(priced.found)
            if priced.bound is not None:
                self._raise_bound(priced.bound, prices)
            if len(fresh) or priced.whole or self.watch.over:
                break
        return fresh

    def _raise_bound(self, micro: int, prices: Prices) -> None:
        if self.anchor is None or micro > self.anchor_bound:
            self.anchor, self.anchor_bound = prices, micro
        self.prove(micro)

    def prove(self, micro: int) -> None:
        """Take a bound in micro-units as proven, rounded up to a whole unit and at least 0."""
        whole = max(0, -(-micro // self.stage.unit) * self.stage.unit)
        self.bound = whole if self.bound is None else max(self.bound, whole)
        self.impossible = self.bound > (0 if self.stage.may_break_rows else self.stage.ceiling(self.space))

    @property
    def _open(self) -> int:
        """What lies between the bound of the prices and the best plan; as much as the bound without a plan."""
        return (2 * self.anchor_bound if self.best is None else self.best.value) - self.anchor_bound

    def _cut(self, relaxation: Relaxation) -> None:
        """Add cuts to the exact pricing while the bound rises, and dive for a plan after each round.

        Where little is open, a short list may have all columns of better plans: then the rest is done there.
        """
        current: Relaxation | None = relaxation
        stalled, listed_at = 0, self._open
        while current is not None and not self._settled and stalled < STALLED_MOST:
            fresh = violated(
                self.master.columns,
                current.used,
                self.space.size,
                set(self.master.cuts),
                most=max(CUTS_LEAST, self.space.size // 4),
                largest=PRICED_CUTS_NODES_MOST,
                heads=min(self.space.width, 8),
            )
            if not fresh:
                break
            before, still_open = self.anchor_bound, self._open
            self.master.drop_loose_cuts(current)
            self.master.add_cuts(fresh)
            current = self._converge("cuts")
            stalled = stalled + 1 if self.anchor_bound - before <= 0.02 * still_open else 0
            if current is not None:
                self._dive(current)
            if self.nodes_most and self._open <= LISTED_AGAIN * listed_at:  # a plan alone is found without branching
                listed_at = self._open
                if self._few_left(LISTED_MOST):
                    break

    # Plans --------------------------------------------------------------------------------------------------

    def _better(self, choice: Choice | None) -> None:
        if choice is not None and (self.best is None or choice.value < self.best.value):
            self.best = choice
            self._tell("a better plan")

    def _dive(self, relaxation: Relaxation) -> None:
        if relaxation.whole:
            self._better(chosen(self.stage, self.master.columns, relaxation))
        else:
            limit = None if self.best is None else self.best.value - self.stage.unit
            prices = Prices(self.space, self.stage, relaxation.duals, self.master.cuts)
            self._better(dive(self.master, prices, limit, self.watch))

    def _improve(self) -> None:
        """Solve parts of the best plan again exactly, in an area that is not small.

        Where that brings nothing, wide parts follow; in a large area these come first, in `_improve_large`.
        """
        if self.space.size <= SMALL:
            return
        known, large = self.best, self.space.size >= LARGE
        self._take_better(partial(improvements, solved=self.solved, at_once=PARTS_IN_ROUND if large else 1))
        if self.best is known and not large:
            self._widen([wide for wide in WIDE if wide <= self.space.size * PART_OF_AREA])

    def _improve_large(self) -> None:
        """Solve wide parts of the best plan again, and trade schools left alone between parts, in a large area."""
        if self.space.size >= LARGE:
            self._widen(WIDE, trades)

    def _widen(self, widths: Sequence[int], *others: Ways) -> None:
        """Solve parts of the best plan again that become wider, and go other ways, until a better plan is found."""
        known = self.best
        for wide in widths:
            self._take_better(partial(improvements, solved=self.solved, wide=wide))
            if self.best is not self.traded:
                for ways in others:
                    self._take_better(ways)
                self.traded = self.best
            if self.best is not known or self._settled:
                break

    def _take_better(self, ways: Ways) -> None:
        if self.best is None or self.anchor is None or self._settled:
            return
        for choice in ways(self.space, self.asked, self.best, self.anchor, self.search.solve_parts):
            self._better(choice)
            if self._settled:
                break

    # Proof --------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Play endgames over closed lists, and add their cuts to the exact pricing, until the best plan is proven."""
        for _ in range(ROUNDS_MOST):
            if self._settled or self.anchor is None:
                break
            before, known = (self.anchor_bound, self.bound), self.best
            cuts = self._play()
            if self.best is known:
                self._improve_large()
                self._improve()
            if self._settled:
                break
            if cuts:
                self.master.keep_cuts(())
                self.master.add_cuts(cuts)
                current = self._converge("cuts")
                if current is not None:
                    self._dive(current)
            if self.best is known and (self.anchor_bound, self.bound) == before:
                at_last = LISTED_OF_LARGE_MOST if self.space.size >= LARGE else LISTED_MOST_AT_LAST
                if self.to_the_end and self.listed_most == at_last:
                    break
                self.listed_most = at_last if self.to_the_end else LISTED_MOST
                self.to_the_end = True
        if self.stage.scale and self.anchor is not None:
            self.search.cuts = list(self.anchor.cuts)

    def _play(self, rounds_most: int = ROUNDS_AT_LAST) -> list[Cut]:
        """Play the endgame over one closed list, as large as allowed, and return its cuts for the exact pricing."""
        assert self.anchor is not None
        listed, reach = self._listed()
        if listed is None:
            return []
        closed = self.anchor_bound + reach  # any choice with this value or less uses only columns of the list
        limit = self.stage.ceiling(self.space) if self.best is None else self.best.value - self.stage.unit
        if self.to_the_end:
            limit = min(limit, closed)
        complete = closed >= limit
        self._tell(f"choosing among {len(listed):,}")
        game = Endgame(self.space, self.stage, listed, self.anchor, limit, self.watch)
        ended = game.play(self._good_enough, *((rounds_most, self.nodes_most) if complete else (ROUNDS, NODES)))
        self._better(ended.choice)
        if self.best is not None and self.best.value <= closed:
            self.ties = ended.left
        self.prove(min(ended.bound, closed + 1))
        self._tell("choosing")
        self.master.add_columns(self.pool.add(ended.columns))
        return [cut for cut in ended.cuts if len(cut.nodes) <= PRICED_CUTS_NODES_MOST]

    def _listed(self) -> tuple[Columns | None, int]:
        """Return every column that a plan within some reach of the bound can use, and the reach in micro-units.

        None and 0 where no list is short enough.
        """
        assert self.anchor is not None
        highest = self.stage.ceiling(self.space) if self.best is None else self.best.value
        reach = highest - self.anchor_bound
        few, self.few = self.few, None
        if few is not None:
            return few, reach
        while reach > 0 and not self.watch.over:
            listed = self.pricer.enumerate(self.anchor, reach, self.listed_most)
            if listed is not None:
                return listed, reach
            reach = min(reach // 2, max(int(self.anchor_bound * REACH_MOST), self.stage.unit))
        return None, 0

    def _few_left(self, most: int) -> bool:
        """Say whether a list of so many columns has all of better plans; cuts cost less there than in the pricing."""
        if self._settled or self.best is None or self.anchor is None:
            return False
        self.few = self.pricer.enumerate(self.anchor, self.best.value - self.anchor_bound, most)
        return self.few is not None

    def _make_canonical(self) -> None:
        """Replace the best plan by the first of all equally good plans, by a fixed order.

        A closed list within the reach of the best plan has all their columns.
        """
        assert self.best is not None and self.anchor is not None
        ties = self.ties
        if ties is None:
            ties = self.pricer.enumerate(self.anchor, self.best.value - self.anchor_bound, LISTED_TIES_MOST)
        if ties is not None and len(ties) <= LISTED_TIES_MOST:
            self._tell("looking for equally good plans")
            self.best = canonical(self.space, self.stage, ties, self.best, self.watch)

    def _tell(self, doing: str) -> None:
        unit = self.stage.told_unit
        cost = None if self.best is None else self.best.value // unit
        self.watch.tell(self.stage.name, doing, cost, None if self.bound is None else self.bound // unit)
