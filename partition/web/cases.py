"""Counties read once and kept in memory, for pages that answer at once: settings and hand edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geodata.faults import BadData
from geodata.parts import file_and_part
from partition.scenario.read import with_paths
from partition.settings.map import MapTable
from partition.settings.scenario import Scenario
from partition.settings.types import Names, named
from partition.web.shelf import Shelf

if TYPE_CHECKING:
    from partition.model.area import Area
    from partition.scenario.case import Case

CASES_KEPT = 4


class Cases:
    """The last few counties that were asked for, each as its scenario and its files were. Safe between threads."""

    def __init__(self) -> None:
        self._shelf = Shelf[str, "Case | BadData"](CASES_KEPT)

    def case(self, scenario: Scenario, keep: Sequence[str] = ()) -> Case:
        """The scenario with its data, read at most once. Raises BadData, as reading does."""
        with self._shelf.hold(_key(scenario, keep)) as place:  # a second page waits for the first to have read
            found = place.thing = place.thing or _load(scenario, keep)
        if isinstance(found, BadData):
            raise found
        return found

    def area(self, scenario: Scenario) -> Area | None:
        """A scenario's schools whatever its criteria, with the columns those name; None where they cannot be read."""
        bare, columns = _bare(scenario)
        for keep in dict.fromkeys((columns, ())):  # a column that is not there is told beside the criterion
            try:
                return self.case(bare, keep).problem.area
            except BadData:
                continue
        return None

    def area_at_hand(self, scenario: Scenario) -> Area | None:
        """The same if it has been read already."""
        bare, columns = _bare(scenario)
        known = self._shelf.at_hand(_key(bare, columns))
        return None if known is None or isinstance(known, BadData) else known.problem.area


def _bare(scenario: Scenario) -> tuple[Scenario, tuple[str, ...]]:
    """A scenario without criteria and priorities, and the columns that these name."""
    world = MapTable(world=scenario.map.world)  # a made-up county may lie in the real world's sea
    columns = dict.fromkeys(named(scenario.rules, Names.COLUMN) + named(scenario.preferences, Names.COLUMN))
    return Scenario(data=scenario.data, travel=scenario.travel, map=world), tuple(columns)


def _load(scenario: Scenario, keep: Sequence[str]) -> Case | BadData:
    from partition.scenario.case import load

    try:
        return load(scenario, keep=keep)
    except BadData as bad:
        return bad


def _key(scenario: Scenario, keep: Sequence[str]) -> str:
    """All that a case hangs on: the scenario, and the files it names as they are now."""
    files: list[str] = []

    def note(path: str) -> str:
        try:
            facts = file_and_part(path)[0].stat()
            files.append(f"{path} {facts.st_mtime_ns} {facts.st_size}")
        except OSError:
            files.append(path)
        return path

    with_paths(scenario.model_dump(), note)
    return "\n".join([scenario.model_dump_json(), *keep, *files])
