"""The next round of talks: what all accepted is kept, the rest planned again, and whom to talk to next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partition.actions.plan import PlanMade
    from partition.scenario.case import Case
    from partition.solver import Progress
    from partition.studies.next_round.plan_again import Matter, Question


@dataclass(frozen=True)
class RoundPlanned:
    """A plan that keeps what all accepted; `loaded` is the case with the answers, before anything was kept."""

    loaded: Case
    made: PlanMade

    @cached_property
    def waiting(self) -> tuple[Question, ...]:
        """Open answers, the most promising first."""
        from partition.studies.next_round.plan_again import questions

        return questions(self.made.case)

    @property
    def kept(self) -> Sequence[str]:
        """Partnerships that are kept, by name."""
        return self.made.case.scenario.rules.accepted

    @cached_property
    def not_kept(self) -> tuple[tuple[str, str], ...]:
        """Partnerships that all said yes to but that cannot be kept, by name, and why."""
        from partition.studies.next_round.plan_again import not_kept

        return not_kept(self.loaded)

    def ask_both_ways(
        self,
        count: int,
        tell: Callable[[int], None] | None = None,
        stop: Event | None = None,
        found: Callable[[Matter], None] | None = None,
    ) -> tuple[Matter, ...]:
        """Solve the first `count` open answers as a yes and as a no; return them, what a no costs most first.

        `tell` hears how many are done, `found` each as it is found; once `stop` is set the rest is left out.
        """
        from partition.studies.next_round.plan_again import what_matters

        asked, limits = self.waiting[:count], self.loaded.limits
        return what_matters(self.made.case, self.made.run, asked, limits, tell, stop, found)

    def facts(self, matters: Sequence[Matter], *, internal: bool = False) -> dict[str, Any]:
        """Return how far talks are, as JSON holds it.

        Who should be talked to is there only if `internal`, as that says who answered what.
        """
        from partition.studies.next_round.plan_again import open_answers

        facts = {
            "kept": len(self.kept),
            "open_answers": open_answers(self.made.case.problem.roster),
            "waiting": len(self.waiting),
            "internal": internal,
        }
        return facts | ({"talk_to": [self._call(matter) for matter in matters]} if internal else {})

    def _call(self, matter: Matter) -> dict[str, Any]:
        return {
            "urns": list(matter.question.headship.urns),
            "name": matter.question.headship.name,
            "answer": matter.question.said,
            "partnership": matter.question.partnership,
            "a_no_leaves_unplaced": matter.unplaced,
            "a_no_costs_others": None if matter.thousandths is None else matter.thousandths / 1000,
            "unit": self.made.account.unit,
            "proven": matter.proven,
        }

    def write(self, matters: Sequence[Matter], out: Path, *, internal: bool = False, tiles: str = "") -> dict[str, str]:
        """Write the plan, its map and the call sheet into a folder, all or none; return the files."""
        from geodata.files import together

        with together():
            return self.made.write(out, internal=internal, tiles=tiles) | self.write_calls(matters, out)

    def write_calls(self, matters: Sequence[Matter], out: Path) -> dict[str, str]:
        """Write whom to talk to next, which is internal, into a folder; return the files."""
        from geodata.files import writable_folder
        from partition.studies.next_round.call_sheet import write_calls

        writable_folder(out)
        return write_calls(self.made.account, matters, out)


def plan_next_round(
    loaded: Case, tell: Callable[[Progress], None] | None = None, stop: Event | None = None
) -> RoundPlanned:
    """Keep what all schools of a partnership accepted, and plan the rest again.

    Parameters
    ----------
    loaded
        The data with the plan that was asked about as what exists today (`data.existing`) and with the answers
        (`data.answers`); its scenario says how many seconds each search may take.
    tell
        Called as the search goes on.
    stop
        Set, it ends the search with the best plan so far.

    Examples
    --------
    >>> import partition as p
    >>> answers = ['data.existing="plan.gpkg"', 'data.answers="answers.csv"']
    >>> planned = p.plan_next_round(p.load(p.read_scenario("county.toml", answers)))
    >>> len(planned.kept), planned.made.run.status
    (1, 'optimal')
    """
    from partition.actions.plan import PlanMade
    from partition.solver import solve
    from partition.studies.next_round.plan_again import keep_accepted

    case = keep_accepted(loaded)
    return RoundPlanned(loaded, PlanMade(case, solve(case.problem, loaded.limits, tell, stop)))


def write_ask_sheet(plan: Path | bytes, out: Path) -> tuple[int, dict[str, str]]:
    """Write the sheet to ask schools with, as a workbook and as CSV.

    Parameters
    ----------
    plan
        The plan file, or its bytes.
    out
        The folder to write in, which is made where it is missing.

    Returns
    -------
    tuple[int, dict[str, str]]
        The number of schools asked, and the paths of the files "workbook" and "table".

    Raises
    ------
    BadData
        Where the plan cannot be read.

    Examples
    --------
    >>> import partition as p
    >>> schools, files = p.write_ask_sheet(Path("plan.gpkg"), Path("out"))
    >>> sorted(files)
    ['table', 'workbook']
    """
    from geodata.files import writable_folder
    from partition.formats.database import read_database
    from partition.formats.plan_layout import identifier_of
    from partition.formats.plan_tables import read_plan_file
    from partition.studies.next_round.ask_sheet import write_template

    content, name = (plan, "plan.gpkg") if isinstance(plan, bytes) else (read_database(plan), plan.name)
    file = read_plan_file(content, name)
    identifier = identifier_of(file.run())  # refuses a damaged plan: schools are asked about a plan that can be read
    tables = file.tables
    taking_part = [school for school in tables["schools"].dicts() if school["role"] != "not taking part"]
    asked = [(school["urn"], school["name"], school["partnership"]) for school in taking_part]
    called = {partnership["number"]: partnership["name"] for partnership in tables["partnerships"].dicts()}
    writable_folder(out)
    return len(asked), write_template(asked, called, out, identifier)
