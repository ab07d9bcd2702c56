"""Kept plans compared."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Event
from typing import Any

from partition.web.tasks.order import Order, Tell, project_of


def compare(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The page of the kept plans `given["plans"]` compared, kept beside the latest of them."""
    from dataclasses import replace

    from partition.cli.comparing import compared, comparison_of, read_plans
    from partition.cli.shared import read_bases
    from partition.maps.compare import write_comparison
    from partition.project import PLAN
    from partition.scenario import read_scenario_text

    tell("doing", words="comparing the plans")
    project = project_of(order)
    kept = [plan for plan in map(project.plan, order.given["plans"]) if plan is not None]
    internal = bool(kept) and all(plan.internal for plan in kept)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"plan {plan.id}.gpkg" for plan in kept]
        for plan, path in zip(kept, paths, strict=True):
            path.write_bytes(project.file(plan.id, PLAN) or b"")
        backs, logs = read_plans(paths, internal)
    beneath = read_bases([Path(path) for path in read_scenario_text(kept[0].scenario, project.folder).map.base])
    comparison = comparison_of(backs, [plan.name for plan in kept])
    atlas = compared(comparison, [replace(back, base=beneath) for back in backs], logs, internal)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plans.html"
        write_comparison(comparison, atlas, path)
        drawn = path.read_bytes()
    key = "-".join(str(plan.id) for plan in kept)
    project.add_files(max(plan.id for plan in kept), {f"plans {key}.html": drawn})
    return {"go": f"/compare/{key}"}
