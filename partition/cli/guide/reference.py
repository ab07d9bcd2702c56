"""The pages that the program writes about itself: every setting and every command.

They are made of the declarations and of the commands each time the guide is, so they cannot be out of date.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import typer
from pydantic import BaseModel
from typer.models import ArgumentInfo, OptionInfo

from partition.cli.guide.markdown import code
from partition.formats.markdown import plain
from partition.scenario.template import toml_value
from partition.settings.declare import words_of
from partition.settings.scenario import Scenario
from partition.settings.types import Names, Urn

ONE = {str: "text", int: "a whole number", float: "a number", bool: "`true` or `false`", date: "a day (2027-01-31)"}
MANY = {str: "texts", int: "whole numbers", float: "numbers", bool: "`true` or `false`", date: "days"}
NAMED = {
    Names.FILE: ("a file", "files"),
    Names.SERVER: ("an address", "addresses"),
    Names.COLUMN: ("a column of the schools' file", "columns of the schools' file"),
    Names.SCHOOL: ("a school's URN", "schools' URNs"),
}


# Settings ----------------------------------------------------------------------------------------------------


def settings_page() -> str:
    """Return every setting of the scenario file: what it does, its type, its default."""
    lines = ["# Settings", "", SETTINGS_INTRO, ""]
    for table, declared in Scenario.model_fields.items():
        lines += [f"## [{table}]", "", f"{_sentence(declared.description or '')}", ""]
        for key, field in _table(declared.annotation).model_fields.items():
            lines += [f"### {table}.{key}", "", *_setting(_table(declared.annotation), key, field), ""]
    return "\n".join(lines)


SETTINGS_INTRO = """\
Every key of the scenario file, table by table. Write a key in its table, or give it on the command line:
`--set rules.minutes_max=25`. Any key can be `"off"`, which means that it is not set. A key that is none is refused,
with the one that was probably meant. `partnerships scenario` prints all of this as a file to start from, and
`partnerships scenario --schema` as a JSON Schema."""


def _table(annotation: Any) -> type[BaseModel]:
    assert isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation


def _setting(table: type[BaseModel], key: str, field: Any) -> Iterator[str]:
    default = field.get_default(call_default_factory=True)
    words = words_of(field)
    yield _sentence(field.description)
    yield ""
    if words.help:
        yield plain(words.help)
        yield ""
    if isinstance(default, BaseModel):
        for inner, told in type(default).model_fields.items():
            yield (
                f"- {code(inner)}: {plain(told.description or '')}; default {_default(getattr(default, inner))}; "
                f"{type_words(_declared(type(default), inner))}"
            )
    else:
        yield f"- Type: {type_words(_declared(table, key))}{f', in {words.unit}' if words.unit else ''}"
        yield f"- Default: {_default(default)}"
    if words.label:
        yield f"- On the page: *{plain(words.label)}*{f', under *{plain(words.section)}*' if words.section else ''}"
    if words.private:
        yield "- Private: it stays out of maps, public plans and letters ([privacy](privacy.md))"


def _declared(table: type[BaseModel], key: str) -> Any:
    return get_type_hints(table, include_extras=True)[key]


def _default(value: object) -> str:
    return code(toml_value(value)) if not isinstance(value, BaseModel) else code(toml_value(value.model_dump()))


def _sentence(words: str) -> str:
    """Return the description of a setting as a sentence."""
    words = plain(words)
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '!', '?')) else '.'}"


def type_words(declared: Any, several: bool = False) -> str:
    """Return the type of a setting in words, with its bounds and its choices."""
    origin, parts = get_origin(declared), get_args(declared)
    if declared is Urn:
        return NAMED[Names.SCHOOL][several]
    if origin is Annotated:
        kind = next((NAMED[part] for part in parts[1:] if isinstance(part, Names)), None)
        return kind[several] if kind else type_words(parts[0], several) + _bounds(parts[1:])
    if origin in (Union, UnionType):
        told = dict.fromkeys(type_words(part, several) for part in parts if part is not NoneType)
        return " or ".join([*told, *(['`"off"`'] if NoneType in parts else [])])
    if origin is Literal:
        return " or ".join(code(toml_value(part)) for part in parts)
    if origin is list:
        return f"{'lists' if several else 'a list'} of {type_words(parts[0], True)}"
    if origin is dict:
        return f"{'tables' if several else 'a table'}: {type_words(parts[0])} = {type_words(parts[1])}"
    if isinstance(declared, type) and issubclass(declared, BaseModel):
        inside = ", ".join(code(key) for key in declared.model_fields)
        return f"{'tables' if several else 'a table'} of {inside}"
    return (MANY if several else ONE)[declared]


def _bounds(constraints: tuple[Any, ...]) -> str:
    """Return the bounds of a number in words; what is no bound says nothing."""
    found: dict[str, Any] = {}
    for constraint in constraints:
        for one in (constraint, *getattr(constraint, "metadata", ())):
            for name in ("ge", "gt", "le", "lt"):
                if getattr(one, name, None) is not None:
                    found[name] = getattr(one, name)
    told = [
        words.format(f"{found[name]:,}")
        for name, words in (("ge", "{} or more"), ("gt", "more than {}"), ("le", "at most {}"), ("lt", "under {}"))
        if name in found
    ]
    return f" ({', '.join(told)})" if told else ""


# Commands ----------------------------------------------------------------------------------------------------


COMMANDS_INTRO = """\
`partnerships COMMAND --help` says the same in the terminal. Options of `partnerships` itself stand before the
command."""


def commands_page(root: typer.Context) -> str:
    """Return every command with what it takes, made of what `--help` is made of: the commands' own signatures."""
    group: Any = root.command
    lines = ["# Commands", "", COMMANDS_INTRO, "", *_taken(group.callback), ""]
    lines += ["## Exit codes", "", plain(str(group.epilog)), ""]
    for name, command in group.commands.items():
        arguments = [_argument(one) for one in _parameters(command.callback) if isinstance(one.info, ArgumentInfo)]
        lines += [f"## partnerships {name}", "", plain(str(command.help)), ""]
        lines += ["```text", " ".join(["partnerships", name, "[OPTIONS]", *arguments]), "```", ""]
        lines += [*_taken(command.callback), ""]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Parameter:
    """What a command takes: its name in Python, its type, its default, and what it says of itself."""

    name: str
    type: Any
    default: object
    info: ArgumentInfo | OptionInfo


def _parameters(callback: Callable[..., Any]) -> Iterator[_Parameter]:
    for name, parameter in inspect.signature(callback, eval_str=True).parameters.items():
        for info in getattr(parameter.annotation, "__metadata__", ()):
            if isinstance(info, ArgumentInfo | OptionInfo):
                yield _Parameter(name, get_args(parameter.annotation)[0], parameter.default, info)


def _taken(callback: Callable[..., Any]) -> Iterator[str]:
    """Yield a row for each argument and option."""
    rows = [(_called(one), _does(one)) for one in _parameters(callback)]
    if rows:
        yield "| argument or option | what it does |"
        yield "|---|---|"
        yield from (f"| {called} | {does} |" for called, does in rows)


def _called(one: _Parameter) -> str:
    if isinstance(one.info, ArgumentInfo):
        return code(_argument(one))
    first = [one.info.default] if isinstance(one.info.default, str) else []  # where typer keeps it in Annotated
    names = ", ".join([*first, *(one.info.param_decls or ())] or [f"--{one.name.replace('_', '-')}"])
    takes = "" if one.type is bool else f" {one.info.metavar or _metavar(one.type)}"
    return code(f"{names}{takes}")


def _argument(one: _Parameter) -> str:
    return one.info.metavar or (one.name.upper() if one.default is inspect.Parameter.empty else f"[{one.name.upper()}]")


def _metavar(declared: Any) -> str:
    """Return what stands for the value of an option of a type."""
    kinds = [part for part in get_args(declared) if part is not NoneType] or [declared]
    if get_origin(declared) is Literal:
        return ", ".join(kinds)
    return {int: "NUMBER", float: "NUMBER", Path: "PATH"}.get(kinds[0], "TEXT")


def _does(one: _Parameter) -> str:
    """Return what an option does, with its default."""
    told = plain(one.info.help or "")
    if one.default is inspect.Parameter.empty and isinstance(one.info, OptionInfo):
        told += " Needed."
    elif one.default not in (None, False, "", inspect.Parameter.empty):
        told += f" Default: {code(str(one.default))}."
    return told + (f" Or the variable {code(str(one.info.envvar))}." if one.info.envvar else "")
