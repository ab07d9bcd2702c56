"""`sweep`: every combination of some settings, or many areas apart, in parallel and resumable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import AsJson, Authorities, NoCache, Quiet, ScenarioFile, SchoolsFile, Settings
from partition.cli.shared import INTERRUPTED, NO_TIME, file_lines, refusing, say, scenario_asked
from partition.cli.solving import progress

if TYPE_CHECKING:
    from partition.actions.sweep import SweepRequest
    from partition.studies.sweep.table import Row, Sweep

SHOWN = 12  # of each list, on the terminal


def sweep(
    scenario: ScenarioFile = None,
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="TABLE.KEY=VALUES", help="15:40:5 (last included) or 150,180,off; repeatable."),
    ] = None,
    each: Annotated[
        str | None, typer.Option("--each", metavar="COLUMN", help="Plan the schools of each value of a column apart.")
    ] = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for results; what is there already is kept.")] = Path(
        "sweep"
    ),
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes at once; 0: one a core.")] = 0,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="TCP://HOST:PORT", help="Use a Dask cluster (extra cluster).")
    ] = None,
    maps: Annotated[bool, typer.Option("--maps", help="Write every scenario's plan file and map as well.")] = False,
    plot: Annotated[bool, typer.Option("--plot", help="Draw SVG pictures as well (extra report).")] = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Plan every combination of settings: where it goes wrong, and which schools tip. Run again to go on."""
    if not vary and each is None:
        raise typer.BadParameter(
            "say what to vary, such as rules.minutes_max=15:40:5, or give --each", param_hint="--vary"
        )
    with refusing(as_json, out):
        from partition.actions.sweep import SweepRequest, write_results
        from partition.scenario.read import read_scenario
        from partition.studies.sweep.apart import apart, everywhere
        from partition.studies.sweep.axes import combinations, read_axes
        from partition.studies.sweep.picture import refuse_undrawable

        if plot:
            refuse_undrawable(out / "sweep.svg")
        axes = read_axes(vary or ())
        if scenario is None and schools is None:  # what is wrong must leave no sample behind
            combinations(lambda given: read_scenario(None, given), axes, settings or ())
        asked = scenario_asked(scenario, schools, la, settings, out)
        path = scenario if scenario is not None or schools is not None else out / "sample" / "county.toml"
        found = combinations(lambda given: scenario_asked(path, schools, la, given, out), axes, settings or ())
        told: tuple[str, ...] = ()
        if each is not None:
            found = [(values, everywhere(one, each)) for values, one in found]
            axis, found, told = apart(asked, each, found, not no_cache)
            axes = (axis, *axes)
        request = SweepRequest(
            axes=axes, found=found, jobs=jobs, scheduler=scheduler, use_cache=not no_cache, draws=maps
        )
        done = _run(request, out, quiet, as_json)
        files = write_results(done, out, pictures=plot)
        _say(done, files, told, as_json, quiet)


def _run(request: SweepRequest, out: Path, quiet: bool, as_json: bool) -> Sweep:
    """Every result. Ctrl-C, or workers that are gone, end the command; what was finished is kept."""
    from partition.actions.sweep import run_sweep
    from partition.studies.sweep.work import UnfinishedError

    ended, count = 0, len(request.found)
    try:
        with progress(quiet) as show:

            def tell(done: int, rows: Mapping[int, Row]) -> None:
                nonlocal ended
                ended = done
                if show is not None:
                    show(f"{done} of {count} scenarios (Ctrl-C keeps them; the same command goes on)")

            return run_sweep(request, out, tell)
    except KeyboardInterrupt:
        reason, code = "interrupted", INTERRUPTED
    except UnfinishedError as wrong:
        reason, code = str(wrong), NO_TIME
    words = f"{reason}; {ended} of {count} scenarios are kept in {out}: the same command goes on from there"
    say({"status": "unfinished", "reason": reason, "done": ended, "of": count}, [words], as_json, False)
    raise typer.Exit(code)


def _say(sweep: Sweep, files: dict[str, Path], told: Sequence[str], as_json: bool, quiet: bool) -> None:
    from partition.studies.sweep.text import as_facts, headings, tip_words, words

    lines = _aligned([headings(sweep), *map(words, sweep.rows)])
    lines += ["", sweep.best_words]
    lines += _listed("Where it starts to go wrong:", [start.words(sweep) for start in sweep.starts])
    tips = [f"{name} ({urn}): {tip_words(sweep, tips)}" for (urn, name), tips in sweep.tipping.items()]
    lines += _listed("Schools that tip (placed, and in the next setting not yet placed):", tips)
    lines += [f"notice: {line}" for line in told]
    lines += ["", *file_lines(files)]
    say(as_facts(sweep, files), lines, as_json, quiet)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _listed(heading: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - SHOWN} more in the page"] if len(lines) > SHOWN else []
    return ["", heading, *(f"  {line}" for line in lines[:SHOWN]), *more]
