"""Groups as they are, today's or any that are drawn by hand: read, and judged with no solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.urns import Urn
from partition.actions.plan import JUDGED, write_plan_and_map

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case


@dataclass(frozen=True, slots=True)
class GroupsJudged:
    """Groups in figures, with every rule that they break."""

    case: Case
    account: Account

    @property
    def facts(self) -> dict[str, object]:
        """The groups and the rules that they break, as JSON holds it, but for rules that name who works with whom."""
        from partition.plans.wishes import wishes_facts

        account = self.account
        from partition.plans.own_minutes import spread_facts

        return {
            "status": "judged",
            "cost": account.cost.terms(),
            "unit": account.unit,
            "partnerships": len(account.joined),
            "federations": len(account.federations),
            "breaches": [
                {"rule": breach.rule, "urns": list(breach.urns), "words": breach.words}
                for breach in account.breaches
                if not breach.private
            ],
            "unplaced": [{"urn": urn, "name": account.area.name_of(urn)} for urn in account.unplaced],
            "heads_own": spread_facts(account, internal=False),
            "digest": account.plan.digest,
            **wishes_facts(account),
        }

    def write(
        self, out: Path, names: tuple[str, str] = JUDGED, *, internal: bool = False, tiles: str = ""
    ) -> dict[str, str]:
        """Write the plan file and the map into a folder; return the files by what each is."""
        return write_plan_and_map(self.case, self.account, out, names, internal=internal, tiles=tiles)


def judge_groups(case: Case, labels: Mapping[Urn, str]) -> GroupsJudged:
    """Check and cost groups as they are. Nothing is solved.

    Parameters
    ----------
    case
        The data and the settings, as `load` reads them.
    labels
        Each school's URN and the name of its group, such as `todays_groups` or `read_groups_file` give them.

    Returns
    -------
    GroupsJudged
        The groups in figures, and `write`, which writes the files.

    Examples
    --------
    >>> import partition as p
    >>> case = p.load(p.read_scenario("county.toml"))
    >>> judged = p.judge_groups(case, p.todays_groups(case))
    >>> judged.account.run is None, len(judged.account.breaches) > 0
    (True, True)
    """
    from partition.plans.judge import judge

    return GroupsJudged(case, judge(case.problem, labels))


def todays_groups(case: Case) -> dict[Urn, str]:
    """Return today's partnerships.

    Parameters
    ----------
    case
        The data and the settings, as `load` returns them.

    Returns
    -------
    dict[Urn, str]
        The name of each school's partnership, by URN; empty where there are no partnerships today.

    Examples
    --------
    >>> import partition as p
    >>> case = p.load(p.read_scenario("county.toml"))
    >>> len(set(p.todays_groups(case).values())) == len(case.problem.area.existing)
    True
    """
    return {urn: group.name for group in case.problem.area.existing for urn in group.urns}


def read_groups_file(case: Case, path: Path) -> dict[Urn, str]:
    """Read groups drawn by hand.

    Parameters
    ----------
    case
        The data and the settings, as `load` returns them.
    path
        A table of urn and partnership.

    Returns
    -------
    dict[Urn, str]
        The name of each school's group, by URN.

    Raises
    ------
    BadData
        With every fault of the table.

    Examples
    --------
    >>> import partition as p
    >>> case = p.load(p.read_scenario("county.toml"))
    >>> p.read_groups_file(case, Path("today.csv")) == p.todays_groups(case)
    True
    """
    from geodata.faults import BadData
    from geodata.groups import read_groups

    area, now = case.problem.area, case.successors.now
    known, selected = case.known_urns, set(area.urns)
    with area.identifier.in_faults():
        read = read_groups(path, label="partnership", known_urns=known, selected_urns=selected, now=now)
        if questions := case.successors.questions():
            raise BadData(questions)
    return dict(read.labels)
