"""What a plan costs those who fund it: its first year, each later year, and the posts that its schools share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Amounts in pence, of partnerships that have not left; None where nothing of the kind is set.

    The first year is each partnership's own: money to start, and what its first financial year brings.
    """

    first_year: int | None = None
    first_year_at_most: bool = False  # whether decisions that are still to be taken can only lower it
    later_year: int | None = None
    posts: int | None = None  # a year


def pounds(pence: int) -> str:
    """Return an amount in pence as text in pounds: "£1,200", with pence only where there are any."""
    sign, size = "−" * (pence < 0), abs(pence)
    return f"{sign}£{size // 100:,}.{size % 100:02d}" if size % 100 else f"{sign}£{size // 100:,}"
