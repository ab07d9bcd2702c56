"""The papers of a kept plan: written from here, and all that stands beside the plan to take along."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from partition.formats.marks import LETTERS
from partition.settings.authors import TEXTS, AuthorText, lines_of, to_be_completed
from partition.storage.handout import SCENARIO, handed_out
from partition.storage.project_file import Kept, about
from partition.web.context import desk_of, kept_of
from partition.web.forms import GET, POST, is_day, posted, text_in
from partition.web.kept_files import COMMITTEE, OTHERS, PLAN_ITSELF, SCHOOLS, archive, index_of, is_working, offers
from partition.web.pages.studies import begin, standing
from partition.web.render import download, page
from partition.web.workspace import stated_table

if TYPE_CHECKING:
    from partition.web.context import Desk

SHEETS_FROM = {  # stages, in partition.settings.scheme' words, which loads too much for a page
    "": "No sheets for schools",
    "proposed": "For every partnership",
    "negotiated": "For those negotiated, and further",
    "business plan in": "For those with a business plan in, and further",
    "approved": "For those approved, and further",
    "heads of agreement signed": "For those whose heads have signed, and further",
    "active": "For those that are active",
}
LINE_MAX, TEXT_MAX = 200, 8000
GROUPS = [(group, [t for t in TEXTS if t.group == group]) for group in dict.fromkeys(text.group for text in TEXTS)]
LABELS = {text.key: text.label for text in TEXTS} | {"day": "Day of the papers", "sheets": "A sheet for each school"}
INDEX = "index.html"  # of an archive
OWN_OPTIONS = 2  # of every report: doing nothing, and its plan
WEEKS = range(3, 53)  # as partition.settings.scheme has it
REVIEW_FIRST = {"starts": "", "weeks": 12, "second": "", "across": False, "internal": False}


def papers(request: Request) -> Response:
    return _page(request, {}, {}, {})


def _page(
    request: Request, typed: Mapping[str, Any], review: Mapping[str, Any], faults: Mapping[str, str], status: int = 200
) -> Response:
    """The page; with what was typed of papers or of peer review, and what is wrong with it by its field."""
    desk, kept = desk_of(request), kept_of(request)
    studies = {what: standing(request, what) for what in ("papers", "review", "verify")}
    there = offers(desk.project.sizes(kept.id), internal=kept.internal)
    last = {**_last(request, kept), **typed}
    return page(
        request,
        "papers.html",
        status,
        kept=kept,
        writing=studies["papers"],
        reviewing=studies["review"],
        checking=studies["verify"],
        groups=[
            (group, found)
            for group in (COMMITTEE, SCHOOLS, OTHERS, PLAN_ITSELF)
            if (found := [one for one in there if one.group == group])
        ],
        schools=SCHOOLS,
        stages=SHEETS_FROM,
        last=last,
        groups_of_texts=GROUPS,
        labels=LABELS,
        to_be_completed=to_be_completed(last["report"]),
        review={**REVIEW_FIRST, **review},
        faults=faults,
        weeks=WEEKS,
        others=_others(desk, kept),
    )


def _others(desk: Desk, kept: Kept) -> list[Kept]:
    """Plans that papers may tell of beside this one; of internal ones those of an internal plan only."""
    there = (other for other in desk.project.plans() if other.id != kept.id)
    return [other for other in there if kept.internal or not other.internal]


def write(request: Request, form: FormData) -> Response:
    """Have the papers written; where the form is not right, it is shown again with what is wrong."""
    desk, kept = desk_of(request), kept_of(request)
    given = _papers_asked(form, {other.id for other in _others(desk, kept)})
    faults = _papers_faults(given)
    if faults:
        return _page(request, given, {}, faults, 422)
    desk.project.remember(_key(kept), json.dumps(given))
    return begin(request, "papers", "/papers", **given)


def _papers_asked(form: FormData, others: set[int]) -> dict[str, Any]:
    chosen = [int(v) for v in form.getlist("other") if isinstance(v, str) and v.isdecimal() and len(v) < 12]
    return {
        "final": text_in(form, "final", 3) == "yes",
        "day": text_in(form, "day", 10),
        "internal": text_in(form, "internal", 3) == "yes",
        "sheets_from": text_in(form, "sheets", 40),
        "others": [number for number in dict.fromkeys(chosen) if number in others],
        "report": {text.key: _text_asked(form, text) for text in TEXTS},
    }


def _text_asked(form: FormData, text: AuthorText) -> str | list[str]:
    """Return what was typed for one text; of a list each line."""
    said = text_in(form, text.key, LINE_MAX if text.kind == "line" else TEXT_MAX)
    return lines_of(said) if text.kind == "list" else said


def _papers_faults(given: Mapping[str, Any]) -> dict[str, str]:
    """Every field that is not right, and what it should be."""
    faults = {}
    if given["day"] and not is_day(given["day"]):
        faults["day"] = "Give a day such as 1 March 2027."
    elif given["final"] and not given["day"]:
        faults["day"] = "A final paper is dated: give the day it is of."
    if given["sheets_from"] not in SHEETS_FROM:
        faults["sheets"] = "Choose one of the stages listed."
    report, letters = given["report"], LETTERS[: OWN_OPTIONS + len(given["others"])]
    if report["preferred"] and report["preferred"] not in letters:
        faults["preferred"] = f"Give the letter of an option: A to {letters[-1]}."
    for text in TEXTS:
        if text.choices and report[text.key] and report[text.key] not in text.choices:
            faults[text.key] = "Choose one of those listed."
    if given["final"]:
        faults |= {text.key: "A final paper needs it." for text in to_be_completed(report)}
    return faults


def review(request: Request, form: FormData) -> Response:
    """Have heads put in trios that review each other's schools; a form that is not right is shown again."""
    given: dict[str, Any] = {
        "starts": text_in(form, "starts", 10),
        "weeks": text_in(form, "weeks", 3),
        "second": text_in(form, "second", 10),
        "across": text_in(form, "across", 3) == "yes",
        "internal": text_in(form, "internal", 3) == "yes",
    }
    faults: dict[str, str] = {}
    if not is_day(given["starts"]):
        faults["starts"] = "Give the first day of the window, such as 11 January 2027."
    if not re.fullmatch(r"\d+", given["weeks"], re.ASCII) or int(given["weeks"]) not in WEEKS:
        faults["weeks"] = f"Give a number of weeks, {WEEKS.start} to {WEEKS.stop - 1}."
    if given["second"] and (not is_day(given["second"]) or (not faults and given["second"] < _over(given))):
        faults["second"] = "Give a day after the first round, or none for one round only."
    if faults:
        return _page(request, {}, given, faults, 422)
    return begin(request, "review", "/papers", **(given | {"weeks": int(given["weeks"])}))


def _over(given: Mapping[str, Any]) -> str:
    """The day from which the first round is over, as ISO."""
    return (date.fromisoformat(given["starts"]) + timedelta(weeks=int(given["weeks"]) + 1)).isoformat()


def verify(request: Request) -> Response:
    """Have the plan worked out again from its data."""
    return begin(request, "verify", "/papers")


def together(request: Request) -> Response:
    """Files of a plan in one ZIP: a group of them, or all; beside a public plan nothing private, unless it is asked."""
    desk, kept = desk_of(request), kept_of(request)
    wanted, internal = request.query_params.get("of", ""), request.query_params.get("internal") == "yes"
    there = [one for one in offers(desk.project.sizes(kept.id), internal=kept.internal) if wanted in ("", one.group)]
    there = [one for one in there if not is_working(one.name)]
    if not there:
        raise HTTPException(404)

    def packed() -> bytes:
        files = handed_out(desk.project, kept, internal=internal)
        packed = [one for one in there if one.name in files]
        more = {} if wanted else {SCENARIO: "Settings (scenario file for the command line)"}
        index = index_of(kept.name, packed, more)
        return archive([(INDEX, index), *((name, files[name]) for name in (*(one.name for one in packed), *more))])

    marks = " internal" * (internal or kept.internal)
    what = re.sub(r"[^\w -]", " ", f"{kept.name} {wanted}{marks}", flags=re.ASCII).strip() or "plan"
    return download(f"{what}.zip", packed())


def _last(request: Request, kept: Kept) -> Mapping[str, Any]:
    """What was asked last time, to begin from; before that, what the plan's scenario says."""
    blank = {"final": False, "day": "", "internal": kept.internal, "sheets_from": "", "others": []}
    kept_text = desk_of(request).project.setting(_key(kept))
    said = json.loads(kept_text) if kept_text else {}
    return blank | said | {"report": _stated(kept.scenario) | said.get("report", {})}


def _stated(scenario: str) -> dict[str, Any]:
    """Return the texts that a scenario states."""
    stated = stated_table(scenario, "report")
    return {text.key: stated[text.key] for text in TEXTS if text.key in stated}


def _key(kept: Kept) -> str:
    return about(kept.id, "papers")


ROUTES = [
    Route("/plan/{plan:number}/papers", papers, methods=GET),
    Route("/plan/{plan:number}/papers", posted(write), methods=POST),
    Route("/plan/{plan:number}/papers/review", posted(review), methods=POST),
    Route("/plan/{plan:number}/papers/verify", verify, methods=POST),
    Route("/plan/{plan:number}/papers.zip", together, methods=GET),
]
