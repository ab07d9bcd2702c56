"""Settings in the words that planners use, with their units, as they head columns and stand in sentences."""

from __future__ import annotations

import re
from functools import cache

from partition.settings.declare import Words, words_of
from partition.settings.scenario import Scenario


@cache
def words(key: str) -> Words:
    """Return the words of a setting ("rules.heads_min"), or of a part of one; none where there is no such setting."""
    table, _, name = key.partition(".")
    declared = getattr(getattr(Scenario.model_fields.get(table), "annotation", None), "model_fields", {})
    return words_of(declared[name]) if name in declared else Words()


@cache
def private_keys() -> dict[str, tuple[str, ...]]:
    """Return the settings that stay out of maps, public plans and letters, by table, in the order of their tables."""
    tables = {name: declared.annotation for name, declared in Scenario.model_fields.items()}
    private = {
        name: tuple(key for key, inside in getattr(table, "model_fields", {}).items() if words_of(inside).private)
        for name, table in tables.items()
    }
    return {name: keys for name, keys in private.items() if keys}


def name_of(key: str) -> str:
    """Return what a setting, or a column, is called: its key in plain letters where it has no name of its own."""
    known = words(key)
    label = known.label[:1].lower() + known.label[1:]
    return known.name or label or key.rpartition(".")[2].replace("_", " ")


def heading_of(key: str) -> str:
    """Return the same with its unit, as it heads a column."""
    unit = _unit(key)
    return f"{name_of(key)}, {unit}" if unit else name_of(key)


def value_of(key: str, value: str) -> str:
    """Return a value with its unit."""
    unit = _unit(key)
    return f"{value} {unit}" if unit and value != "off" else value


def _unit(key: str) -> str:
    """A setting's unit, "" where its name says it ("fewest heads")."""
    unit = words(key).unit
    return "" if unit in name_of(key) else unit


def change_words(change: str) -> str:
    """A rule that moves, as rules tell it (`minutes_max 20 to 25`), in planners' words; anything else as it is."""
    found = re.fullmatch(r"(\w+) (\S+) to (\S+)", change)
    key = f"rules.{found[1]}" if found else ""
    return f"{name_of(key)} {found[2]} to {value_of(key, found[3])}" if found and words(key).label else change
