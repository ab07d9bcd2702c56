"""A school as it is chosen on a page: from the list, or typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geodata.urns import Urn

Named = tuple[str, Urn]  # a school's name and URN
SHOWN = 5


def chosen_school(typed: str, schools: Sequence[Named], absent: str, faults: list[str]) -> Urn | None:
    """The URN of what was typed: "Name (URN)", a URN, or some of one school's name; what is wrong goes to `faults`.

    `absent` says, after what was typed, that it is none of the schools.
    """
    found = [(name, urn) for name, urn in schools if typed == urn or typed.endswith(f"({urn})")]
    stated = re.search(r"\(\d+\)$|^\d+$", typed, re.ASCII)
    if not found and not stated:
        exact = [school for school in schools if school[0].casefold() == typed.casefold()]
        found = exact or [school for school in schools if typed.casefold() in school[0].casefold()]
    if len(found) == 1:
        return found[0][1]
    names = "; ".join(f"{name} ({urn})" for name, urn in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    which = f"could be several: {names}{more}. Choose one" if found else f"{absent}. Choose a school"
    faults.append(f"“{typed}” {which} from the list.")
    return None
