"""The template of a scenario file: every key with its default and its description, to start from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from partition.settings.scenario import Scenario


def template() -> str:
    """Return every key of the scenario file with its default and its description, as TOML to start from."""
    lines = ['# Every setting, at its default. Take out what you do not change; any key can be set to "off".']
    lines += ['# extends = "base.toml"  # start from another scenario, or "preset:scheme-2012"', ""]
    for name, table in Scenario.model_fields.items():
        lines += [f"[{name}]  # {table.description}", *_keys(table.annotation), ""]
    return "\n".join(lines)


def _keys(table: Any) -> Iterator[str]:
    for key, field in table.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, BaseModel):
            inside = ", ".join(f"{k} = {toml_value(v)}" for k, v in default.model_dump().items())
            yield f"{key} = {{{inside}}}  # {field.description}"
            yield from (f"#   {inner}: {told.description}" for inner, told in type(default).model_fields.items())
        elif default is None:
            yield f'{key} = "off"  # {field.description}{_choices(field.annotation)}'
        else:
            yield f"{key} = {toml_value(default)}  # {field.description}{_choices(field.annotation)}"


def _choices(annotation: Any) -> str:
    options = [option for option in get_args(annotation) if isinstance(option, str)]
    return f" ({', '.join(options)})" if options else ""


def toml_value(value: object) -> str:
    """Return a value as a scenario file states it; "off" for none."""
    match value:
        case None:
            return '"off"'
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list():
            return "[" + ", ".join(map(toml_value, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + "}"
    return str(value)
