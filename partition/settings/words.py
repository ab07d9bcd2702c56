"""Settings in planners' words, with their units, for headings of columns and for sentences."""

from __future__ import annotations

import re
from functools import cache

from partition.settings.declare import Words, words_of
from partition.settings.scenario import Scenario


@cache
def words(key: str) -> Words:
    """Return the words of a setting ("rules.heads_min"); empty `Words` for any other key."""
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
    """Return the name of a setting or column: its own name, else its label, else its key in plain letters."""
    known = words(key)
    label = known.label[:1].lower() + known.label[1:]
    return known.name or label or key.rpartition(".")[2].replace("_", " ")


def heading_of(key: str) -> str:
    """Return the name of a setting or column with its unit, as the heading of a column."""
    unit = _unit(key)
    return f"{name_of(key)}, {unit}" if unit else name_of(key)


def value_of(key: str, value: str) -> str:
    """Return a value with the unit of its setting; "off" has no unit."""
    unit = _unit(key)
    return f"{value} {unit}" if unit and value != "off" else value


def _unit(key: str) -> str:
    """Return the unit of a setting; "" where the name includes the unit ("fewest heads")."""
    unit = words(key).unit
    return "" if unit in name_of(key) else unit


def change_words(change: str) -> str:
    """Return the change of a rule (`minutes_max 20 to 25`) in planners' words; any other text unchanged."""
    found = re.fullmatch(r"(\w+) (\S+) to (\S+)", change)
    key = f"rules.{found[1]}" if found else ""
    return f"{name_of(key)} {found[2]} to {value_of(key, found[3])}" if found and words(key).label else change
