"""The page of settings: every criterion and priority as a field, and the scenario's own text beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geodata.faults import BadData
from partition.scenario.read import read_within
from partition.settings.scenario import Scenario
from partition.web.context import desk_of
from partition.web.forms import GET, POST, go, posted
from partition.web.pages.start import check_of
from partition.web.path import CRITERIA_KEPT, criteria_of
from partition.web.render import page

if TYPE_CHECKING:
    from partition.model.area import Area
    from partition.scenario.form.form import Form
    from partition.web.context import Desk


NAMED_OF = {  # what the names in a setting are names of
    **dict.fromkeys(("rules.robust", "rules.same", "rules.distinct_max", "rules.at_least_one"), "columns"),
    **{f"rules.{key}": "partnerships" for key in ("locked", "open_locked", "accepted", "approved", "released")},
    "rules.joins_others": "federations",
    "rules.together_kinds": "kinds",
}


def settings(request: Request) -> Response:
    """The form of the scenario in hand; what each setting does is filled in once the schools are read."""
    from partition.scenario.form.form import form_of

    desk = desk_of(request)
    text = desk.workspace.scenario()
    if text is None:
        return page(request, "settings.html", form=None, text="", wrong=(), kept="kept" in request.query_params)
    try:
        form = form_of(text, desk.workspace.folder, _at_hand(desk, text))
    except BadData as bad:
        return _with_text(request, text, bad)
    return _page(request, form)


def fill(request: Request, sent: FormData) -> Response:
    """The form as it was filled in: kept if all of it is right, else shown with every fault beside its field."""
    desk = desk_of(request)
    typed = {key: value for key, value in sent.multi_items() if isinstance(value, str)}
    text = desk.workspace.scenario()
    if text is None:
        return go("/")
    form = _filled(desk, text, typed)
    if not form.may_be_kept:
        return _page(request, form, 422)
    desk.workspace.save(form.text)
    desk.project.remember(CRITERIA_KEPT, criteria_of(form.text))
    return go("/settings?kept")


def look(request: Request, sent: FormData) -> Response:
    """What the settings would do as they are typed, and what is wrong with them; nothing is kept."""
    desk = desk_of(request)
    typed = {key: value for key, value in sent.multi_items() if isinstance(value, str)}
    form = _filled(desk, desk.workspace.scenario() or "", typed)
    told = {entry.id: {"effect": entry.effect, "faults": entry.faults} for entry in form.entries}
    return JSONResponse(told)


def take_text(request: Request, sent: FormData) -> Response:
    """The scenario's text, typed or pasted: kept if it is one."""
    desk = desk_of(request)
    text = str(sent.get("text", "")).replace("\r\n", "\n")
    try:
        read_within(text, desk.workspace.folder)
    except BadData as bad:
        return _with_text(request, text, bad)
    desk.workspace.save(text)
    desk.project.remember(CRITERIA_KEPT, criteria_of(text))
    return go("/settings?kept")


def _filled(desk: Desk, text: str, typed: dict[str, str]) -> Form:
    from partition.scenario.form.form import filled

    folder = desk.workspace.folder
    first = filled(text, typed, folder)  # which columns it names, the schools have to be read with
    return filled(text, typed, folder, _area(desk, first.text))


def _area(desk: Desk, text: str) -> Area | None:
    scenario = _scenario(desk, text)
    return None if scenario is None else desk.cases.area(scenario)


def _at_hand(desk: Desk, text: str) -> Area | None:
    scenario = _scenario(desk, text)
    return None if scenario is None else desk.cases.area_at_hand(scenario)


def _scenario(desk: Desk, text: str) -> Scenario | None:
    """What a text states of the data, whatever else is wrong with it."""
    try:
        return read_within(text, desk.workspace.folder)
    except BadData:
        return None


def _page(request: Request, form: Form, status: int = 200) -> Response:
    kept = "kept" in request.query_params
    stamp = criteria_of(desk_of(request).workspace.scenario() or "")
    facts = {"form": form, "text": form.text, "wrong": (), "kept": kept, "named_of": NAMED_OF, "stamp": stamp}
    return page(request, "settings.html", status, **facts)


def names(request: Request) -> Response:
    """What the lists of the form offer to choose from, once the data in hand are read: schools, columns, names."""
    told = check_of(desk_of(request)).seen().told
    return JSONResponse({"ready": False} if not told else told.get("names", {}))


def _with_text(request: Request, text: str, bad: BadData) -> Response:
    """The text alone, with what is wrong with it: there is no form of what cannot be read."""
    return page(request, "settings.html", 422, form=None, text=text, wrong=bad.faults, kept=False)


ROUTES = [
    Route("/settings", settings, methods=GET),
    Route("/settings", posted(fill), methods=POST),
    Route("/settings/names", names, methods=GET),
    Route("/settings/look", posted(look), methods=POST),
    Route("/settings/text", posted(take_text), methods=POST),
]
