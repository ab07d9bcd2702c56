"""Whether a plan will hold: groups of heads that would all rather be together, and single moves that are welcome.

A group tempts at a gain where it is a partnership under all rules on partnerships, and every head in it would have at
least that much less to itself a year than in the plan: a blocking coalition of a hedonic game. A plan without one is in
the core (Banerjee, Konishi and Sönmez 2001, "Core in a simple coalition formation game"; Bogomolnaia and Jackson 2002,
"The stability of hedonic coalition structures"). A single head's move that nobody in its new partnership loses by
breaks what the latter call individual stability.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Event

from geodata.urns import Urn
from partition.model.costs import Cost
from partition.model.problem import Problem
from partition.model.roster import Group
from partition.plans.account import Account
from partition.solver.columns import Members
from partition.solver.stable import LeastGain, StableRun, cheapest_stable, least_stable_gain
from partition.solver.tempting import Temptation, Tempter
from partition.solver.watch import Limits, Watch

SHOWN = 20  # the most tempting groups, by name
COUNTED_MOST = 1_000_000  # groups that would gain anything, in a count


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """A head and what it would gain, in thousandths a year; None for one that is not placed now."""

    headship: int
    now: Cost | None
    then: Cost

    @property
    def amount(self) -> int | None:
        """What the head would gain."""
        return None if self.now is None else self.now.total - self.then.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of a partnership when some of its heads go, and the rules that what is left would break."""

    number: int
    headships: tuple[int, ...]
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A group that would rather be a partnership: its heads, the least gain of them, and what it leaves behind."""

    gains: tuple[Gain, ...]
    least: int | None  # thousandths; None where no head in it is placed now
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A head that would gain by joining another partnership of the plan, in which nobody would lose."""

    gain: Gain
    number: int  # of the partnership that would take the head in
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Whether a plan holds at a gain, in thousandths a year.

    `groups` are the most tempting groups of all, whatever they would gain, in order; `count` of them would gain
    anything, and `count_at` at least `gain` (`counted` says whether those are all). `whole` says whether the search
    went to the end: then there is no group but those. `holding` is the cheapest plan that holds, and `least` the least
    gain at which one does where none holds at `gain`; both None where that was not asked for.
    """

    account: Account
    gain: int
    urn: Urn | None  # the school whose groups alone were searched
    groups: tuple[Leaving, ...]
    whole: bool
    count: int
    count_at: int
    counted: bool
    moves: tuple[Move, ...]
    holding: StableRun | None = None
    least: LeastGain | None = None

    @property
    def tempting(self) -> tuple[Leaving, ...]:
        """The groups in which every head would gain at least the gain asked about."""
        return tuple(group for group in self.groups if group.least is None or group.least >= self.gain)

    @property
    def holds(self) -> bool | None:
        """Whether no group would leave: proven yes or no; None where time ended the search before."""
        if self.tempting:
            return False
        return True if self.whole else None

    @property
    def most(self) -> int | None:
        """The most that every head of some group would gain, 0 where no group gains; None where that is not known.

        No group of heads could each gain more: the least gain at which nobody would leave.
        """
        if not self.whole or any(group.least is None for group in self.groups):
            return None
        return max((group.least or 0 for group in self.groups), default=0)

    @property
    def price(self) -> int | None:
        """The price of stability: what the cheapest plan that holds costs more than this one, in thousandths."""
        if self.holding is None or self.holding.cost is None:
            return None
        return self.holding.cost.total - self.account.cost.total


def find_stability(
    account: Account,
    gain: int,
    *,
    urn: Urn | None = None,
    limits: Limits | None = None,
    plan_again: bool = False,
    show: Callable[[Stability], None] = lambda _: None,
    stop: Event | None = None,
) -> Stability:
    """Return whether a plan holds at a gain, in thousandths a year.

    Parameters
    ----------
    account
        The plan over its problem, whose links are known.
    gain
        What each head of a group must gain to leave, 1 or more.
    urn
        A school: only groups with its head are searched, and only its moves.
    limits
        How long each of the searches may take.
    plan_again
        Whether to search for the cheapest plan that holds too.
    show
        Called with what is known, before the search for that plan.
    stop
        Set, it ends the search with what was found by then.
    """
    problem, now = account.problem, account.own
    member = None if urn is None else problem.roster.headship_of[urn]
    tempter = Tempter(problem)
    tempter.make_ready()
    with Watch(limits or Limits(), None, stop) as watch:
        tempter.stop = watch.stop
        found = tempter.most_tempting(now, 1, SHOWN, member)
        if member is None:
            (count, all_some), (count_at, all_at) = (tempter.count(now, g, COUNTED_MOST) for g in (1, gain))
        else:
            every = tempter.most_tempting(now, 1, COUNTED_MOST // 100, member)
            count, all_some = len(every.groups), every.whole
            count_at, all_at = sum(one.gain is None or one.gain >= gain for one in every.groups), every.whole
    answer = Stability(
        account=account,
        gain=gain,
        urn=urn,
        groups=tuple(_leaving(account, group) for group in found.groups),
        whole=found.whole,
        count=count,
        count_at=count_at,
        counted=all_some and all_at,
        moves=tuple(_moves(account, tempter, gain, member)),
    )
    if not plan_again:
        return answer
    show(answer)
    bound = None if account.run is None else account.run.bound
    holding = cheapest_stable(problem, gain, account.plan, limits, stop, bound)
    answer = replace(answer, holding=holding)
    if holding.status == "none":
        show(answer)
        answer = replace(answer, least=least_stable_gain(problem, gain, account.plan, limits, stop, bound))
    return answer


def _leaving(account: Account, group: Temptation) -> Leaving:
    return Leaving(
        gains=_gains(account, account.problem.roster.group(group.members)),
        least=group.gain,
        left=_left(account, group.members),
    )


def _gains(account: Account, group: Group) -> tuple[Gain, ...]:
    own = account.problem.tariff.own
    return tuple(Gain(headship=h, now=account.own[h], then=own(group, h)) for h in group.members)


def _left(account: Account, going: Members) -> tuple[Left, ...]:
    """Return what is left of each partnership that some of these heads are in, and what that would break."""
    problem, gone, found = account.problem, set(going), []
    for item in account.partnerships:
        staying = tuple(h for h in item.group.members if h not in gone)
        if len(staying) == len(item.group.members):
            continue
        broken = problem.breaches(problem.roster.group(staying)) if len(staying) > 1 else ()
        words = tuple(dict.fromkeys(breach.words for breach in broken if not breach.private))
        found.append(Left(number=item.number, headships=staying, breaks=words))
    return tuple(found)


def _moves(account: Account, tempter: Tempter, gain: int, member: int | None) -> Iterator[Move]:
    """Yield the moves of one head by which it gains enough, and nobody loses in the partnership that takes it in."""
    problem = account.problem
    for item in account.joined:
        inside = set(item.group.members)
        near = set.intersection(*(set(tempter.space.neighbours[h]) for h in inside)) - inside
        for headship in sorted(near if member is None else near & {member}):
            joined = problem.roster.group([*item.group.members, headship])
            gains = {one.headship: one for one in _gains(account, joined)}
            amount = gains[headship].amount
            welcome = all((gains[h].amount or 0) >= 0 for h in inside)
            enough = amount is None or amount >= gain
            if enough and welcome and not _breaks(problem, joined):
                yield Move(gain=gains[headship], number=item.number, left=_left(account, (headship,)))


def _breaks(problem: Problem, group: Group) -> bool:
    return any(True for _ in problem.breaches(group))
