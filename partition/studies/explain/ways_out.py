"""A way out as settings: the changes to a scenario that give the rules of the way out.

Not every rule has a setting of its own: two heads who share a post stay together by the kind of their link, and
partnerships locked by `keep` or by answers are not named in the file. A way out from these has words, but no settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geodata.urns import Urn
from partition.settings.rules import Rules
from partition.studies.explain.conflicts import Change

OFF = "off"


def settings_of(changes: Iterable[Change], stated: Rules) -> dict[str, Any] | None:
    """Return the settings that make these changes ("rules.minutes_max": 25); None where no settings do.

    `stated` is the table of rules as the scenario states it, without the values that the data add.
    """
    found: dict[str, Any] = {}
    for rule, then in changes:
        keys = rule.as_settings(then, stated.model_copy(update=found))
        if keys is None:
            return None
        found |= keys
    return {f"rules.{key}": OFF if value is None else _as_stated(value) for key, value in found.items()}


def _as_stated(value: Any) -> Any:
    """Return a value as a file has it: keys of a table as text, plain digits and whole minutes as numbers."""
    if isinstance(value, dict):
        return {str(key): _as_stated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_stated(item) for item in value]
    if isinstance(value, Urn):
        return value.plain
    return int(value) if isinstance(value, float) and value.is_integer() else value
