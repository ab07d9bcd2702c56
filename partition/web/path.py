"""The path that work takes, from data to papers: where one is, what is done, and what comes next."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from geodata import toml_text
from geodata.faults import BadData
from partition.scenario.read import SCENARIO

if TYPE_CHECKING:
    from partition.storage.project_file import Kept, Project
    from partition.web.work import Job
    from partition.web.workspace import Workspace

CRITERIA_KEPT = "criteria kept"  # what the project remembers: the criteria that somebody last said were right
Stamp = tuple[int, int]
PLAN_PAGES = re.compile(r"/plan/[0-9]+(/.*)?")
SHARING = ("/papers",)  # pages of a plan that are about handing it on


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path, as a page shows it. Without an address it cannot be taken yet."""

    name: str
    words: str  # what one does there, as the offer of the next step
    address: str
    is_done: bool = False
    is_here: bool = False
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What is done of the work in hand; kept as long as neither the project nor the scenario changes."""

    path: Path | None  # of the scenario in hand
    written: tuple[Stamp, Stamp]  # when the project and that scenario were, as it was worked out
    has_schools: bool
    criteria_kept: bool
    plan: int | None  # the last plan found under the scenario in hand, else the last kept at all
    is_found: bool  # under the scenario in hand
    worked_on: frozenset[int]  # plans that somebody changed by hand, answered for, or wrote papers of
    shared: frozenset[int]  # plans that papers were written of


class AtDesk(Protocol):
    """What the path asks of the desk of the pages."""

    workspace: Workspace
    checked: Job | None
    standing: Standing | None

    @property
    def project(self) -> Project:
        """Return the project."""
        ...


def steps(desk: AtDesk, here: str, plan: int | None = None) -> list[Step]:
    """Return the steps as the page at the address `here` shows them; `plan` is the kept plan that it is about."""
    standing = standing_of(desk)
    number = standing.plan if plan is None else plan
    checked = desk.checked
    is_sound = standing.has_schools and (
        standing.is_found or (checked is not None and checked.ended is not None and "schools" in checked.ended)
    )
    at = "" if number is None else f"/plan/{number}"
    taken = (  # name, offer, address, done
        ("Data", "look at the data" if standing.has_schools else "give the schools", "/data", is_sound),
        ("Criteria", "set the criteria", "/settings", standing.criteria_kept or standing.is_found),
        ("Find", "find the partnerships", "/solve", standing.is_found),
        ("Work on it", "work on the plan", at, number in standing.worked_on),
        ("Share", "share it", f"{at}/papers" if at else "", number in standing.shared),
    )
    place = _place(here)
    following = next((n for n, (_, _, address, done) in enumerate(taken) if not done and n != place and address), None)
    if place is not None and (following is None or following < place):
        following = place + 1 if place + 1 < len(taken) and taken[place + 1][2] else following
    return [
        Step(name, words, address, done, is_here=n == place, is_next=n == following)
        for n, (name, words, address, done) in enumerate(taken)
    ]


def _place(here: str) -> int | None:
    """Return which step a page belongs to; None for those beside the path."""
    if PLAN_PAGES.fullmatch(here):
        return 4 if any(f"{part}/" in f"{here}/" for part in SHARING) else 3
    first = f"/{here.split('/')[1]}"
    return {"/data": 0, "/settings": 1, "/solve": 2, "/work": 2, "/asked": 2}.get(first)


def standing_of(desk: AtDesk) -> Standing:
    """Return what is done; worked out again only where the project or the scenario in hand was written to."""
    known = desk.standing
    if known is None or known.written != (_written(desk.project.path), _written(known.path)):
        known = desk.standing = _work_out(desk)
    return known


def criteria_of(text: str) -> str:
    """Return a hash of the criteria and priorities of a scenario's text; of a text that cannot be read, of it all."""
    asked = _tables(text)
    stated = text if asked is None else json.dumps([asked.get(name) for name in ("rules", "preferences")], default=str)
    return hashlib.sha256(stated.encode()).hexdigest()


def _work_out(desk: AtDesk) -> Standing:
    path = desk.workspace.scenario_path
    written = _written(desk.project.path), _written(path)  # before anything is read: what is read later is newer
    text = _text_in_hand(desk)
    plans = desk.project.plans()
    found = [kept for kept in plans if kept.status != "judged"]
    asked = _as_kept(desk, text)
    ours = [kept for kept in found if asked is not None and _tables(kept.scenario) == asked]
    last = next(iter([*ours, *found, *plans]), None)
    shared = frozenset(kept.id for kept in plans if _has_papers(kept))
    return Standing(
        path=path,
        written=written,
        has_schools=text is not None,
        criteria_kept=text is not None and desk.project.setting(CRITERIA_KEPT) == criteria_of(text),
        plan=None if last is None else last.id,
        is_found=bool(ours),
        worked_on=shared | {kept.id for kept in plans if _is_worked_on(desk, kept)},
        shared=shared,
    )


def _text_in_hand(desk: AtDesk) -> str | None:
    try:
        return desk.workspace.scenario()
    except BadData:
        return None


def _as_kept(desk: AtDesk, text: str | None) -> dict[str, Any] | None:
    """Return what a scenario in hand states, as the project states it of a plan that was found under it."""
    from partition.scenario.read import read_within
    from partition.scenario.text import text_of

    folder = desk.workspace.folder
    try:
        return None if text is None else _tables(text_of(read_within(text, folder), folder))
    except BadData:
        return None


def _is_worked_on(desk: AtDesk, kept: Kept) -> bool:
    from partition.storage.project_file import about

    return any(desk.project.setting(about(kept.id, what)) for what in ("edits", "answers"))


def _has_papers(kept: Kept) -> bool:
    return any(name.endswith(("papers/report.docx", "papers/report.pdf")) for name in kept.files)


def _tables(text: str) -> dict[str, Any] | None:
    """Return what a scenario's text states, without how long to look; None where it cannot be read."""
    try:
        told = toml_text.parse(text, SCENARIO)
    except BadData:
        return None
    solve = told.get("solve")
    if isinstance(solve, dict):
        told["solve"] = {name: value for name, value in solve.items() if name != "seconds"}
    return {name: table for name, table in told.items() if table != {}}


def _written(path: Path | None) -> Stamp:
    """Return when a file was last written, and how long it is."""
    if path is None:
        return 0, 0
    try:
        facts = path.stat()
    except OSError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_size


def next_of(path: Sequence[Step]) -> Step | None:
    """Return the step that comes next; None at the end."""
    return next((step for step in path if step.is_next), None)
