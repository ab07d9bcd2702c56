"""The files that the scenario in hand names, each with what it is taken for; and files that wait to be told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from partition.storage.project_file import Project
from partition.web.workspace import Workspace, stated_table

WAITING = "files that wait"  # under which the project remembers them
WAITING_MAX = 20
TAKEN_FOR = {  # every key that names files, in words
    "data.schools": "schools",
    "data.opening": "schools that open",
    "data.existing": "today’s partnerships",
    "data.headships": "schools led by one head",
    "data.links": "working links",
    "data.answers": "what schools answered",
    "data.join": "more columns by school",
    "data.postcodes": "postcodes with their points",
    "data.areas": "areas that schools lie in",
    "data.register_links": "what schools go by today",
    "travel.roads": "roads",
    "travel.matrix": "minutes between schools",
    "advisers.people": "advisers",
    "effects.results": "schools’ results",
    "effects.survey": "survey of schools",
    "effects.activity": "what partnerships do",
    "map.base": "drawn beneath the map",
}


@dataclass(frozen=True, slots=True)
class InHand:
    """A file that the scenario names: by which key, where among several, and what it is taken for."""

    key: str
    place: str  # number or name among several; "" for the only one
    path: str
    words: str

    @property
    def may_go(self) -> bool:
        """Return whether it can be taken out and something is left to work with."""
        return self.key != "data.schools"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files received of which people have to say what they are."""

    paths: tuple[str, ...]
    guess: str  # "schools", or "" where nothing is known


def files_in_hand(text: str) -> list[InHand]:
    """Return the files that a scenario's text names, in the order of what they are."""
    found = []
    for key, words in TAKEN_FOR.items():
        table, _, name = key.partition(".")
        stated = stated_table(text, table).get(name)
        for place, path in _paths(key, stated):
            found.append(InHand(key, place, path, words))
    return found


def _paths(key: str, stated: Any) -> Sequence[tuple[str, str]]:
    if isinstance(stated, str) and stated != "off":
        return [("", stated)]
    if isinstance(stated, list):
        return [(str(n), path) for n, path in enumerate(stated) if isinstance(path, str)]
    if isinstance(stated, dict) and key == "data.areas":
        return [(name, path) for name, path in stated.items() if isinstance(path, str)]
    return []  # a column


def without(text: str, key: str, place: str) -> Mapping[str, object] | None:
    """Return the settings by which a file is named no more; None where the text names no such file that may go."""
    one = next((one for one in files_in_hand(text) if (one.key, one.place) == (key, place)), None)
    if one is None or not one.may_go:
        return None
    table, _, name = key.partition(".")
    stated = stated_table(text, table)[name]
    if isinstance(stated, list):
        return {key: [path for n, path in enumerate(stated) if str(n) != place]}
    return {key: {k: v for k, v in stated.items() if k != place} if isinstance(stated, dict) else "off"}


def waiting_in(project: Project) -> list[Waiting]:
    """Return the files that wait, the first received first."""
    told = json.loads(project.setting(WAITING) or "[]")
    return [Waiting(tuple(one["paths"]), one["guess"]) for one in told]


def have_wait(project: Project, one: Waiting) -> None:
    """Have files wait until somebody says what they are."""
    _remember(project, [*waiting_in(project), one][-WAITING_MAX:])


def take_from_waiting(project: Project, place: int) -> Waiting | None:
    """Return the files in a place of those that wait, which wait no more; None where there are none."""
    there = waiting_in(project)
    if not 0 <= place < len(there):
        return None
    _remember(project, [*there[:place], *there[place + 1 :]])
    return there[place]


def _remember(project: Project, there: Sequence[Waiting]) -> None:
    project.remember(WAITING, json.dumps([{"paths": one.paths, "guess": one.guess} for one in there]))


def place_files(workspace: Workspace, paths: Sequence[str], role: str) -> None:
    """Have the scenario in hand name files as what they are: schools in place of those in hand, or a role of theirs."""
    if role == "instead":
        workspace.change({"data.schools": paths[0]})
    else:
        workspace.use(paths, role)
