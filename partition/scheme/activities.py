"""What partnerships do together, as they counted it: by partnership, and ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geodata.faults import BadData, Fault
from geodata.labels import first_spellings, folded
from partition.plans.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """How often one partnership did something together."""

    partnership: int  # its number
    what: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyActivity:
    """Something that partnerships do together: how many of them do it, and how often in all."""

    what: str
    partnerships: int
    times: int


def activities_of(account: Account, counted: Iterable[tuple[str, str, int]]) -> tuple[Activity, ...]:
    """Return the activities by partnership. `counted` are partnership, activity and how often.

    A partnership is named by its number, its name or the URN of one of its schools. Raises BadData where it is none of
    them, with every such name.
    """
    counted = tuple(counted)
    number_of = _numbers(account)
    unknown = dict.fromkeys(named for named, _, _ in counted if folded(named) not in number_of)
    one = account.area.identifier.one
    fix = f"no partnership of this plan has that number or name, nor a school with that {one}; correct it"
    if unknown:
        raise BadData([Fault(file="scenario", column="effects.activity", value=named, fix=fix) for named in unknown])
    first = first_spellings(what for _, what, _ in counted)
    times: dict[tuple[int, str], int] = {}
    for named, what, often in counted:
        key = number_of[folded(named)], first[what]
        times[key] = times.get(key, 0) + often
    return tuple(
        Activity(partnership=number, what=what, times=often) for (number, what), often in sorted(times.items())
    )


def _numbers(account: Account) -> dict[str, int]:
    """Return each partnership's number by what people call it; a name goes before a URN, and that before a number."""
    numbers = {str(item.number): item.number for item in account.partnerships}
    numbers |= {folded(str(urn)): number for urn, number in account.plan.partnership_of.items()}
    names = [folded(item.name) for item in account.partnerships]
    return numbers | {name: n for n, name in enumerate(names, 1) if names.count(name) == 1}


def ranked(activities: Iterable[Activity]) -> tuple[KeyActivity, ...]:
    """Return what partnerships do, what most of them do first; of equals what is done more often, then by name."""
    found: dict[str, list[int]] = {}
    for one in activities:
        if one.times:
            found.setdefault(one.what, []).append(one.times)
    ranks = [KeyActivity(what=what, partnerships=len(times), times=sum(times)) for what, times in found.items()]
    return tuple(sorted(ranks, key=lambda key: (-key.partnerships, -key.times, key.what)))
