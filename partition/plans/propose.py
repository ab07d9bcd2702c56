"""A problem's best plan in figures, in one call: solved, accounted for, and why some schools are not placed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from partition.plans.account import Account
from partition.plans.unplaced import why_unplaced
from partition.solver import solve

if TYPE_CHECKING:
    from partition.model.plan import Partnership
    from partition.model.problem import Problem
    from partition.solver import Limits


def propose(problem: Problem, limits: Limits | None = None, *, known: Iterable[Partnership] = ()) -> Account:
    """The best plan found within `limits`; `sureness` says how sure that is.

    `known` are partnerships of an earlier plan: a question asked again with a small change is answered sooner.
    Raises ValueError where no plan exists, or none was found in time.
    """
    run = solve(problem, limits, known=known)
    if run.plan is None:
        raise ValueError(str(run))
    return Account(problem, run.plan, run=run, reasons=why_unplaced(problem, run.plan, run))
