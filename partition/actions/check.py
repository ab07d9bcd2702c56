"""What is in the data, before anything is planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geodata.doubts import Doubts
    from partition.model.area import Area
    from partition.model.roster import Roster
    from partition.scenario.case import Case


@dataclass(frozen=True, slots=True)
class DataChecked:
    """The data of a case, and the minutes that are doubtful."""

    case: Case
    doubtful: Doubts

    @property
    def area(self) -> Area:
        """The schools, and what lies between them."""
        return self.case.problem.area

    @property
    def roster(self) -> Roster:
        """The headships that take part."""
        return self.case.problem.roster

    @property
    def doubt_lines(self) -> list[str]:
        """What is doubtful, in lines."""
        from partition.studies.distances import doubt_words

        return list(doubt_words(self.area, self.doubtful))

    @property
    def headship_lines(self) -> list[str]:
        """Headships that are large, or whose own schools lie further apart than the limit on drives, in lines."""
        from partition.scenario.headships import headships_seen

        return [f"one head: {seen.words(self.roster)}" for seen in headships_seen(self.case.problem)]

    def out_of_reach(self, *, internal: bool = False) -> list[str]:
        """Return links and groupings with an end outside the schools selected; who works with whom if `internal`."""
        links = self.case.links_out_of_reach
        words = [f"link {a} - {b}" for a, b in links] if internal else []
        if links and not internal:
            words = [f"{len(links)} link{'s' * (len(links) != 1)} (--internal says of whom)"]
        return [*words, *(f"{name}: {urn}" for urn, name in self.case.groups_out_of_reach)]

    def facts(self, *, internal: bool = False) -> dict[str, Any]:
        """Return what is there, as JSON holds it."""
        from partition.scenario.headships import headships_seen
        from partition.studies.distances import worst_facts

        case, area, roster = self.case, self.area, self.roster
        return {
            "identifier": area.identifier.one,
            "schools": len(area),
            "small": roster.small_schools,
            "headships": len(roster),
            "federations": [
                {
                    "name": seen.headship.name,
                    "urns": list(seen.headship.urns),
                    "already": seen.headship.already,
                    "worst_minutes": seen.worst_minutes,
                    "over_limit": seen.wide,
                }
                for seen in headships_seen(case.problem)
            ],
            "associates": sum(headship.associates for headship in roster.headships),
            "links": len(area.working_links),
            "existing": len(area.existing),
            "travel": area.travel.words,
            "read": [reading.as_dict() for reading in case.readings],
            "minutes_read": list(area.travel.reading),
            "places": area.grid.words,
            "notices": [notice.as_dict() for notice in case.notices],
            "left_out": [{"urn": urn, "name": name, "why": why} for urn, name, why in case.left_out],
            "out_of_reach": self.out_of_reach(internal=internal),
            "doubtful_pairs": self.doubtful.pairs,
            "doubtful_schools": self.doubtful.schools,
            "doubtful_worst": worst_facts(area, self.doubtful),
        }


def check_data(case: Case) -> DataChecked:
    """Say what is in the data. Nothing is solved.

    Parameters
    ----------
    case
        The data and the settings, as `load` reads them, which raises BadData with every fault.

    Examples
    --------
    >>> import partition as p
    >>> p.check_data(p.load(p.read_scenario("county.toml"))).facts()["schools"]
    60
    """
    from partition.studies.distances import doubts

    return DataChecked(case, doubts(case.problem.area))
