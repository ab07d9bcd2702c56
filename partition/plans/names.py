"""What a partnership is called until people name it: after the town or village that its schools meet in.

No part of an address, such as a street or a house, is a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from geodata.labels import is_value
from geodata.urns import Urn
from partition.model.area import Area
from partition.model.roster import Group

_KIND_OF_SCHOOL = re.compile(
    r"\b(the|church of england|c of e|cofe|ce|catholic|roman|rc|voluntary|controlled|aided|va|vc|community|primary|"
    r"junior|infants?|nursery|and|school|academy|foundation|endowed|federated|methodist|parochial|free|first)\b|[(),]",
    re.IGNORECASE,
)


_DEDICATION = re.compile(
    r"\b(st|ss|saints?|holy|christ|our lady|trinity|cathedral|mary|edward|king|queen)\b", re.IGNORECASE
)


_ADDRESS = re.compile(
    r"\d|\b(road|rd|street|st\.|lane|avenue|ave|close|drive|crescent|way|terrace|court|gardens|row|house|campus|"
    r"building|box)$",
    re.IGNORECASE,
)


def place_name(area: Area, urn: Urn) -> str:
    """Return a short name for the place of a school: as maps name it; else by its locality, its own name, or its town.

    The town in a register is the post town, often miles away. So the town is the last choice where the data have a
    column of localities, and the first choice where the data have none. Where maps were asked, no address counts.
    """
    position = area.index[urn]
    if area.places and area.places[position]:
        return area.places[position]
    own = " ".join(_KIND_OF_SCHOOL.sub(" ", area.names[position]).split())
    own = "" if _DEDICATION.search(own) else own
    town = _without_address(area.towns[position]) if area.towns else ""
    localities = area.columns.get("Locality")
    if area.places:
        names = [own]
    else:
        names = [town, own] if localities is None else [_without_address(localities[position]), own, town]
    return next((name for name in names if is_value(name)), area.names[position])


def _without_address(text: str) -> str:
    """Return the name of a place; "" for a street, a house or another part of an address."""
    return "" if _ADDRESS.search(text) else text


def partnership_names(
    area: Area, groups: Sequence[Group], venues: Sequence[Urn], taken: Collection[str] = ()
) -> list[str]:
    """Return a name for each partnership: the place of its venue; of a federation that is one already, its own.

    Names in `taken` are those of other partnerships.
    """
    drawn = [(group, venue) for group, venue in zip(groups, venues, strict=True) if not group.already]
    places = iter(_places_of(area, [venue for _, venue in drawn], [group.urns for group, _ in drawn], taken))
    return [group.headships[0].name if group.already else next(places) for group in groups]


def _places_of(
    area: Area, venues: Sequence[Urn], members: Sequence[Sequence[Urn]], taken: Collection[str]
) -> list[str]:
    """Return a name for each partnership, given the URNs of its venue and of its schools: the place of its venue.

    Where two share a place, the first has it, and the next is named after another place of its schools, where maps name
    places; otherwise each is named after its venue itself.
    """
    places = [place_name(area, urn) for urn in venues]
    if not area.places:
        pairs = zip(venues, places, strict=True)
        return [area.name_of(urn) if places.count(place) > 1 or place in taken else place for urn, place in pairs]
    names: list[str] = []
    for n, (venue, urns) in enumerate(zip(venues, members, strict=True)):
        others = [place for place in (place_name(area, urn) for urn in urns) if place not in places]
        free = [place for place in (places[n], *others) if place not in (*names, *taken)]
        names.append(free[0] if free else area.name_of(venue))
    return names
