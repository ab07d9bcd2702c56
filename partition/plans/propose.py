"""A proposal in one call: the account of a problem's best plan, with reasons for schools not placed."""

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
    """Solve a problem and return the account of the best plan found.

    Parameters
    ----------
    problem
        The problem to solve.
    limits
        Seconds, gap, seed and number of workers of the search; the defaults of `Limits` where None.
    known
        Partnerships of an earlier plan, which shorten the search where the problem has changed little.

    Returns
    -------
    Account
        The account of the plan, with its run and a reason for each small school not placed. `sureness()` says how much
        better another plan could be.

    Raises
    ------
    ValueError
        Where no plan exists, or where the search found none within its limits.
    BadData
        Where the solver has no encoding for a rule.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Area, MinutesMax, Problem, propose
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> names, travel = ("Ash", "Birch", "Cedar"), CrowFly(urns, metres, metres)
    >>> area = Area(urns=urns, names=names, pupils=pupils, eastings=metres, northings=metres, travel=travel)
    >>> problem = Problem(area, [MinutesMax(20)])
    >>> account = propose(problem)
    >>> [group.urns for group in account.plan.partnerships], sorted(account.reasons)
    ([('101', '102')], ['103'])
    """
    run = solve(problem, limits, known=known)
    if run.plan is None:
        raise ValueError(str(run))
    return Account(problem, run.plan, run=run, reasons=why_unplaced(problem, run.plan, run))
