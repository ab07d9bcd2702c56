"""The declaration of a setting: type, default, and every text that people read about the setting, stated once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo

from partition.settings.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Texts that people read about a setting, besides its description."""

    label: str = (
        ""  # in a form: "Fewest heads"; in small letters in sweeps and explanations too, unless `name` is given
    )
    name: str = ""  # as the heading of a column, where that differs from the label
    unit: str = ""  # of its values: "minutes", "pounds a year"
    help: str = ""  # a sentence or two under the field of a form
    choices: Mapping[str, str] = field(default_factory=dict)  # the label of each choice
    section: str = ""  # title of the section of the form; "" where no form has the setting
    private: bool = False  # whether the setting stays out of maps, public plans and letters


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
    """Declare a setting of a table: its default, its description (for the file, reference and schema), its `Words`."""
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
    """Return the words of a setting from its pydantic field."""
    stated: Any = declared.json_schema_extra or {}
    return Words(**stated)
