"""The rules, in modules by subject: `sizes`, `drives`, `shares` (of a head), `companions`, `kinds`, `whole` (plans)."""

from __future__ import annotations

from partition.model.rules.companions import Apart, LinkedTogether, Locked, Placed, Together
from partition.model.rules.drives import HostMinutesMax, KmMax, MinutesMax
from partition.model.rules.kinds import AtLeastOne, DistinctMax, Same
from partition.model.rules.rule import Asked, Breach, Rule, refuse_faults
from partition.model.rules.shares import HeadMinutesMax
from partition.model.rules.sizes import AssociatesMax, HeadsPer, IsPartnership, PupilsPer, SchoolsPer, SmallByRoll
from partition.model.rules.whole import (
    Differs,
    GrantMax,
    LinksBrokenMax,
    MovedMax,
    PartnershipsCount,
    headships_moved,
    links_broken,
    links_parted,
    who_moves,
)

RULES: tuple[type[Rule], ...] = (  # all rules that settings state, in their order in a problem
    *(HeadsPer, SchoolsPer, PupilsPer, SmallByRoll, AssociatesMax),
    *(MinutesMax, KmMax, HostMinutesMax, HeadMinutesMax),
    *(Together, LinkedTogether, Apart, Same, DistinctMax, AtLeastOne, Locked),
    *(PartnershipsCount, MovedMax, LinksBrokenMax, GrantMax),
)
MENDED_BY_JOINING = IsPartnership.mended_by_joining.union(*(kind.mended_by_joining for kind in RULES))


def rules_of(asked: Asked) -> list[Rule]:
    """Return the rules that the settings of a scenario state. Raises BadData where settings do not fit the data."""
    return [rule for kind in RULES for rule in kind.from_settings(asked)]


__all__ = [
    "MENDED_BY_JOINING",
    "RULES",
    "Apart",
    "Asked",
    "AssociatesMax",
    "AtLeastOne",
    "Breach",
    "Differs",
    "DistinctMax",
    "GrantMax",
    "HeadMinutesMax",
    "HeadsPer",
    "HostMinutesMax",
    "IsPartnership",
    "KmMax",
    "LinkedTogether",
    "LinksBrokenMax",
    "Locked",
    "MinutesMax",
    "MovedMax",
    "PartnershipsCount",
    "Placed",
    "PupilsPer",
    "Rule",
    "Same",
    "SchoolsPer",
    "SmallByRoll",
    "Together",
    "headships_moved",
    "links_broken",
    "links_parted",
    "refuse_faults",
    "rules_of",
    "who_moves",
]
