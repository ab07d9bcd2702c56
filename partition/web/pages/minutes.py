"""Minutes from one school to all others, for their own sake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.identifier import URN
from partition.web.context import desk_of, follow
from partition.web.findings import findings
from partition.web.forms import GET, NAME_MAX, POST, posted, text_in
from partition.web.render import page
from partition.web.schools import Named, chosen_school
from partition.web.tasks.order import Order

if TYPE_CHECKING:
    from partition.model.area import Area
    from partition.web.context import Desk


def minutes(request: Request) -> Response:
    return _page(request, "", "")


def _page(request: Request, typed: str, fault: str, status: int = 200) -> Response:
    """The page; with what was typed, and what is wrong with it."""
    desk = desk_of(request)
    area = _area(desk)
    return page(
        request,
        "minutes.html",
        status,
        in_hand=desk.workspace.scenario_path,
        identifier=URN if area is None else area.identifier,
        schools=[] if area is None else _schools(area),
        travel="" if area is None else area.travel.words,
        typed=typed,
        faults={"school": fault} if fault else {},
        measured=findings(desk.workspace.folder, "minutes"),
    )


def _area(desk: Desk) -> Area | None:
    """The schools in hand; None where there are none, or their data need mending."""
    scenario = desk.workspace.stated()
    return None if scenario is None else desk.cases.area(scenario)


def _schools(area: Area) -> list[Named]:
    return sorted((area.name_of(urn), urn) for urn in area.urns)


def ask(request: Request, form: FormData) -> Response:
    """Have the minutes from a school measured."""
    desk, typed = desk_of(request), text_in(form, "school", NAME_MAX)
    area = _area(desk)
    faults: list[str] = []
    absent = "is none of the schools in the data"
    urn = chosen_school(typed, [] if area is None else _schools(area), absent, faults) if typed else None
    if area is None or urn is None:
        fault = faults[0] if faults else "Choose a school."
        return _page(request, typed, fault, 422)
    scenario, given = desk.workspace.scenario() or "", {"urn": urn}
    return follow(
        desk,
        Order(what="minutes", project=str(desk.project.path), scenario=scenario, name=area.name_of(urn), given=given),
    )


ROUTES = [
    Route("/minutes", minutes, methods=GET),
    Route("/minutes", posted(ask), methods=POST),
]
