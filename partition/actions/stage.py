"""A decision on a partnership, written into the plan's own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.scheme.stages import Decision
    from partition.storage.plan_file import Stored


def write_decision(plan: Path, taken: Decision) -> Stored:
    """Add a decision to a plan's log, and return what the plan file then holds.

    Parameters
    ----------
    plan
        The plan file, which is sealed again and replaced in one step.
    taken
        The decision: a partnership, by its number in the plan, its new stage and the day.

    Returns
    -------
    Stored
        The content of the file with the decision.

    Raises
    ------
    BadData
        Where the file is not as this program wrote it; or where the scheme pays on the costs of a business plan, and
        the partnership comes to that stage without any.

    Examples
    --------
    >>> import partition as p
    >>> from partition.scheme.stages import Decision
    >>> stored = p.write_decision(Path("decided.gpkg"), Decision(partnership=1, stage="negotiated", day="2027-03-01"))
    >>> len(stored.tables["stages"])
    1
    """
    from geodata.faults import BadData, Fault
    from partition.scheme.approval import GIVE_COSTS, costs_are_missing
    from partition.scheme.kept import frame_of, log_of
    from partition.scheme.stages import Log
    from partition.settings.scheme import STAGES
    from partition.storage.plan_file import add_rows, read_plan

    stored = read_plan(plan)
    known = [one.costs_pounds for one in log_of(stored).of(taken.partnership)]
    if costs_are_missing(stored.run, STAGES, taken.stage, taken.costs_pounds, known):
        raise BadData([Fault(file=stored.name, column="costs", value=taken.stage, fix=f"{GIVE_COSTS} (--costs)")])
    add_rows(plan, "stages", frame_of(Log([taken])))
    return read_plan(plan)
