"""Why not: the rules that clash and where, as few as clash at all, and the ways out, each checked by solving.

A clash is found by deletion: each rule is taken away and the rest asked again whether any plan keeps them, then each
school is let off the limits on drives that are left. What a rule alone can tell (a lock that breaks a limit, a school
with too few heads in reach, or that fits no partnership) is asked first, and takes no search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from partition.model.problem import Problem, check
from partition.model.roster import CENTIMINUTES, Group
from partition.model.rules import MENDED_BY_JOINING, Apart, Breach, HeadsPer, Locked, MinutesMax, Placed, Rule, Together
from partition.solver import Limits, Run, solve
from partition.solver.encode import search_space
from partition.solver.reach import exists_any, fit_nowhere
from partition.solver.space import SearchSpace
from partition.studies.explain.drive_limits import HEADSHIPS_MAX, where_it_bites

NOT_FOR_PUBLICATION = "a criterion that is not for publication"
NOTCHES_MAX = 8  # tried one by one before a rule is dropped
DRIVES_MAX = 12  # longer and longer, tried for a school's own limit
SCHOOLS_MAX = 3  # who are each offered a limit of their own
CHANGES_MAX = 3  # rules changed at once in one way out
CHECK_SECONDS = 10.0
FEW = 8  # locks up to which each is grown into a plan
NEAR_MAX, WIDTH_MAX = 40, 12  # heads near somebody, and in a partnership, up to which all partnerships are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Rules no plan keeps together. `irreducible`: without any one of them a plan exists, each one checked.

    `schools` (URNs of bases) are those at which its limits on drives bite: were the drives to and from any one of them
    without limit, a plan would exist, each one checked. None where it has no such limit or that was not found out.
    """

    rules: tuple[Rule, ...]
    irreducible: bool
    schools: tuple[int, ...] = ()


Change = tuple[Rule, Rule | None]  # what a rule becomes; None: it is dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """What to change, in words and as rules, each with what it becomes, and the plan that there is then."""

    words: str
    private: bool
    changes: tuple[Change, ...]
    problem: Problem
    run: Run


def satisfiable(problem: Problem, limits: Limits, *, search: bool = True) -> bool | None:
    """Whether any plan keeps every rule; None where a search of CHECK_SECONDS at most, if any, does not tell."""
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
    """The rules that clash, with each other and with what is `asked` (which is not up for change); None: they do not.

    None too where it is not proven that they clash.
    """
    kept = [part for rule in problem.rules[1:] for part in rule.parts()]
    kept.sort(key=lambda rule: not isinstance(rule, Placed))  # schools asked for besides go first

    def still(rules: Sequence[Rule]) -> bool | None:
        return satisfiable(problem.under([*asked, *rules]), limits)

    def still_where(rules: Sequence[Rule]) -> bool | None:
        """The same where drives are let off: in a county, only by what takes no search."""
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
            schools = where_it_bites(problem, kept, asked, still_where)
            return Clash(rules=tuple(kept), irreducible=known, schools=schools)
        size = (size + 1) // 2


def ways_out(
    problem: Problem, clash: Clash, limits: Limits, asked: Sequence[Rule] = (), *, internal: bool = False
) -> list[WayOut]:
    """The least change of each rule of the clash that leaves a plan, as solved; the cheapest first.

    Where no change of one rule is enough, further rules are changed with it.
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
    """What to change, whether that is private, and the changes with which a plan keeps all rules."""
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
    """The rules after these changes; what took another's place comes last."""
    kept = list(rules)
    for rule, then in changes:
        kept = [other for other in kept if other != rule] + ([] if then is None else [then])
    return kept


def _steps(
    problem: Problem, rule: Rule, schools: Sequence[int], asked: Sequence[Rule], internal: bool
) -> Iterator[tuple[str, Rule | None]]:
    """A rule looser and looser, and at last without it; first, where it can be so, for a few schools alone."""
    if isinstance(rule, MinutesMax) and len(schools) <= SCHOOLS_MAX:
        for urn in schools:
            yield from _own_limits(problem, rule, urn)
    if isinstance(rule, HeadsPer) and rule.least:
        for one in asked:
            yield from _own_leasts(problem, rule, one) if isinstance(one, Placed) else ()
    then: Rule | None = rule
    first = None
    for _ in range(NOTCHES_MAX):
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
    """A lower least for one partnership alone: that of the school which is asked for."""
    group = problem.roster.group(asked.members(problem.roster))
    urn = group.headships[0].base_urn
    for heads in range((rule.least_of(group) or 0) - 1, 1, -1):
        number = "a pair" if heads == 2 else f"one of {heads}"
        least_for = {**rule.least_for, urn: heads}
        yield f"let {problem.area.name_of(urn)} join as {number}", replace(rule, least_for=least_for)


def _own_limits(problem: Problem, rule: MinutesMax, urn: int) -> Iterator[tuple[str, Rule | None]]:
    """A longer limit for one head's schools alone: each drive to another head's school that it would let in."""
    roster = problem.roster
    own = roster.headship_of[urn]
    groups = [roster.group((own, other)) for other in range(len(roster)) if other != own]
    drives = {took for group in groups for *_, took, _ in group.school_drives() if took >= 0}
    own_urns = roster.headships[own].urns
    over = max(rule.centiminutes_max(one, one) for one in own_urns)
    # In whole minutes, which can be said and remembered.
    for minutes in sorted({-(-took // CENTIMINUTES) for took in drives if took > over})[:DRIVES_MAX]:
        longer = {one: float(minutes) for one in own_urns}
        words = f"allow {minutes} minutes for {problem.area.name_of(urn)}"
        yield words, replace(rule, minutes_for={**rule.minutes_for, **longer})


def told(problem: Problem, rule: Rule, *, internal: bool = False) -> str:
    """A rule in words, with the names of the schools it is about; what is private only if `internal`."""
    if rule.private and not internal:
        return NOT_FOR_PUBLICATION
    if isinstance(rule, Together | Apart):
        names = " and ".join(problem.area.name_of(urn) for urn in sorted(rule.urns))
        return f"{names} kept {'apart' if isinstance(rule, Apart) else 'together'}"
    return rule.words()


def sureness_words(run: Run) -> str:
    """How far a plan is from proof, in words."""
    if run.status == "optimal":
        return "proven"
    return "not proven" if run.gap is None else f"not proven: at most {run.gap:.1%} from the best"


def placed(problem: Problem, *urns: int) -> Placed:
    """The demand that these schools are placed, and together."""
    return Placed(" and ".join(problem.area.name_of(urn) for urn in urns), frozenset(urns))


def lasting_breaches(problem: Problem, urns: Iterable[int]) -> list[Breach]:
    """The rules that any partnership with these schools breaks, whoever else joins it: a lock's others come along."""
    group = _with_ties(problem, {problem.roster.headship_of[urn] for urn in urns})
    broken = [breach for rule in problem.rules for breach in rule.breaches(group)]
    return [breach for breach in broken if breach.rule not in MENDED_BY_JOINING]


def _with_ties(problem: Problem, members: set[int]) -> Group:
    """These heads, and all who come along because a lock or `together` ties them to one of them."""
    roster = problem.roster
    ties = [rule.urns for rule in problem.rules if isinstance(rule, Locked | Together)]
    while True:
        inside = {urn for member in members for urn in roster.headships[member].urns}
        more = {roster.headship_of[u] for tie in ties if tie & inside for u in tie if u in roster.headship_of}
        if more <= members:
            return roster.group(members)
        members = members | more


def who_could_join(problem: Problem, clash: Clash, urn: int) -> list[int]:
    """The bases of the heads whom no rule of a clash keeps from sharing a partnership with a school's, by URN."""
    roster = problem.roster
    near = search_space(problem.under(clash.rules)).neighbours[roster.headship_of[urn]]
    return sorted(roster.headships[other].base_urn for other in near)


def _breaks_lock(problem: Problem) -> bool:
    """Whether some lock by itself rules out every plan; False: not so plainly."""
    locks = [rule for rule in problem.rules if isinstance(rule, Locked)]
    for lock in locks:
        group = problem.roster.group(lock.members(problem.roster))
        if lasting_breaches(problem, group.urns):
            return True
        if not lock.open and any(True for rule in problem.rules for _ in rule.breaches(group)):
            return True
    return False


def _demanded(space: SearchSpace) -> list[int]:
    """Heads who must be placed, one of each tie."""
    nodes = [node for node in range(space.size) if space.must_place[node]]
    first = {int(space.ties[node]): node for node in reversed(nodes) if space.ties[node] >= 0}
    return sorted({*first.values(), *(node for node in nodes if space.ties[node] < 0)})


def _too_few(space: SearchSpace) -> bool:
    """Whether somebody who must be placed has fewer heads in reach than a partnership needs."""
    return any(len(space.neighbours[node]) + 1 < space.heads_min for node in _demanded(space))


def _few_ways(space: SearchSpace, node: int) -> bool:
    """Whether every partnership that has somebody could soon be tried."""
    return len(space.neighbours[node]) <= NEAR_MAX and space.width <= WIDTH_MAX


def _plainly(problem: Problem) -> bool:
    """Whether each lock with its nearest neighbours, and nobody else, makes a plan; False: not so plainly."""
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
    """A lock, and the nearest heads who may join it, until it lacks nothing or nobody is left."""
    roster = problem.roster
    group = _with_ties(problem, members)
    for _, headship in roster.nearest(group.headships[0], len(roster)):
        if not any(True for rule in problem.rules for _ in rule.breaches(group)):
            break
        wider = _with_ties(problem, {*group.members, roster.headship_of[headship.base_urn]})
        if not taken & set(wider.members) and not lasting_breaches(problem, wider.urns):
            group = wider
    return group
