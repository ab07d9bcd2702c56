"""Who a partnership is: a key that lasts from round to round by overlap, and the name that people know it by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geodata.urns import Urn
from partition.model.matching import successors
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.plans.names import partnership_names
from partition.scenario.earlier import Earlier

KEY_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """A partnership's key, its name, and its name before where people changed it ("")."""

    key: str
    name: str
    was: str = ""


def key_of(urns: Collection[Urn], taken: Collection[str] = ()) -> str:
    """Return the key of a partnership that these schools begin: the same for the same schools, on any machine."""
    content, times = sorted(map(str, urns)), 0
    while True:
        text = json.dumps([content, times] if times else content)
        key = hashlib.sha256(text.encode()).hexdigest()[:KEY_LETTERS]
        if key not in taken:
            return key
        times += 1


def identities(problem: Problem, plan: Plan, earlier: Earlier = ()) -> tuple[Identity, ...]:
    """Return the identity of each partnership of a plan, in its order.

    A partnership that continues one of the earlier plan, by the heads that stay together, keeps its key and its name;
    any other is named after the place of its venue, and has a key of its own.
    """
    groups, heads = problem.groups(plan), problem.roster.headship_of
    before = [{heads[urn] for urn in one.urns if urn in heads} for one in earlier]
    after = [set(group.members) for group in groups]
    found = successors(before, after) if before and after else {}
    kept = {
        new: Identity(earlier[old].key or key_of(earlier[old].urns), earlier[old].name) for old, new in found.items()
    }
    begun = [n for n in range(len(groups)) if n not in kept]
    venues = [problem.tariff.venue(groups[n]) for n in begun]
    names = partnership_names(problem.area, [groups[n] for n in begun], venues, {one.name for one in kept.values()})
    keys = {one.key for one in kept.values()}
    for n, name in zip(begun, names, strict=True):
        kept[n] = Identity(key_of(groups[n].urns, keys), name)
        keys.add(kept[n].key)
    return tuple(kept[n] for n in range(len(groups)))


def identified(names: Sequence[str], plan: Plan) -> tuple[Identity, ...]:
    """Return the identities of a plan's partnerships that begin with it, under these names."""
    return tuple(Identity(key_of(one.urns), name) for one, name in zip(plan.partnerships, names, strict=True))
