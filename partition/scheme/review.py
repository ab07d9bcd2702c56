"""Peer review: trios of heads who review each other's schools in turn, with an adviser as facilitator.

First the fewest heads left out, then the least driving minus the worth of needs met, proven (`trios`). Each trio has a
review at each member's school. Of two rounds, the first is general, and in the second strengths meet needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np

from geodata.urns import Urn
from partition.model.area import Area
from partition.model.roster import CENTIMINUTES, Headship
from partition.plans.account import Account
from partition.scheme.advisers import Assignment
from partition.scheme.inputs import Inputs
from partition.scheme.review_days import days_of
from partition.scheme.trios import TRIO, Ints, choose_trios, trios_near
from partition.settings.scheme import Review

NO_ROAD = 10**7  # centiminutes: beyond any limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One review: at a member's school, on a day."""

    host_urn: Urn
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A need of one school that is a strength of another school of the trio. Internal."""

    need: str
    of_urn: Urn
    by_urn: Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class Trio:
    """Three heads, by their bases."""

    urns: tuple[Urn, ...]
    partnerships: tuple[int, ...]  # numbers, each once
    minutes: float  # driving of all three, there and back, for all three reviews
    met: tuple[Met, ...]  # internal: strengths and needs are private
    adviser: str  # "" where none is assigned, or none comes
    visits: tuple[Visit, ...]

    @property
    def matches(self) -> int:
        """Return how many needs are met."""
        return len(self.met)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRound:
    """Every trio of a round, and the heads who are in no trio."""

    title: str  # "" for an only round
    trios: tuple[Trio, ...]
    left_out: tuple[Urn, ...]  # base URNs
    minutes: float
    is_proven: bool

    @property
    def is_general(self) -> bool:
        """Whether needs and strengths had no part in it."""
        return self.title == GENERAL


GENERAL, MATCHED = "First round: general", "Second round: strengths meet needs"


def review_rounds(
    account: Account, settings: Review, inputs: Inputs, assigned: Assignment | None, seconds: float
) -> tuple[ReviewRound, ...]:
    """Return one round, or two where the second has a window; each the best found within `seconds`.

    No trio of the first comes again in the second. Raises BadData where a window has too few weeks for an adviser.
    """
    if settings.second_starts is None:
        return (_round("", account, settings, inputs, assigned, seconds),)
    general = settings.model_copy(update={"minutes_per_match": 0.0})
    first = _round(GENERAL, account, general, inputs, assigned, seconds)
    matched = settings.model_copy(update={"starts": settings.second_starts})
    before = (*inputs.past_trios, *(frozenset(trio.urns) for trio in first.trios))
    again = replace(inputs, past_trios=before)
    return first, _round(MATCHED, account, matched, again, assigned, seconds)


def _round(
    title: str, account: Account, settings: Review, inputs: Inputs, assigned: Assignment | None, seconds: float
) -> ReviewRound:
    question = TrioQuestion(account, settings, inputs)
    chosen = choose_trios(len(question.bases), question.trios, question.costs, seconds)
    found = question.trios[list(chosen.rows)].tolist()
    placed, urns = account.place_of, question.base_urns
    bases = [tuple(urns[head] for head in trio) for trio in found]
    numbers = [tuple(sorted({placed[urn] for urn in trio})) for trio in bases]
    assigned = assigned if settings.adviser_comes else None
    wished = [_facilitator(*both, account, assigned) for both in zip(numbers, bases, strict=True)]
    advisers, days = days_of(wished, settings)
    trios = tuple(
        Trio(
            urns=bases[n],
            partnerships=numbers[n],
            minutes=_sum_of_pairs(question.drives, trio) / CENTIMINUTES,
            met=tuple(needs_met([question.heads[head].urns for head in trio], inputs)),
            adviser=advisers[n],
            visits=tuple(Visit(host_urn=urn, day=day) for urn, day in zip(bases[n], days[n], strict=True)),
        )
        for n, trio in enumerate(found)
    )
    inside = {head for trio in found for head in trio}
    return ReviewRound(
        title=title,
        trios=trios,
        left_out=tuple(urn for head, urn in enumerate(urns) if head not in inside),
        minutes=sum(trio.minutes for trio in trios),
        is_proven=chosen.is_proven,
    )


def _sum_of_pairs(table: Ints, heads: Sequence[int]) -> int:
    return sum(int(table[pair]) for pair in combinations(heads, 2))


class TrioQuestion:
    """The possible trios and their costs: heads in partnerships, in order of their lowest URN.

    `drives` holds, for two heads, centiminutes over all three reviews of a trio: each drives to the other's school and
    back. `matches` counts, for two heads, the needs of one that are a strength of the other.
    """

    def __init__(self, account: Account, settings: Review, inputs: Inputs) -> None:
        area, placed = account.area, account.place_of
        self.heads = heads = [h for h in account.problem.roster.headships if h.base_urn in placed]
        self.bases = np.array([head.base for head in heads], dtype=np.int64)
        self.base_urns = tuple(head.base_urn for head in heads)
        one_way = _between(area, self.bases)
        self.drives = 2 * (one_way + one_way.T)
        self.matches = _matches([head.urns for head in heads], inputs)
        near = _longest(area, heads) <= settings.minutes_max * CENTIMINUTES
        if not settings.across:
            numbers = np.array([placed[urn] for urn in self.base_urns], dtype=np.int64)
            near &= numbers[:, None] == numbers
        np.fill_diagonal(near, False)
        self.trios = _without(trios_near(near), self.base_urns, _past(account, inputs))
        price = Fraction(str(settings.minutes_per_match)) * CENTIMINUTES
        pair_costs = self.drives - np.array([[int(price * n) for n in row] for row in self.matches.tolist()])
        a, b, c = self.trios.T
        self.costs = pair_costs[a, b] + pair_costs[a, c] + pair_costs[b, c]


def _between(area: Area, positions: Ints) -> Ints:
    """Return centiminutes between these schools, row to column; NO_ROAD, above any limit, where no road leads."""
    origins, destinations = np.meshgrid(positions, positions, indexing="ij")
    found = area.travel.between(origins.ravel(), destinations.ravel())[0].astype(np.int64)
    return np.where(found < 0, NO_ROAD, found).reshape(origins.shape)


def _longest(area: Area, heads: Sequence[Headship]) -> Ints:
    """Return, for each two heads, centiminutes of the longest drive between any two of their schools."""
    schools = np.array([position for head in heads for position in head.schools], dtype=np.int64)
    starts = np.cumsum([0, *(len(head.schools) for head in heads)])[:-1]
    if not len(heads):
        return np.zeros((0, 0), dtype=np.int64)
    one_way = _between(area, schools)
    rows = np.maximum.reduceat(np.maximum(one_way, one_way.T), starts, axis=0)
    return np.asarray(np.maximum.reduceat(rows, starts, axis=1))


def _matches(heads: Sequence[Sequence[Urn]], inputs: Inputs) -> Ints:
    """Return, for each two heads, how many needs of one's schools are strengths of the other's, added both ways."""
    found = np.zeros((len(heads), len(heads)), dtype=np.int64)
    for (a, own), (b, theirs) in combinations(enumerate(heads), 2):
        found[a, b] = found[b, a] = sum(1 for _ in needs_met([own, theirs], inputs))
    return found


def needs_met(heads: Sequence[Sequence[Urn]], inputs: Inputs) -> Iterator[Met]:
    """Yield each need of a head's school that is a strength of another head's. `heads` are the URNs of each head."""
    none: frozenset[str] = frozenset()
    for own, theirs in permutations(heads, 2):
        for of_urn, by_urn in product(own, theirs):
            shared = inputs.needs.get(of_urn, none) & inputs.strengths.get(by_urn, none)
            yield from (Met(need=need, of_urn=of_urn, by_urn=by_urn) for need in sorted(shared))


def _past(account: Account, inputs: Inputs) -> set[frozenset[Urn]]:
    """Return past trios by their heads' bases, where all three heads still lead schools here."""
    roster = account.problem.roster
    past = [{roster.headship_of.get(urn) for urn in urns} for urns in inputs.past_trios]
    return {
        frozenset(roster.headships[head].base_urn for head in heads if head is not None)
        for heads in past
        if len(heads) == TRIO and None not in heads
    }


def _without(trios: Ints, urns: Sequence[Urn], past: Collection[frozenset[Urn]]) -> Ints:
    """Return the trios that are not past trios."""
    before = {tuple(sorted(urns.index(urn) for urn in trio)) for trio in past if trio <= set(urns)}
    return trios[[tuple(trio) not in before for trio in trios.tolist()]] if before else trios


def _facilitator(numbers: Sequence[int], bases: Sequence[Urn], account: Account, assigned: Assignment | None) -> str:
    """Return the adviser who serves most of a trio's heads; of equals the one of the lowest partnership."""
    if assigned is None:
        return ""
    heads = [assigned.name_of(account.place_of[urn]) for urn in bases]
    names = [name for number in numbers if (name := assigned.name_of(number))]
    return max(names, key=lambda name: (heads.count(name), -names.index(name)), default="")
