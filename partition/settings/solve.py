"""How long to look: the table [solve]."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from partition.settings.types import (
    Count,
    Percentage,
    Table,
)


class SolveTable(Table):
    """How long to look."""

    seconds: Annotated[float, Field(gt=0)] = Field(60, description="stop after this long with the best plan so far")
    gap: Percentage = Field(0.0, description="stop when no plan can be cheaper by more than this share (0: proof)")
    seed: Count = Field(1, description="of the search's own draws")
    workers: Count = Field(0, description="processor cores; 0 for all. They never change the answer")
