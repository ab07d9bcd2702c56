"""Why not: the smallest set of rules that clash, and the ways out, each checked by solving.

A clash is found by deletion: each rule is removed in turn, and if the remaining rules still allow no plan, the rule is
left out for good. Then each school in turn is freed from the limits on drives that remain. Cases that a rule alone can
decide (a lock that breaks a limit, a school with too few heads near it, or that fits no partnership) come first and
need no search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from geodata.urns import Urn
from partition.model.problem import Problem, check
from partition.model.roster import CENTIMINUTES, Group
from partition.model.rules import MENDED_BY_JOINING, Apart, Breach, HeadsPer, Locked, MinutesMax, Placed, Rule, Together
from partition.solver import Limits, Run, solve
from partition.solver.encode import search_space
from partition.solver.reach import exists_any, fit_nowhere
from partition.solver.space import SearchSpace
from partition.studies.explain.drive_limits import HEADSHIPS_MAX, where_it_binds

NOT_FOR_PUBLICATION = "a criterion that is not for publication"
STEPS_MAX = 8  # steps by which a rule is loosened before it is dropped
DRIVES_MAX = 12  # limits for one school that are tried, from short to long
SCHOOLS_MAX = 3  # schools up to which each is tried with a limit of its own
CHANGES_MAX = 3  # rules changed at once in one way out
CHECK_SECONDS = 10.0
FEW = 8  # locks up to which each is extended to a partnership of a plan
NEAR_MAX, WIDTH_MAX = 40, 12  # heads near one head, and in a partnership: up to these all are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Rules that no plan keeps together. `irreducible`: without any one of them a plan exists, each case checked.

    `schools` (URNs of bases) are the schools whose drives matter: if any one of them had no limit on its drives, a plan
    would exist, each case checked. Empty where the clash has no limit on drives, or where the schools are not known.
    """

    rules: tuple[Rule, ...]
    irreducible: bool
    schools: tuple[Urn, ...] = ()


Change = tuple[Rule, Rule | None]  # a rule, and the rule in its place; None: the rule is dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A change that makes a plan possible, in words and as rules with their replacements; and the plan then found."""

    words: str
    private: bool
    changes: tuple[Change, ...]
    problem: Problem
    run: Run


def satisfiable(problem: Problem, limits: Limits, *, search: bool = True) -> bool | None:
    """Return whether any plan keeps every rule; None where this is not known.

    A search, if `search` allows one, takes at most CHECK_SECONDS for each of two attempts.
    """
    if _breaks_lock(problem):
        return False
    space = search_space(problem)
    if _too_few(space):
        return False
    demanded = _demanded(space)
    if all(_few_ways(space, node) for node in demanded):
        if fit_nowhere(space, demanded):
            return False
        if len(demanded) <= 1 and not space.plan_rows:
            return True  # that partnership, and all others alone
    if _plainly(problem):
        return True
    if not search:
        return None
    brief = replace(limits, seconds=min(limits.seconds, CHECK_SECONDS))
    if exists_any(space, brief.seconds):
        return True
    run = solve(problem, brief)
    return True if run.plan is not None else False if run.status == "infeasible" else None


def find_clash(problem: Problem, limits: Limits, asked: Sequence[Rule] = ()) -> Clash | None:
    """Return the rules that clash with each other and with the rules `asked`, which are not themselves changed.

    None where there is no clash, or where a clash is not proven.
    """
    kept = [part for rule in problem.rules[1:] for part in rule.parts()]
    kept.sort(key=lambda rule: not isinstance(rule, Placed))  # demands to place a school are removed first

    def still(rules: Sequence[Rule]) -> bool | None:
        return satisfiable(problem.under([*asked, *rules]), limits)

    def still_where(rules: Sequence[Rule]) -> bool | None:
        """Return the same while schools are freed from limits on drives; in a county, without search."""
        return satisfiable(problem.under([*asked, *rules]), limits, search=len(problem.roster) <= HEADSHIPS_MAX)

    if still(kept) is not False:
        return None
    known, size = True, max(1, len(kept) // 2)
    while True:
        start = 0
        while start < len(kept):
            rest = kept[:start] + kept[start + size :]
            answer = still(rest)
            if answer is False:
                kept = rest
            else:
                known = known and (size > 1 or answer is True)
                start += size
        if size == 1:
            schools = where_it_binds(problem, kept, asked, still_where)
            return Clash(rules=tuple(kept), irreducible=known, schools=schools)
        size = (size + 1) // 2


def ways_out(
    problem: Problem, clash: Clash, limits: Limits, asked: Sequence[Rule] = (), *, internal: bool = False
) -> list[WayOut]:
    """Return for each rule of the clash the least change that allows a plan, solved; the cheapest first.

    Where no change of one rule is enough, further rules are changed too, up to CHANGES_MAX.
    """
    every = [part for rule in problem.rules[1:] for part in rule.parts()]
    found = []
    for words, private, changes in _changes(problem, clash, limits, asked, internal, CHANGES_MAX):
        then = problem.under([*asked, *_changed(every, changes)])
        run = solve(then, limits)
        if run.plan is not None:
            found.append(WayOut(words=words, private=private, changes=changes, problem=then, run=run))
    return sorted(found, key=_cheapest)


def _cheapest(way: WayOut) -> tuple[int, int, str]:
    assert way.run.unplaced is not None and way.run.cost is not None
    return way.run.unplaced, way.run.cost.total, way.words


def _changes(
    problem: Problem, clash: Clash, limits: Limits, asked: Sequence[Rule], internal: bool, most: int
) -> Iterator[tuple[str, bool, tuple[Change, ...]]]:
    """Yield a change in words, whether it is private, and the changes of rules with which some plan keeps all rules."""
    every = [part for rule in problem.rules[1:] for part in rule.parts()]
    for rule in clash.rules:
        for words, then in _steps(problem, rule, clash.schools, asked, internal):
            if satisfiable(problem.under([*asked, *_changed(every, [(rule, then)])]), limits):
                yield words, rule.private, ((rule, then),)
                break
        else:
            without = problem.under(_changed(every, [(rule, None)]))
            deeper = find_clash(without, limits, asked) if most > 1 else None
            if deeper is not None:
                first = f"{told(problem, rule, internal=internal)} dropped"
                for words, private, changes in _changes(without, deeper, limits, asked, internal, most - 1):
                    yield f"{first}, and {words}", private or rule.private, ((rule, None), *changes)


def _changed(rules: Iterable[Rule], changes: Iterable[Change]) -> list[Rule]:
    """Return the rules after these changes; replacements come last."""
    kept = list(rules)
    for rule, then in changes:
        kept = [other for other in kept if other != rule] + ([] if then is None else [then])
    return kept


def _steps(
    problem: Problem, rule: Rule, schools: Sequence[Urn], asked: Sequence[Rule], internal: bool
) -> Iterator[tuple[str, Rule | None]]:
    """Yield a rule loosened step by step, and then dropped; first, where possible, loosened for a few schools alone."""
    if isinstance(rule, MinutesMax) and len(schools) <= SCHOOLS_MAX:
        for urn in schools:
            yield from _own_limits(problem, rule, urn)
    if isinstance(rule, HeadsPer) and rule.least:
        for one in asked:
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
        yield (f"allow partnerships of {smaller} heads ({setting})" if smaller else setting), then
    yield f"{told(problem, rule, internal=internal)} dropped", None


def _own_leasts(problem: Problem, rule: HeadsPer, asked: Placed) -> Iterator[tuple[str, Rule]]:
    """Yield a lower minimum of heads for one partnership alone: that of the school which is to be placed."""
    group = problem.roster.group(asked.members(problem.roster))
    urn = group.headships[0].base_urn
    for heads in range((rule.least_of(group) or 0) - 1, 1, -1):
        number = "a pair" if heads == 2 else f"one of {heads}"
        least_for = {**rule.least_for, urn: heads}
        yield f"let {problem.area.name_of(urn)} join as {number}", replace(rule, least_for=least_for)


def _own_limits(problem: Problem, rule: MinutesMax, urn: Urn) -> Iterator[tuple[str, Rule | None]]:
    """Yield a longer limit for one head's schools alone: each drive to another head's school that is now too long."""
    roster = problem.roster
    own = roster.headship_of[urn]
    groups = [roster.group((own, other)) for other in range(len(roster)) if other != own]
    drives = {took for group in groups for *_, took, _ in rule.drives(group) if took >= 0}
    own_urns = roster.headships[own].urns
    over = max(rule.centiminutes_max(one, one) for one in own_urns)
    # Whole minutes are easier for people to say and remember.
    for minutes in sorted({-(-took // CENTIMINUTES) for took in drives if took > over})[:DRIVES_MAX]:
        longer = {one: float(minutes) for one in own_urns}
        words = f"allow {minutes} minutes for {problem.area.name_of(urn)}"
        yield words, replace(rule, minutes_for={**rule.minutes_for, **longer})


def told(problem: Problem, rule: Rule, *, internal: bool = False) -> str:
    """Return a rule in words, with names of its schools; a private rule only if `internal`."""
    if rule.private and not internal:
        return NOT_FOR_PUBLICATION
    if isinstance(rule, Together | Apart):
        names = " and ".join(problem.area.name_of(urn) for urn in sorted(rule.urns))
        return f"{names} kept {'apart' if isinstance(rule, Apart) else 'together'}"
    return rule.words()


def sureness_words(run: Run) -> str:
    """Return in words whether a plan is proven best, or how large its gap is."""
    if run.status == "optimal":
        return "proven"
    return "not proven" if run.gap is None else f"not proven: at most {run.gap:.1%} from the best"


def placed(problem: Problem, *urns: Urn) -> Placed:
    """Return the demand that these schools are placed, and together."""
    return Placed(" and ".join(problem.area.name_of(urn) for urn in urns), frozenset(urns))


def lasting_breaches(problem: Problem, urns: Iterable[Urn]) -> list[Breach]:
    """Return the rules that every partnership with these schools breaks, whoever joins; tied heads are included."""
    group = _with_ties(problem, {problem.roster.headship_of[urn] for urn in urns})
    return [breach for breach in problem.breaches(group) if breach.rule not in MENDED_BY_JOINING]


def _with_ties(problem: Problem, members: set[int]) -> Group:
    """Return these heads as a group, with all heads whom a lock or `together` ties to one of them."""
    roster = problem.roster
    ties = [rule.urns for rule in problem.rules if isinstance(rule, Locked | Together)]
    while True:
        inside = {urn for member in members for urn in roster.headships[member].urns}
        more = {roster.headship_of[u] for tie in ties if tie & inside for u in tie if u in roster.headship_of}
        if more <= members:
            return roster.group(members)
        members = members | more


def who_could_join(problem: Problem, clash: Clash, urn: Urn) -> list[Urn]:
    """Return the bases (URNs) of the heads whom no rule of a clash keeps apart from a school's head."""
    roster = problem.roster
    near = search_space(problem.under(clash.rules)).neighbours[roster.headship_of[urn]]
    return sorted(roster.headships[other].base_urn for other in near)


def _breaks_lock(problem: Problem) -> bool:
    """Return whether some lock alone rules out every plan. False proves nothing."""
    locks = [rule for rule in problem.rules if isinstance(rule, Locked)]
    for lock in locks:
        group = problem.roster.group(lock.members(problem.roster))
        if lasting_breaches(problem, group.urns):
            return True
        if not lock.open and any(True for _ in problem.breaches(group)):
            return True
    return False


def _demanded(space: SearchSpace) -> list[int]:
    """Return the heads who must be placed, one for each set of tied heads."""
    nodes = [node for node in range(space.size) if space.must_place[node]]
    first = {int(space.ties[node]): node for node in reversed(nodes) if space.ties[node] >= 0}
    return sorted({*first.values(), *(node for node in nodes if space.ties[node] < 0)})


def _too_few(space: SearchSpace) -> bool:
    """Return whether a head who must be placed has fewer heads near than a partnership needs."""
    return any(len(space.neighbours[node]) + 1 < space.heads_min for node in _demanded(space))


def _few_ways(space: SearchSpace, node: int) -> bool:
    """Return whether all partnerships with one head are few enough to be tried."""
    return len(space.neighbours[node]) <= NEAR_MAX and space.width <= WIDTH_MAX


def _plainly(problem: Problem) -> bool:
    """Return whether each lock with its nearest neighbours, and all others alone, make a plan. False proves nothing."""
    locks = [rule for rule in problem.rules if isinstance(rule, Locked)]
    if len(locks) > FEW:
        return False
    groups: list[Group] = []
    for lock in locks:
        members = lock.members(problem.roster)
        taken = {member for group in groups for member in group.members}
        if not members <= taken:
            groups.append(_grown(problem, set(members), taken))
    plan = problem.plan(group.urns for group in groups)
    return not check(problem, plan)


def _grown(problem: Problem, members: set[int], taken: set[int]) -> Group:
    """Return a lock, extended by the nearest heads who may join it until no rule is broken or no head is left."""
    roster = problem.roster
    group = _with_ties(problem, members)
    for _, headship in roster.nearest(group.headships[0], len(roster)):
        if not any(True for _ in problem.breaches(group)):
            break
        wider = _with_ties(problem, {*group.members, roster.headship_of[headship.base_urn]})
        if not taken & set(wider.members) and not lasting_breaches(problem, wider.urns):
            group = wider
    return group
