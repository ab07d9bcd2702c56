"""What people call a school's identifier, one and several: "URN" in England, "Seed code" in Scotland.

Texts of this program say "URN". Where schools have identifiers of another name, they are reworded as they are told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from geodata.faults import BadData, Fault

LETTERS_MAX = 40
SIGNS = " -.'’/()"  # in a word besides letters and digits; none that a spreadsheet takes for a formula may come first
_SAID = re.compile(r"""(?<!\w)(?:'[^']*'|"[^"]*")(?!\w)|\bURN(s?)\b""")


class IdentifierWords(NamedTuple):
    """The word for one identifier and for several, as people write them at the beginning of a line."""

    one: str
    many: str

    def said(self, text: str) -> str:
        """Return a text of this program with these words in place of "URN"; what stands in quotes is not touched.

        >>> IdentifierWords("Seed code", "Seed codes").said("no school has this URN, and 'URN' is no heading")
        "no school has this Seed code, and 'URN' is no heading"
        """
        return text if self == URN else _SAID.sub(self._instead, text)

    def _instead(self, found: re.Match[str]) -> str:
        if found[0][0] in "'\"":
            return found[0]
        return self.many if found[1] else self.one

    def of_faults(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """Return faults whose instructions use these words."""
        return tuple(
            replace(
                fault,
                fix=self.said(fault.fix),
                fix_for_all=self.said(fault.fix_for_all),
                members=self.of_faults(fault.members),
            )
            for fault in faults
        )

    @contextmanager
    def in_faults(self) -> Iterator[None]:
        """Raise the faults of what is done within in these words."""
        try:
            yield
        except BadData as bad:
            if self == URN:
                raise
            raise BadData(self.of_faults(bad.faults)) from None


URN = IdentifierWords("URN", "URNs")


def identifier_words(stated: Sequence[str]) -> IdentifierWords:
    """Return the words that people state: for one identifier, and for several unless an s at the end makes it.

    Raises ValueError, with what to do, for fewer or more words, and for a text that can be none.

    >>> identifier_words(["Roll number"])
    IdentifierWords(one='Roll number', many='Roll numbers')
    """
    if not 1 <= len(stated) <= 2:
        raise ValueError('give the word for one, and if an s does not make it, for several: "Seed code", "Seed codes"')
    words = [unicodedata.normalize("NFC", word[: LETTERS_MAX + 1]) for word in stated]
    if any(not word[:1].isalpha() or word[-1:].isspace() or len(word) > LETTERS_MAX for word in words):
        raise ValueError(f"give words that begin with a letter, of at most {LETTERS_MAX} characters")
    if any(unicodedata.category(sign)[0] not in "LMN" and sign not in SIGNS for word in words for sign in word):
        raise ValueError(f"give words of letters and digits, and of the signs {SIGNS.strip()} and spaces")
    return IdentifierWords(words[0], words[-1] if len(words) == 2 else f"{words[0]}s")
