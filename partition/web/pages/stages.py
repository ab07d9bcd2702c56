"""How far each partnership of a kept plan has come: the log of decisions, and one more."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.faults import BadData, Fault
from partition.web.frame import GET, POST, form_of, is_day, kept_of, page, tables_of, text_in
from partition.web.pages.studies import begin, standing

STAGES = {  # in partition.scheme.settings' words, which loads too much for a page; and what each means
    "proposed": "put to the schools",
    "negotiated": "the schools have agreed in principle",
    "business plan in": "their business plan is handed in",
    "approved": "their business plan is approved",
    "heads of agreement signed": "all heads and chairs have signed",
    "active": "it works as a partnership",
    "left": "it has come to an end",
}
NOTE_LENGTH_MAX, POUNDS_MAX = 500, 10**9


def stages(request: Request) -> Response:
    kept, tables = kept_of(request), tables_of(request)
    log: dict[int, list[object]] = {}
    for row in tables.decisions:
        log.setdefault(row["partnership"], []).append(row)
    return page(
        request,
        "stages.html",
        kept=kept,
        partnerships=tables.partnerships,
        standing_at=tables.stages,
        log=log,
        stages=STAGES,
        writing=standing(request, "stage"),
    )


async def decide(request: Request) -> Response:
    """Write down a decision."""
    tables = await run_in_threadpool(tables_of, request)
    form = await form_of(request)
    number, stage, day = (text_in(form, key, 40) for key in ("partnership", "stage", "day"))
    costs, faults = text_in(form, "costs", 12), []

    def wrong(column: str, value: str, fix: str) -> None:
        faults.append(Fault(file="page", column=column, value=value, fix=fix))

    if number not in {str(item["number"]) for item in tables.partnerships}:
        wrong("partnership", number, "choose one of the partnerships")
    if stage not in STAGES:
        wrong("stage", stage, f"choose one of {', '.join(STAGES)}")
    if not is_day(day):
        wrong("day", day, "give the day of the decision, such as 2027-03-01")
    if costs and not (costs.isdecimal() and int(costs) <= POUNDS_MAX):
        wrong("costs", costs, "give whole pounds, or leave it blank")
    if faults:
        raise BadData(faults)
    note = text_in(form, "note", NOTE_LENGTH_MAX)
    given = {"partnership": int(number), "stage": stage, "day": day, "note": note}
    return begin(request, "stage", "/stages", **given, costs_pounds=int(costs) if costs else None)


ROUTES = [
    Route("/plan/{plan:int}/stages", stages, methods=GET),
    Route("/plan/{plan:int}/stages", decide, methods=POST),
]
