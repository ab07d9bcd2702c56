"""Whether a plan will hold: groups of heads that would rather be together, and the cheapest plan nobody would leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from geodata.urns import Urn

if TYPE_CHECKING:
    from partition.actions.plan_over_data import PlanOverData
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.studies.stability.find import Stability

GAIN_MINUTES = Fraction(60)


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityRequest:
    """What is asked of a plan.

    Attributes
    ----------
    gain
        What each head of a group must have less a year to leave: minutes, or km where distance is measured; above 0.
    urn
        A school that takes part: only groups with its head are searched. None for all.
    plan_again
        Whether to look for the cheapest plan that holds.
    """

    gain: Fraction = GAIN_MINUTES
    urn: Urn | None = None
    plan_again: bool = False

    @property
    def thousandths(self) -> int:
        """The gain in thousandths, at least one."""
        return max(1, round(self.gain * 1000))


@dataclass(frozen=True, slots=True)
class StabilityFound:
    """What was found, and the case that it belongs to."""

    case: Case
    found: Stability

    def write(self, out: Path, *, internal: bool = False) -> dict[str, str]:
        """Write the answer as Markdown into a folder, and the plan that holds, if another was found; return the files.

        The plan's bound is that of all plans, so its gap is the price of stability as far as the best is known.
        """
        from geodata.files import together, writable_folder
        from partition.maps.atlas import draw_atlas
        from partition.maps.plan_layers import plan_layers
        from partition.storage.plan_file import write_plan
        from partition.studies.stability.text import write_markdown

        writable_folder(out)
        files = {"markdown": str(out / "stability.md")}
        other = self.other_plan
        with together(private=internal):
            write_markdown(self.found, self.case.title, self.case.status, out / "stability.md", internal=internal)
            if other is not None:
                files["plan that holds"] = str(out / "holding.gpkg")
                layers = plan_layers(draw_atlas(self.case, other, internal=internal, with_ways=False))
                write_plan(self.case, other, out / "holding.gpkg", internal=internal, drawn=layers)
        return files

    @property
    def other_plan(self) -> Account | None:
        """The account of the cheapest plan that holds, where that is another plan than the one asked about."""
        from partition.plans.account import Account

        found, account = self.found, self.found.account
        run = found.least.run if found.least is not None else found.holding
        known = account.run
        if run is None or run.plan is None or known is None or run.plan.digest == account.plan.digest:
            return None
        unplaced = len(account.problem.unplaced(run.plan))
        same = replace(known, status="feasible", plan=run.plan, cost=run.cost, unplaced=unplaced)
        return Account(account.problem, run.plan, run=same)


def ask_stability(
    over: PlanOverData,
    request: StabilityRequest,
    show: Callable[[StabilityFound], None] = lambda _: None,
    stop: Event | None = None,
) -> StabilityFound:
    """Say whether a group of heads would rather form a partnership of their own, with proof.

    Parameters
    ----------
    over
        The plan over its data, whose scenario says how long each search may take.
    request
        The gain, and what else is asked.
    show
        Called with what is known, before and between the searches for a plan that holds.
    stop
        Set, it ends the search with what was found by then.

    Examples
    --------
    >>> import partition as p
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"))
    >>> p.ask_stability(over, p.StabilityRequest(gain=Fraction(10_000))).found.holds
    True
    """
    from partition.studies.stability.find import find_stability

    found = find_stability(
        over.account,
        request.thousandths,
        urn=request.urn,
        limits=over.case.limits,
        plan_again=request.plan_again,
        show=lambda so_far: show(StabilityFound(over.case, so_far)),
        stop=stop,
    )
    return StabilityFound(over.case, found)
