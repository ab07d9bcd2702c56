"""Others at the same question: k-means-constrained, spopt, GerryChain and CP-SAT, each set up as it does best.

They are given what this module asks for them (`Ask`): places, pupils, drives, limits and a time box. None of the first
three knows a limit on the drive, nor more than one on size, so each goes through settings and seeds of its own until
its time is over, and the plan that breaks the fewest rules, then leaves the fewest unplaced, then costs least is taken.
Costs and broken rules are counted by `partition.plans.judge`, never by the peer.

`python peers.py PEER CASE FOLDER [SECONDS]` runs one on 2 cores and prints what it reached as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import combinations, count
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np
from cases import CASES
from numpy.typing import NDArray
from peers_by_hand import cp_sat_partitioning

from partition.model.problem import Problem
from partition.model.rules import HeadsPer, KmMax, MinutesMax, PupilsPer
from partition.plans.account import Account
from partition.plans.judge import judge

SECONDS, CORES, SEED = 100, 2, 1
Groups = list[list[int]]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A problem as the peers see it: headships by number, those that have enough others near enough for any group.

    Drives are there and back, in the problem's travel unit; `apart` are too far for one group; `prices` are
    thousandths saved (below 0) by keeping two together, `carried` what all cost when everyone is parted.
    """

    heads: NDArray[np.int64]  # their positions in the roster
    places: NDArray[np.float64]  # metres
    pupils: NDArray[np.int64]
    drives: NDArray[np.int64]
    apart: NDArray[np.bool_]
    prices: NDArray[np.int64]
    carried: int
    factor: int  # thousandths for a unit of travel
    rotates: bool  # whether a group's drives are shared by its heads
    size_limits: tuple[int, int]
    pupils_limits: tuple[int, int] | None

    @property
    def size(self) -> int:
        return len(self.pupils)

    def group_counts(self) -> range:
        """How many groups there can be if nobody is left out."""
        least, most = -(-self.size // self.size_limits[1]), self.size // self.size_limits[0]
        if self.pupils_limits:
            total = int(self.pupils.sum())
            least, most = max(least, -(-total // self.pupils_limits[1])), min(most, total // self.pupils_limits[0])
        return range(least, most + 1)

    def travel(self, members: Sequence[int]) -> float:
        """A group's travel in thousandths."""
        share = 1 / len(members) if self.rotates else 1 / 4
        return self.factor * share * float(self.drives[np.ix_(members, members)].sum())

    def excess(self, members: Sequence[int]) -> int:
        """By how much a group breaks the limits: pairs too far apart, heads and (in tens) pupils too many or few."""
        too_far = int(self.apart[np.ix_(members, members)].sum()) // 2
        over = _outside(len(members), self.size_limits)
        if self.pupils_limits:
            over += _outside(int(self.pupils[list(members)].sum()), self.pupils_limits) / 10
        return too_far + round(over)


def _outside(amount: int, limits: tuple[int, int]) -> int:
    return max(limits[0] - amount, amount - limits[1], 0)


def ask_of(problem: Problem) -> Ask:
    """What of a problem a peer can be told. Only rules on heads, pupils and drives are: the benchmark has no others."""
    roster, preferences = problem.roster, problem.preferences
    bases = np.array([headship.base for headship in roster.headships])
    drives = roster.group(range(len(roster)))
    one_way = drives.base_metres if preferences.measure == "km" else drives.base_centiminutes
    rule_of = {type(rule): rule for rule in problem.rules}
    drive_rules = [rule_of[kind] for kind in (KmMax, MinutesMax) if kind in rule_of]
    apart, prices = np.zeros(one_way.shape, dtype=bool), np.zeros(one_way.shape, dtype=np.int64)
    for a, b in combinations(range(len(roster)), 2):
        apart[a, b] = any(True for rule in drive_rules for _ in rule.breaches(roster.group((a, b))))
    for halves in (problem.tariff.link_halves, problem.tariff.change_halves):
        for pair, half in halves.items():
            prices[pair] -= 2 * half
    apart, prices = apart | apart.T, prices + prices.T
    size, pupils = rule_of[HeadsPer], rule_of.get(PupilsPer)
    near = np.flatnonzero((~apart).sum(axis=1) >= size.least)  # each is near itself
    return Ask(
        heads=near,
        places=np.column_stack([problem.area.eastings[bases], problem.area.northings[bases]])[near].astype(float),
        pupils=np.array([headship.pupils for headship in roster.headships])[near],
        drives=(one_way + one_way.T)[np.ix_(near, near)],
        apart=apart[np.ix_(near, near)],
        prices=prices[np.ix_(near, near)],
        carried=sum(problem.tariff.alone(headship).total for headship in range(len(roster))),
        factor=int(preferences.travel_factor),
        rotates=preferences.meet == "rotate",
        size_limits=(size.least, size.most),
        pupils_limits=(pupils.least, pupils.most) if pupils else None,
    )


@dataclass(slots=True)
class Best:
    """The best groups seen, and the clock. `bound` in thousandths, where the peer has one."""

    problem: Problem
    ask: Ask
    seconds: float
    began: float = field(default_factory=time.perf_counter)
    rank: tuple[int, int, int] | None = None
    account: Account | None = None
    found_after: float | None = None
    bound: float | None = None

    def see(self, groups: Iterable[Sequence[int]]) -> None:
        """Compare by rules broken, then small schools not placed, then cost: all counted by this project."""
        labels = {
            urn: str(number)
            for number, members in enumerate(groups)
            for member in members
            for urn in self.problem.roster.headships[self.ask.heads[member]].urns
        }
        account = judge(self.problem, labels)
        rank = (len(account.breaches), len(account.unplaced), account.cost.total)
        if self.rank is None or rank < self.rank:
            self.rank, self.account, self.found_after = rank, account, time.perf_counter() - self.began

    @property
    def seconds_left(self) -> float:
        return self.seconds - (time.perf_counter() - self.began)


def _groups(labels: Sequence[Any]) -> Groups:
    members_of: dict[Any, list[int]] = {}
    for member, label in enumerate(labels):
        members_of.setdefault(label, []).append(member)
    return list(members_of.values())


def k_means(ask: Ask, best: Best) -> str:
    """Even groups by place; it knows a least and a most size, nothing of pupils or of a longest drive."""
    from k_means_constrained import KMeansConstrained

    for seed, groups in ((seed, groups) for seed in count(SEED) for groups in ask.group_counts()):
        if best.seconds_left < 0:
            break
        least, most = ask.size_limits
        means = KMeansConstrained(groups, size_min=least, size_max=most, n_init=1, random_state=seed, n_jobs=CORES)
        best.see(_groups(means.fit_predict(ask.places).tolist()))
    return "size_min, size_max as the rule; each number of groups that fits, a start and seed at a time"


def max_p(ask: Ask, best: Best) -> str:
    """As many groups as reach a floor, joined over neighbours; it knows one floor, no ceiling and no longest drive."""
    import geopandas
    from libpysal.weights import Gabriel
    from spopt.region import MaxPHeuristic

    frame = geopandas.GeoDataFrame(
        {"x": ask.places[:, 0], "y": ask.places[:, 1], "pupils": ask.pupils, "heads": 1},
        geometry=geopandas.points_from_xy(*ask.places.T),
    )
    neighbours = Gabriel.from_dataframe(frame, use_index=False)
    floors = [("heads", floor) for floor in range(ask.size_limits[0], ask.size_limits[1])]
    if ask.pupils_limits:
        floors += [("pupils", floor) for floor in np.linspace(*ask.pupils_limits, 5)[:-1].tolist()]
    for seed, (column, floor) in ((seed, floor) for seed in count(SEED) for floor in floors):
        if best.seconds_left < 0:
            break
        random.seed(seed)  # the library draws from the global generators
        np.random.seed(seed)  # noqa: NPY002
        model = MaxPHeuristic(frame, neighbours, ["x", "y"], column, floor, top_n=5)
        model.solve()
        best.see(_groups(list(model.labels_)))
    return "floors on heads and on pupils in turn, Gabriel neighbours, top_n=5, 99 constructions, by seed"


def p_median(ask: Ask, best: Best) -> str:
    """Each to the nearest of p middles with room; it knows a ceiling on one weight, no floor and no longest drive.

    Drives too far are priced ten times. Weights carry the ceiling only: drives are divided by them beforehand.
    """
    import pulp
    from spopt.locate import PMedian

    counts = ask.group_counts()
    groups = counts[len(counts) // 2]
    weights = ask.pupils if ask.pupils_limits else np.ones(ask.size, dtype=np.int64)
    most = ask.pupils_limits[1] if ask.pupils_limits else ask.size_limits[1]
    drives = np.where(ask.apart, 10, 1) * ask.drives / np.maximum(weights, 1)[:, None]
    model = PMedian.from_cost_matrix(drives, weights, groups, facility_capacities=np.full(ask.size, most))
    model.problem.solve(pulp.HiGHS(msg=False, timeLimit=max(1, best.seconds_left), threads=CORES))
    goes = [[variable.value() or 0 for variable in row] for row in model.cli_assgn_vars]
    if any(map(any, goes)):
        best.see(_groups(np.array(goes).argmax(axis=1).tolist()))
    return f"facility_capacities as the rule, p of {groups}, HiGHS, {CORES} threads"


def gerrychain(ask: Ask, best: Best) -> str:
    """Districts of like weight, merged in twos and split again; limits and cost are one score, short bursts."""
    import networkx as nx
    from gerrychain import Graph, Partition, constraints
    from gerrychain.optimization import SingleMetricOptimizer
    from gerrychain.proposals import recom
    from scipy.spatial import Delaunay

    jitter = np.random.default_rng(SEED).uniform(-1, 1, ask.places.shape)  # two schools may stand on one point
    net = nx.Graph()
    weights = ask.pupils if ask.pupils_limits else np.ones(ask.size, dtype=np.int64)
    net.add_nodes_from((n, {"weight": int(weights[n])}) for n in range(ask.size))
    for triangle in Delaunay(ask.places + jitter).simplices.tolist():
        nx.add_path(net, [*triangle, triangle[0]])
    low, high = ask.pupils_limits or ask.size_limits
    target, spread = (low + high) / 2, (high - low) / (high + low)
    groups = min(ask.group_counts(), key=lambda n: abs(weights.sum() / n - target))
    dear = ask.factor * int(ask.drives.max())
    worth = cache(lambda members: ask.travel(members) + dear * ask.excess(members))

    def score(partition: Any) -> float:
        return sum(worth(tuple(sorted(members))) for members in partition.parts.values())

    while best.seconds_left > 0:
        draws = random.Random(SEED)
        first = Partition.from_random_assignment(Graph.from_networkx(net), groups, spread, "weight", rng=draws)
        proposal = partial(recom, pop_col="weight", pop_target=weights.sum() / groups, epsilon=spread)
        walk = SingleMetricOptimizer(proposal, [constraints.contiguous], first, score, maximize=False, rng=draws)
        for _ in walk.short_bursts(10, 10**6):
            if best.seconds_left < 0:
                break
        best.see([sorted(members) for members in walk.best_part.parts.values()])
    return f"{groups} districts, recom on Delaunay neighbours within {spread:.0%}, short bursts of 10 on one score"


def cp_sat(ask: Ask, best: Best) -> str:
    """Each to the group of its lowest-numbered member: the assignment model, with every rule, cost and a bound."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    scale = lcm(*range(ask.size_limits[0], ask.size_limits[1] + 1)) if ask.rotates else 2
    goes = {
        (member, first): model.new_bool_var("")
        for first in range(ask.size)
        for member in range(first, ask.size)
        if not ask.apart[member, first]
    }
    near: list[list[int]] = [[] for _ in range(ask.size)]
    firsts: list[list[int]] = [[] for _ in range(ask.size)]
    for member, first in goes:
        near[first].append(member)
        firsts[member].append(first)
    placed = [sum(goes[member, first] for first in firsts[member]) for member in range(ask.size)]
    for one in placed:
        model.add(one <= 1)
    terms = [term for first in range(ask.size) for term in _cp_sat_group(model, ask, first, near[first], goes, scale)]
    left_out = 2 * scale * ask.factor * int(ask.drives[~ask.apart].max()) * ask.size_limits[1] * ask.size
    model.minimize(sum(terms) + left_out * sum(1 - one for one in placed))
    everyone = model.clone()
    for member in range(ask.size):
        everyone.add(sum(goes[member, first] for first in firsts[member]) == 1)
    for question, share in ((everyone, 0.5), (model, 1.0)):
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.random_seed = CORES, SEED
        solver.parameters.max_time_in_seconds = max(1.0, best.seconds_left * share)
        if solver.solve(question) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            continue
        chosen = {member: first for (member, first), variable in goes.items() if solver.boolean_value(variable)}
        best.see([[m for m in chosen if chosen[m] == first] for first in set(chosen.values())])
        above = solver.best_objective_bound - left_out * (ask.size - len(chosen))
        if above > -ask.carried * scale:
            best.bound = max(best.bound or 0, ask.carried + above / scale)
        model.clear_hints()
        for place, variable in goes.items():
            model.add_hint(variable, chosen.get(place[0]) == place[1])
    words = f"{CORES} workers, {len(goes):,} places, all rules and the cost in the model"
    return f"{words}; with everyone placed in half the time, then from there with leaving out at a price"


def _cp_sat_group(model: Any, ask: Ask, first: int, near: list[int], goes: Any, scale: int) -> list[Any]:
    """The rules of the group that `first` is the first of; what it costs, as terms of the objective."""
    opened, size = goes[first, first], sum(goes[member, first] for member in near)
    limits = [(size, ask.size_limits)]
    if ask.pupils_limits:
        limits.append((sum(int(ask.pupils[m]) * goes[m, first] for m in near), ask.pupils_limits))
    for amount, (least, most) in limits:
        model.add(amount >= least * opened)
        model.add(amount <= most * opened)
    drive_terms, price_terms = [], []
    for a, b in combinations(near, 2):
        if ask.apart[a, b]:
            model.add(goes[a, first] + goes[b, first] <= opened)
            continue
        both = goes[b, first] if a == first else model.new_bool_var("")
        if a != first:
            model.add(both >= goes[a, first] + goes[b, first] - opened)
        drive_terms.append(int(ask.drives[a, b]) * both)
        if ask.prices[a, b]:
            price_terms.append(scale * int(ask.prices[a, b]) * both)
            model.add_implication(both, goes[a, first])
            model.add_implication(both, goes[b, first])
    if not drive_terms:
        model.add(opened == 0)
        return []
    if not ask.rotates:
        return [scale * ask.factor // 2 * sum(drive_terms), *price_terms]
    most = ask.size_limits[1]
    dearest = 2 * scale * ask.factor * most * int(ask.drives[~ask.apart].max())
    cost = model.new_int_var(0, dearest, "")
    of_size = {heads: model.new_bool_var("") for heads in range(ask.size_limits[0], most + 1)}
    model.add(sum(of_size.values()) == opened)
    model.add(sum(heads * chosen for heads, chosen in of_size.items()) == size)
    for heads, chosen in of_size.items():
        share = 2 * ask.factor * scale // heads
        model.add(cost >= share * sum(drive_terms)).only_enforce_if(chosen)
    return [cost, *price_terms]


def ours(ask: Ask, best: Best) -> str:
    """This project, in the same time."""
    from partition.solver import Limits, solve

    run = solve(best.problem, Limits(seconds=best.seconds, workers=CORES))
    if run.plan is not None:
        member_of = {int(head): member for member, head in enumerate(ask.heads)}
        headship_of = best.problem.roster.headship_of
        best.see([{member_of[headship_of[u]] for u in group.urns} for group in run.plan.partnerships])
    best.bound = run.bound
    return run.status


PEERS: dict[str, Callable[[Ask, Best], str]] = {
    "this project": ours,
    "k-means-constrained": k_means,
    "spopt max-p": max_p,
    "spopt p-median": p_median,
    "GerryChain": gerrychain,
    "CP-SAT assignment": cp_sat,
    "CP-SAT partitioning": partial(cp_sat_partitioning, cores=CORES, seed=SEED),
}
NEEDS = {
    "k-means-constrained": "k_means_constrained",
    "spopt max-p": "spopt",
    "spopt p-median": "spopt",
    "GerryChain": "gerrychain",
}


def reached(peer: str, problem: Problem, seconds: float) -> dict[str, object]:
    """What a peer came to."""
    ask = ask_of(problem)
    best = Best(problem, ask, seconds)
    options = PEERS[peer](ask, best)
    figures: dict[str, object] = {"options": options, "seconds": time.perf_counter() - best.began}
    if best.account is not None:
        account = best.account
        figures |= {
            "cost": account.cost.total / 1000,
            "unplaced": len(account.unplaced),
            "groups": len(account.partnerships),
            "groups_breaking": sum(bool(partnership.breaches) for partnership in account.partnerships),
            "broken": dict(Counter(breach.rule for breach in account.breaches)),
            "found_after": best.found_after,
            "bound": None if best.bound is None else best.bound / 1000,
        }
    return figures


if __name__ == "__main__":
    from measure import scenario_of

    from partition.scenario.case import load

    (asked,) = [case for case in CASES if case.name == sys.argv[2]]
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else SECONDS
    print(json.dumps(reached(sys.argv[1], load(scenario_of(asked, Path(sys.argv[3]))).problem, seconds)))
