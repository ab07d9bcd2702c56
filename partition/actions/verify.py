"""A plan file checked: against itself, and against its data where they are given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.settings.scenario import Scenario
    from partition.storage.verify import Verdict


def verify_plan(source: Path | bytes, scenario: Scenario | None = None, *, use_cache: bool = True) -> Verdict:
    """Work a plan's rules, costs and seal out again, with no solver.

    Parameters
    ----------
    source
        The plan file, or its bytes.
    scenario
        What the plan was made from, to check its inputs too; None: the file alone.
    use_cache
        Whether roads and minutes that were worked out before are used, and new ones kept.

    Raises
    ------
    BadData
        Where the plan or the data cannot be read.

    Examples
    --------
    >>> import partition as p
    >>> p.verify_plan(Path("plan.gpkg"), p.read_scenario("county.toml")).agrees
    True
    """
    from partition.actions.plan_over_data import read_source
    from partition.scenario.case import load
    from partition.storage.verify import verify

    stored = read_source(source)
    return verify(stored, None if scenario is None else load(scenario, use_cache=use_cache))
