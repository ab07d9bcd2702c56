"""A decision on a partnership, written into a kept plan's own file, and its map drawn with it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Event
from typing import Any

from geodata.faults import BadData, Fault
from partition.web.tasks.kept import study_of
from partition.web.tasks.order import Order, Tell


def stage(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """`given`: partnership, stage, day, note, costs_pounds, as the log of decisions has them."""
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import write_map
    from partition.project import MAP, PLAN
    from partition.scheme.kept import frame_of, log_of
    from partition.scheme.stages import Decision, Log
    from partition.store import add_rows, read_plan

    study = study_of(order, tell, searched=False)
    try:
        taken = Decision(**order.given)
    except ValueError as wrong:
        raise BadData([Fault(file="page", column="stage", fix=str(wrong))]) from None
    tell("doing", words="writing the decision into the plan, and drawing its map")
    with tempfile.TemporaryDirectory() as folder:
        path, drawn = Path(folder) / PLAN, Path(folder) / MAP
        path.write_bytes(study.project.file(study.kept.id, PLAN) or b"")
        add_rows(path, "stages", frame_of(Log([taken])))
        stages = log_of(read_plan(path)).stages(item.number for item in study.account.partnerships)
        write_map(draw_atlas(study.case, study.account, internal=study.kept.internal, stages=stages), drawn)
        study.keep_files({PLAN: path.read_bytes(), MAP: drawn.read_bytes()})
    return {}
