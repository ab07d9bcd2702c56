"""How long to look: the table [solve]."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from partition.settings.declare import setting
from partition.settings.sections import SEARCH
from partition.settings.types import (
    Count,
    Percentage,
    Table,
)


class SolveTable(Table):
    """How long to look."""

    seconds: Annotated[float, Field(gt=0)] = setting(
        60, "stop after this long with the best plan so far", label="Stop after", unit="seconds", section=SEARCH
    )
    gap: Percentage = setting(
        0.0,
        "stop when no plan can be cheaper by more than this share (0: proof)",
        label="Good enough within",
        unit="per cent",
        help="Of the best possible; 0: look for proof.",
        section=SEARCH,
    )
    seed: Count = setting(
        1,
        "of the search's own draws",
        label="Seed",
        help="Of the search’s own draws. It changes no proven answer.",
        section=SEARCH,
    )
    workers: Count = setting(
        0,
        "processor cores; 0 for all. They never change the answer",
        label="Processor cores",
        help="0: all. They never change the answer.",
        section=SEARCH,
    )
