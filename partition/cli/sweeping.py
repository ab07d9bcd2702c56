"""`sweep`: every combination of some settings, or many areas apart, in parallel and resumable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import AsJson, Authorities, NoCache, Quiet, ScenarioFile, SchoolsFile, Settings
from partition.cli.shared import INTERRUPTED, NO_TIME, refusing, say, scenario_asked
from partition.cli.solving import progress

if TYPE_CHECKING:
    from partition.studies.sweep.table import Sweep
    from partition.studies.sweep.tasks import Task
    from partition.studies.sweep.work import Result

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
        from partition.actions.sweep import write_results
        from partition.scenario.read import read_scenario
        from partition.studies.sweep.apart import apart, everywhere, names_of
        from partition.studies.sweep.axes import combinations, read_axes
        from partition.studies.sweep.picture import refuse_undrawable
        from partition.studies.sweep.table import Row, Sweep
        from partition.studies.sweep.tasks import Tasks
        from partition.studies.sweep.work import refuse_faults

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
        processes = min(jobs or cpu_count() or 1, len(found))
        cores = max((cpu_count() or 1) // processes, 1) if scheduler is None else 1
        make = Tasks(workers=cores, use_cache=not no_cache, draws=maps)
        tasks, names = [make.task(one) for _, one in found], names_of(found)
        results = _work(tasks, names, out, processes, scheduler, maps, quiet, as_json)
        refuse_faults(results)
        done = Sweep(axes, [Row(values, result) for (values, _), result in zip(found, results, strict=True)])
        files = write_results(done, out, pictures=plot)
        _say(done, files, told, as_json, quiet)


def _work(
    tasks: Sequence[Task],
    names: Sequence[str],
    out: Path,
    processes: int,
    scheduler: str | None,
    maps: bool,
    quiet: bool,
    as_json: bool,
) -> list[Result]:
    """Every result. Ctrl-C, or workers that are gone, end the command; what was finished is kept."""
    from partition.maps.sweep import solve_and_draw
    from partition.studies.sweep.work import UnfinishedError, executor_of, finish, solve_task

    done = 0
    try:
        with progress(quiet) as show, executor_of(processes, scheduler) as executor:

            def tell(found: Mapping[str, Result]) -> None:
                nonlocal done
                done = len(found)
                if show is not None:
                    show(f"{done} of {len(tasks)} scenarios (Ctrl-C keeps them; the same command goes on)")

            return finish(tasks, names, out, executor, solve_and_draw if maps else solve_task, tell)
    except KeyboardInterrupt:
        reason, code = "interrupted", INTERRUPTED
    except UnfinishedError as wrong:
        reason, code = str(wrong), NO_TIME
    words = f"{reason}; {done} of {len(tasks)} scenarios are kept in {out}: the same command goes on from there"
    say({"status": "unfinished", "reason": reason, "done": done, "of": len(tasks)}, [words], as_json, False)
    raise typer.Exit(code)


def _say(sweep: Sweep, files: dict[str, Path], told: Sequence[str], as_json: bool, quiet: bool) -> None:
    from partition.studies.sweep.text import as_facts, headings, tip_words, words

    lines = _aligned([headings(sweep), *map(words, sweep.rows)])
    lines += ["", sweep.best_words]
    lines += _listed("Where it starts to go wrong:", [start.words(sweep) for start in sweep.starts])
    tips = [f"{name} ({urn}): {tip_words(sweep, tips)}" for (urn, name), tips in sweep.tipping.items()]
    lines += _listed("Schools that tip (placed, and in the next setting not yet placed):", tips)
    lines += [f"notice: {line}" for line in told]
    lines += ["", *(f"{what}: {path}" for what, path in files.items())]
    say(as_facts(sweep, files), lines, as_json, quiet)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _listed(heading: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - SHOWN} more in the page"] if len(lines) > SHOWN else []
    return ["", heading, *(f"  {line}" for line in lines[:SHOWN]), *more]
