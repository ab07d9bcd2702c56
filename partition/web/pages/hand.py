"""The page of hand edits: a kept plan changed school by school, each change judged at once, then improved from here.

A draft stays with the project as the log of its edits, so that closing the page, or the server, loses none of them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geodata.faults import BadData
from geodata.files import replacing
from partition.scenario.read import read_within
from partition.scenario.text import with_settings
from partition.storage.project_file import PLAN, Kept, about
from partition.web import frame
from partition.web.plan_tables import plan_tables
from partition.web.shelf import Shelf
from partition.web.tasks.order import Order

if TYPE_CHECKING:
    from partition.studies.hand_edits.draft import Draft
    from partition.web.app import Desk

DRAFTS_KEPT = 4
MOVES_MAX = 10_000
STEPS = ("undo", "redo")


class Drafts:
    """The drafts that pages work on, by plan. Safe between threads: of two pages each sees what the other did."""

    def __init__(self) -> None:
        self._shelf = Shelf[int, "Draft"](DRAFTS_KEPT)

    def draft(self, desk: Desk, kept: Kept) -> Draft:
        """A plan's draft as it is now. Raises BadData where the plan's data cannot be read any more."""
        with self._shelf.hold(kept.id) as place:
            place.thing = place.thing or _begin(desk, kept)
            return place.thing

    def change(self, desk: Desk, kept: Kept, step: Callable[[Draft], Draft]) -> Draft:
        """A plan's draft after one step more, which the project remembers. Raises BadData where it does not fit."""
        with self._shelf.hold(kept.id) as place:
            draft = step(place.thing or _begin(desk, kept))
            desk.project.remember(_log_key(kept), draft.log.model_dump_json())
            place.thing = draft
            return draft


def _begin(desk: Desk, kept: Kept) -> Draft:
    """A plan's draft from what the project holds, as far as that fits the data."""
    from partition.studies.hand_edits.draft import Draft, Log

    content = desk.project.file(kept.id, PLAN)
    if content is None:
        raise HTTPException(404)
    case = desk.cases.case(read_within(kept.scenario, desk.workspace.folder))
    tables = plan_tables(content)
    urns_of: dict[int, list[int]] = {item["number"]: [] for item in tables.partnerships}
    for school in tables.schools:
        if school["partnership"] is not None:
            urns_of[school["partnership"]].append(school["urn"])
    draft = Draft.begin(case, [(item["name"], urns_of[item["number"]]) for item in tables.partnerships])
    return draft.replayed(Log.model_validate_json(desk.project.setting(_log_key(kept)) or "{}"))


def _log_key(kept: Kept) -> str:
    return about(kept.id, "edits")


# What is asked -------------------------------------------------------------------------------------------------------


def hand(request: Request) -> Response:
    """The page itself; its script asks for the rest."""
    return frame.page(request, "hand.html", kept=frame.kept_of(request))


def state(request: Request) -> Response:
    desk, kept = frame.desk_of(request), frame.kept_of(request)
    return _overview(lambda: desk.drafts.draft(desk, kept))


def school(request: Request) -> Response:
    """One school, and everywhere it could be, each judged."""
    from partition.web.pages.hand_facts import school as school_facts

    desk, kept = frame.desk_of(request), frame.kept_of(request)

    def facts() -> dict[str, Any]:
        draft = desk.drafts.draft(desk, kept)
        if request.path_params["urn"] not in draft.case.problem.area.index:
            raise HTTPException(404)
        return school_facts(draft, request.path_params["urn"])

    return _answer(facts)


async def edit(request: Request) -> Response:
    """One edit more, as JSON; the draft as it is then, or why not."""
    from partition.studies.hand_edits.draft import AN_EDIT

    body = await request.body()

    def made() -> Response:
        desk, kept = frame.desk_of(request), frame.kept_of(request)
        try:
            asked = AN_EDIT.validate_json(body)
        except ValidationError:
            return JSONResponse({"faults": ["That is no edit this page knows; load it again."]}, 422)
        return _step(desk, kept, lambda draft: draft.after(asked))

    return await run_in_threadpool(made)


def step(request: Request) -> Response:
    """Undo, or redo."""
    desk, kept = frame.desk_of(request), frame.kept_of(request)
    what = request.url.path.rpartition("/")[2]
    return _step(desk, kept, lambda draft: draft.undo() if what == "undo" else draft.redo())


def _step(desk: Desk, kept: Kept, take: Callable[[Draft], Draft]) -> Response:
    return _overview(lambda: desk.drafts.change(desk, kept, take))


def _overview(find: Callable[[], Draft]) -> Response:
    from partition.web.pages.hand_facts import overview

    return _answer(lambda: overview(find()))


def _answer(facts: Callable[[], dict[str, Any]]) -> Response:
    try:
        return JSONResponse(facts())
    except BadData as bad:
        return JSONResponse({"faults": [f"{fault.fix[0].upper()}{fault.fix[1:]}." for fault in bad.faults]}, 422)


def hand_map(request: Request) -> Response:
    """The draft's own map, in its sandbox."""
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import plan_map

    desk, kept = frame.desk_of(request), frame.kept_of(request)
    draft = desk.drafts.draft(desk, kept)
    drawn = plan_map(draw_atlas(draft.case, draft.account, internal=kept.internal))
    return frame.sandboxed(drawn.get_root().render().encode())


# Going on ---------------------------------------------------------------------------------------------------------


def improve(request: Request, sent: FormData) -> Response:
    """Have the draft improved with at most so many moves."""
    said = frame.text_in(sent, "moves", 6)
    if not said.isdecimal() or not 0 < int(said) <= MOVES_MAX:
        raise HTTPException(400, "Say how many heads may move at most, such as 5.")
    return _go_on(request, "plan", int(said))


def keep(request: Request) -> Response:
    """Keep the draft as a plan, as it is."""
    return _go_on(request, "judge", None)


def _go_on(request: Request, what: str, moves_max: int | None) -> Response:
    """Have the draft judged as it is, or improved, under its own criteria."""
    desk = frame.desk_of(request)
    order = _order(desk, frame.kept_of(request), what, moves_max)
    return frame.go(f"/work/{desk.work.start(order).id}")


def _order(desk: Desk, kept: Kept, what: str, moves_max: int | None) -> Order:
    """What is to be done, with the draft's groups written beside the data as what exists."""
    from partition.studies.hand_edits.draft import improving, is_private

    draft = desk.drafts.draft(desk, kept)
    improvement = improving(draft, moves_max)
    path = f"data/by hand {kept.id}-{draft.plan.digest[:8]}.csv"
    (desk.workspace.folder / "data").mkdir(exist_ok=True)
    with replacing(desk.workspace.folder / path) as temporary:
        write_groups(temporary, improvement.groups)
    rules = {f"rules.{key}": "off" if value is None else value for key, value in improvement.rules.items()}
    scenario = with_settings(kept.scenario, {"data.existing": path, **rules})
    then = "" if moves_max is None else f", then {moves_max} moved at most"
    told: dict[str, Any] = {
        "name": f"{kept.name}, changed by hand{then}"[: frame.NAME_MAX],
        "note": "; ".join(draft.words(edit) for edit in draft.done if not is_private(edit))[: frame.NOTE_MAX],
        "internal": kept.internal,
    }
    desk.work.refuse_too_much("search")
    asked = desk.project.ask(what, scenario, **told)
    given = {} if moves_max is None else {"from_existing": True}  # the search begins with the draft
    return Order(what=what, project=str(desk.project.path), scenario=scenario, asked=asked, given=given, **told)


def write_groups(path: Path, groups: Mapping[int, str]) -> None:
    """Who is together as a table of urn and partnership, as any file of groups is read."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("urn", "partnership"), *groups.items()])


ROUTES = [
    Route("/plan/{plan:number}/hand", hand, methods=frame.GET),
    Route("/plan/{plan:number}/hand/state", state, methods=frame.GET),
    Route("/plan/{plan:number}/hand/school/{urn:number}", school, methods=frame.GET),
    Route("/plan/{plan:number}/hand/map", hand_map, methods=frame.GET),
    Route("/plan/{plan:number}/hand/edit", edit, methods=frame.POST),
    *(Route(f"/plan/{{plan:number}}/hand/{name}", step, methods=frame.POST) for name in STEPS),
    Route("/plan/{plan:number}/hand/improve", frame.posted(improve), methods=frame.POST),
    Route("/plan/{plan:number}/hand/keep", keep, methods=frame.POST),
]
