"""Settings tried: a search for every combination of them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from partition.web.tasks.order import Order, Tell

if TYPE_CHECKING:
    from partition.studies.sweep.table import Row

RUNS = "sweep"  # the folder where each search's result is kept: the same question goes on from there


def sweep(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """A search for each combination of values of the keys `given["settings"]`, each told as it ends.

    `given`: axes (each setting's values); headings (what people call them), values (the combinations in order) and
    results (what each is told by) are the page's table.
    """
    from partition.actions.sweep import SweepRequest, run_sweep, title_of, write_results
    from partition.scenario.read import read_within
    from partition.studies.sweep.axes import combinations, read_axes
    from partition.studies.sweep.work import UnfinishedError
    from partition.web.findings import keep_finding

    folder = Path(order.project).parent
    pairs = zip(order.given["settings"], order.given["axes"], strict=True)
    axes = read_axes([f"{key}={','.join(map(str, values))}" for key, values in pairs])
    found = combinations(lambda given: read_within(order.scenario, folder, given), axes)
    told = 0

    def show(ended: int, rows: Mapping[int, Row]) -> None:
        nonlocal told
        told += len(rows)
        for at, row in rows.items():
            tell("row", at=at, cells=_cells(row))
        tell("doing", words=f"{ended} of {len(found)} settings tried")

    tell("doing", words="getting the search ready; the first time ever this takes a minute or so")
    try:
        done = run_sweep(SweepRequest(axes=axes, found=found), folder / RUNS, show, stop)
    except UnfinishedError:
        words = f"stopped with {told} of {len(found)} settings tried; asked again, it goes on from there"
        return {"no_plan": words if stop.is_set() else f"{words} (a search ended from outside, or for want of memory)"}
    with tempfile.TemporaryDirectory() as temporary:
        files = write_results(done, Path(temporary), pictures=True)
        contents = {path.name: path.read_bytes() for path in files.values()}
    told_as = {key: order.given[key] for key in ("settings", "headings", "values")}
    name, page = order.name or title_of(done), files["page"].name
    number = keep_finding(folder, contents, what="sweep", name=name, page=page, scenario=order.scenario, **told_as)
    return {"go": f"/found/{number}"}


def _cells(row: Row) -> list[str]:
    """What a combination comes to, as the table on the page has it (`RESULTS` of the page)."""
    from partition.studies.sweep.text import words

    state, _, unplaced, partnerships, _, cost, *_, longest = words(row)[len(row.values) :]
    return [unplaced, partnerships, cost, longest, state]
