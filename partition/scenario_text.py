"""A scenario as the text of its file: written out, changed key by key, and held to one folder. Comments stay."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import TOMLKitError

from geodata.faults import BadData, Fault
from partition.scenario import PRESET, Scenario, read_scenario_text, with_paths

HERE_ONLY = ("127.0.0.1", "localhost", "::1")


def text_of(scenario: Scenario, folder: Path) -> str:
    """All that a scenario states, as a file in `folder` would state it; what it extends is written in."""
    stated = _off(scenario.model_dump(mode="json", exclude_unset=True))
    return tomlkit.dumps(with_paths(stated, lambda path: _seen_from(path, folder)))


def _off(value: Any) -> Any:
    """What is switched off, in the file's own word."""
    if isinstance(value, dict):
        return {key: _off(item) for key, item in value.items()}
    return "off" if value is None else value


def _seen_from(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(path).resolve().as_posix()


def with_settings(text: str, settings: Mapping[str, object]) -> str:
    """The text with these keys ("data.pupils.151275") set, all else as it was. Raises BadData where it is not TOML."""
    try:
        document = tomlkit.parse(text)
        for key, value in settings.items():
            *tables, last = key.split(".", 2)
            table: Any = document
            for name in tables:
                table = table.setdefault(name, tomlkit.table())
            table[last] = value
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as wrong:
        raise BadData([Fault(file="scenario", fix=f"it is not TOML that can be changed: {wrong}")]) from None


def read_within(text: str, folder: Path) -> Scenario:
    """What a text states that may have come from anybody: it may name what is in the folder only.

    Raises BadData where it names a file or a server elsewhere, and with every fault that reading finds.
    """
    refuse_outside(text, folder)
    return read_scenario_text(text, folder)


def refuse_outside(text: str, folder: Path) -> None:
    """Raises BadData where a scenario in `folder`, or one that it extends there, names a file or a server elsewhere."""
    faults = list(_outside(text, folder, folder.resolve(), ()))
    if faults:
        raise BadData(faults)


def _outside(text: str, folder: Path, within: Path, seen: tuple[Path, ...]) -> Iterator[Fault]:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # its reader will say so
    named: list[str] = []

    def note(path: str) -> str:
        named.append(path)
        return path

    with_paths(given, note)
    base = given.get("extends")
    if isinstance(base, str) and not base.startswith(PRESET):
        named.append(base)
    for path in named:
        if not _lies_in(folder / path, within):
            fix = (
                "this file lies outside the project's folder, and pages read nothing there; add the file to the project"
            )
            yield Fault(file="scenario", value=path, fix=fix)
    travel = given.get("travel")
    server = travel.get("server") if isinstance(travel, dict) else None
    if isinstance(server, str) and server != "off" and urlsplit(server).hostname not in HERE_ONLY:
        fix = "pages ask a server on this machine only; use the command line for another"
        yield Fault(file="scenario", column="travel.server", fix=fix)
    if isinstance(base, str) and base in named and _lies_in(folder / base, within):
        further = (folder / base).resolve()
        if further.is_file() and further not in seen:
            told = further.read_text(encoding="utf-8-sig", errors="replace")
            yield from _outside(told, further.parent, within, (*seen, further))


def _lies_in(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, ValueError):
        return False
