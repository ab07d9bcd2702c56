"""A decision on a partnership, or its name, written into a kept plan's own file, and its map drawn with it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault
from partition.web.tasks.kept import study_of
from partition.web.tasks.order import Order, Tell, project_of

if TYPE_CHECKING:
    from partition.scenario.case import Background
    from partition.storage.plan_file import Stored
    from partition.storage.project_file import Project


def stage(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """`given`: partnership, stage, day, note, costs_pounds, as the log of decisions has them.

    The decision is kept before anything else is done: what its map needs may take long, or be there no more.
    """
    assert order.plan is not None
    project = project_of(order)
    tell("doing", words="writing the decision into the plan")
    stored = _write_down(order, project, order.plan)
    return _draw(order, tell, project, stored)


def name(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """`given`: partnership, name. The name is kept before the map is drawn with it, as a decision is."""
    from partition.actions.name import write_name

    assert order.plan is not None
    project = project_of(order)
    tell("doing", words="writing the name into the plan")
    try:
        stored = _changed(project, order.plan, partial(write_name, **order.given))
    except ValueError as wrong:
        raise BadData([Fault(file="page", column="name", value=order.given["name"], fix=str(wrong))]) from None
    return _draw(order, tell, project, stored)


def _draw(order: Order, tell: Tell, project: Project, stored: Stored) -> dict[str, Any]:
    """Draw the map of a plan file that was changed, and keep it."""
    from partition.actions.map import draw_again
    from partition.maps.page import write_map
    from partition.storage.project_file import MAP
    from partition.storage.read_back import read_back

    assert order.plan is not None
    try:
        study = study_of(order, tell, searched=False)
        background: Background = study.over.case
        account = study.over.account
    except BadData:  # talks go on for years, and their data with them: then the plan is drawn as its file tells it
        background = read_back(stored)
        account = background.account
    tell("doing", words="drawing the map with it")
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / MAP
        write_map(draw_again(stored, background, account, internal=order.internal), drawn)
        project.add_files(order.plan, {MAP: drawn.read_bytes()})
    return {}


def _write_down(order: Order, project: Project, plan: int) -> Stored:
    """The plan file with the decision in it, sealed again and kept."""
    from partition.actions.stage import write_decision
    from partition.scheme.stages import Decision

    try:
        taken = Decision(**order.given)
    except ValueError as wrong:
        raise BadData([Fault(file="page", column="stage", fix=str(wrong))]) from None
    return _changed(project, plan, partial(write_decision, taken=taken))


def _changed(project: Project, plan: int, change: Callable[[Path], Stored]) -> Stored:
    """Change the file of a kept plan, keep it, and return what it then holds."""
    from partition.storage.project_file import PLAN

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PLAN
        path.write_bytes(project.file(plan, PLAN) or b"")
        stored = change(path)
        project.add_files(plan, {PLAN: path.read_bytes()})
        return stored
