"""A kept plan's partnerships shared out among advisers, and each one's patch."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from partition.web.tasks.kept import Study, files_in, study_of
from partition.web.tasks.order import Order, Tell

if TYPE_CHECKING:
    from partition.actions.plan_over_data import PlanOverData
    from partition.scheme import Scheme
    from partition.scheme.advisers import Assignment

ADVISERS, FACTS = "advisers", "advisers/advisers.json"


def advisers(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Who serves whom, proven, in place of what an earlier study found.

    `given`: settings (text of the scenario in hand, whose advisers serve where the plan's own names none), leaving.
    """
    from partition.actions.advisers import assign_advisers

    study = study_of(order, tell, searched=False)
    over, internal = _with_advisers(study, order), study.kept.internal
    tell("doing", words="sharing partnerships out among advisers, and drawing each one’s patch")
    scheme = over.scheme()
    with tempfile.TemporaryDirectory() as folder:
        assigned = assign_advisers(scheme, Path(folder), internal=internal).assigned
        files = files_in(Path(folder), ADVISERS)
    files[FACTS] = json.dumps(_facts(scheme, assigned, internal), ensure_ascii=False).encode()
    study.keep_files(files, instead_of=ADVISERS)
    return {}


def _with_advisers(study: Study, order: Order) -> PlanOverData:
    """The plan with the advisers to ask about, and those among them who leave."""
    from partition.scenario.read import read_within

    given = study.over.case.scenario.advisers
    if given.people is None:
        given = read_within(order.given["settings"], study.project.folder).advisers
    return study.over.with_settings("advisers", given.model_dump() | {"leaving": order.given["leaving"]})


def _facts(scheme: Scheme, assigned: Assignment, internal: bool) -> dict[str, Any]:
    """What the page shows, as JSON: the assignment, and each patch as its own page has it."""
    from partition.maps.patch import patch_figures
    from partition.maps.patches import file_stem
    from partition.scheme.patch_sheet import leaving_lines, patch_facts

    names = {item.number: f"{item.number} {item.name}" for item in scheme.account.partnerships}
    patches = [
        patch_facts(scheme, patch, list(patch_figures(scheme, patch)), internal=internal)
        | {"stem": file_stem(place, patch.adviser.name), "schools": patch.schools, "days": patch.days}
        | {"drive_minutes": patch.drive_minutes, "caseload": patch.adviser.caseload}
        for place, patch in enumerate(assigned.patches, 1)
    ]
    return {
        "patches": patches,
        "everybody": [[one.name, one.office] for one in scheme.inputs.advisers],
        "left": [] if scheme.leaving is None else list(scheme.leaving.names),
        "unserved": [[names[number], assigned.why_unserved[number]] for number in assigned.unserved],
        "drive_minutes": assigned.drive_minutes,
        "schools_changing": assigned.schools_changing,
        "leaving": [] if scheme.leaving is None else list(leaving_lines(scheme.leaving, names)),
        "words": assigned.words,
    }
