"""`plan`: propose partnerships."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.actions.plan import FOUND as FOUND_FILES
from partition.cli.options import (
    AsJson,
    Authorities,
    Internal,
    NoCache,
    OutFolder,
    Quiet,
    ScenarioFile,
    SchoolsFile,
    Settings,
    Tiles,
)
from partition.cli.projects import refuse_wrong_project
from partition.cli.shared import FOUND, INTERRUPTED, kept_somewhere, refusing, say, scenario_asked
from partition.cli.solving import refuse_no_plan, search_interruptibly
from partition.cli.telling import summary_lines

if TYPE_CHECKING:
    from partition.solver import Progress
    from partition.studies.sweep.cluster import Cluster


def plan(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    tiles: Tiles = "",
    robust: Annotated[
        str | None,
        typer.Option("--robust", metavar="COLUMN,...", help="Rolls by each of which the rules on pupils hold as well."),
    ] = None,
    start: Annotated[
        Path | None, typer.Option("--start", help="A plan to improve on, drawn by hand: a file of urn, partnership.")
    ] = None,
    log_search: Annotated[
        Path | None, typer.Option("--log-search", help="Write what the search does, one JSON line an event.")
    ] = None,
    plot_search: Annotated[
        bool,
        typer.Option("--plot-search", help="Draw cost and bound over time, as search.svg (extra report)."),
    ] = False,
    project: Annotated[
        Path | None, typer.Option("--project", help="Keep the plan in this project file as well (made if need be).")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What to remember of this plan, in the project file.")] = "",
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="TCP://HOST:PORT",
            help="A Dask cluster (extra cluster) that solves parts of the plan of an area of 1,500 heads or more, "
            "at most 16 at once; unless time ends the search, the plan is the same without. It is sent URNs, rolls, "
            "drives and what parting costs: name only one that is yours.",
        ),
    ] = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Propose partnerships: the fewest small schools unplaced, then the least cost, with a proof."""
    with refusing(as_json, out, *FOUND_FILES):
        years = [] if robust is None else [f"rules.robust={json.dumps([name.strip() for name in robust.split(',')])}"]
        asked = scenario_asked(scenario, schools, la, [*(settings or ()), *years], out)
        from partition.actions.groups import read_groups_file
        from partition.actions.plan import make_plan
        from partition.scenario.case import load
        from partition.studies.search_log import draw_search, recording

        if project is not None:
            refuse_wrong_project(project)  # before anything is solved
        case = load(asked, use_cache=not no_cache)
        begun = None if start is None else read_groups_file(case, start)
        events: list[Progress] = []
        with recording(log_search, events.append) as record, _cluster(scheduler) as cluster:
            made, interrupted = search_interruptibly(
                lambda tell, stop: make_plan(case, tell, stop, start=begun, executor=cluster), quiet, record
            )
            if made.run.plan is None:
                refuse_no_plan(case, made.run, interrupted, as_json, internal)
            account = made.account
            files = kept_somewhere(lambda to: made.write(to, internal=internal, tiles=tiles), out)
        if project is not None:
            from partition.actions.project import KeepRequest, keep_plan
            from partition.storage.project_file import Project

            keep_plan(Project(project), case, account, KeepRequest(scenario=asked, note=note, internal=internal), files)
            files["project"] = str(project)
        if plot_search:
            files["search"] = str(out / "search.svg")
            draw_search(events, out / "search.svg", account.unit)
        read = [reading.as_dict() for reading in case.readings]
        from partition.scheme.kept import log_going_on

        log = log_going_on(case, account)
        lines = summary_lines(case, account, files, log, [reading.words for reading in case.readings])
        facts = {**made.facts, "read": read, "files": files}
        if cluster is not None:
            facts |= {"cluster": {"answered": cluster.answered, "failed": cluster.failed}}
            lines += [f"notice: {cluster.words}"]
        say(facts, lines, as_json, quiet)
    raise typer.Exit(INTERRUPTED if interrupted else FOUND)


def _cluster(scheduler: str | None) -> AbstractContextManager[Cluster | None]:
    from partition.studies.sweep.cluster import cluster_for_parts

    return nullcontext() if scheduler is None else cluster_for_parts(scheduler)
