"""Solving for a command: Ctrl-C keeps the best plan so far, progress shows on a terminal, and no plan is told why."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer

from partition.cli.shared import INTERRUPTED, NO_PLAN, NO_TIME, show

if TYPE_CHECKING:
    from partition.scenario.case import Case
    from partition.solver import Progress, Run


T = TypeVar("T")


def search_interruptibly(
    search: Callable[[Callable[[Progress], None], Event], T],
    quiet: bool,
    record: Callable[[Progress], None] | None = None,
) -> tuple[T, bool]:
    """Search in a thread, so that Ctrl-C can ask for the best so far; what it gives, and whether it was asked."""
    with progress(quiet) as show:

        def tell(made: Progress) -> None:
            if show is not None:
                show(_progress_words(made))
            if record is not None:
                record(made)

        return interruptibly(lambda stop: search(tell, stop))


def interruptibly(work: Callable[[Event], T]) -> tuple[T, bool]:
    """What the work gives, done in a thread; Ctrl-C sets its event. And whether that happened."""
    stop = Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        with ThreadPoolExecutor(1) as thread:
            return _wait(thread.submit(work, stop)), stop.is_set()
    finally:
        signal.signal(signal.SIGINT, before)


def _wait(future: Future[T]) -> T:
    """The result; waking often lets Python see a signal on every platform."""
    while True:
        try:
            return future.result(timeout=0.1)
        except TimeoutError:
            if future.done():
                raise


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """A line that says how far the work is, and how to change it; None but on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("preparing (the first run ever compiles the search: some 20 seconds)") as status:
        yield status.update


def _progress_words(made: Progress) -> str:
    what = {"fewest": "fewest unplaced", "cost": "least cost", "possible": "any plan"}
    words = f"{made.seconds:5.1f} s  {what[made.stage]}: {made.doing}"
    if made.stage == "cost" and made.cost is not None:
        words += f"  {made.cost / 60_000:,.0f} hours"
        if made.gap is not None:
            words += f", gap {made.gap:.2%}"
    return words


def refuse_no_plan(case: Case, run: Run, interrupted: bool, as_json: bool, internal: bool = False) -> NoReturn:
    """Say that there is none, or that none was found, and why; where there is none, what clashes and the ways out."""
    facts: dict[str, Any] = {}
    more: list[str] = []
    if run.status == "infeasible":
        code = NO_PLAN
        reason, facts, more = _why_none(case, run, internal)
    elif interrupted:
        reason, code = "interrupted before any was found", INTERRUPTED
    else:
        more_time = run.allow_more or "the search ended by itself, and more time would not help"
        reason, code = (
            f"time ran out before any plan was found, which does not say that none exists; {more_time}",
            NO_TIME,
        )
    if as_json:
        seconds = round(run.seconds, 2)
        facts = {"status": run.status, "reason": reason, "bound": run.bound, "seconds": seconds, **facts}
        show(json.dumps(facts, ensure_ascii=False))
    else:
        typer.echo("\n".join([f"No plan: {reason}", *more]), err=True)
    raise typer.Exit(code)


def _why_none(case: Case, run: Run, internal: bool) -> tuple[str, dict[str, Any], list[str]]:
    """What clashes, in a sentence; the same and the ways out as facts; and the ways out as lines."""
    from partition.actions.no_plan import why_no_plan
    from partition.studies.explain.text import clash_lines, way_facts, way_line

    found = why_no_plan(case.problem, run.limits, case=case, internal=internal)
    if found is None:
        return "which of the rules clash was not found in the time given", {}, []
    facts = {
        "internal": internal,
        "clash": clash_lines(case.problem, found.clash, internal=internal),
        "irreducible": found.clash.irreducible,
        "ways_out": [way_facts(way, internal=internal) for way in found.ways],
    }
    return found.sentence, facts, [f"Way out: {way_line(way, internal=internal)}" for way in found.ways]
