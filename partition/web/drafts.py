"""Drafts of hand edits that pages work on: each as the log of its edits, which the project remembers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from geodata.urns import Urn
from partition.scenario.read import read_within
from partition.storage.project_file import PLAN, Kept, about
from partition.web.cases import Cases
from partition.web.leaving import LeavingSearches
from partition.web.plan_tables import plan_tables
from partition.web.shelf import Shelf
from partition.web.workspace import Workspace

if TYPE_CHECKING:
    from partition.studies.hand_edits.draft import Draft
    from partition.web.pages.hand_ground import Ground

DRAFTS_KEPT = 4


class Stale(Exception):
    """Raised where an edit was asked for by somebody who has not seen the last one; `draft` is as it is now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("changed meanwhile")
        self.draft = draft


class Drafts:
    """The drafts that pages work on, by plan. Safe between threads: of two pages each sees what the other did."""

    def __init__(self, workspace: Workspace, cases: Cases) -> None:
        self._workspace, self._cases = workspace, cases
        self._shelf = Shelf[int, "Draft"](DRAFTS_KEPT)
        self._grounds = Shelf[int, "Ground"](DRAFTS_KEPT)
        self.leaving = LeavingSearches()

    def draft(self, kept: Kept) -> Draft:
        """Return a plan's draft as it is now. Raises BadData where the plan's data cannot be read any more."""
        with self._shelf.hold(kept.id) as place:
            place.thing = place.thing or self._begin(kept)
            return place.thing

    def ground(self, kept: Kept) -> Ground:
        """Return what lies beneath a plan's draft, whatever its edits: it is worked out once."""
        from partition.web.pages.hand_ground import ground

        draft = self.draft(kept)
        with self._grounds.hold(kept.id) as place:
            place.thing = place.thing or ground(draft)
            return place.thing

    def change(self, kept: Kept, step: Callable[[Draft], Draft], seen: str = "") -> Draft:
        """Return a plan's draft after one step more, which the project remembers.

        `seen` is the version that was seen by whoever asks, if that is known. Raises Stale where it is another by now,
        BadData where the step does not fit.
        """
        self.leaving.end(kept.id)
        with self._shelf.hold(kept.id) as place:
            known = place.thing or self._begin(kept)
            if seen and known.log.version != seen:
                place.thing = known
                raise Stale(known)
            draft = step(known)
            self._workspace.project.remember(_log_key(kept), draft.log.model_dump_json())
            place.thing = draft
            return draft

    def _begin(self, kept: Kept) -> Draft:
        """A plan's draft from what the project holds, as far as that fits the data."""
        from partition.studies.hand_edits.draft import Draft
        from partition.studies.hand_edits.edits import Log

        project = self._workspace.project
        content = project.file(kept.id, PLAN)
        if content is None:
            raise HTTPException(404)
        case = self._cases.case(read_within(kept.scenario, self._workspace.folder))
        tables = plan_tables(content)
        urns_of: dict[int, list[Urn]] = {item["number"]: [] for item in tables.partnerships}
        for school in tables.schools:
            if school["partnership"] is not None:
                urns_of[school["partnership"]].append(school["urn"])
        draft = Draft.begin(case, [(item["name"], urns_of[item["number"]]) for item in tables.partnerships])
        return draft.replayed(Log.model_validate_json(project.setting(_log_key(kept)) or "{}"))


def _log_key(kept: Kept) -> str:
    return about(kept.id, "edits")
