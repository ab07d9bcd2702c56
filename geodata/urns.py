"""Identifiers of schools, such as unique reference numbers (URNs): text in natural order, read and checked."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from geodata.cells import in_reading_order, told_briefly
from geodata.faults import Fault

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
LETTERS_MAX = 40
DIGITS_EXACT = 15  # of a number in a spreadsheet
PARTS_A_LIST = ",;"  # what stands between identifiers where a cell or a field holds several
_WHOLE = re.compile(r"(0|[1-9][0-9]{0,14})\.0*")
_SCIENTIFIC = re.compile(r"([1-9])(?:\.([0-9]{1,15}))?[eE]\+?([0-9]{1,2})")
_DATE = re.compile(r"(0[1-9]|[12][0-9]|3[01])-(0[1-9]|1[0-2])-(19|20)[0-9]{2}")  # as `cells.as_text` writes dates
YES_OR_NO = ("TRUE", "FALSE")  # as `as_text` writes them
STEM = r"(?:[A-Za-z0-9-]|_[0-9a-f]{1,6}_)+"  # what `Urn.stem` looks like
_PLAIN = re.compile(r"[1-9][0-9]{0,14}")


class Urn(str):
    """A school's identifier in its register: a text of up to 40 characters that begins with a letter or a digit.

    Identifiers are in natural order: runs of digits by their value and before other text, all else as text, and where
    these are equal ("7", "007") as plain text. An identifier equals the same plain text.

    Parameters
    ----------
    value
        A text, or a number. A number as spreadsheets write it ("111.0", "1.11E+02") is read as its digits.

    Raises
    ------
    ValueError
        Where the text can be no identifier; the message is what to do about it.

    Examples
    --------
    >>> sorted(map(Urn, ["20124W", 900012, "123-4567", "00012/3", 35]))
    ['00012/3', '35', '123-4567', '20124W', '900012']
    """

    __slots__ = ("_order",)
    _order: tuple[tuple[tuple[bool, int | str], ...], str]

    def __new__(cls, value: object) -> Urn:
        if isinstance(value, Urn):
            return value
        text = _checked(str(value))
        made = super().__new__(cls, text)
        made._order = (
            tuple(
                (False, int(part)) if part.isdigit() else (True, part) for part in re.findall("[0-9]+|[^0-9]+", text)
            ),
            text,
        )
        return made

    def __reduce__(self) -> tuple[type[Urn], tuple[str]]:
        return Urn, (str(self),)

    def __lt__(self, other: str) -> bool:
        return self._order < Urn(other)._order

    def __le__(self, other: str) -> bool:
        return self._order <= Urn(other)._order

    def __gt__(self, other: str) -> bool:
        return self._order > Urn(other)._order

    def __ge__(self, other: str) -> bool:
        return self._order >= Urn(other)._order

    @property
    def plain(self) -> int | str:
        """The number of an identifier that is plain digits with no leading zero, so that users' lookups find it."""
        return int(self) if _PLAIN.fullmatch(self) else str(self)

    @property
    def stem(self) -> str:
        """The identifier as part of a file's name or an element's id: its letters and digits, all else by number."""
        return "".join(
            sign if sign.isascii() and (sign.isalnum() or sign == "-") else f"_{ord(sign):x}_" for sign in self
        )


def of_stem(stem: str) -> str:
    """Return the identifier that was made part of a file's name, by `Urn.stem`."""
    return re.sub("_([0-9a-f]{1,6})_", lambda sign: chr(min(int(sign[1], 16), sys.maxunicode)), stem)


def _checked(text: str) -> str:
    """Return an identifier as it is kept. Raises ValueError, with what to do, for a text that can be none."""
    if text.isascii() and text.isalnum() and len(text) <= LETTERS_MAX and text not in YES_OR_NO:
        return text
    kept = unicodedata.normalize("NFC", text[: 2 * LETTERS_MAX * LETTERS_MAX]).strip()
    if whole := _WHOLE.fullmatch(kept):
        return whole[1]
    if shown := _SCIENTIFIC.fullmatch(kept) if "." in kept or "+" in kept else None:
        first, decimals, power = shown[1], shown[2] or "", int(shown[3])
        if len(decimals.rstrip("0")) > power or power >= DIGITS_EXACT or len(decimals) < power:
            raise ValueError("a spreadsheet shortened this number; give all its digits, in a column formatted as text")
        return first + decimals[:power]
    if not kept:
        raise ValueError("give the school's identifier")
    if kept in YES_OR_NO or _DATE.fullmatch(kept):
        raise ValueError("a spreadsheet took this for a date, or for yes or no; give it in a column formatted as text")
    if len(kept) > LETTERS_MAX:
        raise ValueError(f"give an identifier of at most {LETTERS_MAX} characters")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for letter in kept):
        raise ValueError("take out the characters that cannot be seen")
    if not kept[0].isalnum():  # so that no table of them holds a formula, and no path leads elsewhere
        raise ValueError("give an identifier that begins with a letter or a digit")
    if any(letter in PARTS_A_LIST for letter in kept):
        raise ValueError("give one identifier, with no comma or semicolon, which part those of several schools")
    return kept


def urns_of(values: Iterable[object]) -> tuple[Urn, ...]:
    """Return the identifiers that numbers and texts state, in the same order."""
    return tuple(map(Urn, values))


def by_urn(values: Mapping[Any, T]) -> dict[Urn, T]:
    """Return values whose keys are numbers or texts that state identifiers, by identifier."""
    return {Urn(key): value for key, value in values.items()}


def ascending(values: Iterable[object]) -> tuple[Urn, ...]:
    """Return identifiers. Raises ValueError for identifiers that do not ascend without repeats."""
    urns = urns_of(values)
    if any(one >= other for one, other in pairwise(urns)):
        raise ValueError("URNs must ascend without repeats")
    return urns


def in_a_list(text: str, known_urns: Collection[Urn]) -> list[str]:
    """Return the texts that semicolons, commas or spaces part; spaces part no identifier that a school has."""
    parts = [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]
    return [word for part in parts for word in ([part] if part in known_urns else part.split())]


def read_urn(text: str, file: str, row: int, column: str) -> Urn | Fault:
    """Return the identifier in a cell, or the fault of a text that can be none."""
    try:
        return Urn(text)
    except ValueError as error:
        return Fault(file=file, row=row, column=column, value=text, fix=str(error))


def read_urns(texts: pd.Series, file: str) -> tuple[dict[int, Urn], list[Fault]]:
    """Return the URNs by row, each at its first place; and the faults of invalid texts and of repeats."""
    urns: dict[int, Urn] = {}
    first_row: dict[Urn, int] = {}
    odd: list[Fault] = []
    repeats: list[Fault] = []
    for row, text in zip(texts.index.tolist(), texts, strict=True):
        urn = read_urn(text, file, row, str(texts.name))
        if isinstance(urn, Fault):
            odd.append(urn)
        elif urn in first_row:
            fix = f"repeats row {first_row[urn]}; delete one of them"
            repeats.append(Fault(file=file, row=row, column=str(texts.name), value=urn, fix=fix))
        else:
            urns[row] = urn
            first_row[urn] = row
    faults = [*told_briefly(odd, "texts that are no URN"), *told_briefly(repeats, "rows that repeat a URN")]
    return urns, in_reading_order(faults)


def known_in(texts: Iterable[str]) -> frozenset[Urn]:
    """Return the identifiers in a column, without the texts that can be none."""
    found = set()
    for text in texts:
        try:
            found.add(Urn(text))
        except ValueError:
            continue
    return frozenset(found)


def strangers(urns: dict[int, Urn], known_urns: Collection[Urn], file: str, column: str) -> list[Fault]:
    """Return a fault for each row with an unknown URN, shortened where there are many."""
    unknown = [(row, urn) for row, urn in urns.items() if urn not in known_urns]
    alike = {known.lstrip("0"): known for known in known_urns} if unknown else {}
    faults = [
        Fault(file=file, row=row, column=column, value=urn, fix=stranger_fix(alike.get(urn.lstrip("0"))))
        for row, urn in unknown
    ]
    return told_briefly(faults, "URNs that no school has")


def stranger_fix(alike: Urn | None) -> str:
    """Return what to do about an identifier that no school has; `alike` differs from it by leading zeros only."""
    hint = f"; did you mean {alike!r}, which a spreadsheet may have cut?" if alike else ""
    return f"no school has this URN; correct or delete it{hint}"
