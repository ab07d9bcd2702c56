"""Numbers as people of several countries write them, in plain digits: the whole column decides how it is meant.

"1,250" is a thousand and more in one country, and little more than one in another. A column that can be read in the
English way is; one that can only be read with a comma for decimals is read so; in any other the text stays, for its
reader to refuse.
"""

from __future__ import annotations

import re

import pandas as pd

_GAP = r"[ \u00a0\u2009\u202f'’]"  # between thousands: spaces of any width, apostrophes
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_ENGLISH = re.compile(rf"[+-]?(\d{{1,3}}((,\d{{3}})+|({_GAP}\d{{3}})+)?|\d+)(\.\d+)?", re.ASCII)
_COMMA = re.compile(rf"[+-]?(\d{{1,3}}((\.\d{{3}})+|({_GAP}\d{{3}})+)?|\d+)(,\d+)?", re.ASCII)


def in_plain_digits(texts: pd.Series, *, thousands: bool = True) -> pd.Series:
    """Return a column of numbers with decimals after a point and no sign between thousands; other text unchanged.

    `thousands` tells whether numbers that large are to be expected; degrees of longitude are not.
    """
    ways = (_plain, _english, _comma) if thousands else (_plain, _comma, _english)
    numbers = [text for text in texts.unique() if any(way(text) is not None for way in ways)]
    way = next((way for way in ways if all(way(text) is not None for text in numbers)), _plain)
    meaning = {text: way(text) or text for text in numbers}
    return texts.map(lambda text: meaning.get(text, text))


def _plain(text: str) -> str | None:
    return text if _PLAIN.fullmatch(text) else None


def _english(text: str) -> str | None:
    return re.sub(rf",|{_GAP}", "", text) if _ENGLISH.fullmatch(text) else None


def _comma(text: str) -> str | None:
    return re.sub(rf"\.|{_GAP}", "", text).replace(",", ".") if _COMMA.fullmatch(text) else None
