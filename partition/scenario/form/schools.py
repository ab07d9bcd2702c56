"""Schools as people type them into a form: by URN or by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.identifier import URN, IdentifierWords
from geodata.urns import Urn, in_a_list, urns_of

if TYPE_CHECKING:
    from partition.model.area import Area


@dataclass(frozen=True, slots=True)
class SchoolFinder:
    """Schools that people type, found among those of the area; a word with a digit is taken as a URN, known or not."""

    area: Area | None

    @property
    def _called(self) -> IdentifierWords:
        return URN if self.area is None else self.area.identifier

    def school(self, line: str) -> Urn:
        """Return the URN in a line: a URN, with or without a name after it, or the name of a school alone.

        Raises ValueError with an instruction where the line states no school, or several.
        """
        known = {} if self.area is None else self.area.index
        ends = [found.start() for found in re.finditer(r"[\s,]|$", line)]
        for stated in (line[:end] for end in reversed(ends)):
            if stated in known:
                return Urn(stated)
        names = () if self.area is None else self.area.names
        found = [i for i, one in enumerate(names) if one.casefold() == line.casefold()]
        if self.area is not None and len(found) == 1:
            return self.area.urns[found[0]]
        if not found and _has_digit(line[: ends[0]]):
            return Urn(line[: ends[0]])
        why = "several schools have this name" if found else "no school selected has this name"
        raise ValueError(f"“{line}”: {why}; type its {self._called.one}, the register’s number")

    def schools(self, line: str) -> list[Urn]:
        """Return the URNs in a line, with commas between them. Raises ValueError with an instruction for other text."""
        known = {} if self.area is None else self.area.index
        found = in_a_list(line, known)
        if not all(urn in known or _has_digit(urn) for urn in found):
            such_as = f", such as {', '.join(list(known)[:2])}" if known else ""
            raise ValueError(f"“{line}”: type {self._called.many} with commas between them{such_as}")
        return list(urns_of(found))


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)
