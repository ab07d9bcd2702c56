"""Which pairs of schools could share a head."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.scenario.case import Case
    from partition.settings.scenario import Scenario
    from partition.studies.federations.find import Found


@dataclass(frozen=True, slots=True)
class FederationsFound:
    """The pairs that were found, and the case that they belong to."""

    case: Case
    found: Found

    def write(self, out: Path, *, internal: bool = False) -> dict[str, str]:
        """Write the pairs as Markdown and CSV into a folder; return the files."""
        from geodata.files import together, writable_folder
        from partition.studies.federations.text import write_pairs

        writable_folder(out)
        with together(private=internal):
            return write_pairs(self.found, self.case.title, self.case.status, out, internal=internal)


def look_for_federations(scenario: Scenario, *, use_cache: bool = True) -> FederationsFound:
    """Rank the pairs of heads that a scenario's criteria allow together, by the columns that it names.

    The columns that tell of heads' posts are read here alone. Raises BadData where the scenario does not fit the data.

    Examples
    --------
    >>> import partition as p
    >>> scenario = p.read_scenario("county.toml", ["rules.heads_min=2", "rules.minutes_max=9"])
    >>> done = p.look_for_federations(scenario)
    >>> all(pair.minutes <= 9 for pair in done.found.pairs), done.found.not_named
    (True, ('posts', 'surplus', 'character'))
    """
    from partition.scenario.case import load
    from partition.studies.federations.find import find_federations

    case = load(scenario, use_cache=use_cache, keep=scenario.federations.columns)
    return FederationsFound(case, find_federations(case.problem, scenario.federations, case.sources[0].name))
