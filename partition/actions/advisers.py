"""A plan's partnerships shared out among advisers, and each one's patch drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.scheme import Scheme
    from partition.scheme.advisers import Assignment


@dataclass(frozen=True, slots=True)
class AdvisersAssigned:
    """Who serves whom, proven, and the files by what each is."""

    assigned: Assignment
    files: dict[str, str]


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
    return AdvisersAssigned(assigned, write_patches(scheme, assigned, out, internal=internal))


def keep_advisers(scheme: Scheme, assigned: Assignment, plan: Path) -> None:
    """Keep who serves whom in the plan's own file, in place of what it held of that."""
    from partition.scheme.kept import advisers_frame
    from partition.storage.plan_file import add_rows

    add_rows(plan, "advisers", advisers_frame(scheme.account, assigned), in_place=True)
