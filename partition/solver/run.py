"""A run: a plan, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from partition.model.costs import THOUSANDTHS, Cost
from partition.model.plan import Plan
from partition.solver.watch import Limits, StoppedBy, gap

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a search came to.

    `bound` (thousandths) is a cost no plan with as few small schools unplaced is under; kept even when no plan was
    found. `fewest_bound` small schools must stay unplaced in any plan. "optimal" needs both to be met.
    """

    status: Status
    plan: Plan | None
    cost: Cost | None
    bound: int | None
    fewest_bound: int | None
    unplaced: int | None
    stopped_by: StoppedBy
    limits: Limits
    solver: str
    seconds: float

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost; None without a bound."""
        return gap(None if self.cost is None else self.cost.total, self.bound)

    @property
    def fewest_proven(self) -> bool:
        """Whether no plan leaves fewer small schools unplaced."""
        return self.unplaced is not None and self.unplaced == self.fewest_bound

    def __str__(self) -> str:
        if self.plan is None or self.cost is None:
            return {"infeasible": "no plan can exist"}.get(self.status, "no plan found in the time given")
        sure = "proven best" if self.status == "optimal" else "gap unknown"
        if self.status != "optimal" and self.gap is not None:
            sure = f"at most {self.gap:.1%} from the best"
        return (
            f"{len(self.plan.partnerships)} partnerships, {self.unplaced} small schools not yet placed, "
            f"{self.cost.total / THOUSANDTHS:,.0f} a year, {sure}"
        )
