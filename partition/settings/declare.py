"""How a setting is declared: once, with its type, its default, and every word that people read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo

from partition.settings.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What people read of a setting besides its description."""

    label: str = ""  # as a form has it: "Fewest heads"
    name: str = ""  # as it heads a column, where that is not the label
    unit: str = ""  # of its values: "minutes", "pounds a year"
    help: str = ""  # a sentence or two under the field of a form
    choices: Mapping[str, str] = field(default_factory=dict)  # what each choice is called
    section: str = ""  # the part of the form in which it stands; "" where no form has it
    private: bool = False  # whether it stays out of maps, public plans and letters


def setting(
    default: Any,
    description: str,
    *,
    label: str = "",
    name: str = "",
    unit: str = "",
    help: str = "",
    choices: Mapping[str, str] | None = None,
    section: Section | None = None,
    private: bool = False,
) -> Any:
    """Declare a setting of a table: its default, what it does (in the file, the reference, the schema), its `Words`."""
    words = Words(
        label=label,
        name=name,
        unit=unit,
        help=help,
        choices=dict(choices or {}),
        section=section.title if section else "",
        private=private,
    )
    stated = {key: value for key, value in asdict(words).items() if value}
    if default in ([], {}):
        return Field(default_factory=type(default), description=description, json_schema_extra=stated)
    return Field(default, description=description, json_schema_extra=stated)


def words_of(declared: FieldInfo) -> Words:
    """Return the words of a setting as pydantic keeps it."""
    stated: Any = declared.json_schema_extra or {}
    return Words(**stated)
