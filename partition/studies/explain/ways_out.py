"""A way out as settings: what to change in a scenario so that its rules are those of the way.

Not every rule comes from a setting of its own: two heads who share a post stay together by the kind of their link, and
what `keep` or answers lock is named nowhere in the file. Such a way out is told, and is nothing to set.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from partition.settings.rules import Rules
from partition.studies.explain.conflicts import Change

OFF = "off"


def settings_of(changes: Iterable[Change], stated: Rules) -> dict[str, Any] | None:
    """Return the settings that make these changes ("rules.minutes_max": 25); None where none do.

    `stated` are those that the scenario states, before its data settle what they mean.
    """
    found: dict[str, Any] = {}
    for rule, then in changes:
        keys = rule.as_settings(then, stated.model_copy(update=found))
        if keys is None:
            return None
        found |= keys
    return {f"rules.{key}": OFF if value is None else _as_stated(value) for key, value in found.items()}


def _as_stated(value: Any) -> Any:
    """A value as a file has it: keys of a table as text, whole minutes without a point."""
    if isinstance(value, dict):
        return {str(key): _as_stated(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value
