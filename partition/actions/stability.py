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
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.studies.stability.find import Stability

GAIN_MINUTES = Fraction(60)  # ten minutes at each of six meetings


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

    def __post_init__(self) -> None:
        if self.gain <= 0:
            raise ValueError(f"gain is {self.gain}; use more than 0")
        object.__setattr__(self, "gain", Fraction(self.gain))
        object.__setattr__(self, "urn", None if self.urn is None else Urn(self.urn))

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
        """Write the answer, what each head has, and the plan that holds, if another was found; return the files.

        The plan's bound is that of all plans, so its gap is the price of stability as far as the best is known.
        """
        from geodata.files import together, writable_folder
        from partition.maps.atlas import draw_atlas
        from partition.maps.plan_layers import plan_layers
        from partition.storage.plan_file import write_plan
        from partition.studies.stability.text import write_answer

        writable_folder(out)
        other = self.other_plan
        with together(private=internal):
            files = write_answer(self.found, self.case.title, self.case.status, out, internal=internal)
            if other is not None:
                files["plan that holds"] = str(out / "holding.gpkg")
                layers = plan_layers(draw_atlas(self.case, other, internal=internal, with_ways=False))
                write_plan(self.case, other, out / "holding.gpkg", internal=internal, drawn=layers)
        return files

    @property
    def sentences(self) -> list[str]:
        """The answer in words that name nobody who works with anybody."""
        from partition.studies.stability.text import sentences

        return sentences(self.found, internal=False)

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


def will_it_hold(
    case: Case,
    account: Account,
    request: StabilityRequest | None = None,
    show: Callable[[StabilityFound], None] = lambda _: None,
    stop: Event | None = None,
) -> StabilityFound:
    """Say whether a group of heads would rather form a partnership of their own, with proof.

    Parameters
    ----------
    case
        The data and the settings; its scenario says how long each search may take.
    account
        The plan over these data, from a search, drawn by hand, or as it is today.
    request
        The gain, and what else is asked; an hour a year where None.
    show
        Called with what is known, before and between the searches for a plan that holds.
    stop
        Set, it ends the search with what was found by then.

    Examples
    --------
    >>> import partition as p
    >>> case = p.load(p.read_scenario("county.toml"))
    >>> told = p.will_it_hold(case, p.propose(case.problem), p.StabilityRequest(gain=Fraction(10_000)))
    >>> told.found.holds, told.sentences[0]
    (True, 'It holds: no group of heads could each gain 10,000 minutes a year by forming a partnership of their own.')
    """
    from partition.studies.stability.find import find_stability

    request = request or StabilityRequest()
    found = find_stability(
        account,
        request.thousandths,
        urn=request.urn,
        limits=case.limits,
        plan_again=request.plan_again,
        show=lambda so_far: show(StabilityFound(case, so_far)),
        stop=stop,
    )
    return StabilityFound(case, found)
