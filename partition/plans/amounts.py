"""Amounts in words for people: heads' travel, and money."""

from __future__ import annotations

from partition.formats.language import ENGLISH, Language
from partition.model.costs import THOUSANDTHS

MINUTES_PER_HOUR = 60
PENCE = 100  # in a pound


def amount(thousandths: int, unit: str, language: Language = ENGLISH) -> str:
    """Return a cost, given in thousandths of the unit, in words for people: hours of heads' time, or km."""
    if unit == "km":
        return language.phrase("{n} km", n=language.number(thousandths / THOUSANDTHS, ",.1f"))
    return language.phrase("{n} hours", n=language.number(thousandths / THOUSANDTHS / MINUTES_PER_HOUR, ",.1f"))


def pounds(pence: int, language: Language = ENGLISH) -> str:
    """Return an amount in pence as text in pounds: "£1,200", with pence only where there are any."""
    sign, amount = "−" * (pence < 0), abs(pence) / PENCE
    return f"{sign}£{language.number(amount, ',.2f' if pence % PENCE else ',.0f')}"
