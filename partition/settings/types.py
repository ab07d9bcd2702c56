"""Common parts of the scenario file's tables: strict reading, "off" for a setting not set, and types of values.

A setting that names a file, a server, a column or a school is recognised by its type alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, model_validator

Percentage = Annotated[float, Field(ge=0, le=1, strict=True)]  # strict: true is no number
Count = Annotated[int, Field(ge=0, le=10**9, strict=True)]
Heads = Annotated[int, Field(ge=1, le=10**9, strict=True)]
Several = Annotated[int, Field(ge=2, le=10**9, strict=True)]
Weight = Annotated[float, Field(ge=0, le=10**6, strict=True)]
Minutes = Annotated[float, Field(ge=0, le=10**6, strict=True)]
Pounds = Annotated[float, Field(ge=0, le=10**9, strict=True)]


class Names(Enum):
    """Things outside the scenario that a text or a number may name."""

    FILE = auto()
    SERVER = auto()
    COLUMN = auto()
    SCHOOL = auto()


FilePath = Annotated[str, Names.FILE]
ServerAddress = Annotated[str, Names.SERVER]
Column = Annotated[str, Names.COLUMN]  # of the schools' file
Urn = Annotated[int, Names.SCHOOL]


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
    """Return the value that "off" stands for: an empty list or table, 0 for a plain number, otherwise None."""
    field = table.model_fields.get(key)
    if field is None:
        return None
    if field.default_factory is not None:
        return field.get_default(call_default_factory=True)
    return 0 if isinstance(field.default, int | float) and NoneType not in get_args(field.annotation) else None


def changed(declared: Any, value: Any, what: Names, change: Callable[[str], str]) -> Any:
    """Return a value in which `change` was applied to every text declared to name `what`; the rest stays the same.

    `declared` is the type of a table or of a setting. The value may have any other structure, as people write the
    files; "off" in place of a whole setting names nothing.
    """
    origin, parts = get_origin(declared), get_args(declared)
    if origin is Annotated:
        if what not in parts[1:]:
            return changed(parts[0], value, what, change)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)  # read as text, see Table
        return change(str(value)) if isinstance(value, str) or is_number else value
    if origin in (Union, UnionType):
        for part in parts:
            value = changed(part, value, what, change)
    elif origin is list and isinstance(value, list):
        return [changed(parts[0], item, what, change) for item in value]
    elif origin is dict and isinstance(value, Mapping):
        return {
            changed(parts[0], key, what, change): changed(parts[1], item, what, change) for key, item in value.items()
        }
    elif isinstance(declared, type) and issubclass(declared, BaseModel) and isinstance(value, Mapping):
        types = _declared_in(declared)
        stated = {key: item for key, item in value.items() if key in types and item != "off"}
        return {**value, **{key: changed(types[key], item, what, change) for key, item in stated.items()}}
    return value


def named(table: Table, what: Names) -> list[str]:
    """Return every name of such a thing that a table of a scenario states, in the order of its settings, each once."""
    found: dict[str, None] = {}

    def note(name: str) -> str:
        found[name] = None
        return name

    changed(type(table), table.model_dump(), what, note)
    return list(found)


@cache
def _declared_in(table: type[BaseModel]) -> dict[str, Any]:
    """Return the declared type of each setting of a table, with its annotations."""
    return get_type_hints(table, include_extras=True)
