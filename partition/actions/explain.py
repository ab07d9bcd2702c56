"""Why a school of a plan is where it is, or nowhere, and what else there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.urns import Urn

if TYPE_CHECKING:
    from partition.actions.plan_over_data import PlanOverData
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.solver import Limits
    from partition.studies.explain.explain import Explanation, Friends, RuleCosts


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """A school that asks.

    Attributes
    ----------
    urn
        The school; it takes part.
    other
        Another school that takes part, where it is asked what the two together would cost.
    internal
        Whether the answer may name who works with whom.
    """

    urn: Urn
    other: Urn | None = None
    internal: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "urn", Urn(self.urn))
        object.__setattr__(self, "other", None if self.other is None else Urn(self.other))

    @property
    def stem(self) -> str:
        """What files about it are called, without their endings."""
        return f"explain_{self.urn.stem}" + ("" if self.other is None else f"_with_{self.other.stem}")


def explain_school(
    over: PlanOverData, request: ExplainRequest, tell: Callable[[str], None] = lambda _: None
) -> Iterator[Explanation]:
    """Yield the answer as it is found: first what the plan itself says, then with each part more, last all of it.

    Parameters
    ----------
    over
        The plan over its data, whose scenario says how long each search may take.
    request
        The school, and what it asks.
    tell
        Called with what is being solved again.

    Examples
    --------
    >>> import partition as p
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"), searched=True)
    >>> urn = over.account.plan.partnerships[0].urns[0]
    >>> at_once = next(p.explain_school(over, p.ExplainRequest(urn=urn)))
    >>> at_once.urn == urn
    True
    """
    from partition.studies.explain.explain import explaining
    from partition.studies.explain.typed import Typist

    return explaining(
        over.account,
        request.urn,
        request.other,
        limits=over.case.limits,
        typist=Typist.of(over.case),
        friends=partial(find_friends, over.account, request),
        internal=request.internal,
        tell=tell,
    )


def find_friends(account: Account, request: ExplainRequest, limits: Limits) -> Friends:
    """Return whether a school that asks, and others, would rather form a group, for the usual gain, within limits."""
    from partition.actions.stability import StabilityRequest
    from partition.plans.own_minutes import may_tell_all
    from partition.studies.explain.explain import Friends
    from partition.studies.stability.find import find_stability
    from partition.studies.stability.text import facts, of_one_school

    gain, internal = StabilityRequest().thousandths, request.internal
    found = find_stability(account, gain, urn=request.urn, limits=limits)
    told = facts(found, internal) if may_tell_all(account, internal) else None
    return Friends(sentences=tuple(of_one_school(found, internal)), facts=told)


def price_rules(
    over: PlanOverData, *, internal: bool = False, tell: Callable[[str], None] = lambda _: None
) -> Iterator[RuleCosts]:
    """Yield what each rule costs the whole plan, as it is found.

    Parameters
    ----------
    over
        The plan over its data, from a search.
    internal
        Whether private rules are priced too.
    tell
        A function that is called, before each step, with words for what is solved next.

    Yields
    ------
    RuleCosts
        The costs known so far; `left` names what is not solved yet.

    Examples
    --------
    >>> import partition as p
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"), searched=True)
    >>> next(p.price_rules(over)).internal
    False
    """
    from partition.studies.explain.explain import pricing_rules

    return pricing_rules(over.account, limits=over.case.limits, internal=internal, tell=tell)


def write_explanation(told: Explanation, case: Case, out: Path, stem: str = "") -> dict[str, str]:
    """Write the answer as Markdown and as a page into a folder; return the files by what each is."""
    from geodata.files import writable_folder
    from partition.maps.explained import write_explained

    writable_folder(out)
    return write_explained(told, case, out, stem)
