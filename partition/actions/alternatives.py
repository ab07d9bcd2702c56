"""Plans nearly as good as a plan, which differ from each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.actions.plan_over_data import PlanOverData
    from partition.scenario.case import Case
    from partition.studies.alternatives.find import Alternatives


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesRequest:
    """Alternatives to look for.

    Attributes
    ----------
    within
        How much more than the best plan an alternative may cost, as a share of the best.
    count
        How many alternatives there are to be besides the plan.
    differ
        In how many schools' companions any two of them differ at least.
    """

    within: Fraction = Fraction(2, 100)
    count: int = 5
    differ: int = 10


@dataclass(frozen=True, slots=True)
class AlternativesFound:
    """What was found, and the case that it belongs to."""

    case: Case
    found: Alternatives

    def write(self, out: Path, *, internal: bool = False, tiles: str = "") -> dict[str, str]:
        """Write the page, the tables and a plan file for each option into a folder; return the files."""
        from partition.maps.alternatives import write_options

        return write_options(self.case, self.found, out, internal=internal, tiles=tiles)


def look_for_alternatives(
    over: PlanOverData,
    request: AlternativesRequest,
    tell: Callable[[str], None] = lambda _: None,
    stop: Event | None = None,
    show: Callable[[Alternatives], None] | None = None,
) -> AlternativesFound | None:
    """Find other plans within a share of the best, each proven so; None where not even the best was found in time.

    Parameters
    ----------
    over
        The plan over its data, whose scenario says how long a search may take.
    request
        How many there are to be, and how they differ.
    tell
        Called with what is being looked for.
    stop
        Set, it ends the search with what was found by then.
    show
        Called with all that was found, after each find.

    Examples
    --------
    >>> import partition as p
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"), searched=True)
    >>> done = p.look_for_alternatives(over, p.AlternativesRequest(count=1, differ=2))
    >>> [len(one.plan.partnerships) > 0 for one in done.found.plans]
    [True, True]
    """
    from partition.storage.read_back import stored_plan
    from partition.studies.alternatives.find import find_alternatives

    found = find_alternatives(
        over.case.problem,
        stored_plan(over.stored),
        within=request.within,
        count=request.count,
        differ=request.differ,
        limits=over.case.limits,
        tell=tell,
        show=show or (lambda _: None),
        stop=stop,
    )
    return AlternativesFound(over.case, found) if found is not None and found.plans else None
