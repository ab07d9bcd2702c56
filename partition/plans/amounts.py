"""Amounts in words for people: heads' travel, and money."""

from __future__ import annotations

from partition.model.costs import THOUSANDTHS

MINUTES_PER_HOUR = 60
PENCE = 100  # in a pound


def amount(thousandths: int, unit: str) -> str:
    """Return a cost, given in thousandths of the unit, in words for people: hours of heads' time, or km."""
    if unit == "km":
        return f"{thousandths / THOUSANDTHS:,.1f} km"
    return f"{thousandths / THOUSANDTHS / MINUTES_PER_HOUR:,.1f} hours"


def pounds(pence: int) -> str:
    """Return an amount in pence as text in pounds: "£1,200", with pence only where there are any."""
    sign, (whole, rest) = "−" * (pence < 0), divmod(abs(pence), PENCE)
    return f"{sign}£{whole:,}.{rest:02d}" if rest else f"{sign}£{whole:,}"
