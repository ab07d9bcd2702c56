"""What partnerships do together, as they counted it: by partnership, and ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geodata.labels import first_spellings
from partition.plans.account import Account
from partition.scheme.named import numbers_of


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
    number_of = numbers_of(account, (named for named, _, _ in counted), "effects.activity")
    first = first_spellings(what for _, what, _ in counted)
    times: dict[tuple[int, str], int] = {}
    for named, what, often in counted:
        key = number_of[named], first[what]
        times[key] = times.get(key, 0) + often
    return tuple(
        Activity(partnership=number, what=what, times=often) for (number, what), often in sorted(times.items())
    )


def ranked(activities: Iterable[Activity]) -> tuple[KeyActivity, ...]:
    """Return what partnerships do, what most of them do first; of equals what is done more often, then by name."""
    found: dict[str, list[int]] = {}
    for one in activities:
        if one.times:
            found.setdefault(one.what, []).append(one.times)
    ranks = [KeyActivity(what=what, partnerships=len(times), times=sum(times)) for what, times in found.items()]
    return tuple(sorted(ranks, key=lambda key: (-key.partnerships, -key.times, key.what)))
