"""What every page may ask for: the desk, and the kept plan that a request is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from geodata.identifier import URN, IdentifierWords, identifier_words
from partition.storage.project_file import PLAN, Kept, Project
from partition.web.cases import Cases
from partition.web.drafts import Drafts
from partition.web.forms import go
from partition.web.path import Standing
from partition.web.plan_tables import PlanTables, plan_tables
from partition.web.tasks.order import Order
from partition.web.work import Job, Work
from partition.web.workspace import Workspace


@dataclass
class Desk:
    """The one thing that all pages share: what they work on, and the work under way."""

    workspace: Workspace
    work: Work
    served_to: str = ""  # others, if any
    guide: Callable[[], Mapping[str, bytes]] = dict  # the guide's files by name
    checked: Job | None = None  # the last check of the data
    cases: Cases = field(default_factory=Cases)
    drafts: Drafts = field(init=False)
    standing: Standing | None = None  # what is done of the work in hand, as last worked out

    def __post_init__(self) -> None:
        self.drafts = Drafts(self.workspace, self.cases)

    @property
    def project(self) -> Project:
        return self.workspace.project


def desk_of(request: Request) -> Desk:
    """Return the desk of the application that a request came to."""
    return cast(Desk, request.app.state.desk)


def words_in_hand(desk: Desk) -> IdentifierWords:
    """Return what people call the identifiers of the schools in hand, as far as their data was checked."""
    told = {} if desk.checked is None else desk.checked.seen().told
    return identifier_words(told["identifier"]) if "identifier" in told else URN


def follow(desk: Desk, order: Order) -> Response:
    """Have something done, and show how it goes."""
    return go(f"/work/{desk.work.start(order).id}")


def kept_of(request: Request) -> Kept:
    """Return the kept plan that a request is about. Raises HTTPException where there is none."""
    kept = desk_of(request).project.plan(request.path_params["plan"])
    if kept is None:
        raise HTTPException(404)
    return kept


def kept_file(request: Request, name: str) -> bytes:
    """Return a file of the plan that a request is about. Raises HTTPException where there is none of this name."""
    content = desk_of(request).project.file(kept_of(request).id, name)
    if content is None:
        raise HTTPException(404)
    return content


def tables_of(request: Request) -> PlanTables:
    """Return the tables of the plan that a request is about."""
    return plan_tables(kept_file(request, PLAN))
