"""One piece of work in a process of its own: checking data, judging, planning, comparing. A crash here is only its own.

The order is the first line of standard input, as JSON; a line "stop", or the end of the input (the server has gone),
asks for the best plan so far. What happens is told on standard output, a JSON line an event. A plan is kept in the
project file from here, so that it is there even if nobody listens any more.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.account import Account
    from partition.project import Project
    from partition.session import Case
    from partition.solve import Limits, Progress, Run

Tell = Callable[..., None]
SECONDS_BETWEEN = 0.1  # events of a search that say nothing new come no faster
HEADINGS_MAX = 400  # offered to choose from
SAMPLE_SCHOOLS, SAMPLE_SEED = 280, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done, for which project."""

    what: str  # a key of WORK
    project: str
    scenario: str = ""
    asked: int | None = None  # the number under which the project notes it
    name: str = ""
    note: str = ""
    internal: bool = False
    plans: tuple[int, ...] = ()
    out: str = ""


def main() -> None:
    """Do what standard input orders."""
    tell = _teller()
    order = Order(**json.loads(sys.stdin.readline()))
    stop = Event()
    Thread(target=_listen, args=(stop,), daemon=True).start()
    try:
        tell("ended", **WORK[order.what](order, tell, stop))
    except BadData as bad:
        _note_end(order, "the data or the settings need mending first")
        tell("ended", faults=[fault.as_dict() for fault in bad.faults])


def _teller() -> Tell:
    """Tells on what was standard output; whatever else is printed in this process goes to the log."""
    channel = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def tell(event: str, **facts: Any) -> None:
        with suppress(OSError):  # the server has gone; the plan is kept all the same
            channel.write(json.dumps({"event": event, **facts}).encode() + b"\n")

    return tell


def _listen(stop: Event) -> None:
    for line in sys.stdin:
        if line.strip() == "stop":
            break
    stop.set()


def _note_end(order: Order, words: str) -> None:
    if order.asked is not None:
        _project(order).end(order.asked, words)


def _project(order: Order) -> Project:
    from partition.project import Project

    return Project(order.project)


def _load(order: Order, tell: Tell) -> Case:
    """The case of the order's scenario, which may name files within the project's folder only."""
    from partition.scenario import read_scenario_text
    from partition.scenario_text import refuse_outside

    folder = Path(order.project).parent
    refuse_outside(order.scenario, folder)
    scenario = read_scenario_text(order.scenario, folder)
    tell("doing", words="reading the data and working out the minutes")
    from partition.session import load

    return load(scenario)


# What there is to do ------------------------------------------------------------------------------------------


def sample(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Write the made-up county into the project's folder; its scenario, as seen from there."""
    from partition.sample import make_county, write_county
    from partition.scenario import read_scenario
    from partition.scenario_text import text_of

    tell("doing", words="making up a county")
    folder = Path(order.project).parent
    path = write_county(make_county(SAMPLE_SCHOOLS, SAMPLE_SEED), folder / "sample")
    return {"scenario": text_of(read_scenario(path), folder)}


def check(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """What is in the data, or every fault in it, and the headings there are to choose from."""
    try:
        case = _load(order, tell)
    except BadData as bad:
        return {"faults": [fault.as_dict() for fault in bad.faults], "columns": _columns(order)}
    from partition.travelling import doubt_words, doubts

    roster, area = case.problem.roster, case.problem.area
    return {
        "title": case.title,
        "schools": len(area),
        "small": roster.small_schools,
        "heads": len(roster),
        "links": len(area.links),
        "today": len(area.existing),
        "travel": area.travel.words,
        "criteria": list(case.problem.criteria),
        "notices": [*case.told, *doubt_words(area, doubts(area))],
        "corrected": len(area.corrected),
        "columns": _columns(order),
    }


def _columns(order: Order) -> dict[str, Any]:
    """The school file's headings, and which of them holds what; empty where it cannot be told."""
    from geodata.layout import lay_out
    from geodata.people import is_personal
    from geodata.tables import read_table
    from partition.scenario import read_scenario_text

    found: list[str] = []

    def look(headings: Any) -> list[str]:
        found.extend(headings)
        raise BadData([Fault(file="", fix="only looked at")])

    try:
        data = read_scenario_text(order.scenario, Path(order.project).parent).data
    except BadData:
        return {}
    if data.schools is None:
        return {}
    try:
        read_table(data.schools, look)
    except BadData:
        fields = lay_out("", found, data.columns, ()).fields
    headings = [heading for heading in dict.fromkeys(found) if heading and not is_personal(heading)]
    return {"headings": headings[:HEADINGS_MAX], "fields": dict(fields)} if found else {}


def judge(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Today's groups, as they are."""
    case = _load(order, tell)
    if not case.problem.area.existing:
        fix = "there are no groups of today to judge: add a file of urn, partnership"
        raise BadData([Fault(file="scenario", column="data.existing", fix=fix)])
    from partition.judgement import judge

    today = {urn: group.name for group in case.problem.area.existing for urn in group.urns}
    return _keep(order, tell, case, judge(case.problem, today), b"")


def plan(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The best plan, or the best so far when asked to stop; where there is none, why."""
    case = _load(order, tell)
    from partition.account import Account
    from partition.cli.solving import limits_of
    from partition.reasons import why_unplaced
    from partition.solve import solve

    tell("doing", words="getting the search ready; the first time ever this takes a minute or so")
    small, log = case.problem.roster.small_schools, list[str]()
    tell("search", small=small, unit=case.problem.preferences.measure)
    run = solve(case.problem, limits_of(case.scenario), _progress(tell, log), stop)
    if run.plan is None:
        return _no_plan(order, tell, case, run, limits_of(case.scenario))
    tell("doing", words="finding out why some schools are not placed, and drawing the map")
    reasons = why_unplaced(case.problem, run.plan, run)
    account = Account(case.problem, run.plan, run=run, reasons=reasons)
    return _keep(order, tell, case, account, "".join(log).encode())


def _progress(tell: Tell, log: list[str]) -> Callable[[Progress], None]:
    """Tells of a search: at once when a figure changes, otherwise now and then."""
    told: tuple[Any, ...] = ()
    told_at = 0.0

    def progress(made: Progress) -> None:
        nonlocal told, told_at
        log.append(json.dumps(asdict(made)) + "\n")
        now = time.monotonic()
        if (made.stage, made.cost, made.bound) != told or now - told_at > SECONDS_BETWEEN:
            told, told_at = (made.stage, made.cost, made.bound), now
            tell("progress", **asdict(made), gap=made.gap)

    return progress


def _no_plan(order: Order, tell: Tell, case: Case, run: Run, limits: Limits) -> dict[str, Any]:
    words, more = "stopped before any plan was found", list[str]()
    if run.status == "infeasible":
        from partition.cli.solving import no_plan

        tell("doing", words="there is no plan; finding out which criteria clash")
        words, _, more = no_plan(case.problem, limits, order.internal)
    elif run.stopped_by == "time":
        words = "time ran out before any plan was found; allow more"
    _note_end(order, f"no plan: {words}")
    return {"no_plan": words, "ways": more}


def _keep(order: Order, tell: Tell, case: Case, account: Account, log: bytes) -> dict[str, Any]:
    """The plan in the project, with its map and the papers that pages offer."""
    from partition.cli.shared import write_files
    from partition.project import MAP, PLAN, SEARCH
    from partition.scenario import read_scenario_text
    from partition.scenario_text import text_of

    project = _project(order)
    with tempfile.TemporaryDirectory() as folder:
        write_files(case, account, Path(folder), (PLAN, MAP), order.internal, "")
        files = {name: (Path(folder) / name).read_bytes() for name in (PLAN, MAP)}
    files |= {SEARCH: log} if log else {}
    stated = text_of(read_scenario_text(order.scenario, project.folder), project.folder)
    told: dict[str, Any] = {"scenario": stated, "name": order.name, "note": order.note, "internal": order.internal}
    kept = project.keep(case, account, files, **told, asked=order.asked)
    return {"plan": kept, "sureness": account.sureness()}


def compare(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The page of kept plans compared, in the file `out`."""
    from dataclasses import replace

    from partition.cli.comparing import compared, comparison_of, read_plans
    from partition.cli.shared import read_bases
    from partition.maps.compare import write_comparison
    from partition.project import PLAN
    from partition.scenario import read_scenario_text

    tell("doing", words="comparing the plans")
    project = _project(order)
    kept = [plan for plan in map(project.plan, order.plans) if plan is not None]
    internal = bool(kept) and all(plan.internal for plan in kept)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"plan {plan.id}.gpkg" for plan in kept]
        for plan, path in zip(kept, paths, strict=True):
            path.write_bytes(project.file(plan.id, PLAN) or b"")
        backs, logs = read_plans(paths, internal)
    beneath = read_bases([Path(path) for path in read_scenario_text(kept[0].scenario, project.folder).map.base])
    comparison = comparison_of(backs, [plan.name for plan in kept])
    atlas = compared(comparison, [replace(back, base=beneath) for back in backs], logs, internal)
    write_comparison(comparison, atlas, Path(order.out))
    return {"compared": list(order.plans)}


WORK: dict[str, Callable[[Order, Tell, Event], dict[str, Any]]] = {
    "sample": sample,
    "check": check,
    "judge": judge,
    "plan": plan,
    "compare": compare,
}

if __name__ == "__main__":
    main()
