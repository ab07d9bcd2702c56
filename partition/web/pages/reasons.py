"""Why a school of a kept plan is where it is, what else it could be in, and what each criterion costs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.urns import STEM, Urn
from partition.actions.explain import ExplainRequest
from partition.storage.project_file import Kept
from partition.web.context import desk_of, kept_file, kept_of, tables_of
from partition.web.forms import GET, NAME_MAX, POST, posted, text_in, urn_in
from partition.web.pages import studies
from partition.web.plan_tables import PlanTables
from partition.web.render import page, sandboxed
from partition.web.schools import chosen_school
from partition.web.tasks.reasons import RULE_COSTS

ANSWER = re.compile(rf"explain_({STEM})(?:_with_({STEM}))?\.json")
ROLES = {"unplaced": "not yet placed", "associate": "associate", "associate alone": "associate, in no partnership"}

School = Mapping[str, Any]


def why(request: Request) -> Response:
    """Which school asks, what was answered before, and what each criterion costs."""
    return _why(request, {"school": "", "other": ""}, [])


def ask(request: Request, form: FormData) -> Response:
    """Have the reasons of a school found."""
    asked = {name: text_in(form, name, NAME_MAX) for name in ("school", "other")}
    schools = _schools(tables_of(request))
    faults: list[str] = []
    urn = _chosen(asked["school"], schools, "Choose the school that asks.", faults)
    other = _chosen(asked["other"], schools, "", faults)
    if urn is not None and urn == other:
        faults.append("Choose another school beside the one that asks, or none.")
    if faults or urn is None:
        return _why(request, asked, faults)
    return studies.begin(request, "explain", f"/why/school?{_address(urn, other)}", urn=urn, other=other)


def answer(request: Request) -> Response:
    """The reasons of one school: as they are found, as they were kept, or to be asked for."""
    urn, other = _asked_about(request)
    study = studies.standing(request, "explain", urn=urn, other=other)
    kept, tables = kept_of(request), tables_of(request)
    schools = {school["urn"]: school for school in _schools(tables)}
    if urn not in schools or (other is not None and (other not in schools or other == urn)):
        raise HTTPException(404)
    name = ExplainRequest(urn=urn, other=other).stem
    return page(
        request,
        "reasons_of.html",
        kept=kept,
        identifier=tables.identifier,
        school=schools[urn],
        other=None if other is None else schools[other],
        role=ROLES.get(schools[urn]["role"], ""),
        study=study,
        told=_kept_facts(request, kept, name),
        address=_address(urn, other),
        name=name,
        searched=_was_searched(kept),
    )


def answer_page(request: Request) -> Response:
    """The reasons of one school as a page by itself, with a small map, in its sandbox."""
    urn, other = _asked_about(request)
    return sandboxed(kept_file(request, f"{ExplainRequest(urn=urn, other=other).stem}.html"))


def ask_rules(request: Request) -> Response:
    """Have it found what each criterion costs."""
    return studies.begin(request, "rule costs", "/why#rules")


def _why(request: Request, asked: Mapping[str, str], faults: Sequence[str]) -> Response:
    study = studies.standing(request, "rule costs")
    kept, tables = kept_of(request), tables_of(request)
    schools = _schools(tables)
    by_stem = {school["urn"].stem: school for school in schools}
    found = [match for match in map(ANSWER.fullmatch, kept.files) if match and match[1] in by_stem]
    return page(
        request,
        "reasons.html",
        422 if faults else 200,
        kept=kept,
        identifier=tables.identifier,
        schools=schools,
        unplaced=[school for school in schools if school["role"] == "unplaced"],
        roles=ROLES,
        asked=asked,
        faults=faults,
        answered=[_answered(by_stem[one[1]], by_stem.get(one[2])) for one in found],
        study=study,
        told=_kept_facts(request, kept, RULE_COSTS),
        rules_name=RULE_COSTS,
        searched=_was_searched(kept),
    )


def _answered(school: School, other: School | None) -> tuple[str, str]:
    """The address of an answer, and its name for people."""
    together = "" if other is None else f" together with {other['name']}"
    return _address(school["urn"], None if other is None else other["urn"]), f"{school['name']}{together}"


def _was_searched(kept: Kept) -> bool:
    """Whether a search stands behind the plan, whose reasons can be told."""
    return kept.status != "judged"


def _schools(tables: PlanTables) -> list[School]:
    """Those of the plan that take part: not yet placed first, then by name."""
    taking_part = [school for school in tables.schools if school["role"] != "not taking part"]
    return sorted(taking_part, key=lambda school: (school["role"] != "unplaced", school["name"], school["urn"]))


def _chosen(typed: str, schools: Sequence[School], missing: str, faults: list[str]) -> Urn | None:
    """The school that was chosen; none where nothing was typed, which is wrong where there are words for it."""
    if not typed:
        faults += [missing] if missing else []
        return None
    named = [(str(school["name"]), school["urn"]) for school in schools]
    return chosen_school(typed, named, "takes no part in this plan", faults)


def _address(urn: Urn, other: Urn | None) -> str:
    """The school, and the other one, if any, as an address states them: a path could not hold every URN."""
    return urlencode({"urn": urn} | ({} if other is None else {"with": other}))


def _asked_about(request: Request) -> tuple[Urn, Urn | None]:
    """The school in the address, and the other one, if any."""
    other = request.query_params.get("with", "")
    return urn_in(request.query_params.get("urn", "")), urn_in(other) if other else None


def _kept_facts(request: Request, kept: Kept, name: str) -> Any:
    """What was found and kept, as `page_facts` tells it; None where nothing was."""
    content = desk_of(request).project.file(kept.id, f"{name}.json")
    return None if content is None else json.loads(content)


ROUTES = [
    Route("/plan/{plan:number}/why", why, methods=GET),
    Route("/plan/{plan:number}/why", posted(ask), methods=POST),
    Route("/plan/{plan:number}/why/rules", ask_rules, methods=POST),
    Route("/plan/{plan:number}/why/school", answer, methods=GET),
    Route("/plan/{plan:number}/why/page", answer_page, methods=GET),
]
