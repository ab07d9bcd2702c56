"""Who would leave the partnerships of a draft, found beside its edits: no edit waits for it, and any edit ends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from partition.web.shelf import Shelf

if TYPE_CHECKING:
    from partition.solver.tempting import Tempter
    from partition.studies.hand_edits.draft import Draft
    from partition.studies.stability.leavers import Leavers

SEARCHES_KEPT = 2
SECONDS = 20.0


@dataclass
class _Search:
    """A search of a draft's problem, which most edits leave as it is, and its last answer, by version and gain."""

    tempter: Tempter
    last: tuple[tuple[str, int], Leavers] | None = field(default=None)


class LeavingSearches:
    """The searches for who would leave, by plan: one at a time. Safe between threads."""

    def __init__(self) -> None:
        self._shelf = Shelf[int, _Search](SEARCHES_KEPT)
        self._stops: dict[int, Event] = {}

    def find(self, plan: int, draft: Draft, gain: int) -> Leavers | None:
        """Return who would leave a draft for a gain, in thousandths; None where an edit ended the search."""
        from partition.solver.tempting import Tempter
        from partition.solver.watch import Limits
        from partition.studies.stability.leavers import would_leave

        asked = draft.log.version, gain
        stop = self._stops[plan] = Event()
        with self._shelf.hold(plan) as place:
            if stop.is_set():
                return None
            if place.thing is None or place.thing.tempter.problem is not draft.problem:
                place.thing = _Search(Tempter(draft.problem))
            search = place.thing
            if search.last is not None and search.last[0] == asked:
                return search.last[1]
            limits = Limits(seconds=SECONDS, workers=1)
            found = would_leave(draft.account, gain, limits=limits, tempter=search.tempter, stop=stop)
            if stop.is_set():
                return None
            search.last = asked, found
            return found

    def end(self, plan: int) -> None:
        """End the search for a plan's draft, which is about to change."""
        if (stop := self._stops.pop(plan, None)) is not None:
            stop.set()
