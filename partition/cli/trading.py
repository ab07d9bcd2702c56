"""`least-change` and `frontier`: what each further change, or each further working link kept, costs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.cli.options import AsJson, Authorities, NoCache, OutFolder, Quiet, ScenarioFile, SchoolsFile, Settings
from partition.cli.shared import FOUND, INTERRUPTED, kept_somewhere, refusing, say, scenario_asked
from partition.cli.solving import interruptibly, progress

if TYPE_CHECKING:
    from partition.studies.trade_offs.curve import Curve
    from partition.studies.trade_offs.text import Told

Searches = Annotated[
    int, typer.Option("--searches", min=0, help="Search so many limits at most, the widest stretches first; 0: all.")
]


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
    from partition.studies.trade_offs.heads_moved import least_change as trace
    from partition.studies.trade_offs.text import moves_told

    _curve(trace, moves_told, scenario, schools, la, settings, searches, out, no_cache, as_json, quiet)


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
    from partition.studies.trade_offs.links_broken import frontier as trace
    from partition.studies.trade_offs.text import links_told

    _curve(trace, links_told, scenario, schools, la, settings, searches, out, no_cache, as_json, quiet)


def _curve(
    trace: Callable[..., Curve],
    tell_of: Callable[[str], Told],
    scenario: Path | None,
    schools: Path | None,
    la: list[str] | None,
    settings: list[str] | None,
    searches: int,
    out: Path,
    no_cache: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    with refusing(as_json, out):
        asked = scenario_asked(scenario, schools, la, settings, out)
        from partition.scenario.case import load
        from partition.studies.trade_offs.text import facts, lines

        case = load(asked, use_cache=not no_cache)
        told = tell_of(case.problem.preferences.measure)
        with progress(quiet) as show:

            def tell(words: str) -> None:
                if show is not None:
                    show(f"{told.counted}: {words}")

            curve, interrupted = interruptibly(
                lambda stop: trace(case.problem, case.limits, points_most=searches, tell=tell, stop=stop)
            )
        files, notices = kept_somewhere(lambda to: _write(curve, told, to, case.status), out)
        say(
            {**facts(curve, told), "notices": notices, "files": files},
            [*lines(curve, told), *(f"notice: {words}" for words in notices), "", *_where(files)],
            as_json,
            quiet,
        )
    raise typer.Exit(INTERRUPTED if interrupted else FOUND if curve.points else _nothing(curve))


def _write(curve: Curve, told: Told, out: Path, status: str) -> tuple[dict[str, str], list[str]]:
    """The tables and, where it can be drawn, the picture; and what to install where it cannot."""
    from geodata.files import together
    from partition.studies.trade_offs.text import write_curve

    with together():
        files = write_curve(curve, told, out, status) if curve.points else {}
        return files, _picture(curve, told, out, files)


def _picture(curve: Curve, told: Told, out: Path, files: dict[str, Any]) -> list[str]:
    """Draw the curve beside its tables; what to install where nothing here draws."""
    from geodata.faults import BadData
    from geodata.files import Unwritten
    from partition.studies.trade_offs.text import draw_curve

    if not curve.points:
        return []
    try:
        draw_curve(curve, told, out / f"{told.name}.svg")
    except Unwritten:
        raise
    except BadData as bad:
        return [str(fault) for fault in bad.faults]
    files["picture"] = str(out / f"{told.name}.svg")
    return []


def _where(files: dict[str, str]) -> list[str]:
    return [f"{what}: {path}" for what, path in files.items()]


def _nothing(curve: Curve) -> int:
    """Why there is no point at all, as an exit code."""
    from partition.cli.shared import NO_PLAN, NO_TIME

    return NO_PLAN if curve.least_proven else NO_TIME
