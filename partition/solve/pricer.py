"""Pricing over all blocks: prepares arrays for the compiled search, runs it, and draws the safe bound from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partition.solve.master import Cut, Duals
from partition.solve.pool import Incidence, Members, Pool
from partition.solve.pricing import Limits, Money, Nodes, Output, Prices, search_block
from partition.solve.space import MEET, UNLIMITED, Block, Ints, SearchSpace
from partition.solve.stage import MICRO_PER_THOUSANDTH, Stage, fewest


@dataclass(frozen=True, slots=True)
class Priced:
    """Partnerships found with their costs, and the bound that the search proves for the prices it was given."""

    found: list[tuple[Members, int]]
    bound: int | None  # micro-units; None when the search was cut short
    finished: bool


@dataclass(frozen=True, slots=True)
class _Local:
    """What the compiled search reads of a block and that no price changes."""

    block: Block
    nodes: Nodes


class Pricer:
    """Searches blocks for partnerships of low reduced cost. `stop[0]` set from outside ends it early."""

    def __init__(self, space: SearchSpace, workers: int, stop: NDArray[np.bool_]) -> None:
        self.space = space
        self.stop = stop
        self.workers = workers
        self.limits = Limits(
            heads_least=space.heads_min,
            heads_most=space.heads_max,
            pupils_least=space.pupils_limits[0],
            pupils_most=space.pupils_limits[1],
            schools_least=space.schools_limits[0],
            schools_most=space.schools_limits[1],
            associates_most=space.associates_max,
            flags=(1 << len(space.wanted_flags)) - 1,
        )
        self._rank = np.argsort(np.argsort([h.base_urn for h in space.problem.roster.headships]))
        self._blocks = [self._local(block) for block in space.blocks]

    def money(self, scale: int) -> Money:
        """How partnerships are priced, at so many micro-units a thousandth."""
        preferences = self.space.problem.preferences
        travel, off_target = preferences.travel_factor, preferences.off_target_price
        return Money(
            MEET[preferences.meet],
            travel.numerator,
            travel.denominator,
            off_target.numerator,
            off_target.denominator,
            preferences.pupils_target,
            scale,
        )

    def _local(self, block: Block) -> _Local:
        space, nodes = self.space, block.nodes
        bits, most = space.distinct_words
        facts = Nodes(
            drives=block.drives,
            halves=block.halves,
            fits=block.fits,
            venue_fits=block.venue_fits,
            rank=self._rank[nodes],
            pupils=space.pupils[nodes],
            schools=space.schools[nodes],
            associates=space.associates[nodes],
            flags=space.flags[nodes],
            tie=space.ties[nodes],
            tie_sizes=space.tie_sizes,
            value_bits=np.ascontiguousarray(bits[:, nodes, :]),
            values_most=most,
        )
        return _Local(block, facts)

    def price(self, stage: Stage, duals: Duals, cuts: Sequence[Cut], each: int = 8) -> Priced:
        """The best few partnerships of each block that would improve the relaxation, and the bound proved."""
        task = _Task(self, stage, duals, cuts, threshold=-1, keep_best=True, capacity=each)
        found: dict[Members, int] = {}
        least = np.zeros(self.space.size, dtype=np.int64)
        finished = True
        for local, (partnerships, cheapest, ended) in zip(self._blocks, task.run(self._blocks), strict=True):
            found.update(partnerships)
            least[local.block.root] = cheapest
            finished = finished and ended
        bound = task.dual_value() + int(np.minimum(least, task.alone_reduced()).clip(max=0).sum())
        return Priced(list(found.items()), bound if finished else None, finished)

    def enumerate(
        self, stage: Stage, duals: Duals, cuts: Sequence[Cut], threshold: int, most: int
    ) -> list[tuple[Members, int]] | None:
        """Every partnership of reduced cost at most `threshold`; None if over `most`, or cut short."""
        task = _Task(self, stage, duals, cuts, threshold=threshold, keep_best=False, capacity=most)
        found: dict[Members, int] = {}
        for partnerships, _, ended in task.run(self._blocks):
            found.update(partnerships)
            if not ended or len(found) > most:
                return None
        return sorted(found.items())

    def reduced_costs(self, stage: Stage, duals: Duals, pool: Pool) -> Ints:
        """Of every partnership of a pool, cuts left aside."""
        task = _Task(self, stage, duals, (), threshold=0, keep_best=False, capacity=0)
        own = task.node_price - task.scale * self.space.carried
        return Incidence(pool.members).sums(own) + task.fixed_price + task.scale * np.array(pool.costs, dtype=np.int64)

    def fit_nowhere(self, nodes: Iterable[int] | None = None) -> list[int]:
        """Which of these nodes (of all) no partnership that keeps every rule has."""
        wanted = range(self.space.size) if nodes is None else nodes
        stage = fewest(self.space)
        free = Duals(np.zeros(self.space.size, dtype=np.int64), 0, tuple((0, 0) for _ in stage.plan_rows), ())
        task = _Task(self, stage, free, (), threshold=UNLIMITED, keep_best=False, capacity=1)
        task.money = task.money._replace(meet=MEET["rotate"])  # any root will do: nothing is priced
        neighbours = self.space.neighbours
        return [
            node for node in wanted if not task.search(self._local(self.space.block(node, sorted(neighbours[node]))))[0]
        ]


class _Task:
    """One pass over blocks with given prices."""

    def __init__(
        self,
        pricer: Pricer,
        stage: Stage,
        duals: Duals,
        cuts: Sequence[Cut],
        *,
        threshold: int,
        keep_best: bool,
        capacity: int,
    ) -> None:
        self.pricer, self.stage, self.duals = pricer, stage, duals
        self.threshold, self.keep_best, self.capacity = threshold, keep_best, capacity
        self.cuts = [cut for cut, dual in zip(cuts, duals.cuts, strict=False) if dual < 0]
        self.cut_duals = [dual for dual in duals.cuts if dual < 0]
        self._cuts_of: dict[int, list[int]] = {}
        for n, cut in enumerate(self.cuts):
            for node in cut:
                self._cuts_of.setdefault(node, []).append(n)
        space = pricer.space
        self.scale = MICRO_PER_THOUSANDTH if stage.priced else 0
        self.money = pricer.money(self.scale)
        self.node_price = self.scale * space.carried - duals.nodes
        self.fixed_price = 0
        for row, sides in zip(stage.plan_rows, duals.rows, strict=True):
            self.node_price = self.node_price - sum(sides) * row.weights
            self.fixed_price -= sum(sides) * row.fixed

    def dual_value(self) -> int:
        """What the prices alone are worth: the bound before any reduced cost below 0."""
        value = int(self.duals.nodes.sum()) + sum(self.duals.cuts)
        value += self.duals.alone * (self.stage.alone_limit or 0)
        for row, (lower, upper) in zip(self.stage.plan_rows, self.duals.rows, strict=True):
            value += lower * (row.low or 0) + upper * (row.high or 0)
        return value

    def alone_reduced(self) -> Ints:
        """Reduced cost of each headship alone; 0 where it may not be."""
        reduced = self.stage.alone - self.duals.nodes - self.duals.alone * self.stage.alone_weights
        return np.where(self.stage.alone_allowed, reduced, 0)

    def run(self, blocks: list[_Local]) -> list[tuple[list[tuple[Members, int]], int, bool]]:
        """Every block's partnerships, least reduced cost and whether it was searched to its end, in block order."""
        if self.pricer.workers == 1 or len(blocks) < 4:
            return [self.search(block) for block in blocks]
        with ThreadPoolExecutor(self.pricer.workers) as threads:
            return list(threads.map(self.search, blocks))

    def search(self, local: _Local) -> tuple[list[tuple[Members, int]], int, bool]:
        nodes = local.block.nodes
        capacity = self.capacity
        heads_most = min(self.pricer.limits.heads_most, len(nodes))
        output = Output(
            members=np.zeros((capacity, heads_most), dtype=np.int32),
            heads=np.zeros(capacity, dtype=np.int64),
            cost=np.zeros(capacity, dtype=np.int64),
            price=np.zeros(capacity, dtype=np.int64),
        )
        prices = Prices(self.node_price[nodes], self.fixed_price, *self._local_cuts(nodes))
        found, least, finished = search_block(
            local.nodes,
            self.pricer.limits,
            self.money,
            prices,
            self.threshold,
            self.keep_best,
            self.pricer.stop,
            output,
        )
        carried = self.pricer.space.carried
        partnerships = []
        for n in range(found):
            chosen = nodes[output.members[n, : output.heads[n]]]
            whole = int(output.cost[n] + carried[chosen].sum())
            partnerships.append((tuple(sorted(chosen.tolist())), whole))
        return partnerships, int(least), bool(finished)

    def _local_cuts(self, nodes: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Cuts with two nodes or more in the block: by local node (flat), their nodes, their penalties."""
        position = {node: i for i, node in enumerate(nodes.tolist())}
        count: dict[int, int] = {}
        for node in position:
            for n in self._cuts_of.get(node, ()):
                count[n] = count.get(n, 0) + 1
        here = sorted(n for n, many in count.items() if many >= 2)
        cut_nodes = np.full((len(here), 3), -1, dtype=np.int64)
        by_node: list[list[int]] = [[] for _ in position]
        for n, cut in enumerate(here):
            for y, node in enumerate(self.cuts[cut]):
                if (i := position.get(node)) is not None:
                    cut_nodes[n, y] = i
                    by_node[i].append(n)
        start = np.concatenate([[0], np.cumsum([len(cuts) for cuts in by_node])]).astype(np.int64)
        flat = np.array([n for cuts in by_node for n in cuts], dtype=np.int64)
        return start, flat, cut_nodes, np.array([-self.cut_duals[n] for n in here], dtype=np.int64)
