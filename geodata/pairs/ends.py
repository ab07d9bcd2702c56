"""The schools that the rows of a table of pairs name, whether as text, as numbers, or as Excel writes numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.pairs.distinct import distinct
from geodata.successors import Now
from geodata.urns import Urn

ELSEWHERE, STRANGE, NAMELESS, CUT = -1, -2, -3, -4
"""Places of a known school that is not asked for, of a number that no school has, of what names no school, and of a
number that a school has with more or fewer zeros before it."""
APART = " - "


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Of each row, the place of a school among those asked for, or what it is instead; and its number in `texts`."""

    place: NDArray[np.int64]
    number: NDArray[np.int32]
    texts: Sequence[str]

    def text(self, at: int) -> str:
        """Return the text of a row."""
        return self.texts[int(self.number[at])]

    @property
    def known(self) -> float:
        """Return the share of rows that name a known school."""
        return float((self.place >= ELSEWHERE).mean()) if len(self.place) else 0.0


class Directory:
    """The known schools by the text that names them."""

    def __init__(self, asked: Collection[object], known: Collection[object], now: Now = str) -> None:
        self._now = now
        self._place: Mapping[str, int] = {
            **dict.fromkeys(map(str, known), ELSEWHERE),
            **{str(urn): place for place, urn in enumerate(asked)},
        }
        self._without_zeros = {urn.lstrip("0") for urn in self._place}

    def knows(self, text: str) -> bool:
        """Return whether a text names a known school."""
        return self.place_of(text) >= ELSEWHERE

    def place_of(self, text: str) -> int:
        """Return the place of the school of that name, or what the text is instead."""
        if text in self._place:
            return self._place[text]
        try:
            urn = Urn(text)  # 123456.0, as a number is written
        except ValueError:
            return NAMELESS
        return self._place.get(urn, CUT if urn.lstrip("0") in self._without_zeros else STRANGE)

    def read(self, cells: pd.Series) -> Ends:
        """Return the schools of a column."""
        numbers, texts = distinct(cells)
        return self.named(texts, numbers)

    def read_both(self, cells: pd.Series) -> tuple[Ends, Ends]:
        """Return the schools of a column of "A - B", as ArcGIS names a drive."""
        numbers, texts = distinct(cells)
        halves = [text.partition(APART) for text in texts]
        return self.named([half[0] for half in halves], numbers), self.named([half[2] for half in halves], numbers)

    def named(self, texts: Sequence[str], number: NDArray[np.integer]) -> Ends:
        """Return the schools that rows name by the number of a text; -1 is the last text."""
        stripped = [text.strip() for text in texts]
        there = set(stripped)
        today = [text if (new := self._now(text)) in there else new for text in stripped]
        places = np.array([self.place_of(text) for text in today], dtype=np.int64)
        return Ends(places[number], np.where(number < 0, len(texts) - 1, number).astype(np.int32), texts)
