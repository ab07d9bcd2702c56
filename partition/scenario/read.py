"""A scenario: data, rules and preferences in one TOML file, strictly read.

`extends` names another scenario to start from, or a preset that comes with the program ("preset:scheme-2012"): a path
is relative to the file that states the path, tables merge, lists replace. Any key may be set to "off". Settings given
on the command line are applied last.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from geodata import toml_text
from geodata.faults import BadData, Fault
from geodata.parts import file_and_part
from partition.settings.scenario import Scenario
from partition.settings.types import (
    Names,
    changed,
)

COMMAND_LINE, SCENARIO = "--set", "scenario.toml"
HERE_ONLY = ("127.0.0.1", "localhost", "::1")
CHAIN_MAX = 10  # of scenarios that extend one another
NAME_LENGTH_MAX = 255  # of a file or folder, on every system
SHOWN_MAX = 60  # characters of a value in a fault
PRESET, PRESETS = "preset:", Path(__file__).parent / "presets"  # scenarios to extend, or to give as they are
ADDRESS = re.compile(r"\b(\w+://)[^\s'\"\\]*")


def read_scenario(path: Path | str | None = None, settings: Sequence[str] = ()) -> Scenario:
    """Read the scenario of a file, and apply further settings over the file.

    Parameters
    ----------
    path : Path or str, optional
        A TOML file, or a preset such as "preset:scheme-2012"; None starts from the defaults of all settings.
    settings : sequence of str, default ()
        Settings as "table.key=value", applied in this order; a value that is no TOML is taken as text.

    Returns
    -------
    Scenario
        Every setting, with its type and bounds checked; paths in the file are resolved against the file's folder.

    Raises
    ------
    BadData
        With every fault of the settings, or where the file, or a file that it extends, cannot be read.

    Examples
    --------
    >>> from partition import read_scenario
    >>> scenario = read_scenario(settings=["rules.minutes_max=25", "rules.heads_max=off"])
    >>> scenario.rules.minutes_max, scenario.rules.heads_max
    (25.0, None)
    """
    if path is None:
        return _scenario([], settings)
    path = Path(path)
    return _scenario(_read(_preset(path.name) if path.name.startswith(PRESET) else path, (), None), settings)


def read_scenario_text(text: str, folder: Path, name: str = SCENARIO, settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario that a text states, with `settings` ("rules.minutes_max=25") applied over the text.

    Paths in the text are relative to `folder`; `name` is the text's name in faults. Raises BadData with every fault.
    """
    return _scenario(_layers(text, name, folder, (), None), settings)


def read_within(text: str, folder: Path, settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a text of unknown origin, which may name files inside `folder` only.

    Raises BadData where the text, or a file that the text extends, names a file outside the folder or a server on
    another machine; otherwise with every fault.
    """
    return _scenario(_layers(text, SCENARIO, folder, (), folder), settings, folder)


def read_over(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    """Return a scenario with `settings` ("rules.minutes_max=25") applied over it. Raises BadData as `read_scenario`."""
    return _scenario([(SCENARIO, scenario.model_dump(mode="json", exclude_unset=True))], settings)


def refuse_outside(text: str, folder: Path) -> None:
    """Refuse a text that names files or servers which `read_within` does not allow, whatever its other faults.

    Raises BadData, also where the text, or a file that the text extends, cannot be read as TOML.
    """
    _layers(text, SCENARIO, folder, (), folder)


def _scenario(layers: Layers, settings: Sequence[str] = (), within: Path | None = None) -> Scenario:
    """Return the scenario that all layers make together, with settings applied over them."""
    faults: list[Fault] = []
    for setting in settings:
        try:
            layers.append((COMMAND_LINE, _resolve(_parse_setting(setting), COMMAND_LINE, Path(), within)))
        except BadData as bad:
            faults += bad.faults
    given: dict[str, Any] = {}
    for _, tables in layers:
        given = _merge(given, tables)
    try:
        scenario = Scenario.model_validate(given)
    except ValidationError as wrong:
        told = [_fault(_stated_in(layers, error["loc"]), error) for error in wrong.errors()]
        faults += {fault.column: fault for fault in told}.values()
    if faults:
        raise BadData(faults)
    return scenario


def _preset(name: str) -> Path:
    """Return the file of a preset that comes with the program, such as "preset:scheme-2012"."""
    found = PRESETS / f"{name.removeprefix(PRESET)}.toml"
    if found not in set(PRESETS.glob("*.toml")):
        there = ", ".join(f"{PRESET}{preset.stem}" for preset in sorted(PRESETS.glob("*.toml")))
        raise BadData(
            [Fault(file="scenario", column="extends", value=_shown(name), fix=f"no such preset; there are: {there}")]
        )
    return found


Layers = list[tuple[str, dict[str, Any]]]  # name and tables of each file and each setting, in order of application


def _stated_in(layers: Layers, place: Sequence[object]) -> str:
    """Return the name of the last layer that states a key."""

    def states(tables: Any, place: Sequence[object]) -> bool:
        if not place or not isinstance(tables, dict):
            return True
        return str(place[0]) in tables and states(tables[str(place[0])], place[1:])

    return next((name for name, tables in reversed(layers) if states(tables, place)), layers[-1][0])


def _read(path: Path, seen: tuple[Path, ...], within: Path | None) -> Layers:
    """Return the layers of a file: those of the file that it extends, then its own."""
    text = toml_text.read(path)
    place = path.resolve()
    if place in seen:
        raise BadData([Fault(file=path.name, column="extends", fix="scenarios extend each other in a ring; break it")])
    if len(seen) >= CHAIN_MAX:
        fix = f"over {CHAIN_MAX} scenarios extend one another; write some of them into one"
        raise BadData([Fault(file=path.name, column="extends", fix=fix)])
    return _layers(text, path.name, path.parent, (*seen, place), within)


def _layers(text: str, name: str, folder: Path, seen: tuple[Path, ...], within: Path | None) -> Layers:
    """Return the layers of a text: those of the file that the text extends, then its own."""
    given = toml_text.parse(text, name)
    base = given.pop("extends", None)
    given = _resolve(given, name, folder, within)
    if base is None:
        return [(name, given)]
    if not isinstance(base, str):
        raise BadData([Fault(file=name, column="extends", value=_shown(base), fix="name one scenario file")])
    if base.startswith(PRESET):
        return [*_read(_preset(base), seen, None), (name, given)]
    if fix := _unfit(base, folder, within):
        raise BadData([Fault(file=name, column="extends", value=_shown(base), fix=fix)])
    return [*_read(folder / base, seen, within), (name, given)]


def _resolve(given: dict[str, Any], name: str, folder: Path, within: Path | None) -> dict[str, Any]:
    """Return the tables with paths resolved against `folder`. Raises BadData where a path or server is not allowed."""
    faults = []
    for key, path in _named(given, Names.FILE):
        if fix := _unfit(path, folder, within):
            faults.append(Fault(file=name, column=key, value=_shown(path), fix=fix))
    if within is not None and any(not _is_here(server) for _, server in _named(given, Names.SERVER)):
        fix = "pages ask a server on this machine only; use the command line for another"
        faults.append(Fault(file=name, column="travel.server", fix=fix))
    if faults:
        raise BadData(faults)
    return with_paths(given, lambda path: str(folder / path))


def _named(given: Mapping[str, Any], what: Names) -> Iterator[tuple[str, str]]:
    """Yield every file, or server, that the tables name, after the key of its setting."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    for table, settings in given.items():
        for key, value in settings.items() if isinstance(settings, dict) else ():
            changed(Scenario, {table: {key: value}}, what, note)
            yield from ((f"{table}.{key}", text) for text in found)
            found.clear()


def _unfit(path: str, folder: Path, within: Path | None) -> str:
    """Return why a path may not be named here; "" where the path is allowed."""
    if "\x00" in path or any(len(part) > NAME_LENGTH_MAX for part in re.split(r"[/\\]", path)):
        return "this is no file's name; check it"
    if within is None:
        return ""
    file, _ = file_and_part(folder / path)
    place = Path(os.path.realpath(file))  # with every link in the path followed to its end
    if not place.is_relative_to(os.path.realpath(within)):
        return "this file lies outside the project's folder, and pages read nothing there; add the file to the project"
    try:
        return "" if stat.S_ISREG(place.stat().st_mode) else "it cannot be read: it is no plain file; name a file"
    except FileNotFoundError:
        return ""  # its reader will say so
    except OSError as wrong:
        return f"it cannot be read: {wrong.strerror}; check the name and the folder"


def _is_here(server: str) -> bool:
    try:
        return urlsplit(server).hostname in HERE_ONLY
    except ValueError:
        return False


def with_paths(given: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return a scenario's tables with `change` applied to every path in them."""
    return dict(changed(Scenario, given, Names.FILE, change))


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _parse_setting(setting: str) -> dict[str, Any]:
    """Return a setting such as `rules.minutes_max=25` as a nested table; a value that is no TOML is taken as text."""
    key, equals, text = setting.partition("=")
    if not equals or "." not in key:
        fix = "write table.key=value, such as rules.minutes_max=25"
        raise BadData([Fault(file=COMMAND_LINE, value=_shown(setting), fix=fix)])
    try:
        value = toml_text.parse(f"value = {text.strip()}", COMMAND_LINE)["value"]
    except BadData:
        value = text.strip()
    nested: Any = value
    for part in reversed([part.strip() for part in key.split(".", 2)]):
        nested = {part: nested}
    return dict(nested)


UNION_PARTS = frozenset({"str", "list[str]", "constrained-int"})  # names of types in the place of an error, no keys


def _fault(file: str, error: Any) -> Fault:
    """Return an error of pydantic as a fault in this program's words."""
    place = [str(part) for part in error["loc"] if str(part) not in UNION_PARTS and "[" not in str(part)]
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        return Fault(file=file, column=key, value=_shown(error["input"]), fix=_did_you_mean(place))
    if error["type"] == "value_error":
        return Fault(file=file, column=key, fix=str(error["ctx"]["error"]))
    value = "off" if error["input"] is None else _shown(error["input"])
    return Fault(file=file, column=key, value=value, fix=f"{error['msg'][0].lower()}{error['msg'][1:]}")


def _shown(value: object) -> object:
    """Return a value for a message: a long text is shortened, and an address cut, as addresses may hold passwords."""
    text = str(value)
    if "://" in text:
        value = text = ADDRESS.sub(r"\1...", text)
    if len(text) > SHOWN_MAX:
        return f"{text[:SHOWN_MAX]} ..."
    return value


def _did_you_mean(place: list[str]) -> str:
    table: Any = Scenario
    for part in place[:-1]:
        field = table.model_fields.get(part)
        table = field.annotation if field is not None else Scenario
    near = difflib.get_close_matches(place[-1], table.model_fields, 1)
    where = "a table" if len(place) == 1 else "a setting"
    return f"it is not {where}" + (
        f"; did you mean {near[0]}?" if near else f"; there are {', '.join(table.model_fields)}"
    )
