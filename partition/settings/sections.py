"""Sections of the form of settings, in the order in which people read them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A group of related settings, with its title and help text."""

    title: str
    help: str


WHO = Section("Who takes part", "Small schools form partnerships; larger ones may join as associates, without grant.")
SIZE = Section("Size of a partnership", "Left empty, a limit is not applied.")
DRIVES = Section("How far heads drive", "By the slower way of every two heads.")
COMPANIONS = Section("Together and apart", "Who must, or must not, share a partnership.")
KEPT = Section("Kept as now", "What of today’s partnerships stays, and how much may change.")
WHOLE = Section("The plan as a whole", "Left empty, a limit is not applied.")
PRIORITIES = Section("Priorities", "What makes one plan better than another, all in minutes of heads’ time a year.")
SEARCH = Section(
    "How long to look",
    "A search ends with a proof, or when its time is over, with the best plan so far and how good it is.",
)

SECTIONS = (WHO, SIZE, DRIVES, COMPANIONS, KEPT, WHOLE, PRIORITIES, SEARCH)
