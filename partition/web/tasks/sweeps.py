"""Settings tried: a search for every combination of them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from multiprocessing import active_children
from os import cpu_count
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from partition.web.tasks.order import Order, Tell

if TYPE_CHECKING:
    from partition.studies.sweep.table import Row
    from partition.studies.sweep.work import Result

RUNS = "sweep"  # the folder where each search's result is kept: the same question goes on from there


def sweep(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """A search for each combination of values of the keys `given["settings"]`, each told as it ends.

    `given`: axes (each setting's values); headings (what people call them), values (the combinations in order) and
    results (what each is told by) are the page's table.
    """
    from partition.actions.sweep import title_of, write_results
    from partition.scenario.read import read_within
    from partition.studies.sweep.apart import names_of
    from partition.studies.sweep.axes import combinations, read_axes
    from partition.studies.sweep.table import Row, Sweep
    from partition.studies.sweep.tasks import Tasks
    from partition.studies.sweep.work import UnfinishedError, executor_of, finish, refuse_faults, solve_task
    from partition.web.findings import keep_finding

    folder = Path(order.project).parent
    pairs = zip(order.given["settings"], order.given["axes"], strict=True)
    axes = read_axes([f"{key}={','.join(map(str, values))}" for key, values in pairs])
    found = combinations(lambda given: read_within(order.scenario, folder, given), axes)
    processes = min(cpu_count() or 1, len(found))
    make = Tasks(workers=max((cpu_count() or 1) // processes, 1))
    tasks = [make.task(one) for _, one in found]
    told: set[int] = set()

    def show(results: Mapping[str, Result]) -> None:
        for at, task in enumerate(tasks):
            result = results.get(task["key"])
            if result is not None and at not in told and "faults" not in result:
                told.add(at)
                tell("row", at=at, cells=_cells(Row(found[at][0], result)))
        tell("doing", words=f"{len(results)} of {len(tasks)} settings tried")

    tell("doing", words="getting the search ready; the first time ever this takes a minute or so")
    try:
        with executor_of(processes, None) as executor:
            Thread(target=_end_children, args=(stop,), daemon=True).start()
            results = finish(tasks, names_of(found), folder / RUNS, executor, solve_task, show)
    except UnfinishedError:
        words = f"stopped with {len(told)} of {len(tasks)} settings tried; asked again, it goes on from there"
        return {"no_plan": words if stop.is_set() else f"{words} (a search ended from outside, or for want of memory)"}
    refuse_faults(results)
    done = Sweep(axes, [Row(values, result) for (values, _), result in zip(found, results, strict=True)])
    with tempfile.TemporaryDirectory() as temporary:
        files = write_results(done, Path(temporary), pictures=True)
        contents = {path.name: path.read_bytes() for path in files.values()}
    told_as = {key: order.given[key] for key in ("settings", "headings", "values")}
    name, page = order.name or title_of(done), files["page"].name
    number = keep_finding(folder, contents, what="sweep", name=name, page=page, scenario=order.scenario, **told_as)
    return {"go": f"/found/{number}"}


def _end_children(stop: Event) -> None:
    """When asked to stop, the searches under way end at once; those that have ended are kept."""
    stop.wait()
    for child in active_children():
        child.terminate()


def _cells(row: Row) -> list[str]:
    """What a combination comes to, as the table on the page has it (`RESULTS` of the page)."""
    from partition.studies.sweep.text import words

    state, _, unplaced, partnerships, _, cost, *_, longest = words(row)[len(row.values) :]
    return [unplaced, partnerships, cost, longest, state]
