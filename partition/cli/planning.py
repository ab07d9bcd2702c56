"""`plan`: propose partnerships."""

from __future__ import annotations

from pathlib import Path

import typer

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
from partition.cli.shared import FOUND, INTERRUPTED, refusing, say, scenario_asked, write_files
from partition.cli.solving import limits_of, refuse_no_plan, solve_interruptibly
from partition.cli.telling import answer_facts, summary_lines


def plan(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    tiles: Tiles = "",
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Propose partnerships: the fewest small schools unplaced, then the least cost, with a proof."""
    with refusing(as_json):
        asked = scenario_asked(scenario, schools, la, settings, out)
        from partition.session import load

        case = load(asked, use_cache=not no_cache)
        run, interrupted = solve_interruptibly(case.problem, limits_of(asked), quiet)
        if run.plan is None:
            refuse_no_plan(case, run, interrupted, as_json)
        from partition.account import Account
        from partition.reasons import why_unplaced

        reasons = why_unplaced(case.problem, run.plan, run)
        account = Account(case.problem, run.plan, run=run, reasons=reasons)
        files = write_files(case, account, out, ("plan.gpkg", "map.html"), internal, tiles)
        say(answer_facts(account, files), summary_lines(case, account, files), as_json, quiet)
    raise typer.Exit(INTERRUPTED if interrupted else FOUND)
