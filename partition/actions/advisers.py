"""A plan's partnerships shared out among advisers, and each one's patch drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.scheme import Scheme
    from partition.scheme.advisers import Assignment


@dataclass(frozen=True, slots=True)
class AdvisersAssigned:
    """Who serves whom, proven, and the files by what each is."""

    scheme: Scheme
    assigned: Assignment
    files: dict[str, str]

    @property
    def facts(self) -> dict[str, Any]:
        """Who serves whom, as JSON holds it."""
        assigned, leaving = self.assigned, self.scheme.leaving
        return {
            "advisers": [
                {
                    "adviser": patch.adviser.name,
                    "partnerships": list(patch.partnerships),
                    "schools": patch.schools,
                    "drive_minutes": patch.drive_minutes,
                    "days": patch.days,
                    "new_schools": len(patch.new_schools),
                }
                for patch in assigned.patches
            ],
            "unserved": {number: assigned.why_unserved[number] for number in assigned.unserved},
            "drive_minutes": assigned.drive_minutes,
            "schools_changing": assigned.schools_changing,
            "proven": True,
            "travel": assigned.words,
            "leaving": None
            if leaving is None
            else {"names": list(leaving.names), "more_minutes": leaving.more_minutes, "changes": leaving.changes},
        }


def assign_advisers(scheme: Scheme, out: Path, *, internal: bool = False) -> AdvisersAssigned:
    """Share partnerships out among advisers, and write each one's patch as a map and a page.

    Parameters
    ----------
    scheme
        The scheme around a plan, whose scenario names the file of advisers, and who of them leaves.
    out
        The folder to write in.
    internal
        Whether pages may name who works with whom.

    Raises
    ------
    BadData
        Where the scenario names no advisers, or no advisers can serve.

    Examples
    --------
    >>> import partition as p
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"))
    >>> done = p.assign_advisers(over.scheme(), Path("advisers"))
    >>> len(done.assigned.patches) > 0
    True
    """
    from partition.maps.patches import write_patches

    assigned = scheme.advisers
    if assigned is None:
        raise BadData([Fault(file="scenario", column="advisers.people", fix="name the file of advisers")])
    return AdvisersAssigned(scheme, assigned, write_patches(scheme, assigned, out, internal=internal))


def keep_advisers(scheme: Scheme, assigned: Assignment, plan: Path) -> None:
    """Write who serves whom into the plan's own file, in place of an earlier assignment.

    Parameters
    ----------
    scheme
        The scheme around the plan.
    assigned
        Who serves whom, as `assign_advisers` returns it in `assigned`.
    plan
        The plan file, which is sealed again and replaced in one step.

    Raises
    ------
    BadData
        Where the file is not as this program wrote it.
    """
    from partition.scheme.kept import advisers_frame
    from partition.storage.plan_file import add_rows

    add_rows(plan, "advisers", advisers_frame(scheme.account, assigned), in_place=True)
