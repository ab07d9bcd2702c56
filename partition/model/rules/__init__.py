"""The criteria. A rule stands in the module of what it is about: `sizes`, `drives`, `companions`, `kinds`, `whole`."""

from partition.model.rules.companions import Apart, LinkedTogether, Locked, Placed, Together
from partition.model.rules.drives import HostMinutesMax, KmMax, MinutesMax
from partition.model.rules.kinds import AtLeastOne, DistinctMax, Same
from partition.model.rules.rule import Breach, Rule, refuse_faults
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

__all__ = [
    "Apart",
    "AssociatesMax",
    "AtLeastOne",
    "Breach",
    "Differs",
    "DistinctMax",
    "GrantMax",
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
    "who_moves",
]
