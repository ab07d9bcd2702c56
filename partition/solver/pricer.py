"""The pricer: runs the compiled search over all roots, in threads, and works out the safe bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from partition.solver.columns import Columns, joined
from partition.solver.compiled import search_roots
from partition.solver.path import Limits, Money
from partition.solver.prices import Duals, Prices
from partition.solver.roots import Found, Graph, Tariffs
from partition.solver.space import MEET, UNLIMITED, Ints, SearchSpace
from partition.solver.stage import possible

STEPS_PER_LISTED = 5  # steps of the search of a root, for each partnership that a list may hold
ROOTS_AT_ONCE = 16  # roots that a thread searches in one task


@dataclass(frozen=True, slots=True)
class Priced:
    """Columns found, and the bound on every plan that the search proves at the given prices."""

    found: Columns
    bound: int | None  # micro-units; None where the search was stopped
    whole: bool  # whether every root was searched to the end; if not, the bound is valid but weaker


class Pricer:
    """A search for partnerships of low reduced cost. Setting `stop[0]` from outside ends the search early."""

    def __init__(self, space: SearchSpace, workers: int, stop: NDArray[np.bool_]) -> None:
        self.space = space
        self.stop = stop
        self.workers = workers
        self.graph = _graph(space)
        ranked = np.argsort(space.order)
        self._chunks = [ranked[n : n + ROOTS_AT_ONCE] for n in range(0, len(ranked), ROOTS_AT_ONCE)]
        self.limits = Limits(
            heads_least=space.heads_min,
            heads_most=space.heads_max,
            pupils_least=space.pupils_limits[0],
            pupils_most=space.pupils_limits[1],
            schools_least=space.schools_limits[0],
            schools_most=space.schools_limits[1],
            associates_most=space.associates_max,
            flags=space.flags_wanted,
            sums=space.sum_limits,
        )

    def money(self, scale: int) -> Money:
        """Return the prices of partnerships, at `scale` micro-units for a thousandth."""
        space = self.space
        travel, off_target = space.travel_factor, space.off_target_price
        bands = lcm(*(extra.denominator for _, extra in space.bands))
        return Money(
            MEET[space.meet],
            travel.numerator,
            travel.denominator,
            off_target.numerator,
            off_target.denominator,
            space.pupils_target,
            scale,
            MEET[space.meet],
            space.own_most,
            np.array([start for start, _ in space.bands], dtype=np.int64),
            np.array([int(extra * bands) for _, extra in space.bands], dtype=np.int64),
            bands,
            space.flags_wanted.bit_length(),
            np.array(space.lack_prices, dtype=np.int64),
        )

    def price(self, prices: Prices, each: int, steps_most: int = 0) -> Priced:
        """Return the best columns of each root with a reduced cost below 0, and the bound proved.

        `each` is the number of columns for a root and a label, or slightly more with a rule on groups. `steps_most`
        limits the steps on each root (0: no limit); where a root needs more, the bound takes the least it might have.
        """
        task = _Task(self, prices, threshold=-1, each=each + prices.dearer, steps_most=steps_most)
        parts, finished = [Columns.none(self.space.width)], True
        least = np.zeros(self.space.size, dtype=np.int64)
        chunks = self._chunks
        if prices.dearer:  # root by root, so that the least of each root is known after the correction
            task.priced_by, chunks = prices, [roots[n : n + 1] for roots in chunks for n in range(len(roots))]
        for roots, (columns, lowest, ended) in zip(chunks, self._run(task, chunks), strict=True):
            parts.append(columns)
            least[roots] = lowest
            finished = finished and ended
        bounded = finished or not (self.stop[0] or prices.dearer)
        return Priced(joined(parts), prices.bound(least) if bounded else None, finished)

    def enumerate(self, prices: Prices, threshold: int, most: int) -> Columns | None:
        """Return every partnership with a reduced cost of at most `threshold` micro-units.

        None where there are more than `most`, where the work is too much, or where the search is stopped.
        """
        task = _Task(self, prices, threshold=threshold, most=most, steps_most=STEPS_PER_LISTED * most)
        task.all_or_nothing = True
        parts, count = [Columns.none(self.space.width)], 0
        for columns, _, _ in self._run(task, self._chunks):
            parts.append(columns)
            count += len(columns)
            task.given_up = task.given_up or count > most
        return None if task.given_up else joined(parts)

    def every(self, most: int) -> Columns | None:
        """Return every partnership that keeps every rule on partnerships; None as by `enumerate`."""
        return self.enumerate(_all_free(self.space), UNLIMITED, most)

    def _run(self, task: _Task, chunks: Sequence[Ints]) -> Iterable[tuple[Columns, Ints, bool]]:
        """Search every chunk of roots, and return the results in order."""
        if self.workers == 1 or len(chunks) < 2:
            return map(task.search, chunks)
        with ThreadPoolExecutor(self.workers) as threads:
            return list(threads.map(task.search, chunks))

    def fit_nowhere(self, nodes: Iterable[int] | None = None, steps_most: int = 0) -> list[int]:
        """Return those of some nodes (all where None) that are in no partnership that keeps every rule, where certain.

        `steps_most` limits the steps for each node (0: no limit). A node whose search was cut short is not returned.
        """
        task = self._asking_for_any()
        task.steps_most = steps_most
        wanted = range(self.space.size) if nodes is None else nodes
        searched = ((node, *task.search(np.array([node], dtype=np.int64))) for node in wanted)
        return [node for node, found, _, ended in searched if ended and not len(found)]

    def any_with(self, nodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return for each of some nodes a partnership with it that keeps every rule, where there is one."""
        task = self._asking_for_any()
        found = {node: task.search(np.array([node], dtype=np.int64))[0] for node in nodes}
        return {node: tuple(sorted(columns.tuples()[0])) for node, columns in found.items() if len(columns)}

    def _asking_for_any(self) -> _Task:
        """Return a task that searches for any partnership, with all prices 0."""
        task = _Task(self, _all_free(self.space), threshold=UNLIMITED, most=1)
        task.money = task.money._replace(meet=MEET["rotate"])  # any root will do, not only the venue
        task.all_near = True
        return task


def make_ready(space: SearchSpace) -> None:
    """Compile the search for partnerships, or load it from the cache, before the clock of a run starts."""
    if not search_roots.signatures:
        Pricer(space, 1, np.zeros(1, dtype=bool))._asking_for_any().search(np.zeros(0, dtype=np.int64))


def _all_free(space: SearchSpace) -> Prices:
    """Return prices of 0, and partnerships that cost nothing."""
    stage = possible(space)
    nothing = np.zeros(space.size, np.int64), 0, np.zeros(len(stage.plan_rows), np.int64), np.zeros(0, np.int64)
    return Prices(space, stage, Duals(*nothing), ())


class _Task:
    """A search of roots at given prices: the `each` best of every root, or, with 0, all unless more than `most`."""

    def __init__(
        self, pricer: Pricer, prices: Prices, *, threshold: int, each: int = 0, most: int = 0, steps_most: int = 0
    ) -> None:
        self.steps_most = steps_most
        self.pricer, self.threshold, self.each, self.most = pricer, threshold, each, most
        self.money = pricer.money(prices.scale)
        self.all_near = pricer.space.by_venue
        self.all_or_nothing = self.given_up = False
        self.priced_by: Prices | None = None  # set where the compiled search underestimates some reduced costs
        labels = range(-1, len(pricer.graph.today))
        self._tariffs = Tariffs(
            prices.by_node,
            _by_neighbour(prices, pricer.graph),
            np.array([prices.fixed(label) for label in labels], dtype=np.int64),
            prices.kept,
            *_cuts_by_node(prices),
            np.array([cut.divisor for cut in prices.cuts], dtype=np.int64),
            prices.cut_prices.astype(np.int64),
        )

    def search(self, roots: Ints) -> tuple[Columns, Ints, bool]:
        """Return the columns of roots, each root's least reduced cost, and whether all were searched to the end."""
        width = self.pricer.space.width
        if self.given_up:
            return Columns.none(width), np.zeros(len(roots), np.int64), False
        graph = self.pricer.graph
        capacity = len(roots) * (1 + len(graph.today)) * self.each if self.each else self.most + 1
        heads, cost, price, label = np.empty((4, capacity), np.int64)
        members = np.empty((capacity, width), np.int32)
        found = Found(members, heads, cost, price, label, np.zeros(len(roots), np.int64))
        count, ended = search_roots(
            graph,
            self.pricer.limits,
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
        self.given_up |= self.all_or_nothing and not ended  # stops the other threads
        columns = Columns(found.members[:count].copy(), found.cost[:count].copy(), found.label[:count].copy())
        if self.priced_by is None:
            return columns, found.least, bool(ended)
        # Room for `dearer` more columns makes sure that the best column by its true reduced cost is among those found.
        reduced = self.priced_by.of(columns)
        return columns.take(reduced < 0), np.array([reduced.min(initial=0)]), bool(ended)


def _by_neighbour(prices: Prices, graph: Graph) -> Ints:
    """Return the charges of pairs of neighbours, in the graph's order; an empty array where there is none."""
    charges = prices.by_pair
    if not charges:
        return np.zeros(0, np.int64)
    nodes = np.repeat(np.arange(prices.space.size), np.diff(graph.starts)).tolist()
    pairs = zip(nodes, graph.others.tolist(), strict=True)
    return np.array([charges.get((min(a, b), max(a, b)), 0) for a, b in pairs], dtype=np.int64)


def _cuts_by_node(prices: Prices) -> tuple[Ints, Ints]:
    """Return the start of each node's cuts in a flat array, and the flat array of cuts."""
    cuts_of: list[list[int]] = [[] for _ in range(prices.space.size)]
    for n, cut in enumerate(prices.cuts):
        for node in cut.nodes:
            cuts_of[node].append(n)
    starts = np.concatenate([[0], np.cumsum([len(cuts) for cuts in cuts_of])]).astype(np.int64)
    return starts, np.array([n for cuts in cuts_of for n in cuts], dtype=np.int64)


def _graph(space: SearchSpace) -> Graph:
    """Return the search space as flat arrays."""
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
        together=np.array([space.together[a].get(b, 0) for a, b in pairs if space.together], dtype=np.int64),
        own=np.zeros(space.size, np.int64) if space.own is None else space.own,
        today=np.zeros((0, space.size), np.bool_) if space.today is None else space.today,
    )


def _facts(space: SearchSpace) -> list[Ints]:
    """Return facts by node, in the order of the columns in `path`; other sums come last."""
    rank = np.argsort(np.argsort(space.names))
    capacity = np.full(space.size, UNLIMITED) if space.venue_capacity is None else space.venue_capacity
    return [space.pupils, space.schools, space.associates, space.flags, space.ties, rank, capacity, *space.sums]
