"""The search of one stage: column generation, then closed lists of columns, until the best plan is proven.

Let B be the safe bound at some prices. Any solution with a value of at most B + T uses only columns whose reduced cost
at those prices is at most T (Baldacci, Christofides and Mingozzi 2008). So an endgame over all columns of that kind
either finds the best solution, or proves that no solution has a value of B + T or less. Its cuts then raise B.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from partition.solver.canonical import canonical
from partition.solver.choice import Choice, Found, chosen
from partition.solver.columns import Columns, Pool
from partition.solver.cuts import Cut, violated
from partition.solver.diving import dive, dive_partly
from partition.solver.endgame import Endgame
from partition.solver.generation import Generation
from partition.solver.linear import NumericalTrouble
from partition.solver.master import Master, Relaxation
from partition.solver.neighbourhoods import (
    PARTS_IN_ROUND,
    WIDE,
    AsItIs,
    completed,
    improvements,
    placing_more,
    trades,
)
from partition.solver.parts import Crew, Part
from partition.solver.pricer import Pricer
from partition.solver.prices import Prices
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage
from partition.solver.watch import Watch, gap

CUTS_LEAST = 150  # in a round; a large area takes more, because most cuts are local
LISTED_MOST = 60_000  # columns in a closed list
FEW = 20_000  # columns of a list short enough for the endgame before any cuts, or any more
LISTED_AGAIN = 0.7  # part of what was open when such a list was asked for last, from which it is asked for again
LISTED_FOR_A_PLAN_MOST = 20_000  # where no proof is wanted
LISTED_MOST_AT_LAST = 400_000  # where smaller lists bring no progress
LISTED_OF_LARGE_MOST = 150_000  # in a large area, so that memory suffices
LISTED_TIES_MOST = 20_000
LISTED_OF_PART_MOST, NODES_OF_PART = 20_000, 5  # where a part of a plan is solved again
NEARER = 8  # the first list reaches an eighth of what is open, where the list of all of it is long
REACH_MOST = 0.3  # the reach of a list above the bound, as a share of the bound
ROUNDS, NODES = 12, 0  # of cuts and of branching in a list that does not hold every better plan
ROUNDS_AT_LAST, NODES_AT_LAST = 200, 100_000
PRICED_CUTS_NODES_MOST = 40  # larger cuts slow the exact pricing
ROUNDS_MOST = 60  # of lists
STALLED_MOST = 3  # rounds of cuts in the exact pricing that raise the bound little
REST_OF_DIVE = 100  # headships that a dive leaves to be solved as a part
SMALL = 40  # up to this number of headships no parts are solved again
PART_OF_AREA = 1 / 3  # the most of an area that is not large in a wide part
LARGE = 1_500  # from this number of headships on, wide parts are solved again
LISTED_NODES_MOST = 400  # the most headships for whom a first plan may come from an endgame; for more, diving suffices

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
            search.generation.prove(bound)
        return search.minimise()

    def anchored(self, stage: Stage, start: Choice | None) -> tuple[Found, Prices | None, int]:
        """Return what `minimise` returns, the prices that proved the highest bound by pricing, and that bound.

        A choice with a value of at most that bound and some reach uses only columns whose reduced cost at those prices
        is at most the reach.
        """
        search = _StageSearch(self, stage, start)
        return search.minimise(), search.generation.anchor, search.generation.anchor_bound

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


def solved_part(part: Part, watch: Watch, *, briefly: bool = False) -> Choice | None:
    """Return the best choice found for a part, or its choice as it is now.

    Without a choice as it is now the part is solved to the end, unless `briefly`.
    """
    search = Search(part.space, Pricer(part.space, 1, watch.stop), watch.quiet())
    try:
        stage = _StageSearch(search, part.stage, part.now)
        return (stage.better_part() if part.now is not None or briefly else stage.best_of_part()) or part.now
    except NumericalTrouble:
        return part.now


class _StageSearch:
    """The search of one stage, which may begin with a choice."""

    def __init__(self, search: Search, stage: Stage, start: Choice | None, nodes_most: int = NODES_AT_LAST) -> None:
        self.space, self.pool, self.pricer, self.watch = search.space, search.pool, search.pricer, search.watch
        self.search, self.asked = search, stage
        self.generation = Generation(self.space, stage, self.pool, self.pricer, self.watch)
        self.generation.master.add_cuts(search.cuts if stage.scale else ())
        self.best = start
        self.nodes_most, self.listed_most = nodes_most, LISTED_MOST
        self.to_the_end = False  # whether to search a list to the end though better plans may lie outside
        self.near = 0  # the reach of the next list above the bound, where a list of all better plans' columns is long
        self.good: Callable[[Choice, int], bool] = lambda *_: False  # whether a choice ends the search, by the bound
        self.ties: Columns | None = None  # all columns that a plan as good as the best can use
        self.solved = set[AsItIs]()  # parts of plans that nothing better was found for
        self.traded: Choice | None = None  # the plan that trades came to last
        self.dived_in_vain = False  # whether the last dive whose rest was solved as a part brought no better plan
        self.few: Columns | None = None  # all columns that a better plan can use, where a list of them is known

    @property
    def stage(self) -> Stage:
        """The stage, with a row that any plan keeps where that helps."""
        return self.generation.stage

    @property
    def master(self) -> Master:
        """The master, which is another one after such a row was added."""
        return self.generation.master

    def minimise(self) -> Found:
        """Return the best choice and a bound; see `Search.minimise`."""
        try:
            self.best_of_part()
        except NumericalTrouble:
            self.watch.halt("numerics")
        if self._found().proven and self.stage.scale and self.generation.anchor is not None and not self.watch.over:
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
            if not self._settled and self.generation.anchor is not None:
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
            if not self._settled and self.generation.anchor is not None and self.space.size <= LISTED_NODES_MOST:
                self._play(ROUNDS)
        except NumericalTrouble:
            self.watch.halt("numerics")
        return self._found()

    def _found(self) -> Found:
        return Found(self.best, self.generation.bound, self.generation.impossible)

    @property
    def _large(self) -> bool:
        return self.space.size >= LARGE

    @property
    def _settled(self) -> bool:
        """Whether the search may end: proven, within the gap, good enough, impossible, or stopped."""
        if self.watch.over or self.generation.impossible or self._found().proven:
            return True
        if self.best is not None and self._good_enough(self.best):
            return True
        limit = self.watch.limits.gap
        if limit and self.stage.name == "cost" and self.best is not None:
            open_gap = gap(self.best.value, self.generation.bound)
            return open_gap is not None and open_gap <= limit
        return False

    def _good_enough(self, choice: Choice) -> bool:
        return self.good(choice, self.generation.bound or 0)

    def _converge(self, doing: str) -> Relaxation | None:
        return self.generation.converge(partial(self._tell, doing))

    @property
    def _open(self) -> int:
        """What lies between the bound of the prices and the best plan; as much as the bound without a plan."""
        bound = self.generation.anchor_bound
        return bound if self.best is None else self.best.value - bound

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
            before, still_open = self.generation.anchor_bound, self._open
            self.master.drop_loose_cuts(current)
            self.master.add_cuts(fresh)
            current = self._converge("cuts")
            stalled = stalled + 1 if self.generation.anchor_bound - before <= 0.02 * still_open else 0
            if current is not None:
                self._dive(current, partly=stalled == STALLED_MOST)
            if self.nodes_most and self._open <= LISTED_AGAIN * listed_at:  # a plan alone is found without branching
                listed_at = self._open
                if self._few_left(LISTED_MOST):
                    break

    # Plans --------------------------------------------------------------------------------------------------

    def _better(self, choice: Choice | None) -> None:
        if choice is not None and (self.best is None or choice.value < self.best.value):
            self.best = choice
            self._tell("a better plan")

    def _dive(self, relaxation: Relaxation, *, partly: bool = False) -> None:
        """Dive for a better plan; where none is found, and `partly`, leave what is not sure to an exact part."""
        if relaxation.whole:
            self._better(chosen(self.stage, self.master.columns, relaxation))
        else:
            limit = None if self.best is None else self.best.value - self.stage.unit
            prices = self.generation.prices(relaxation)
            found = dive(self.master, prices, limit, self.watch)
            self._better(found if found is not None or not partly else self._dived_partly(prices, limit))

    def _dived_partly(self, prices: Prices, limit: int | None) -> Choice | None:
        """Return a plan of the surest columns, with the rest solved as a part of its own, by bounded work.

        None where the area is small or large, and once after each dive of this kind that was in vain.
        """
        if self.space.size <= 2 * REST_OF_DIVE or self._large or not self.stage.scale or self.dived_in_vain:
            self.dived_in_vain = False
            return None
        fixed = dive_partly(self.master, prices, limit, self.watch, REST_OF_DIVE)
        briefly = partial(solved_part, watch=self.watch, briefly=True)
        found = None if fixed is None else completed(self.space, self.asked, fixed, briefly)
        self.dived_in_vain = found is None or (self.best is not None and found.value >= self.best.value)
        return found

    def _improve(self) -> None:
        """Solve parts of the best plan again exactly, in an area that is not small.

        Where that brings nothing, wide parts follow; in a large area these come first, in `_improve_large`.
        """
        if self.space.size <= SMALL:
            return
        known = self.best
        self._take_better(partial(improvements, solved=self.solved, at_once=PARTS_IN_ROUND if self._large else 1))
        if self.best is known and not self._large:
            self._widen([wide for wide in WIDE if wide <= self.space.size * PART_OF_AREA])

    def _improve_large(self) -> None:
        """Solve wide parts of the best plan again, and trade schools left alone between parts, in a large area."""
        if self._large:
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
        if self.best is None or self.generation.anchor is None or self._settled:
            return
        for choice in ways(self.space, self.asked, self.best, self.generation.anchor, self.search.solve_parts):
            self._better(choice)
            if self._settled:
                break

    # Proof --------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Play endgames over closed lists, and add their cuts to the exact pricing, until the best plan is proven.

        A long list of an area that is not large is reached step by step: first the partnerships of plans a little above
        the bound, of which there are few, then twice as far. A plan found so is the best; none is a higher bound. Where
        the list of all is known, these steps follow each other at once.
        """
        self.to_the_end = not self._large
        self.near = max(self._open // (1 if self._large else NEARER), self.stage.unit)
        for _ in range(ROUNDS_MOST):
            if self._settled or self.generation.anchor is None:
                break
            before, known = (self.generation.anchor_bound, self.generation.bound), self.best
            cuts = self._play()
            while self.few is not None and not self._settled:
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
                    self._dive(current, partly=True)
            if self.best is known and (self.generation.anchor_bound, self.generation.bound) == before:
                at_last = LISTED_OF_LARGE_MOST if self._large else LISTED_MOST_AT_LAST
                if self.to_the_end and self.listed_most == at_last:
                    break
                self.listed_most = at_last if self.to_the_end else LISTED_MOST
                self.to_the_end = True
        if self.stage.scale and self.generation.anchor is not None:
            self.search.cuts = list(self.generation.anchor.cuts)

    def _play(self, rounds_most: int = ROUNDS_AT_LAST) -> list[Cut]:
        """Play the endgame over one closed list, as large as allowed, and return its cuts for the exact pricing."""
        assert self.generation.anchor is not None
        listed, reach = self._listed()
        if listed is None:
            return []
        closed = self.generation.anchor_bound + reach  # a choice of at most this value uses columns of the list alone
        limit = self.stage.ceiling(self.space) if self.best is None else self.best.value - self.stage.unit
        if self.to_the_end:
            limit = min(limit, closed)
        complete = closed >= limit
        self._tell(f"choosing among {len(listed):,}")
        game = Endgame(self.space, self.stage, listed, self.generation.anchor, limit, self.watch)
        ended = game.play(self._good_enough, *((rounds_most, self.nodes_most) if complete else (ROUNDS, NODES)))
        if ended.bound > closed:
            self.near *= 2
        else:
            self.few = None
        self._better(ended.choice)
        if self.best is not None and self.best.value <= closed:
            self.ties = ended.left
        self.generation.prove(min(ended.bound, closed + 1))
        self._tell("choosing")
        self.master.add_columns(self.pool.add(ended.columns))
        return [cut for cut in ended.cuts if len(cut.nodes) <= PRICED_CUTS_NODES_MOST]

    def _listed(self) -> tuple[Columns | None, int]:
        """Return every column that a plan within some reach of the bound can use, and the reach in micro-units.

        None where no list is short enough.
        """
        assert self.generation.anchor is not None
        highest = self.stage.ceiling(self.space) if self.best is None else self.best.value
        reach = whole = highest - self.generation.anchor_bound
        listed, self.few = self.few, None
        while listed is None and reach > 0 and not self.watch.over:
            listed = self.pricer.enumerate(self.generation.anchor, reach, self.listed_most)
            if listed is None:
                reach = self._shorter(reach)
        if listed is not None and self.to_the_end and len(listed) > FEW and self.near < reach:
            self.few = listed if reach == whole else None
            listed, reach = listed.take(self.generation.anchor.of(listed) <= self.near), self.near
        return listed, reach

    def _shorter(self, reach: int) -> int:
        """Return a shorter reach, where a list is too long."""
        assert self.generation.anchor is not None
        if self.to_the_end and not self._large:
            return self.near if self.near < reach else reach * 3 // 4
        return min(reach // 2, max(int(self.generation.anchor_bound * REACH_MOST), self.stage.unit))

    def _few_left(self, most: int) -> bool:
        """Say whether a list of so many columns has all of better plans; cuts cost less there than in the pricing."""
        if self._settled or self.best is None or self.generation.anchor is None:
            return False
        self.few = self.pricer.enumerate(self.generation.anchor, self._open, most)
        return self.few is not None

    def _make_canonical(self) -> None:
        """Replace the best plan by the first of all equally good plans, by a fixed order.

        A closed list within the reach of the best plan has all their columns.
        """
        assert self.best is not None and self.generation.anchor is not None
        ties = self.ties
        if ties is None:
            ties = self.pricer.enumerate(self.generation.anchor, self._open, LISTED_TIES_MOST)
        if ties is not None and len(ties) <= LISTED_TIES_MOST:
            self._tell("looking for equally good plans")
            self.best = canonical(self.space, self.stage, ties, self.best, self.watch)

    def _tell(self, doing: str) -> None:
        unit = self.stage.told_unit
        cost = None if self.best is None else self.best.value // unit
        self.watch.tell(
            self.stage.name, doing, cost, None if self.generation.bound is None else self.generation.bound // unit
        )
