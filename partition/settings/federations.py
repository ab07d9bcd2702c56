"""The table [federations]: what the search for heads who could share a post looks at, by columns the user has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from partition.settings.declare import setting
from partition.settings.types import Column, Table

Reason = Literal["posts", "surplus", "drive", "character"]
REASONS: tuple[Reason, ...] = ("posts", "surplus", "drive", "character")
Step = Annotated[int, Field(ge=1, le=10**6, strict=True)]


class Federations(Table):
    """Which pairs of schools could share a head (the command federations)."""

    vacancy: Column | None = setting(
        None,
        "column with yes where the head's post is vacant; told internally alone, and in no other output unless a "
        "criterion or a price names it",
        private=True,
    )
    leaving: Column | None = setting(
        None, "column with the day on which the head retires or leaves, such as 2027-08-31; likewise", private=True
    )
    surplus: Column | None = setting(None, "column with the number of surplus places")
    character: list[Column] = setting([], "columns in which alike is better, such as the religious character")
    order: list[Reason] = setting(
        list(REASONS),
        "what pairs are ranked by, the most important first: posts (vacant, or the first to fall vacant), surplus "
        "(more places first), drive (shorter first), character (more columns alike first)",
    )
    surplus_step: Step = setting(20, "surplus places that make a difference: fewer in between count as equal")
    drive_step: Step = setting(5, "minutes that make a difference; likewise")

    @property
    def private_columns(self) -> tuple[str, ...]:
        """The columns that tell of a head's post."""
        return tuple(column for column in (self.vacancy, self.leaving) if column is not None)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is named."""
        also = [self.surplus] if self.surplus is not None else []
        return tuple(dict.fromkeys((*self.private_columns, *also, *self.character)))
