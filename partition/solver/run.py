"""A run of the solver: a plan, and the bounds that say how good the plan is."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

from partition.model.costs import THOUSANDTHS, Cost
from partition.model.plan import Plan
from partition.solver.watch import Limits, StoppedBy, gap

SECONDS_TIMES = 4  # to allow next time, of those that did not suffice

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The result of a search.

    `bound`, in thousandths a year, is a lower bound on the cost of every plan with no more small schools unplaced; the
    bound is kept even where no plan was found. Any plan leaves at least `fewest_bound` small schools unplaced. The
    status is "optimal" where the plan reaches both bounds.
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
    federations: int = 0  # headships that are partnerships already: among the plan's, and counted apart

    @property
    def gap(self) -> float | None:
        """The gap, (cost - bound) / cost, 0 when proven; None without a plan or a bound."""
        return gap(None if self.cost is None else self.cost.total, self.bound)

    @property
    def fewest_proven(self) -> bool:
        """Whether the run proved that no plan leaves fewer small schools unplaced."""
        return self.unplaced is not None and self.unplaced == self.fewest_bound

    @property
    def allow_more(self) -> str | None:
        """How long to allow next time, in words and as the setting; None where time did not end the search."""
        if self.stopped_by != "time":
            return None
        seconds = ceil(SECONDS_TIMES * self.limits.seconds)
        words = f"{seconds} seconds" if seconds % 60 or seconds < 120 else f"{seconds // 60} minutes"
        return f"allow {words}: --set solve.seconds={seconds}"

    def __str__(self) -> str:
        if self.plan is None or self.cost is None:
            return {"infeasible": "no plan can exist"}.get(self.status, "no plan found in the time given")
        partnerships = len(self.plan.partnerships) - self.federations
        if self.fewest_proven and self.unplaced and not partnerships:
            return f"no partnership is possible, {self.unplaced} small schools not yet placed"
        sure = "proven best" if self.status == "optimal" else "gap unknown"
        if self.status != "optimal" and self.gap is not None:
            sure = f"at most {self.gap:.1%} from the best"
        return (
            f"{partnerships} partnerships, "
            f"{self.unplaced} small schools not yet placed, "
            f"{self.cost.total / THOUSANDTHS:,.0f} a year, {sure}"
        )
