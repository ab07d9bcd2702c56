"""Edits by people that need the data: each is turned into plain settings and data here.

Edits are heads that schools will share, schools that said no, links that schools asked for or share a value for, a part
of the county, and today's partnerships to keep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from pydantic import ValidationError

from geodata.answers import Answer, Answers
from geodata.cells import listed
from geodata.faults import BadData, Fault
from geodata.labels import is_value
from geodata.successors import Now
from geodata.urns import Urn
from partition.model.area import Area, Link
from partition.model.roster import EVERY_HEADSHIP, Roster
from partition.model.rules import Locked, Rule
from partition.settings.scenario import Scenario
from partition.settings.types import Names, changed, only

SHARED_LINKS_MOST = 200_000


def with_successors(scenario: Scenario, now: Now) -> Scenario:
    """Return the scenario with every school that it names under its identifier of today.

    Raises BadData where settings of schools made one cannot both hold for it.
    """
    given = scenario.model_dump(exclude_unset=True)
    stated = given.get("data", {}).get("successors")
    today = changed(Scenario, given, Names.SCHOOL, now)
    if stated is not None:
        today["data"]["successors"] = stated  # its keys are identifiers of earlier years
    if today == given:
        return scenario
    try:
        return Scenario.model_validate(today)
    except ValidationError as wrong:
        error = wrong.errors()[0]
        fix = f"{error['msg']}; name the schools by their URNs of today"
        raise BadData([_fault(".".join(map(str, error["loc"])), None, fix)]) from None


def share_heads(labels: Mapping[Urn, str], shared: Sequence[Sequence[Urn]], names: Mapping[Urn, str]) -> dict[Urn, str]:
    """Return the headship labels by URN after the schools of each list in `shared` have come under one head.

    A school brings all schools that its present head leads. `names` are the names of the selected schools. Raises
    BadData for a list of fewer than two schools, a school not selected, and a school named twice.
    """
    faults = list(_shared_faults(shared, names))
    if faults:
        raise BadData(faults)
    found = dict(labels)
    for urns in shared:
        led = {found[urn] for urn in urns if found.get(urn)}
        members = sorted({*urns, *(urn for urn, label in found.items() if label in led)})
        label = " with ".join(dict.fromkeys(found.get(urn) or names[urn] for urn in members))
        taken = set(found.values()) - led
        if label in taken:
            label = f"{label} ({members[0]})"
        found |= dict.fromkeys(members, label)
    return found


def _shared_faults(shared: Sequence[Sequence[Urn]], names: Mapping[Urn, str]) -> Iterator[Fault]:
    """Yield the faults in lists of schools that share a head."""
    seen: set[Urn] = set()
    for urns in shared:
        if len(urns) < 2:
            yield _fault("data.shared_heads", ", ".join(urns), "name two schools or more that share one head")
        for urn in urns:
            if urn not in names:
                yield _fault("data.shared_heads", urn, "no school selected has this URN; correct it or take it out")
            if urn in seen:
                yield _fault("data.shared_heads", urn, "it is named twice; give all schools of one head in one list")
            seen.add(urn)


def answers_by_headship(answers: Answers, area: Area, file: str) -> dict[Urn, Answer]:
    """Return every school's answer. One head gives one answer, so a silent school has the answer of its headship.

    Raises BadData where schools of one head disagree, naming them.
    """
    found = {urn: answers.by_urn.get(urn, Answer()) for urn in area.urns}
    faults = []
    for schools in area.headships:
        urns = [area.urns[i] for i in schools]
        spoken = {urn: found[urn].said for urn in urns if found[urn].said != "none"}
        if len(set(spoken.values())) > 1:
            told = ", ".join(f"{area.name_of(urn)} ({urn}) said {said}" for urn, said in spoken.items())
            fix = f"one head leads these schools, but their answers differ: {told}; agree on one"
            faults.append(Fault(file=file, column="answer", value=", ".join(spoken.values()), fix=fix))
        elif spoken:
            (said,) = set(spoken.values())
            found |= {urn: replace(found[urn], said=said) for urn in urns}
    if faults:
        raise BadData(faults)
    return found


def preferred_links(pairs: Iterable[tuple[Urn, Urn]], links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links, and one more for each pair of schools that named each other and has no link yet."""
    linked = {(link.urn_a, link.urn_b) for link in links}
    preferred = [
        Link(urn_a=a, urn_b=b, kind="preferred", source="answers", agreed=True)
        for a, b in pairs
        if (a, b) not in linked
    ]
    return tuple(sorted((*links, *preferred), key=lambda link: (link.urn_a, link.urn_b)))


def shared_links(area: Area, weights: Mapping[str, float]) -> tuple[Link, ...]:
    """Return a link between every two schools of different heads that have the same value in one of these columns.

    `weights` is the weight of a link by column. Raises BadData where a column is missing, or links more than
    SHARED_LINKS_MOST pairs.
    """
    found, faults = [], []
    for heading, weight in sorted(weights.items()):
        column = f"data.links_from.{heading}"
        if heading not in area.columns:
            faults.append(_fault(column, None, f"there is no such column; there are {listed(sorted(area.columns))}"))
            continue
        by_value: dict[str, list[Urn]] = {}
        for urn, value in zip(area.urns, area.columns[heading], strict=True):
            if is_value(value):
                by_value.setdefault(value, []).append(urn)
        pairs = sum(len(urns) * (len(urns) - 1) // 2 for urns in by_value.values())
        if pairs > SHARED_LINKS_MOST:
            fix = f"{pairs:,} pairs of schools share a value; take a column of smaller groups"
            faults.append(_fault(column, None, fix))
            continue
        found += [
            Link(urn_a=a, urn_b=b, weight=weight, kind=heading, source=heading, column=heading)
            for urns in by_value.values()
            for a, b in combinations(urns, 2)
            if not area.headship_of.get(a) or area.headship_of.get(a) != area.headship_of.get(b)
        ]
    if faults:
        raise BadData(faults)
    return tuple(sorted(found, key=lambda link: (link.urn_a, link.urn_b, link.column)))


def one_sided(area: Area, urn: Urn) -> tuple[Urn, ...]:
    """Return the schools that this school would like to work with, and that did not name this school."""
    answer = area.answers.get(urn, Answer())
    return tuple(other for other in answer.partners if urn not in area.answers.get(other, Answer()).partners)


def declined(roster: Roster) -> frozenset[Urn]:
    """Return the schools of every headship in which a school said no."""
    answers = roster.area.answers
    return frozenset(
        urn
        for headship in roster.headships
        if any(answers[other].said == "no" for other in headship.urns if other in answers)
        for urn in headship.urns
    )


def without(scenario: Scenario, urns: Collection[Urn]) -> Scenario:
    """Return the scenario with these schools excluded, and no longer named as exceptions in or as associates."""
    if not urns:
        return scenario
    rules = scenario.rules
    staying = {key: [urn for urn in getattr(rules, key) if urn not in urns] for key in ("except_in", "associates")}
    out = sorted({*rules.except_out, *urns})
    return scenario.model_copy(update={"rules": rules.model_copy(update={**staying, "except_out": out})})


def within(scenario: Scenario, area: Area, urns: Collection[Urn]) -> Scenario:
    """Return the scenario for these schools only; settings about other schools are left out.

    Raises BadData where schools on both sides are to share a head (`data.shared_heads`) or a partnership
    (`rules.together`).
    """
    inside, rules, data = set(urns), scenario.rules, scenario.data
    faults = []
    for column, several in (("data.shared_heads", data.shared_heads), ("rules.together", rules.together)):
        across = [one for one in several if inside & set(one) and not inside >= set(one)]
        faults += [
            _fault(column, one, "these schools are planned apart from each other; take it out") for one in across
        ]
    if faults:
        raise BadData(faults)
    today = {partnership.name for partnership in area.existing if inside & set(partnership.urns)}
    kept = {
        key: [name for name in getattr(rules, key) if name in today]
        for key in ("locked", "open_locked", "accepted", "approved", "released")
    }
    here = {str(urn) for urn in inside} | {area.headship_of.get(urn, "").casefold() for urn in inside}
    kept["joins_others"] = [
        one for one in rules.joins_others if one == EVERY_HEADSHIP or one.strip().casefold() in here
    ]
    narrowed = only(scenario, Names.SCHOOL, inside)
    return narrowed.model_copy(update={"rules": narrowed.rules.model_copy(update=kept)})


def unbroken_today(roster: Roster, rules: Sequence[Rule]) -> list[str]:
    """Return the names of today's partnerships that break no rule; of two that share a headship, neither.

    Partnerships that are locked already are left out.
    """
    groups = {name: roster.group(members) for name, members in roster.existing}
    locked = {rule.name for rule in rules if isinstance(rule, Locked)}
    heads_of = {
        today.name: {roster.headship_of[urn] for urn in today.urns if urn in roster.headship_of}
        for today in roster.area.existing
    }
    groups_of = Counter(head for heads in heads_of.values() for head in heads)
    return [
        name
        for name, group in groups.items()
        if name not in locked
        and all(groups_of[head] == 1 for head in heads_of[name])
        and not group.already  # it stays as it is without a lock
        and not any(True for rule in rules for _ in rule.breaches(group))
    ]


def keeping(scenario: Scenario, names: Sequence[str]) -> Scenario:
    """Return the scenario with these partnerships of today open-locked, in place of `keep`."""
    rules = scenario.rules
    kept = {"keep": None, "open_locked": [*rules.open_locked, *names]}
    return scenario.model_copy(update={"rules": rules.model_copy(update=kept)})


def _fault(column: str, value: object, fix: str) -> Fault:
    return Fault(file="scenario", column=column, value=value, fix=fix)
