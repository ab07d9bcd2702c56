"""Ways out of a clash: the least change of settings that does, each solved as people would type it.

Exceptions for single schools come before changes for everybody. A change is a way out only where settings make it,
and where the plan that is then found does what was asked: a plan at all, or the school placed, and no fewer than now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from geodata.urns import Urn
from partition.model.plan import Partnership, Plan
from partition.model.problem import Problem, check
from partition.model.roster import CENTIMINUTES
from partition.model.rules import HeadsPer, Locked, MinutesMax, Placed, Rule
from partition.plans.exceptions import own_limits, own_limits_words
from partition.plans.near_misses import Miss, near_misses, nearest_heads
from partition.solver import Run, solve
from partition.studies.explain.conflicts import Clash, find_clash, quickly, satisfiable, told
from partition.studies.explain.purse import Purse
from partition.studies.explain.standing import Standing, under
from partition.studies.explain.typed import Change, Typed, Typist

STEPS_MAX = 8  # steps by which a rule is loosened before it is dropped
DRIVES_MAX = 12  # limits for one school that are tried, from short to long
SCHOOLS_MAX = 3  # schools up to which each is tried with a limit of its own
CHANGES_MAX = 3  # rules changed at once in one way out
SOLVED_MAX = 3  # changes of one rule that are solved before the next rule is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A change in words, whether it is private or an exception for single schools, and the plan that is then found.

    `settings` make the change, and `typed` are the same as people type them after `--set`; both are empty for a problem
    of no scenario, where `changes` of rules were solved.
    """

    words: str
    private: bool
    exception: bool
    changes: tuple[Change, ...]
    settings: Mapping[str, Any]
    typed: tuple[str, ...]
    problem: Problem
    run: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a way out is for. `asked` are rules that its plan must keep though no setting states them: a school placed.

    `typist` restates the scenario; None for a problem of no scenario. `plan` is the plan in hand, from which searches
    start, and than which a way out places no fewer schools.
    """

    purse: Purse
    asked: Sequence[Rule] = ()
    internal: bool = False
    typist: Typist | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of one rule, in words; where it is an exception for single schools, a partnership that it allows."""

    words: str
    change: Change
    exception: bool = False
    partnership: tuple[Urn, ...] = ()


def ways_out(problem: Problem, clash: Clash, wanted: Wanted) -> list[WayOut]:
    """Return for each rule of the clash the least change that does, solved: exceptions first, then the cheapest.

    Where no change of one rule is enough, further rules are changed too, up to CHANGES_MAX.
    """
    found = _ways(problem, problem, clash, wanted, ())
    return sorted(found, key=_first)


def _first(way: WayOut) -> tuple[bool, int, int, str]:
    assert way.run.unplaced is not None and way.run.cost is not None
    return not way.exception, way.run.unplaced, way.run.cost.total, way.words


def _ways(
    problem: Problem, now: Problem, clash: Clash, wanted: Wanted, before: tuple[tuple[str, Change], ...]
) -> Iterator[WayOut]:
    """Yield a way out for each rule of a clash. `now` is the problem after the changes `before`, in words."""
    for rule in clash.rules:
        if wanted.purse.refuses():
            return
        steps = _each_once(_steps(now, rule, clash.schools, wanted))
        allowing = (step for step in steps if _may_do(now, step, wanted))
        several = list(islice(allowing, SOLVED_MAX))
        ways = (_solved(problem, wanted, before, step) for step in several)
        way = next((way for way in ways if way is not None), None)
        if way is not None:
            yield way
        elif not several and len(before) + 1 < CHANGES_MAX:
            without = changed(now, [(rule, None)])
            deeper = find_clash(without, wanted.purse, wanted.asked)
            if deeper is not None:
                first = f"{told(now, rule, internal=wanted.internal)} dropped"
                yield from _ways(problem, without, deeper, wanted, (*before, (first, (rule, None))))


def _each_once(steps: Iterable[_Step]) -> Iterator[_Step]:
    seen: list[Change] = []
    for step in steps:
        if step.change not in seen:
            seen.append(step.change)
            yield step


def _may_do(now: Problem, step: _Step, wanted: Wanted) -> bool:
    """Return whether a plan may keep every rule after a step; in a large area only what is plain is looked at."""
    then = changed(now, [step.change])
    then = then.under([*wanted.asked, *then.rules[1:]])
    known = satisfiable(then, wanted.purse, search=not quickly(now))
    return known is True or (known is None and quickly(now) and not wanted.purse.refuses())


def _solved(problem: Problem, wanted: Wanted, before: tuple[tuple[str, Change], ...], step: _Step) -> WayOut | None:
    """Return the way out of some changes, solved as typed; None where no settings make them or they do not do.

    None too where the purse is empty.
    """
    if wanted.purse.refuses():
        return None
    changes = (*(change for _, change in before), step.change)
    if wanted.typist is None:
        then = changed(problem, changes)
        typed = Typed(settings={}, lines=(), problem=then)
    else:
        found = wanted.typist.type(changes)
        if found is None:
            return None
        typed, then = found, found.problem
    start = None if wanted.plan is None else mended(then, wanted.plan, step.partnership)
    known = [Partnership(step.partnership)] if step.partnership else []
    run = solve(then, wanted.purse.limits, start=start, known=known)
    if not _does(problem, then, run, wanted):
        if run.stopped_by == "time":
            wanted.purse.fell_short()
        return None
    return WayOut(
        words=", and ".join([*(words for words, _ in before), step.words]),
        private=any(one.private for one, _ in changes),
        exception=step.exception and not before,
        changes=changes,
        settings=typed.settings,
        typed=typed.lines,
        problem=then,
        run=run,
    )


def _does(problem: Problem, then: Problem, run: Run, wanted: Wanted) -> bool:
    """Return whether a plan was found that places who was asked for, and no fewer schools than the plan in hand."""
    if run.plan is None or run.unplaced is None:
        return False
    if any(_not_kept(then, run.plan, one) for one in wanted.asked):
        return False
    return wanted.plan is None or run.unplaced <= len(problem.unplaced(wanted.plan))


def _not_kept(problem: Problem, plan: Plan, rule: Rule) -> bool:
    groups = problem.groups(plan)
    broken = any(True for group in groups for _ in rule.breaches(group))
    return broken or any(True for _ in rule.plan_breaches(problem.roster, groups))


def mended(problem: Problem, plan: Plan, partnership: Sequence[Urn]) -> Plan | None:
    """Return a plan with one more partnership, whose schools leave their own; the plan itself where that breaks a rule.

    Schools of a partnership that falls short without them are alone. None where a school takes part no longer.
    """
    takes_part = problem.roster.headship_of.keys()
    if not takes_part >= {urn for one in plan.partnerships for urn in one.urns}:
        return None
    urns = set(partnership)
    untouched = [one.urns for one in plan.partnerships if not urns & set(one.urns)]
    rests = [set(one.urns) - urns for one in plan.partnerships if urns & set(one.urns)]
    for kept in ([sorted(rest) for rest in rests if len(rest) > 1 and _keeps(problem, rest)], []):
        then = problem.plan([*([partnership] if urns else []), *untouched, *kept])
        if not check(problem, then) and len(problem.unplaced(then)) <= len(problem.unplaced(plan)):
            return then
    return plan


def _keeps(problem: Problem, urns: Iterable[Urn]) -> bool:
    group = problem.roster.group({problem.roster.headship_of[urn] for urn in urns})
    return not any(True for rule in problem.rules for _ in rule.breaches(group))


def changed(problem: Problem, changes: Sequence[Change]) -> Problem:
    """Return a problem after these changes of its rules, each range as its least and its most; what is new is last."""
    kept = [part for rule in problem.rules[1:] for part in rule.parts()]
    for rule, then in changes:
        kept = [other for other in kept if other != rule] + ([] if then is None else [then])
    return under(problem, kept, [rule for rule, then in changes if then is None])


# Steps ------------------------------------------------------------------------------------------------------------


def _steps(problem: Problem, rule: Rule, schools: Sequence[Urn], wanted: Wanted) -> Iterator[_Step]:
    """Yield a rule loosened step by step, and then dropped; first, where possible, loosened for a few schools alone."""
    if isinstance(rule, MinutesMax):
        yield from _exceptions(problem, rule, set(schools), wanted)
        if len(schools) <= SCHOOLS_MAX:
            for urn in schools:
                yield from _own_limits(problem, rule, urn)
    if isinstance(rule, Locked) and (wanted.internal or not rule.accepted):
        yield from _joined(problem, rule)
    if isinstance(rule, HeadsPer) and rule.least:
        for one in wanted.asked:
            yield from _own_leasts(problem, rule, one) if isinstance(one, Placed) else ()
    then: Rule | None = rule
    first = None
    for _ in range(STEPS_MAX):
        assert then is not None
        words, then = then.looser()
        if then is None:
            break
        first = first or words.rpartition(" to ")[0]
        setting = f"{first} to {words.rpartition(' to ')[2]}"
        smaller = isinstance(then, HeadsPer) and then.least
        yield _Step(f"allow partnerships of {smaller} heads ({setting})" if smaller else setting, (rule, then))
    yield _Step(f"{told(problem, rule, internal=wanted.internal)} dropped", (rule, None))


def _joined(problem: Problem, lock: Locked) -> Iterator[_Step]:
    """Yield that the federations of a locked partnership join others, though they are partnerships already."""
    group = problem.roster.group(lock.members(problem.roster))
    standing = Standing.of(group)
    if standing is not None:
        yield _Step(standing.way(), (standing, None), exception=True, partnership=group.urns)


def _own_leasts(problem: Problem, rule: HeadsPer, asked: Placed) -> Iterator[_Step]:
    """Yield a lower minimum of heads for one partnership alone: that of the school which is to be placed."""
    group = problem.roster.group(asked.members(problem.roster))
    urn = group.headships[0].base_urn
    for heads in range((rule.least_of(group) or 0) - 1, 1, -1):
        number = "a pair" if heads == 2 else f"one of {heads}"
        least_for = {**rule.least_for, urn: heads}
        words = f"let {problem.area.name_of(urn)} join as {number}"
        yield _Step(words, (rule, replace(rule, least_for=least_for)), exception=True)


def _exceptions(problem: Problem, rule: MinutesMax, schools: set[Urn], wanted: Wanted) -> Iterator[_Step]:
    """Yield limits of their own for the schools of one partnership, with which it breaks no rule.

    Such a partnership is one of today that is locked, or the near miss of a school that is to be placed: first where
    only its own drives are too long, then whosever are.
    """
    roster = problem.roster
    for one in wanted.asked:
        (node,) = one.members(roster) if isinstance(one, Placed) and len(one.members(roster)) == 1 else (None,)
        if node is not None:
            own = set(roster.headships[node].urns)
            for among in (own, set(roster.headship_of)):
                misses = near_misses(problem, node, partial(_only_these, rule, among))
                yield from (_exception(problem, rule, miss, own) for miss in misses[:1])
    for lock in (other for other in problem.rules if isinstance(other, Locked)):
        group = roster.group(lock.members(roster))
        breaches = tuple(rule.breaches(group))
        if breaches:
            yield _exception(problem, rule, Miss(urns=group.urns, rules=(rule,), breaches=breaches), schools)


def _only_these(rule: MinutesMax, urns: set[Urn], miss: Miss) -> bool:
    return miss.rules == (rule,) and all(set(breach.urns) & urns for breach in miss.breaches)


def _exception(problem: Problem, rule: MinutesMax, miss: Miss, own: set[Urn]) -> _Step:
    """Return limits of their own for as few schools as it takes, `own` schools first."""
    group = problem.roster.group({problem.roster.headship_of[urn] for urn in miss.urns})
    minutes = own_limits(rule, group, own)
    then = replace(rule, minutes_for={**rule.minutes_for, **minutes})
    return _Step(own_limits_words(problem.area, minutes), (rule, then), exception=True, partnership=miss.urns)


def _own_limits(problem: Problem, rule: MinutesMax, urn: Urn) -> Iterator[_Step]:
    """Yield a longer limit for one head's schools alone: each drive to another head's school that is now too long."""
    roster = problem.roster
    own = roster.headship_of[urn]
    groups = [roster.group((own, other)) for other in nearest_heads(roster, own)]
    drives = {took for group in groups for *_, took, _ in rule.drives(group) if took >= 0}
    own_urns = roster.headships[own].urns
    over = max(rule.centiminutes_max(one, one) for one in own_urns)
    for minutes in sorted({-(-took // CENTIMINUTES) for took in drives if took > over})[:DRIVES_MAX]:
        longer = {one: float(minutes) for one in own_urns}
        then = replace(rule, minutes_for={**rule.minutes_for, **longer})
        yield _Step(own_limits_words(problem.area, longer), (rule, then), exception=True)
