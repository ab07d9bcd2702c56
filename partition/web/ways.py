"""The ways out where there is no plan, as the project remembers them: told on the page, and taken there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from partition.storage.project_file import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way out: what to change, what there is then, and the settings that do it; None where none do.

    `typed` are the same settings as options of a command.
    """

    change: str
    then: str
    settings: Mapping[str, Any] | None
    typed: str = ""


def remember_ways(project: Project, asked: int, ways: Sequence[Way]) -> None:
    """Keep the ways out of what was asked under this number."""
    project.remember(_key(asked), json.dumps([asdict(way) for way in ways]))


def ways_of(project: Project, asked: int) -> list[Way]:
    """The ways out that were found, the cheapest first; none where none were looked for."""
    return [Way(**way) for way in json.loads(project.setting(_key(asked)) or "[]")]


def _key(asked: int) -> str:
    return f"ways out of {asked}"
