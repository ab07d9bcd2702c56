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
