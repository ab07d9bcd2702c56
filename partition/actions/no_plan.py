"""Why there is no plan: the rules that clash, and the ways out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.model.problem import Problem
    from partition.scenario.case import Case
    from partition.solver import Limits
    from partition.studies.explain.conflicts import Clash
    from partition.studies.explain.ways_out import WayOut


@dataclass(frozen=True, slots=True)
class NoPlan:
    """Rules that no plan keeps together, and what could be given up. `cut`: the time ended before all was tried."""

    problem: Problem
    clash: Clash
    ways: Sequence[WayOut]
    internal: bool
    cut: bool = False

    @property
    def sentence(self) -> str:
        """What clashes, in a sentence, and whether the time was enough to try every way out."""
        from partition.studies.explain.text import clash_sentence

        clash = clash_sentence(self.problem, self.clash, internal=self.internal)
        return f"{clash}; not every way out was tried in the time given" if self.cut else clash


def why_no_plan(problem: Problem, limits: Limits, *, case: Case | None = None, internal: bool = False) -> NoPlan | None:
    """Find out which rules clash, and the ways out; None where that was not found in the time given.

    Parameters
    ----------
    problem
        One that no plan can solve.
    limits
        What all searches together may take, in seconds of one processor.
    case
        The scenario over its data whose problem it is, so that each way out is settings of that scenario.
    internal
        Whether rules that name who works with whom may be named.

    Examples
    --------
    >>> import partition as p
    >>> case = p.load(p.read_scenario("county.toml", ["rules.partnerships_min=30"]))
    >>> none = p.why_no_plan(case.problem, case.limits)
    >>> len(none.ways) > 0
    True
    """
    from partition.solver.tempting import make_ready
    from partition.studies.explain.conflicts import find_clash
    from partition.studies.explain.purse import Purse
    from partition.studies.explain.typed import Typist
    from partition.studies.explain.ways_out import Wanted, ways_out

    make_ready(problem)
    purse = Purse.of_a_plan(limits)
    clash = find_clash(problem, purse)
    if clash is None:
        return None
    wanted = Wanted(purse=purse, internal=internal, typist=None if case is None else Typist.of(case))
    ways = ways_out(problem, clash, wanted)
    return NoPlan(problem, clash, ways, internal, cut=purse.cut)
