"""The text of a scenario file: written from a scenario, or changed key by key with its comments kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from geodata import toml_text
from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.scenario.read import with_paths
from partition.settings.scenario import Scenario


def text_of(scenario: Scenario, folder: Path) -> str:
    """Return all that a scenario states as the text of a file in `folder`, with settings of files that it extends."""
    stated = _off(scenario.model_dump(mode="json", exclude_unset=True))
    return tomlkit.dumps(with_paths(stated, lambda path: _seen_from(path, folder)))


def _off(value: Any) -> Any:
    """Return a value with "off" in place of None, as the file states it."""
    if isinstance(value, dict):
        return {key: _off(item) for key, item in value.items()}
    return "off" if value is None else value


def _seen_from(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(path).resolve().as_posix()


def _written(value: Any) -> Any:
    """Return a value as people write it: an identifier of plain digits as a number."""
    if isinstance(value, Urn):
        return value.plain
    if isinstance(value, list | tuple):
        return [_written(item) for item in value]
    return {str(key): _written(item) for key, item in value.items()} if isinstance(value, dict) else value


def with_settings(text: str, settings: Mapping[str, object]) -> str:
    """Return the text with these keys ("data.pupils.151275") set, all else unchanged. Raises BadData for bad TOML."""
    document = toml_text.document(text, "scenario")
    try:
        for key, value in settings.items():
            *tables, last = key.split(".", 2)
            table: Any = document
            for name in tables:
                table = table.setdefault(name, tomlkit.table())
            table[last] = _written(value)
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as wrong:
        raise BadData([Fault(file="scenario", fix=f"it is not TOML that can be changed: {wrong}")]) from None
