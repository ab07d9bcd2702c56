"""Whether partnerships worked: results, survey and activities around a kept plan, and the sheets to fill in."""

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

EFFECTS, SHEETS = "internal effects", "internal sheets to fill in"
FACTS = f"{EFFECTS}/effects.json"
FILES = ("results", "survey", "activity")


def effects(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """What results, survey and activities show, in place of what an earlier study found.

    `given`: settings (text of the scenario in hand, whose files serve where the plan's own names none), measure, below.
    """
    from partition.actions.effects import show_effects

    study = study_of(order, tell, searched=False)
    tell("doing", words="reading results, answers and activities")
    scheme = _with_files(study, order).scheme()
    with tempfile.TemporaryDirectory() as folder:
        done = show_effects(scheme, Path(folder), internal=True)
        files = files_in(Path(folder), EFFECTS)
    shown = [
        {"title": one.title, "headings": one.headings, "rows": one.rows, "numbers": one.numbers, "note": one.note}
        for one in done.tables
    ]
    files[FACTS] = json.dumps({"tables": shown, "caution": done.found.caution}, ensure_ascii=False).encode()
    study.keep_files(files, instead_of=EFFECTS)
    return {}


def sheets(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Write the sheets to fill in beside the plan, in place of earlier ones."""
    from partition.actions.effects import write_effect_sheets

    study = study_of(order, tell, searched=False)
    tell("doing", words="writing the sheets")
    with tempfile.TemporaryDirectory() as folder:
        write_effect_sheets(study.over.scheme(), Path(folder))
        study.keep_files(files_in(Path(folder), SHEETS), instead_of=SHEETS)
    return {}


def _with_files(study: Study, order: Order) -> PlanOverData:
    """Return the plan with the files to look at, and with what counts as low."""
    from partition.scenario.read import read_within

    own, given = study.over.case.scenario.effects, order.given
    in_hand = read_within(given["settings"], study.project.folder).effects
    files = {name: getattr(own, name) or getattr(in_hand, name) for name in FILES}
    below = own.below if given["below"] is None else given["below"]
    asked = {"measure": given["measure"] or own.measure, "below": below}
    return study.over.with_settings("effects", files | asked)
