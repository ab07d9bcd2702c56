"""Every criterion, and how the plan meets it: the limit beside the plan's own value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from partition.model.costs import THOUSANDTHS
from partition.model.roster import CENTIMINUTES, Group
from partition.model.rules import (
    AssociatesMax,
    Breach,
    GrantMax,
    HeadMinutesMax,
    HeadsPer,
    HostMinutesMax,
    KmMax,
    LinksBrokenMax,
    MinutesMax,
    MovedMax,
    PartnershipsCount,
    PupilsPer,
    Rule,
    SchoolsPer,
    headships_moved,
)
from partition.plans.account import Account

BREACHES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A criterion in words, the plan's value, and whether the criterion is met; None: only the plan's seal says so."""

    words: str
    how: str
    is_met: bool | None


def criteria_met(account: Account) -> tuple[Met, ...]:
    """Return every criterion of the plan. Schools kept apart or together are never named."""
    problem = account.problem
    every = problem.groups(account.plan)
    groups = [group for group in every if not group.already]  # no rule on a partnership applies to the others
    found = [_who(account)]
    for words in problem.already_criterion:
        joined = [breach for group in groups for breach in problem.breaches(group) if breach.rule == "joins_others"]
        how = _broken(problem.rules[0], joined) if joined else account.federation_words
        found.append(Met(words=words, how=how, is_met=not joined))
    for rule in problem.rules:
        if not _is_known(rule, account):
            continue
        broken = [breach for group in groups for breach in rule.breaches(group)]
        broken += rule.plan_breaches(problem.roster, every)
        how = _broken(rule, broken) if broken else _kept(rule, account, groups)
        met = Met(words=rule.words(), how=how, is_met=not broken)
        if met not in found:
            found.append(met)
    told = {met.words for met in found}
    sealed = "as the plan file's seal says; its public variant leaves out what is needed to check"
    return (*found, *(Met(words=w, how=sealed, is_met=None) for w in account.criteria[1:] if w not in told))


def _is_known(rule: Rule, account: Account) -> bool:
    """Return whether a rule can be checked: a public plan file has no links, so a rule that reads them cannot."""
    if isinstance(rule, HeadMinutesMax):
        return bool(account.area.links) or account.links_kept + account.links_broken == 0
    return not isinstance(rule, LinksBrokenMax) or bool(account.area.links)


def _who(account: Account) -> Met:
    roster = account.problem.roster
    who = roster.who
    exceptions = f"{len(who.except_in)} over it treated as small, {len(who.except_out)} under it not taking part"
    how = f"{roster.small_schools} small schools take part; {exceptions}"
    return Met(words=account.criteria[0], how=how, is_met=True)


def _broken(rule: Rule, broken: Sequence[Breach]) -> str:
    if rule.private:
        times = "once" if len(broken) == 1 else f"{len(broken)} times"
        return f"broken {times}; internal papers name the schools"
    words = [breach.words for breach in broken if not breach.private]
    more = [f"and {len(words) - BREACHES_SHOWN} more"] * (len(words) > BREACHES_SHOWN)
    return "; ".join([*words[:BREACHES_SHOWN], *more])


def _kept(rule: Rule, account: Account, groups: Sequence[Group]) -> str:
    """Return the plan's value where the criterion sets a limit."""
    every = account.problem.groups(account.plan)
    measures: dict[type[Any], Callable[[Any], str]] = {
        HeadsPer: lambda _: _range((len(group.members) for group in groups), "heads"),
        SchoolsPer: lambda _: _range((len(group.schools) for group in groups), "schools"),
        PupilsPer: lambda rule: _range((n for group in groups for n, _ in rule.counts(group)), "pupils"),
        AssociatesMax: lambda _: f"{max((g.associates for g in groups), default=0)} at most",
        MinutesMax: lambda rule: _most((m / CENTIMINUTES for m, _ in _drives(rule, groups)), "minutes"),
        KmMax: lambda rule: _most((metres / 1000 for _, metres in _drives(rule, groups)), "km"),
        HeadMinutesMax: lambda rule: _most((own / THOUSANDTHS for g in groups for own in rule.own(g)), "minutes"),
        HostMinutesMax: lambda _: _most(map(_to_best_host, groups), "minutes"),
        PartnershipsCount: lambda _: f"{len(groups)} partnerships",
        GrantMax: lambda rule: f"£{sum(map(rule.grant, every)):,} a year",
        MovedMax: lambda _: f"{headships_moved(account.problem.roster, every)} move",
        LinksBrokenMax: lambda _: f"{account.links_broken} broken",
    }
    measure = measures.get(type(rule))
    return measure(rule) if measure is not None else "kept"


def _range(counts: Iterable[int], what: str) -> str:
    found = list(counts)
    if not found:
        return "no partnerships"
    least, most = min(found), max(found)
    return f"{least:,} {what}" if least == most else f"{least:,} to {most:,} {what}"


def _most(values: Iterable[float], what: str) -> str:
    found = list(values)
    return f"{max(found):.1f} {what} at most" if found else "no drives"


def _drives(rule: MinutesMax | KmMax, groups: Iterable[Group]) -> Iterator[tuple[int, int]]:
    """Yield centiminutes and metres of the drives that a limit is about, the longer way."""
    for group in groups:
        yield from ((centiminutes, metres) for _, _, centiminutes, metres in rule.drives(group))


def _to_best_host(group: Group) -> float:
    """Return minutes from the furthest head, by the slower way, to the base for which these minutes are least."""
    there = group.base_centiminutes
    both = (there >= 0) & (there.T >= 0)
    slower = np.where(both, np.maximum(there, there.T), np.iinfo(there.dtype).max)
    return int(slower.max(axis=0).min()) / CENTIMINUTES
