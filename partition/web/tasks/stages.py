"""A decision on a partnership, written into a kept plan's own file, and its map drawn with it."""

from __future__ import annotations

import tempfile
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
    from partition.actions.map import draw_again
    from partition.maps.page import write_map
    from partition.storage.project_file import MAP
    from partition.storage.read_back import read_back

    assert order.plan is not None
    project = project_of(order)
    tell("doing", words="writing the decision into the plan")
    stored = _write_down(order, project, order.plan)
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
    from partition.storage.project_file import PLAN

    try:
        taken = Decision(**order.given)
    except ValueError as wrong:
        raise BadData([Fault(file="page", column="stage", fix=str(wrong))]) from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PLAN
        path.write_bytes(project.file(plan, PLAN) or b"")
        stored = write_decision(path, taken)
        project.add_files(plan, {PLAN: path.read_bytes()})
        return stored
