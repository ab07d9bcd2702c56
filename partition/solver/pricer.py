"""Pricing of all roots: hands the compiled search its arrays, in threads, and draws the safe bound from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partition.solver.columns import Columns, joined
from partition.solver.compiled import search_roots
from partition.solver.path import Limits, Money
from partition.solver.prices import Duals, Prices
from partition.solver.roots import Found, Graph, Tariffs
from partition.solver.space import MEET, UNLIMITED, Ints, SearchSpace
from partition.solver.stage import possible

STEPS_PER_LISTED = 5  # of a root, for each partnership that a list may hold
ROOTS_AT_ONCE = 16  # for one thread between two hand-overs


@dataclass(frozen=True, slots=True)
class Priced:
    """Columns found, and the bound that the search proves for the prices it was given."""

    found: Columns
    bound: int | None  # micro-units; None when some root was not searched to the end


class Pricer:
    """Searches for partnerships of low reduced cost. `stop[0]` set from outside ends it early."""

    def __init__(self, space: SearchSpace, workers: int, stop: NDArray[np.bool_]) -> None:
        self.space = space
        self.stop = stop
        self.workers = workers
        self._graph = _graph(space)
        ranked = np.argsort(space.order)
        self._chunks = [ranked[n : n + ROOTS_AT_ONCE] for n in range(0, len(ranked), ROOTS_AT_ONCE)]
        self._limits = Limits(
            heads_least=space.heads_min,
            heads_most=space.heads_max,
            pupils_least=space.pupils_limits[0],
            pupils_most=space.pupils_limits[1],
            schools_least=space.schools_limits[0],
            schools_most=space.schools_limits[1],
            associates_most=space.associates_max,
            flags=space.flags_wanted,
            rolls=space.roll_limits,
        )

    def _money(self, scale: int) -> Money:
        """How partnerships are priced, at so many micro-units a thousandth."""
        travel, off_target = self.space.travel_factor, self.space.off_target_price
        return Money(
            MEET[self.space.meet],
            travel.numerator,
            travel.denominator,
            off_target.numerator,
            off_target.denominator,
            self.space.pupils_target,
            scale,
        )

    def price(self, prices: Prices, each: int, steps_most: int = 0) -> Priced:
        """The best few columns of each root that would improve the relaxation, and the bound proved.

        `steps_most` bounds the work on each root (0: none); where that is not enough nothing is proved.
        """
        task = _Task(self, prices, threshold=-1, each=each + prices.dearer, steps_most=steps_most)
        parts, finished = [Columns.none(self.space.width)], True
        least = np.zeros(self.space.size, dtype=np.int64)
        chunks = self._chunks
        if prices.dearer:  # root by root, to know the least of each once prices are put right
            task.priced_by, chunks = prices, [roots[n : n + 1] for roots in chunks for n in range(len(roots))]
        for roots, (columns, lowest, ended) in zip(chunks, self._run(task, chunks), strict=True):
            parts.append(columns)
            least[roots] = lowest
            finished = finished and ended
        return Priced(joined(parts), prices.bound(least) if finished else None)

    def enumerate(self, prices: Prices, threshold: int, most: int) -> Columns | None:
        """Every partnership of reduced cost at most `threshold`; None if over `most`, too much work, or cut short."""
        task = _Task(self, prices, threshold=threshold, most=most, steps_most=STEPS_PER_LISTED * most)
        task.all_or_nothing = True
        parts, count = [Columns.none(self.space.width)], 0
        for columns, _, _ in self._run(task, self._chunks):
            parts.append(columns)
            count += len(columns)
            task.given_up = task.given_up or count > most
        return None if task.given_up else joined(parts)

    def _run(self, task: _Task, chunks: Sequence[Ints]) -> Iterable[tuple[Columns, Ints, bool]]:
        """Every chunk of roots, in order."""
        if self.workers == 1 or len(chunks) < 2:
            return map(task.search, chunks)
        with ThreadPoolExecutor(self.workers) as threads:
            return list(threads.map(task.search, chunks))

    def fit_nowhere(self, nodes: Iterable[int] | None = None) -> list[int]:
        """Which of these nodes (of all) no partnership that keeps every rule has."""
        task = self._asking_for_any()
        wanted = range(self.space.size) if nodes is None else nodes
        return [node for node in wanted if not len(task.search(np.array([node], dtype=np.int64))[0])]

    def make_ready(self) -> None:
        """Compile the search, or fetch it from what was kept, unless that is done: before anybody's time runs."""
        if not search_roots.signatures:
            self._asking_for_any().search(np.zeros(0, dtype=np.int64))

    def _asking_for_any(self) -> _Task:
        """A search for any partnership at all, with nothing priced."""
        space = self.space
        stage = possible(space)
        free = Duals(np.zeros(space.size, np.int64), 0, np.zeros(len(stage.plan_rows), np.int64), np.zeros(0, np.int64))
        task = _Task(self, Prices(space, stage, free, ()), threshold=UNLIMITED, most=1)
        task.money = task.money._replace(meet=MEET["rotate"])  # any root will do
        task.all_near = True
        return task


class _Task:
    """One pass over roots with given prices: the best `each` of every root, or all if that is 0, at most `most`."""

    def __init__(
        self, pricer: Pricer, prices: Prices, *, threshold: int, each: int = 0, most: int = 0, steps_most: int = 0
    ) -> None:
        self.steps_most = steps_most
        self.pricer, self.threshold, self.each, self.most = pricer, threshold, each, most
        self.money = pricer._money(prices.scale)
        self.all_near = pricer.space.by_venue
        self.all_or_nothing = self.given_up = False
        self.priced_by: Prices | None = None  # where a few columns cost more than the compiled search can tell
        labels = range(-1, len(pricer._graph.today))
        self._tariffs = Tariffs(
            prices.by_node,
            _by_neighbour(prices, pricer._graph),
            np.array([prices.fixed(label) for label in labels], dtype=np.int64),
            prices.kept,
            *_cuts_by_node(prices),
            np.array([cut.divisor for cut in prices.cuts], dtype=np.int64),
            prices.cut_prices.astype(np.int64),
        )

    def search(self, roots: Ints) -> tuple[Columns, Ints, bool]:
        """These roots' columns, the least reduced cost of each, and whether all were searched to the end."""
        width = self.pricer.space.width
        if self.given_up:
            return Columns.none(width), np.zeros(len(roots), np.int64), False
        graph = self.pricer._graph
        capacity = len(roots) * (1 + len(graph.today)) * self.each if self.each else self.most + 1
        heads, cost, price, label = np.empty((4, capacity), np.int64)
        members = np.empty((capacity, width), np.int32)
        found = Found(members, heads, cost, price, label, np.zeros(len(roots), np.int64))
        count, ended = search_roots(
            graph,
            self.pricer._limits,
            self.money,
            self._tariffs,
            roots,
            self.all_near,
            self.threshold,
            self.each,
            self.steps_most,
            self.pricer.stop,
            found,
        )
        self.given_up |= self.all_or_nothing and not ended  # the other threads need not go on then
        columns = Columns(found.members[:count].copy(), found.cost[:count].copy(), found.label[:count].copy())
        if self.priced_by is None:
            return columns, found.least, bool(ended)
        # With room for every dearer column beside the best few, the best of the others is among those found.
        reduced = self.priced_by.of(columns)
        return columns.take(reduced < 0), np.array([reduced.min(initial=0)]), bool(ended)


def _by_neighbour(prices: Prices, graph: Graph) -> Ints:
    """What pairs of neighbours are charged, in the graph's order; empty where none is."""
    charges = prices.by_pair
    if not charges:
        return np.zeros(0, np.int64)
    nodes = np.repeat(np.arange(prices.space.size), np.diff(graph.starts)).tolist()
    pairs = zip(nodes, graph.others.tolist(), strict=True)
    return np.array([charges.get((min(a, b), max(a, b)), 0) for a, b in pairs], dtype=np.int64)


def _cuts_by_node(prices: Prices) -> tuple[Ints, Ints]:
    """The cuts of each node, flat, and where each node's begin."""
    cuts_of: list[list[int]] = [[] for _ in range(prices.space.size)]
    for n, cut in enumerate(prices.cuts):
        for node in cut.nodes:
            cuts_of[node].append(n)
    starts = np.concatenate([[0], np.cumsum([len(cuts) for cuts in cuts_of])]).astype(np.int64)
    return starts, np.array([n for cuts in cuts_of for n in cuts], dtype=np.int64)


def _graph(space: SearchSpace) -> Graph:
    """The space as flat arrays."""
    near = [sorted(others) for others in space.neighbours]
    pairs = [(node, other) for node, others in enumerate(near) for other in others]
    venues = space.venues
    return Graph(
        starts=np.concatenate([[0], np.cumsum([len(others) for others in near])]).astype(np.int64),
        others=np.array([other for _, other in pairs], dtype=np.int64),
        drives=np.array([space.neighbours[a][b] for a, b in pairs], dtype=np.int64),
        halves=np.array([space.halves[a].get(b, 0) for a, b in pairs], dtype=np.int64),
        venue_fits=np.array([venues is None or b in venues[a] for a, b in pairs], dtype=np.bool_),
        order=space.order,
        facts=np.stack(_facts(space), axis=1),
        tie_sizes=space.tie_sizes,
        value_bits=space.value_bits,
        values_most=space.values_most,
        carried=space.carried,
        today=np.zeros((0, space.size), np.bool_) if space.today is None else space.today,
    )


def _facts(space: SearchSpace) -> list[Ints]:
    """Facts by node, in the order that `path` counts them; other rolls come last."""
    rank = np.argsort(np.argsort(space.names))
    capacity = np.full(space.size, UNLIMITED) if space.venue_capacity is None else space.venue_capacity
    return [space.pupils, space.schools, space.associates, space.flags, space.ties, rank, capacity, *space.rolls]
