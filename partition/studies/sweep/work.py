"""The work of a sweep: one scenario solved, and all scenarios through one executor, each result kept when ready."""

from __future__ import annotations

import json
import signal
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from hashlib import sha256
from multiprocessing import active_children, get_context, parent_process
from os import _exit
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from geodata.faults import BadData, Fault
from geodata.files import replacing, writable_folder
from partition.plans.account import Account
from partition.scenario.case import Case, load
from partition.settings.scenario import Scenario
from partition.studies.sweep.tasks import FORMAT, Task, refuse_other_files

T = TypeVar("T")
Result = dict[str, Any]
RUNS, PLANS = "runs", "plans"


class UnfinishedError(Exception):
    """An error raised where workers are lost or cannot work; finished results are kept."""


# One scenario -----------------------------------------------------------------------------------------------


def solve_task(task: Task) -> Result:
    """Return a scenario's result as plain data; where its data are bad, only `faults`."""
    try:
        return solved(task)[0]
    except BadData as bad:
        return {"key": task["key"], "faults": [fault.as_dict() for fault in bad.faults]}


def solved(task: Task) -> tuple[Result, Case, Account | None]:
    """Return the result, with the case and, where there is a plan, its account. Raises BadData."""
    from partition.plans.unplaced import why_unplaced
    from partition.solver import Limits, solve

    refuse_other_files(task)
    scenario = Scenario.model_validate(task["scenario"])
    case = load(scenario, use_cache=task["use_cache"])
    asked = scenario.solve
    limits = Limits(seconds=asked.seconds, gap=asked.gap, seed=asked.seed, workers=task["workers"])
    run = solve(case.problem, limits)
    account = None
    result: Result = {
        "format": FORMAT,
        "key": task["key"],
        "status": run.status,
        "stopped_by": run.stopped_by,
        "bound": None if run.bound is None else run.bound / 1000,
        "fewest_bound": run.fewest_bound,
        "gap": run.gap,
        "unit": case.problem.preferences.measure,
        "headships": len(case.problem.roster),
        "small": case.problem.roster.small_schools,
        "title": case.title,
        "identifier": list(case.problem.area.identifier),
        "page_status": case.status,
        "told": list(case.told),
        "attribution": list(case.attribution),
        "seconds": round(run.seconds, 2),
        "plan": None,
    }
    if run.plan is not None:
        account = Account(case.problem, run.plan, run=run, reasons=why_unplaced(case.problem, run.plan, run))
        result["plan"] = _plan(account)
    return result, case, account


def _plan(account: Account) -> dict[str, Any]:
    drives, area, number_of = account.drives, account.area, account.plan.partnership_of
    return {
        "digest": account.plan.digest,
        "cost": account.cost.terms(),
        "partnerships": len(account.joined),
        "mean_minutes": round(float(drives.mean()), 2) if len(drives) else None,
        "worst_minutes": round(float(drives.max()), 2) if len(drives) else None,
        "sureness": account.sureness(),
        "schools": [
            [urn, area.name_of(urn), account.role(urn), number_of.get(urn), account.reasons.get(urn, "")]
            for urn in sorted(account.problem.roster.headship_of)
        ],
    }


# All of them ------------------------------------------------------------------------------------------------


def finish(
    tasks: Sequence[Task],
    names: Sequence[str],
    out: Path,
    executor: Executor,
    work: Callable[[Task], Result],
    tell: Callable[[Mapping[str, Result]], None] | None = None,
) -> list[Result]:
    """Return the results of all tasks in order: existing results are read, the others calculated and kept one by one.

    `names` are the file names of the scenarios' plans and maps; `tell` receives all results so far, by the task's key.
    Raises UnfinishedError where workers are lost.
    """
    writable_folder(out / RUNS)
    found = {task["key"]: kept for task, name in zip(tasks, names, strict=True) if (kept := _kept(out, task, name))}
    told = tell or (lambda found: None)
    told(found)
    waiting: dict[Future[Result], str] = {}
    for task, name in zip(tasks, names, strict=True):
        if task["key"] not in found:
            waiting[executor.submit(work, task)] = name
    try:
        for future in as_completed(waiting):
            result = future.result()
            _keep(out, result, waiting[future])
            found[result["key"]] = result
            told(found)
    except BrokenExecutor as wrong:
        raise UnfinishedError("a worker process was ended from outside, or for want of memory") from wrong
    return [found[task["key"]] for task in tasks]


def _kept(out: Path, task: Task, name: str) -> Result | None:
    """Return the result of an earlier run, if all its files are unchanged; else None."""
    try:
        result = json.loads((out / RUNS / f"{task['key']}.json").read_text(encoding="utf-8"))
        whole = result["format"] == FORMAT and result["key"] == task["key"]
        for file, digest in result.get("files", {}).items():
            whole &= sha256((out / PLANS / file).read_bytes()).hexdigest() == digest
            whole &= file.startswith(name)
        return dict(result) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(out: Path, result: Result, name: str) -> None:
    """Write a result after its plan and map, so that a reader who finds the result finds all; bad data are not kept."""
    if "faults" in result:
        return
    files = {f"{name}{ending}": b64decode(text) for ending, text in result.pop("drawn", {}).items()}
    if files:
        writable_folder(out / PLANS)
        result["files"] = {file: sha256(content).hexdigest() for file, content in files.items()}
    for file, content in files.items():
        with replacing(out / PLANS / file) as temporary:
            temporary.write_bytes(content)
    with replacing(out / RUNS / f"{result['key']}.json") as temporary:
        temporary.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8", newline="\n")


def refuse_faults(results: Sequence[Mapping[str, Any]]) -> None:
    """Refuse bad data. Raises BadData with every fault of every scenario, each once."""
    faults = {str(fault): fault for result in results for told in result.get("faults", ()) for fault in [Fault(**told)]}
    if faults:
        raise BadData(faults.values())


# Executors --------------------------------------------------------------------------------------------------


class _Workers(ProcessPoolExecutor):
    """Processes that never receive Ctrl-C: the signal is blocked while a process starts, and stays blocked in it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        if not hasattr(signal, "pthread_sigmask"):
            return super().submit(fn, *args, **kwargs)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """Yield processes of this machine; none remains after an early end."""
    others = active_children()
    executor = _Workers(jobs, mp_context=get_context("spawn"), initializer=end_with_parent)
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            if child not in others:
                child.terminate()
        raise
    executor.shutdown()


def end_with_parent() -> None:
    """Prepare a worker: ignore Ctrl-C, which the parent handles, and end when the parent has ended for any reason."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            _exit(1)

        Thread(target=watch, daemon=True).start()
