"""Cells of a table of pairs as numbers: minutes or km, whether written as numbers, as durations or with their unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.numerals import in_plain_digits
from geodata.pairs.distinct import LETTERS_MAX, distinct
from geodata.pairs.headings import LENGTH_UNITS, MINUTES, TIME_UNITS

MINUTES_IN: Mapping[str, float] = {
    "milliseconds": 1 / 60_000,
    "seconds": 1 / 60,
    "minutes": 1.0,
    "hours": 60.0,
    "days": 1_440.0,
}
KM_IN: Mapping[str, float] = {"metres": 0.001, "km": 1.0, "miles": 1.609344}

LARGE = ("seconds", "milliseconds", "metres")  # units in which drives have thousands
_WIDE = re.compile("[\u00a0\u2009\u202f]")  # spaces that a spreadsheet puts before a unit
CLOCK = re.compile(r"(?:(\d{1,4}) days?,? *)?(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2}(?:\.\d*)?)")
ISO = re.compile(r"P(?:(\d{1,4})D)?T?(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d*)?)S)?", re.IGNORECASE)
WORDED = re.compile(r"(\d{1,9}(?:\.\d*)?) *([a-z]+)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """One number a row, nan for blank and for what is no number; what is `is_wrong` is not blank and no number.

    What `has_unit` states its own unit and is minutes, or km, already.
    """

    number: NDArray[np.float64]
    has_unit: NDArray[np.bool_]
    is_wrong: NDArray[np.bool_]

    def parts(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the three columns."""
        return self.number, self.has_unit, self.is_wrong

    def measured(self, name: str, unit: str) -> NDArray[np.float64]:
        """Return minutes, or km: the numbers that state no unit are in this one."""
        per = (MINUTES_IN if name == MINUTES else KM_IN)[unit]
        return self.number if per == 1 else np.where(self.has_unit, self.number, self.number * per)

    def as_stated(self, name: str, unit: str) -> NDArray[np.float64]:
        """Return minutes, or km, where somebody said that the whole column is in this unit, durations too.

        A spreadsheet takes 12:30, minutes and seconds, for hours and minutes: that column is in seconds.
        """
        return self.number * (MINUTES_IN if name == MINUTES else KM_IN)[unit]


def read_amounts(cells: pd.Series, name: str, unit: str = "") -> Amounts:
    """Return the cells of a column of minutes or of km (`name`) as numbers; `unit` is what its heading states."""
    no = np.zeros(len(cells), dtype=np.bool_)
    if pd.api.types.is_timedelta64_dtype(cells.dtype):
        minutes = cells.dt.total_seconds().to_numpy(dtype=np.float64) / 60
        return Amounts(minutes, ~np.isnan(minutes), no)
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return Amounts(cells.to_numpy(dtype=np.float64, na_value=np.nan), no, no)
    codes, texts = distinct(cells)
    plain = in_plain_digits(pd.Series([_WIDE.sub(" ", text) for text in texts]), thousands=unit in LARGE)
    read = [_read(text, name) for text in plain]
    number = np.array([found[0] for found in read], dtype=np.float64)
    has_unit = np.array([found[1] for found in read], dtype=np.bool_)
    blank = np.array([text == "" for text in texts], dtype=np.bool_)
    return Amounts(number[codes], has_unit[codes], (np.isnan(number) & ~blank)[codes])


def _read(text: str, name: str) -> tuple[float, bool]:
    """Return the number in a text and whether the text states its unit; nan where there is none."""
    if len(text) > LETTERS_MAX:
        return np.nan, False
    try:
        return float(text) if "_" not in text else np.nan, False
    except ValueError:
        found = _duration(text) if name == MINUTES else _length(text)
        return (np.nan, False) if found is None else found


def _duration(text: str) -> tuple[float, bool] | None:
    """Return the minutes in a text such as 0:12:30, 12 min or PT12M30S; of 12:30, hours and minutes."""
    if found := CLOCK.fullmatch(text):
        days, hours, minutes, last = (float(part or 0) for part in found.groups())
        if found[2] is None and found[1] is None:
            return minutes * 60 + last, True
        return (days * 24 + hours) * 60 + minutes + last / 60, True
    if (found := ISO.fullmatch(text)) and any(found.groups()):
        days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return (days * 24 + hours) * 60 + minutes + seconds / 60, True
    units = {**TIME_UNITS, "m": "minutes"} if re.match(r"\d+ *h", text, re.IGNORECASE) else TIME_UNITS
    return _with_units(text, units, MINUTES_IN)


def _length(text: str) -> tuple[float, bool] | None:
    """Return the km in a text such as 4.2 km, 4171 m or 2.6 mi."""
    return _with_units(text, {**LENGTH_UNITS, "m": "metres"}, KM_IN)


def _with_units(text: str, units: Mapping[str, str], per: Mapping[str, float]) -> tuple[float, bool] | None:
    """Return the sum of the amounts in a text, each with its unit: of "1 hour 5 min", 65 minutes."""
    parts = WORDED.findall(text)
    if not parts or WORDED.sub("", text).strip(" ,") or not all(unit.casefold() in units for _, unit in parts):
        return None
    return sum(float(amount) * per[units[unit.casefold()]] for amount, unit in parts), True
