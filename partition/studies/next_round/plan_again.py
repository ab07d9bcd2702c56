"""The next round of talks: partnerships that every school accepted are locked; whose answer matters most of the others?

Today's partnerships are here the partnerships of the plan that was discussed, so that change is priced against them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event

from geodata.answers import Said
from geodata.urns import Urn
from partition.model.plan import Partnership, Plan
from partition.model.problem import Problem
from partition.model.roster import Group, Headship, Roster
from partition.model.rules import IsPartnership, Locked
from partition.scenario.adjust import without
from partition.scenario.approved import kept_as_approved
from partition.scenario.build import problem_of
from partition.scenario.case import Case
from partition.settings.scenario import Scenario
from partition.solver import Limits, Run, solve

ASK_MOST = 40  # headships solved both ways, unless the user asks for more


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A headship that has not said yes or no, and its partnership in the earlier plan."""

    headship: Headship
    said: Said
    partnership: str
    whole: bool  # all its schools still take part, and no rule is broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The cost of a no for the others: the best plan after a no compared with the best plan after a yes.

    `unplaced` counts further small schools of others that are unplaced; `thousandths` is the extra cost of the others'
    plan. Neither counts the head's own part: its schools, its drives, and the working links and companions of today
    that the head's leaving breaks. Both may be below 0: others who are then unplaced no longer drive. None where one of
    the two searches found no plan.
    """

    question: Question
    unplaced: int | None
    thousandths: int | None
    proven: bool  # both searches ended with proof


def keep_accepted(case: Case) -> Case:
    """Return the case with a lock on each partnership that all its schools accepted and that breaks no rule."""
    groups = _groups(case.problem)
    approved = kept_as_approved(case.scenario)
    names = [
        name
        for name, group in groups
        if name not in approved and _accepted(case, name) and not _breaks(case.problem, group)
    ]
    scenario = _changed(case.scenario, accepted=names)
    return replace(case, scenario=scenario, stated=scenario, problem=problem_of(scenario, case.problem.area))


def not_kept(case: Case) -> tuple[tuple[str, str], ...]:
    """Return the partnerships that all schools accepted but that break a rule, with the breach. Not for publication."""
    approved = kept_as_approved(case.scenario)
    return tuple(
        (name, broken[0])
        for name, group in _groups(case.problem)
        if name not in approved and _accepted(case, name) and (broken := _breaks(case.problem, group))
    )


def questions(case: Case) -> tuple[Question, ...]:
    """Return every headship with an open answer in the earlier plan's partnerships, the most promising first.

    As a rule of thumb, a partnership promises most if fewest heads can leave it, and then if fewest answers are open.
    """
    roster, kept = case.problem.roster, {*case.scenario.rules.accepted, *kept_as_approved(case.scenario)}
    heads_min = case.scenario.rules.heads_min or 2
    found = []
    for name, group in _groups(case.problem):
        said = {node: _said(case, roster.headships[node]) for node in group.members}
        waiting = [node for node in group.members if said[node] in ("undecided", "none")]
        whole = _all_there(case, name) and not _breaks(case.problem, group)
        for node in () if name in kept else waiting:
            question = Question(headship=roster.headships[node], said=said[node], partnership=name, whole=whole)
            found.append((len(group.members) - heads_min, len(waiting), node, question))
    return tuple(question for *_, question in sorted(found, key=lambda one: one[:3]))


def what_matters(
    case: Case,
    base: Run,
    asked: Sequence[Question],
    limits: Limits,
    tell: Callable[[int], None] | None = None,
    stop: Event | None = None,
    found: Callable[[Matter], None] | None = None,
) -> tuple[Matter, ...]:
    """Return each question solved both ways, the costliest no first. `base` is the run of the case itself.

    A yes locks the question's partnership exactly, if the partnership is whole; where the base plan has that
    partnership already, the base plan is the best after a yes. `tell` receives the number of questions done, `found`
    each result. Once `stop` is set, the remaining questions are left out.
    """
    matters, problem = [], case.problem
    for number, question in enumerate(asked):
        if tell is not None:
            tell(number)
        settled = not question.whole or _kept_in(base, case, question)
        yes = base if settled else solve(_after_yes(case, question), limits, None, stop)
        no = solve(_after_no(case, question), limits, None, stop)
        if stop is not None and stop.is_set():
            break
        matters.append(_matter(problem, question, yes, no))
        if found is not None:
            found(matters[-1])
    return tuple(sorted(matters, key=_most_first))


def _most_first(matter: Matter) -> tuple[bool, int, int, Urn]:
    if matter.unplaced is None or matter.thousandths is None:
        return False, 0, 0, matter.question.headship.base_urn
    return True, -matter.unplaced, -matter.thousandths, matter.question.headship.base_urn


def _matter(problem: Problem, question: Question, yes: Run, no: Run) -> Matter:
    proven = yes.status == no.status == "optimal"
    if yes.plan is None or yes.cost is None or no.cost is None or no.unplaced is None:
        return Matter(question=question, unplaced=None, thousandths=None, proven=proven)
    others = set(problem.unplaced(yes.plan)) - set(question.headship.urns)
    thousandths = no.cost.total - (yes.cost.total - _its_own(problem, question.headship, yes.plan))
    return Matter(question=question, unplaced=no.unplaced - len(others), thousandths=thousandths, proven=proven)


def _its_own(problem: Problem, headship: Headship, plan: Plan) -> int:
    """Return the part of a plan's cost that leaves with a head: its drives, and the price of parting others from it."""
    node, tariff = problem.roster.headship_of[headship.base_urn], problem.tariff
    number = plan.partnership_of.get(headship.base_urn)
    group = None if number is None else problem.group(plan.partnerships[number - 1])
    near = set(() if group is None else group.members)
    halves = [*tariff.link_halves.items(), *tariff.change_halves.items()]
    parted = 2 * sum(half for pair, half in halves if node in pair and not near.issuperset(pair))
    return parted if group is None else parted + tariff.own_travel(group, node)


def _after_yes(case: Case, question: Question) -> Problem:
    problem = case.problem
    urns = frozenset(_urns_of(case, question.partnership))
    rules = [rule for rule in problem.rules if not isinstance(rule, IsPartnership)]
    lock = Locked(question.partnership, urns, accepted=True)
    return Problem(problem.area, [*rules, lock], problem.preferences, problem.roster.who)


def _after_no(case: Case, question: Question) -> Problem:
    """Return the problem without the headship, and without settings that name it or lock its partnership."""
    urns, rules = set(question.headship.urns), case.scenario.rules
    together = [[urn for urn in listed if urn not in urns] for listed in rules.together]
    left = {
        "together": [listed for listed in together if len(listed) > 1],
        "open_locked": [name for name in rules.open_locked if name != question.partnership],
        "locked": [name for name in rules.locked if name != question.partnership],
    }
    return problem_of(without(_changed(case.scenario, **left), urns), case.problem.area)


def _changed(scenario: Scenario, **keys: object) -> Scenario:
    return scenario.model_copy(update={"rules": scenario.rules.model_copy(update=keys)})


def _kept_in(run: Run, case: Case, question: Question) -> bool:
    return run.plan is not None and Partnership(_urns_of(case, question.partnership)) in run.plan.partnerships


def _groups(problem: Problem) -> list[tuple[str, Group]]:
    return [(name, problem.roster.group(members)) for name, members in problem.roster.existing]


def _urns_of(case: Case, name: str) -> tuple[Urn, ...]:
    return next(one.urns for one in case.problem.area.existing if one.name == name)


def _all_there(case: Case, name: str) -> bool:
    """Return whether all schools of a partnership still take part."""
    return set(_urns_of(case, name)) <= case.problem.roster.headship_of.keys()


def _accepted(case: Case, name: str) -> bool:
    answers = case.problem.area.answers
    return _all_there(case, name) and all(answers[urn].said == "yes" for urn in _urns_of(case, name) if urn in answers)


def _said(case: Case, headship: Headship) -> Said:
    answers = case.problem.area.answers
    return answers[headship.base_urn].said


def _breaks(problem: Problem, group: Group) -> list[str]:
    return [breach.words for breach in problem.breaches(group)]


def open_answers(roster: Roster) -> int:
    """Return the number of headships that have said neither yes nor no."""
    answers = roster.area.answers
    return sum(answers[h.base_urn].said in ("undecided", "none") for h in roster.headships)
