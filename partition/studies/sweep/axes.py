"""What a sweep varies: settings and their values, as the user writes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import prod

from geodata.faults import BadData, Fault
from partition.scenario.read import COMMAND_LINE
from partition.settings.scenario import Scenario
from partition.settings.words import heading_of, name_of, value_of

VARY = "--vary"
SCENARIOS_MOST = 1_000
_NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"
_RANGE = re.compile(rf"({_NUMBER}):({_NUMBER}):({_NUMBER})")
_CLOSES = {"[": "]", "{": "}"}

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting and its values in order. Values next to each other are neighbours, unless they are areas."""

    key: str
    values: Values
    neighbours: bool = True

    @property
    def name(self) -> str:
        """Return the setting's name for people."""
        return name_of(self.key) if self.neighbours else self.key

    @property
    def heading(self) -> str:
        """Return the name with the unit of the values."""
        return heading_of(self.key) if self.neighbours else self.key

    def told(self, value: str) -> str:
        """Return a value with its unit."""
        return value_of(self.key, value)


def read_axes(texts: Sequence[str]) -> tuple[Axis, ...]:
    """Read `table.key=15:40:5` (last value included) or `table.key=150,180,off`. Raises BadData with every fault."""
    axes, faults = [], []
    for text in texts:
        key, equals, values = (part.strip() for part in text.partition("="))
        fix = "write table.key=FIRST:LAST:STEP or table.key=VALUE,VALUE, such as rules.minutes_max=15:40:5"
        found = _values(values)
        if not equals or "." not in key or not found or not all(found):
            faults.append(Fault(file=VARY, value=text, fix=fix))
            continue
        axes.append(Axis(key, found))
        faults += [_twice(key, value) for value, times in Counter(found).items() if times > 1]
    faults += [_twice(key, key) for key, times in Counter(axis.key for axis in axes).items() if times > 1]
    if prod(len(axis.values) for axis in axes) > SCENARIOS_MOST:
        fix = f"these make more than {SCENARIOS_MOST:,} scenarios; vary fewer settings, or by larger steps"
        faults.append(Fault(file=VARY, value=" ".join(texts), fix=fix))
    if faults:
        raise BadData(faults)
    return tuple(axes)


def _twice(key: str, value: str) -> Fault:
    return Fault(file=VARY, column=key, value=value, fix="it is given twice; take one out")


def _values(text: str) -> Values:
    """Return the values of a range, or those between commas; commas in brackets or quotes do not separate."""
    if found := _RANGE.fullmatch(text):
        first, last, step = map(Decimal, found.groups())
        count = int((last - first) / step) + 1 if step else 0
        return tuple(f"{first + n * step:f}" for n in range(max(min(count, SCENARIOS_MOST + 1), 0)))
    values, open_signs = [""], [""]
    for sign in text:
        if sign == open_signs[-1]:
            open_signs.pop()
        elif open_signs[-1] != '"' and (sign in _CLOSES or sign == '"'):
            open_signs.append(_CLOSES.get(sign, sign))
        if sign == "," and len(open_signs) == 1:
            values.append("")
        else:
            values[-1] += sign
    return tuple(value.strip() for value in values)


def combinations(
    read: Callable[[Sequence[str]], Scenario], axes: Sequence[Axis], settings: Sequence[str] = ()
) -> list[tuple[Values, Scenario]]:
    """Return every combination of values with its scenario, the last axis changing fastest.

    Raises BadData with every fault.
    """
    found, faults = [], {}
    keys = [axis.key for axis in axes]
    for values in product(*(axis.values for axis in axes)):
        varied = [f"{key}={value}" for key, value in zip(keys, values, strict=True)]
        try:
            found.append((values, read([*settings, *varied])))
        except BadData as bad:
            for fault in bad.faults:
                here = fault.file == COMMAND_LINE and any(fault.column.startswith(key) for key in keys)
                told = replace(fault, file=VARY) if here else fault
                faults[str(told)] = told
    if faults:
        raise BadData(faults.values())
    return found
