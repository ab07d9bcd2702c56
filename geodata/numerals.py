"""Numbers as people of several countries write them, in plain digits: the whole column decides how it is meant.

"1,250" is a thousand and more in one country, and little more than one in another. A column that can be read in the
English way is; one that can only be read with a comma for decimals is read so; in any other the text stays, for its
reader to refuse.
"""

from __future__ import annotations

import re

import pandas as pd

_GAP = r"[ \u00a0\u2009\u202f'’]"  # between thousands: spaces of any width, apostrophes
MINUS = "\u2212"  # the sign that typesetters use
WEST_OR_SOUTH = ("W", "S")
_DEGREES = re.compile(
    rf"([NSEW])?\s*([+\-{MINUS}])?(\d{{1,3}}(?:[.,]\d{{1,12}})?)\s*°?"
    r"(?:\s*(\d{1,2}(?:[.,]\d{1,12})?)\s*['′’])?(?:\s*(\d{1,2}(?:[.,]\d{1,12})?)\s*(?:[\"″”]|''))?\s*([NSEW])?",
    re.ASCII | re.IGNORECASE,
)
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_ENGLISH = re.compile(rf"[+-]?(\d{{1,3}}((,\d{{3}})+|({_GAP}\d{{3}})+)?|\d+)(\.\d+)?", re.ASCII)
_COMMA = re.compile(rf"[+-]?(\d{{1,3}}((\.\d{{3}})+|({_GAP}\d{{3}})+)?|\d+)(,\d+)?", re.ASCII)


def in_plain_degrees(texts: pd.Series) -> pd.Series:
    """Return a column of degrees as decimal numbers, where they are written with °, ′, ″ or N, S, E, W; else as is.

    "52°40'30\"N" is 52.675, "0.67 W" is -0.67. O stays, for it is west in some languages, and east in others.
    """
    return texts.map(lambda text: _degrees(text) or text)


def _degrees(text: str) -> str | None:
    if not (found := _DEGREES.fullmatch(text)):
        return None
    before, sign, degrees, minutes, seconds, after = found.groups()
    side = (before or after or "").upper()
    if (before and after) or (sign and side) or not (side or "°" in text):
        return None
    parts = [float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds)]
    if max(parts[1:]) >= 60 or (minutes and not float(parts[0]).is_integer()):
        return None
    decimal = parts[0] + parts[1] / 60 + parts[2] / 3600
    return repr(-decimal if sign in ("-", MINUS) or side in WEST_OR_SOUTH else decimal)


def in_plain_digits(texts: pd.Series, *, thousands: bool = True) -> pd.Series:
    """Return a column of numbers with decimals after a point and no sign between thousands; other text unchanged.

    `thousands` tells whether numbers that large are to be expected; degrees of longitude are not.
    """
    texts = texts.str.replace(MINUS, "-")
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
