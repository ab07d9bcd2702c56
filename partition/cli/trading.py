"""`least-change`, `frontier` and `fairness`: what each change, link kept, and minute of one head costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import AsJson, Authorities, NoCache, OutFolder, Quiet, ScenarioFile, SchoolsFile, Settings
from partition.cli.shared import FOUND, INTERRUPTED, kept_somewhere, refusing, say, scenario_asked
from partition.cli.solving import interruptibly, progress

if TYPE_CHECKING:
    from partition.actions.curves import About
    from partition.studies.trade_offs.curve import Curve

Searches = Annotated[
    int, typer.Option("--searches", min=0, help="Search so many limits at most, the widest stretches first; 0: all.")
]

Step = Annotated[int, typer.Option("--step", min=1, max=1_000_000, help="The steps of the curve, in minutes a year.")]


def least_change(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    searches: Searches = 0,
    out: OutFolder = Path("out"),
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """How few heads must change companions, and what moving more would save: every point proven, and the knee."""
    _curve("least change", scenario, schools, la, settings, searches, out, no_cache, as_json, quiet)


def frontier(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    searches: Searches = 0,
    out: OutFolder = Path("out"),
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Travel against working links: what keeping each further link costs, every point proven, and the knee."""
    _curve("frontier", scenario, schools, la, settings, searches, out, no_cache, as_json, quiet)


def fairness(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    searches: Searches = 0,
    step: Step = 5,
    out: OutFolder = Path("out"),
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Travel against the most minutes of one head: what sharing it out more evenly costs, every point proven."""
    _curve("fairness", scenario, schools, la, settings, searches, out, no_cache, as_json, quiet, step)


def _curve(
    about: About,
    scenario: Path | None,
    schools: Path | None,
    la: list[str] | None,
    settings: list[str] | None,
    searches: int,
    out: Path,
    no_cache: bool,
    as_json: bool,
    quiet: bool,
    step: int | None = None,
) -> None:
    with refusing(as_json, out):
        asked = scenario_asked(scenario, schools, la, settings, out)
        from partition.actions.curves import told_of, trace_curve
        from partition.scenario.case import load
        from partition.studies.trade_offs.text import facts, lines

        case = load(asked, use_cache=not no_cache)
        told = told_of(case, about, step)
        with progress(quiet) as show:

            def tell(words: str) -> None:
                if show is not None:
                    show(f"{told.counted}: {words}")

            done, interrupted = interruptibly(
                lambda stop: trace_curve(case, about, points_most=searches, step=step, tell=tell, stop=stop)
            )
        files, notices = kept_somewhere(done.write, out)
        where = [f"{what}: {path}" for what, path in files.items()]
        say(
            {**facts(done.curve, told), "notices": notices, "files": files},
            [*lines(done.curve, told), *(f"notice: {words}" for words in notices), "", *where],
            as_json,
            quiet,
        )
    raise typer.Exit(INTERRUPTED if interrupted else FOUND if done.curve.points else _nothing(done.curve))


def _nothing(curve: Curve) -> int:
    """Why there is no point at all, as an exit code."""
    from partition.cli.shared import NO_PLAN, NO_TIME

    return NO_PLAN if curve.least_proven else NO_TIME
