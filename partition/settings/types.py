"""Common parts of the scenario file's tables: strict reading, "off" for a setting not set, and types of values.

A setting that names a file, a server, a column or a school is recognised by its type alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping
from enum import Enum, auto
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator
from pydantic._internal._model_construction import ModelMetaclass  # no public name tells it

from geodata.urns import Urn as Identifier

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


def _read_urn(given: object) -> Identifier:
    """Return the identifier that a number or text states. Raises ValueError for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise ValueError("give the school's identifier, as text or as a whole number")
    return Identifier(given)


Urn = Annotated[
    Identifier,
    PlainValidator(_read_urn),
    PlainSerializer(lambda urn: urn.plain, when_used="json"),  # as people write it: 900012, "20124W"
    Names.SCHOOL,
]


class _Settings(ModelMetaclass):
    """Classes of settings, which may have the name of a method that every class has: `register`."""

    def __new__(cls, *given: Any, **options: Any) -> Any:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Field name .* shadows an attribute", UserWarning)
            return super().__new__(cls, *given, **options)


class Table(BaseModel, metaclass=_Settings):
    """A table of the file: unknown keys are refused, "off" means not set."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _off(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        return {key: _empty(cls, key) if value == "off" else value for key, value in given.items()}


Named = TypeVar("Named", bound=Table)


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


def only(table: Named, what: Names, keep: Collection[Any]) -> Named:
    """Return a table of a scenario without what its settings say about things of the kind `what` not in `keep`.

    Items of lists and keys of tables that name such a thing are left out, in lists of lists too; of these, lists of
    one that had several are left out whole, because they say nothing any more.
    """
    types = _declared_in(type(table))
    left = {key: _only(types[key], value, what, keep) for key, value in table}
    return table.model_copy(update={key: value for key, value in left.items() if value != getattr(table, key)})


def _only(declared: Any, value: Any, what: Names, keep: Collection[Any]) -> Any:
    origin, parts = get_origin(declared), get_args(declared)
    if isinstance(value, Table):
        return only(value, what, keep)
    if origin not in (list, dict) or not parts:
        return value
    kept = [item for item in value if not _is(parts[0], what) or item in keep]
    if origin is dict:
        return {key: value[key] for key in kept}
    lists = [(item, _only(parts[0], item, what, keep)) for item in kept]
    return [new for old, new in lists if new == old or len(new) > 1]


def _is(declared: Any, what: Names) -> bool:
    """Return whether a type is declared to name such a thing."""
    return get_origin(declared) is Annotated and what in get_args(declared)[1:]


@cache
def _declared_in(table: type[BaseModel]) -> dict[str, Any]:
    """Return the declared type of each setting of a table, with its annotations."""
    return get_type_hints(table, include_extras=True)
