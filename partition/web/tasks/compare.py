"""Kept plans compared."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Event
from typing import Any

from partition.web.tasks.kept import kept_plan, plan_bytes
from partition.web.tasks.order import Order, Tell, project_of


def compare(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The kept plans `given["plans"]` compared: page, Markdown and tables, kept beside the latest of them."""
    from partition.actions.comparison import CompareRequest, PlanNamed, compare_plans
    from partition.scenario.read import read_within
    from partition.storage.project_file import comparison_of

    tell("doing", words="comparing the plans")
    project = project_of(order)
    numbers = order.given["plans"]
    kept = [kept_plan(project, number) for number in numbers]
    internal = all(plan.internal for plan in kept)
    base = [Path(path) for path in read_within(kept[0].scenario, project.folder).map.base]
    named = [PlanNamed(plan.name, plan_bytes(project, plan), f"plan {plan.id}.gpkg") for plan in kept]
    done = compare_plans(CompareRequest(plans=named, base=base, internal=internal))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        done.write(out)
        files = {comparison_of(numbers, path.name.removeprefix("compare")): path.read_bytes() for path in out.iterdir()}
    project.add_files(max(numbers), files)
    return {"go": f"/compare/{'-'.join(map(str, numbers))}"}
