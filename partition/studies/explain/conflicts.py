"""Why not: the smallest set of rules that clash.

A clash is found by deletion: each rule is removed in turn, and if the remaining rules still allow no plan, the rule is
left out for good. Then each school in turn is freed from the limits on drives that remain. Cases that a rule alone can
decide (a lock that breaks a limit, a school with too few heads near it, or that fits no partnership) come first and
need no search. So does a suspicion: rules each of which a lock or a near miss breaks are tried alone before all rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from geodata.urns import Urn
from partition.model.problem import Problem, check
from partition.model.roster import Group
from partition.model.rules import MENDED_BY_JOINING, Apart, Breach, IsPartnership, Locked, Placed, Rule, Together
from partition.plans.near_misses import near_misses
from partition.plans.reasons import NOT_FOR_PUBLICATION
from partition.solver import Limits, Run, solve
from partition.solver.encode import search_space
from partition.solver.reach import exists_any, fit_nowhere
from partition.solver.space import SearchSpace
from partition.studies.explain.drive_limits import HEADSHIPS_MAX, where_it_binds
from partition.studies.explain.purse import Purse

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


def satisfiable(problem: Problem, purse: Purse, *, search: bool = True) -> bool | None:
    """Return whether any plan keeps every rule; None where this is not known, or where the purse is empty.

    A search, if `search` allows one, takes at most CHECK_SECONDS for each of two attempts.
    """
    if purse.refuses():
        return None
    if _breaks_lock(problem):
        return False
    if _plainly(problem):
        return True
    space = search_space(problem)
    if _too_few(space):
        return False
    demanded = _demanded(space)
    one_alone = len(demanded) <= 1 and not space.plan_rows  # its partnership, and all others alone, are a plan
    if one_alone and demanded and _fits(problem, demanded[0]):
        return True
    if all(_few_ways(space, node) for node in demanded):
        if fit_nowhere(space, demanded):
            return False
        if one_alone:
            return True
    if not search:
        return None
    if exists_any(space, _brief(purse).seconds):
        return True
    run = solve(problem, _brief(purse))
    if run.plan is None and run.status != "infeasible":
        purse.fell_short()
        return None
    return run.plan is not None


def _brief(purse: Purse) -> Limits:
    limits = purse.limits
    return replace(limits, seconds=min(limits.seconds, CHECK_SECONDS))


def find_clash(problem: Problem, purse: Purse, asked: Sequence[Rule] = ()) -> Clash | None:
    """Return the rules that clash with each other and with the rules `asked`, which are not themselves changed.

    None where there is no clash, or where a clash is not proven. Where the purse is empty before each rule was removed
    in turn, the clash is not irreducible.
    """
    kept = [part for rule in problem.rules[1:] for part in rule.parts()]
    kept.sort(key=lambda rule: not isinstance(rule, Placed))  # demands to place a school are removed first

    def still(rules: Sequence[Rule]) -> bool | None:
        return satisfiable(problem.under([*asked, *rules]), purse)

    def still_where(rules: Sequence[Rule]) -> bool | None:
        """Return the same while schools are freed from limits on drives; in a county, without search."""
        return satisfiable(problem.under([*asked, *rules]), purse, search=len(problem.roster) <= HEADSHIPS_MAX)

    suspects = _suspects(problem, kept, asked)
    if suspects and still(suspects) is False:
        kept = suspects
    elif still(kept) is not False:
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


def quickly(problem: Problem) -> bool:
    """Return whether an area has so many heads that a question beside the plan is not worth a search."""
    return len(problem.roster) > HEADSHIPS_MAX


def _suspects(problem: Problem, rules: Sequence[Rule], asked: Sequence[Rule]) -> list[Rule]:
    """Return rules that are likely to clash: a lock and what it breaks, or what each near miss of one school breaks."""
    roster = problem.roster
    for lock in (rule for rule in rules if isinstance(rule, Locked)):
        group = roster.group(lock.members(roster))
        broken = {breach.rule for breach in lasting_breaches(problem, group.urns)}
        found = [rule for rule in rules if any(breach.rule in broken for breach in rule.breaches(group))]
        if found:
            return [rule for rule in rules if rule == lock or rule in found]
    single = [one for one in asked if isinstance(one, Placed) and len(one.members(roster)) == 1]
    if len(single) != 1 or len(asked) != 1:
        return []
    (node,) = single[0].members(roster)
    misses = [miss for miss in near_misses(problem, node) if len(miss.rules) == 1]
    named = [miss.rules[0] for miss in misses if not isinstance(miss.rules[0], IsPartnership)]
    return [rule for rule in rules if rule in named]


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
    """Return the bases (URNs) of the heads whom no rule of a clash keeps apart from a school's head, two by two."""
    roster, within = problem.roster, problem.under(clash.rules)
    near = search_space(within).neighbours[roster.headship_of[urn]]
    bases = sorted(roster.headships[other].base_urn for other in near)
    return [base for base in bases if not lasting_breaches(within, (urn, base))]


def _breaks_lock(problem: Problem) -> bool:
    """Return whether some lock alone rules out every plan. False proves nothing."""
    roster = problem.roster
    for lock in (rule for rule in problem.rules if isinstance(rule, Locked) and rule.demanded(problem.roster)):
        group = roster.group(lock.members(roster))
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


def _fits(problem: Problem, node: int) -> bool:
    """Return whether a partnership with a head, of those that are nearest, keeps every rule. False proves nothing."""
    nearest = near_misses(problem, node)
    return bool(nearest) and not nearest[0].breaches


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
