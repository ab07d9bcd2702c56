"""What every table of the scenario file is: strictly read, "off" meaning not set."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Percentage = Annotated[float, Field(ge=0, le=1, strict=True)]  # strict: true is no number
Count = Annotated[int, Field(ge=0, le=10**9, strict=True)]
Heads = Annotated[int, Field(ge=1, le=10**9, strict=True)]
Weight = Annotated[float, Field(ge=0, le=10**6, strict=True)]
Minutes = Annotated[float, Field(ge=0, le=10**6, strict=True)]
Pounds = Annotated[float, Field(ge=0, le=10**9, strict=True)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, "off" means not set."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _off(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        return {key: _empty(cls, key) if value == "off" else value for key, value in given.items()}


def _empty(table: type[BaseModel], key: str) -> object:
    """What "off" stands for: nothing of what the key takes."""
    field = table.model_fields.get(key)
    if field is None:
        return None
    if field.default_factory is not None:
        return field.get_default(call_default_factory=True)
    return 0 if isinstance(field.default, int | float) and NoneType not in get_args(field.annotation) else None
