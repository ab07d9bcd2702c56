"""An approval needs costs: a scheme that pays on the costs of a business plan pays nothing where they are not given.

It reads a plan file's facts as they stand, and loads no heavy library, so that a page can ask it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

GIVE_COSTS = (
    "the scheme pays on the approved costs of the business plan: give them in whole pounds, 0 if there are none"
)


def costs_are_missing(
    run: Mapping[str, Any], stages: Sequence[str], stage: str, costs: int | None, known: Iterable[int | None]
) -> bool:
    """Return whether a partnership may not come to a stage, because the costs that it is paid on are not given.

    Parameters
    ----------
    run
        The facts in the plan file's table `run`; its scenario says what the scheme pays, and at which stage.
    stages
        All stages, in their order.
    stage, costs
        The stage that it comes to, and the costs in pounds given with this decision; None: not given.
    known
        The costs given with decisions that were taken before.
    """
    money = run["scenario"].get("money", {})
    if not (money.get("start_needs_costs") and money.get("start_per_school")) or stage == "left":
        return False
    reaches_it = stages.index(stage) >= stages.index(money["start_at"])
    return reaches_it and all(given is None for given in (costs, *known))
