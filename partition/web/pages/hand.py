"""The page of hand edits: a kept plan changed school by school, each change judged at once, then improved from here.

A draft stays with the project as the log of its edits, so that closing the page, or the server, loses none of them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geodata.faults import BadData
from geodata.files import replacing
from geodata.urns import Urn
from partition.scenario.text import with_settings
from partition.storage.project_file import Kept, about_asked
from partition.web.context import desk_of, follow, kept_of, tables_of
from partition.web.drafts import NOTES, Stale
from partition.web.forms import GET, NAME_MAX, NOTE_MAX, NUMBER_LENGTH_MAX, POST, posted, text_in, urn_in
from partition.web.render import page, sandboxed
from partition.web.tasks.holds import FACTS
from partition.web.tasks.order import Order

if TYPE_CHECKING:
    from partition.studies.hand_edits.draft import Draft
    from partition.web.context import Desk

MOVES_MAX = 10_000
SEVERAL_MAX = 500  # schools that an address may name
STEPS = ("undo", "redo")


# What is asked -------------------------------------------------------------------------------------------------------


def hand(request: Request) -> Response:
    """The page itself; its script asks for the rest, which is begun as soon as the page is sent."""
    desk, kept = desk_of(request), kept_of(request)
    answer = page(request, "workbench.html", kept=kept, identifier=tables_of(request).identifier)
    answer.background = BackgroundTask(desk.drafts.prepare, kept)
    return answer


def state(request: Request) -> Response:
    desk, kept = desk_of(request), kept_of(request)
    return _overview(lambda: desk.drafts.draft(kept))


def version(request: Request) -> Response:
    """Which edits are done, in a few letters: a page asks whether another page did more."""
    return JSONResponse({"version": desk_of(request).drafts.draft(kept_of(request)).log.version})


def spots(request: Request) -> Response:
    """Where the schools are, which is known before what lies beneath them is drawn."""
    from partition.web.pages.hand_ground import spots as spots_of_draft

    desk, kept = desk_of(request), kept_of(request)
    return _answer(lambda: spots_of_draft(desk.drafts.draft(kept)))


def ground(request: Request) -> Response:
    """What lies beneath the plan; it stays as it is through all edits."""
    desk, kept = desk_of(request), kept_of(request)
    return _answer(lambda: dict(desk.drafts.ground(kept).facts))


def cells(request: Request) -> Response:
    """The land of each school that takes part now."""
    from partition.web.pages.hand_ground import cells as cells_of_draft

    desk, kept = desk_of(request), kept_of(request)
    return _answer(lambda: {"cells": cells_of_draft(desk.drafts.draft(kept), desk.drafts.ground(kept))})


def several(request: Request) -> Response:
    """Several schools, and everywhere they could go together, each place judged."""
    from partition.web.pages.hand_facts import several as several_facts

    desk, kept = desk_of(request), kept_of(request)

    def facts() -> dict[str, Any]:
        draft = desk.drafts.draft(kept)
        urns = [urn_in(one) for one in request.query_params.getlist("urn")[:SEVERAL_MAX]]
        if any(urn not in draft.case.problem.area.index for urn in urns):
            raise HTTPException(404)
        return several_facts(draft, [urn for urn in urns if urn in draft.problem.roster.headship_of])

    return _answer(facts)


def school(request: Request) -> Response:
    """One school, and everywhere it could be, each judged."""
    from partition.web.pages.hand_facts import school as school_facts

    desk, kept = desk_of(request), kept_of(request)

    def facts() -> dict[str, Any]:
        draft = desk.drafts.draft(kept)
        urn = urn_in(request.query_params.get("urn", ""))
        if urn not in draft.case.problem.area.index:
            raise HTTPException(404)
        return school_facts(draft, urn)

    return _answer(facts)


async def edit(request: Request) -> Response:
    """One edit more, as JSON; the draft as it is then, or why not."""
    body = await request.body()
    seen = _seen(request)

    def made() -> Response:
        from partition.studies.hand_edits.edits import AN_EDIT  # here, as the first time it reads files

        desk, kept = desk_of(request), kept_of(request)
        try:
            asked = AN_EDIT.validate_json(body)
        except ValidationError:
            return JSONResponse({"faults": ["That is no edit this page knows; load it again."]}, 422)
        return _step(desk, kept, lambda draft: draft.after(asked), seen)

    return await run_in_threadpool(made)


def step(request: Request) -> Response:
    """Undo, or redo."""
    desk, kept = desk_of(request), kept_of(request)
    what = request.url.path.rpartition("/")[2]
    return _step(desk, kept, lambda draft: draft.undo() if what == "undo" else draft.redo(), _seen(request))


def jump(request: Request) -> Response:
    """Back or forward in the history, to so many edits done."""
    desk, kept = desk_of(request), kept_of(request)
    said = request.query_params.get("to", "")[:NUMBER_LENGTH_MAX]
    if not said.isdecimal():
        raise HTTPException(404)
    return _step(desk, kept, lambda draft: draft.at(int(said)), _seen(request))


def _seen(request: Request) -> str:
    """The version of the draft that whoever asks has seen, if the page said so."""
    return request.query_params.get("seen", "")


def _step(desk: Desk, kept: Kept, take: Callable[[Draft], Draft], seen: str) -> Response:
    from partition.web.pages.hand_facts import overview

    try:
        return _overview(lambda: desk.drafts.change(kept, take, seen))
    except Stale as stale:
        words = "Somebody changed this plan meanwhile, here or in another window. What you asked for was not done."
        return JSONResponse({"faults": [words], "stale": True, "state": overview(stale.draft)}, 422)


def _overview(find: Callable[[], Draft]) -> Response:
    from partition.web.pages.hand_facts import overview

    return _answer(lambda: overview(find()))


def _answer(facts: Callable[[], dict[str, Any]]) -> Response:
    try:
        return JSONResponse(facts())
    except BadData as bad:
        return JSONResponse({"faults": [f"{fault.fix[0].upper()}{fault.fix[1:]}." for fault in bad.faults]}, 422)


def leaving(request: Request) -> Response:
    """The partnerships that some heads would leave, in the draft that the page shows; no edit waits for this."""
    from partition.web.pages.hand_facts import leaving as leaving_facts

    desk, kept = desk_of(request), kept_of(request)

    def facts() -> dict[str, Any]:
        draft = desk.drafts.draft(kept)
        told = {"version": draft.log.version, "found": None}
        if draft.log.version != _seen(request):
            return told
        found = desk.drafts.leaving.find(kept.id, draft, _gain(desk, kept))
        return told if found is None else told | {"found": leaving_facts(draft, found)}

    return _answer(facts)


def _gain(desk: Desk, kept: Kept) -> int:
    """The gain that was last asked about on the page "Will it hold?", or the usual one, in thousandths a year."""
    from partition.actions.stability import GAIN_MINUTES, StabilityRequest

    told = desk.project.file(kept.id, FACTS)
    gain = GAIN_MINUTES if told is None else Fraction(json.loads(told)["gain"])
    return StabilityRequest(gain=gain).thousandths


def hand_map(request: Request) -> Response:
    """The draft's own map, in its sandbox."""
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import plan_map

    desk, kept = desk_of(request), kept_of(request)
    draft = desk.drafts.draft(kept)
    drawn = plan_map(draw_atlas(draft.case, draft.account, internal=kept.internal))
    return sandboxed(drawn.get_root().render().encode())


# Going on ---------------------------------------------------------------------------------------------------------


def improve(request: Request, sent: FormData) -> Response:
    """Have the draft improved with at most so many moves."""
    said = text_in(sent, "moves", 6)
    if not said.isdecimal() or not 0 < int(said) <= MOVES_MAX:
        raise HTTPException(400, "Say how many heads may move at most, such as 5.")
    return _go_on(request, "plan", int(said))


def keep(request: Request) -> Response:
    """Keep the draft as a plan, as it is."""
    return _go_on(request, "judge", None)


def _go_on(request: Request, what: str, moves_max: int | None) -> Response:
    """Have the draft judged as it is, or improved, under its own criteria."""
    desk = desk_of(request)
    order = _order(desk, kept_of(request), what, moves_max)
    return follow(desk, order)


def _order(desk: Desk, kept: Kept, what: str, moves_max: int | None) -> Order:
    """What is to be done, with the draft's groups written beside the data as what exists."""
    from partition.studies.hand_edits.draft import improving
    from partition.studies.hand_edits.edits import is_private
    from partition.studies.hand_edits.notes import carried

    draft = desk.drafts.draft(kept)
    improvement = improving(draft, moves_max)
    path = f"data/by hand {kept.id}-{draft.plan.digest[:8]}.csv"
    (desk.workspace.folder / "data").mkdir(exist_ok=True)
    with replacing(desk.workspace.folder / path) as temporary:
        write_groups(temporary, improvement.groups)
    rules = {f"rules.{key}": "off" if value is None else value for key, value in improvement.rules.items()}
    scenario = with_settings(kept.scenario, {"data.existing": path, **rules})
    then = "" if moves_max is None else f", then {moves_max} moved at most"
    told: dict[str, Any] = {
        "name": f"{kept.name}, changed by hand{then}"[:NAME_MAX],
        "note": "; ".join(draft.words(edit) for edit in draft.done if not is_private(edit))[:NOTE_MAX],
        "internal": kept.internal,
    }
    desk.work.refuse_too_much("search")
    asked = desk.project.ask(what, scenario, **told)
    if notes := carried(draft):
        desk.project.remember(about_asked(asked, NOTES), notes)
    given = {"by_hand": True, "from_existing": moves_max is not None}  # a search begins with the draft
    return Order(what=what, project=str(desk.project.path), scenario=scenario, asked=asked, given=given, **told)


def write_groups(path: Path, groups: Mapping[Urn, str]) -> None:
    """Who is together as a table of urn and partnership, as any file of groups is read."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("urn", "partnership"), *groups.items()])


ROUTES = [
    Route("/plan/{plan:number}/hand", hand, methods=GET),
    Route("/plan/{plan:number}/hand/state", state, methods=GET),
    Route("/plan/{plan:number}/hand/version", version, methods=GET),
    Route("/plan/{plan:number}/hand/spots", spots, methods=GET),
    Route("/plan/{plan:number}/hand/ground", ground, methods=GET),
    Route("/plan/{plan:number}/hand/cells", cells, methods=GET),
    Route("/plan/{plan:number}/hand/school", school, methods=GET),
    Route("/plan/{plan:number}/hand/several", several, methods=GET),
    Route("/plan/{plan:number}/hand/leaving", leaving, methods=GET),
    Route("/plan/{plan:number}/hand/map", hand_map, methods=GET),
    Route("/plan/{plan:number}/hand/edit", edit, methods=POST),
    *(Route(f"/plan/{{plan:number}}/hand/{name}", step, methods=POST) for name in STEPS),
    Route("/plan/{plan:number}/hand/jump", jump, methods=POST),
    Route("/plan/{plan:number}/hand/improve", posted(improve), methods=POST),
    Route("/plan/{plan:number}/hand/keep", keep, methods=POST),
]
