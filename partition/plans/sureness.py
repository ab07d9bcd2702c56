"""How much better another plan could be, in a sentence that planners can read out."""

from __future__ import annotations

from partition.plans.amounts import amount
from partition.solver.run import Run


def sureness_of(run: Run | None, unit: str, why_none: str) -> str:
    """Return the sentence. `why_none` follows "no partnership is possible", where that is proven; else it is ""."""
    if run is None:
        return "These groups were judged as they are; nothing was optimised."
    if run.plan is None or run.cost is None:
        return "No plan was found."
    if why_none:
        return f"No partnership is possible under these criteria{why_none}"
    few = (
        "No plan leaves fewer small schools unplaced"
        if run.fewest_proven
        else f"Any plan leaves at least {run.fewest_bound or 0} small schools unplaced (this one {run.unplaced})"
    )
    if run.bound is None:
        return f"{few}. How much better another plan could be is not known."
    saving = amount(run.cost.total - run.bound, unit)
    if run.status == "optimal":
        return f"Proven best: {few[0].lower()}{few[1:]}, and among those none costs less."
    if not run.fewest_proven:
        return f"{few}. Among plans that place as many, none costs less than {amount(run.bound, unit)} a year."
    return f"{few}. No arrangement under these criteria saves more than {saving} a year ({run.gap or 0:.1%})."
