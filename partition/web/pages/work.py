"""Asking for plans, and what is under way: as it goes, or what it came to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from geodata import toml_text
from geodata.faults import BadData
from partition.scenario.read import SCENARIO
from partition.scenario.text import with_settings
from partition.storage.project_file import Asked
from partition.web.context import desk_of, follow
from partition.web.files_in_hand import Waiting, have_wait, place_files
from partition.web.fixes import fault_rows
from partition.web.forms import GET, NAME_MAX, NOTE_MAX, POST, SECONDS_MAX, go, posted, text_in
from partition.web.pages.start import check_of
from partition.web.render import page
from partition.web.tasks.order import Order
from partition.web.ways import ways_of
from partition.web.workspace import ROLES, stated_table

if TYPE_CHECKING:
    from partition.web.context import Desk
    from partition.web.work import Job


def solve(request: Request) -> Response:
    desk = desk_of(request)
    in_hand = desk.workspace.scenario_path
    job = None if in_hand is None else check_of(desk).seen()
    return page(
        request,
        "solve.html",
        in_hand=in_hand,
        job=job,
        told={} if job is None else job.told,
        under_way=[other.seen() for other in desk.work.under_way()],
        seconds_max=SECONDS_MAX,
    )


def ask(request: Request, form: FormData) -> Response:
    """Have a plan found, or today's groups judged."""
    desk = desk_of(request)
    scenario = desk.workspace.scenario()
    if scenario is None:
        return go("/")
    seconds = text_in(form, "seconds", 10)
    if seconds.isdecimal() and 0 < int(seconds) <= SECONDS_MAX:
        scenario = with_settings(scenario, {"solve.seconds": int(seconds)})
    return ask_for(
        desk,
        "judge" if request.url.path == "/judge" else "plan",
        scenario,
        name=text_in(form, "name", NAME_MAX),
        note=text_in(form, "note", NOTE_MAX),
        internal=text_in(form, "internal", 3) == "yes",
    )


def ask_for(
    desk: Desk,
    what: str,
    scenario: str,
    *,
    name: str,
    note: str,
    internal: bool,
    given: Mapping[str, Any] | None = None,
) -> Response:
    """Have a plan found, or groups judged, noted in the project as asked; and show how it goes."""
    told: dict[str, Any] = {"name": name, "note": note, "internal": internal}
    desk.work.refuse_too_much("search")  # before it is noted as asked
    asked = desk.project.ask(what, scenario, **told)
    project = str(desk.project.path)
    return follow(desk, Order(what=what, project=project, scenario=scenario, asked=asked, given=given or {}, **told))


def ask_again(request: Request) -> Response:
    """Something that was cut off, asked again."""
    desk, asked = desk_of(request), _asked_of(request)
    desk.project.end(asked.id, "asked again")
    return ask_for(desk, asked.what, asked.scenario, name=asked.name, note=asked.note, internal=asked.internal)


def _asked_of(request: Request) -> Asked:
    asked = desk_of(request).project.asked(request.path_params["number"])
    if asked is None:
        raise HTTPException(404)
    return asked


def take_way(request: Request, form: FormData) -> Response:
    """Take one of the ways out of criteria that leave no plan, and search again."""
    desk = desk_of(request)
    asked = _asked_of(request)
    taken, ways = text_in(form, "way", 4), ways_of(desk.project, asked.id)
    if not taken.isdecimal() or not int(taken) < len(ways) or (settings := ways[int(taken)].settings) is None:
        raise HTTPException(400, "Choose one of the ways out that the page offers.")
    if _in_hand(desk, asked.scenario):
        desk.workspace.change(settings)
    scenario = with_settings(asked.scenario, settings)
    note = "\n".join(filter(None, [asked.note, f"Way out taken: {ways[int(taken)].change}"]))[:NOTE_MAX]
    return ask_for(desk, "plan", scenario, name=asked.name, note=note, internal=asked.internal)


def _in_hand(desk: Desk, scenario: str) -> bool:
    """Whether a scenario that was asked is the one in hand, however long it was to be searched."""
    try:
        there, asked = (toml_text.parse(text, SCENARIO) for text in (desk.workspace.scenario() or "", scenario))
    except BadData:
        return False
    for told in (there, asked):
        solve = told.get("solve", {})
        if isinstance(solve, dict):
            solve.pop("seconds", None)
            told["solve"] = solve
    return there == asked


def work(request: Request) -> Response:
    """One piece of work: as it goes, or what it came to."""
    desk, number = desk_of(request), request.path_params["number"]
    job = desk.work.job(number)
    if job is None:
        return _past_work(request, number)
    if job.order.page:
        return go(job.order.page)
    seen = job.seen()
    told = seen.told
    if "scenario" in told:
        with desk.work.lock:  # two tabs may ask
            if not job.used:
                job.used = True
                desk.workspace.take_in_hand(told["scenario"], "sample county.toml")
        return go("/data")
    if job.order.what == "guess" and job.ended is not None:
        return _place_guessed(desk, job)
    if "go" in told:
        return go(told["go"])
    faults = fault_rows(told.get("faults", ()))
    ways = ways_of(desk.project, job.order.asked) if "no_plan" in told and job.order.asked is not None else []
    return page(
        request,
        "trying.html" if job.order.what == "sweep" else "work.html",
        job=seen,
        told=told,
        before=desk.work.before(job),
        faults=faults,
        asked=None,
        ways=ways,
        number=job.order.asked,
        seconds_most=stated_table(job.order.scenario, "solve").get("seconds") if job.order.what == "plan" else None,
    )


def _place_guessed(desk: Desk, job: Job) -> Response:
    """Files that were looked at: taken for what they are, or waiting until somebody says what that is."""
    paths, guess = tuple(job.order.given["paths"]), str(job.seen().told.get("guess", ""))
    with desk.work.lock:  # two tabs may ask
        if not job.used:
            job.used = True
            if guess in ROLES and (ROLES[guess][1] or len(paths) == 1):
                place_files(desk.workspace, paths, guess)
            else:
                have_wait(desk.project, Waiting(paths, guess))
    return go("/data#files")


def _past_work(request: Request, number: str) -> Response:
    """What the project remembers of work that this server no longer does."""
    asked = desk_of(request).project.asked(int(number)) if number.isdecimal() and len(number) < 12 else None
    if asked is None:
        raise HTTPException(404)
    if asked.plan is not None:
        return go(f"/plan/{asked.plan}")
    ways = ways_of(desk_of(request).project, asked.id)
    return page(request, "work.html", job=None, told={}, before=0, faults=[], asked=asked, ways=ways, number=asked.id)


async def events(request: Request) -> Response:
    """All that a piece of work has told and tells, as server-sent events."""
    job = desk_of(request).work.job(request.path_params["number"])
    if job is None:
        raise HTTPException(404)
    last = request.headers.get("last-event-id", "0")
    after = min(int(last), len(job.events)) if last.isdecimal() and len(last) < 10 else 0

    async def stream() -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        async for number, event in job.follow(after):
            if event is not None and "rows" in event:  # for the page, which reads them from the work itself
                event = {name: told for name, told in event.items() if name not in ("rows", "names")}
            yield ": still here\n\n" if event is None else f"id: {number}\ndata: {json.dumps(event)}\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


async def stop(request: Request) -> Response:
    """Stop, and keep the best so far."""
    desk = desk_of(request)
    job = desk.work.job(request.path_params["number"])
    if job is None:
        raise HTTPException(404)
    await desk.work.stop(job)
    return go(f"/work/{job.id}")


ROUTES = [
    Route("/solve", solve, methods=GET),
    Route("/solve", posted(ask), methods=POST),
    Route("/judge", posted(ask), methods=POST),
    Route("/asked/{number:number}/again", ask_again, methods=POST),
    Route("/asked/{number:number}/way", posted(take_way), methods=POST),
    Route("/work/{number}", work, methods=GET),
    Route("/work/{number}/events", events, methods=GET),
    Route("/work/{number}/stop", stop, methods=POST),
]
