"""A sweep: many settings searched, each kept as it ends; its page, its tables for papers, and its pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing import active_children
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from geodata.files import replacing, together
from geodata.sheets import write_csv
from partition.maps.sweep import ENDINGS, solve_and_draw, write_sweep
from partition.settings.scenario import Scenario
from partition.studies.sweep.apart import names_of
from partition.studies.sweep.axes import Axis, Values
from partition.studies.sweep.cluster import cluster_for_scenarios
from partition.studies.sweep.picture import draw_heat_map, draw_multiples, drawable
from partition.studies.sweep.table import Row, Sweep
from partition.studies.sweep.tasks import Tasks
from partition.studies.sweep.text import figure_rows, markdown, tip_rows
from partition.studies.sweep.work import PLANS, Result, finish, processes, refuse_faults, solve_task


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRequest:
    """Settings to be searched.

    Attributes
    ----------
    axes
        What varies.
    found
        Every combination of its values, and the scenario that it makes.
    jobs
        Processes at once; 0: one for each core.
    scheduler
        The address of a Dask cluster that does the work instead; None: this machine.
    use_cache
        Whether roads and minutes that were worked out before are used, and new ones kept.
    draws
        Whether each scenario's plan file and map are written too.
    """

    axes: Sequence[Axis]
    found: Sequence[tuple[Values, Scenario]]
    jobs: int = 0
    scheduler: str | None = None
    use_cache: bool = True
    draws: bool = False

    @property
    def processes(self) -> int:
        """How many processes work at once."""
        return min(self.jobs or cpu_count() or 1, len(self.found))

    @property
    def cores_each(self) -> int:
        """How many cores each of them has."""
        return max((cpu_count() or 1) // self.processes, 1) if self.scheduler is None else 1


Tell = Callable[[int, Mapping[int, Row]], None]


def run_sweep(request: SweepRequest, out: Path, tell: Tell | None = None, stop: Event | None = None) -> Sweep:
    """Search every combination of settings; asked again with the same folder, it goes on where it ended.

    Parameters
    ----------
    request
        The settings, and how many processes work on them.
    out
        The folder in which each search's result is kept.
    tell
        Called as searches end, with how many have ended by then, and the rows of those that are new and whose data
        are good, by their places.
    stop
        Set, it ends the searches under way at once.

    Raises
    ------
    BadData
        With every fault of every scenario's data.
    UnfinishedError
        Where it was stopped, or worker processes were ended from outside; what was finished is kept.

    Examples
    --------
    >>> import partition as p
    >>> from partition.studies.sweep.axes import combinations, read_axes
    >>> axes = read_axes(["rules.minutes_max=20,25"])
    >>> found = combinations(lambda given: p.read_scenario("county.toml", given), axes)
    >>> sweep = p.run_sweep(p.SweepRequest(axes=axes, found=found, jobs=1), Path("sweep"))
    >>> [row.values for row in sweep.rows]
    [('20',), ('25',)]
    """
    make = Tasks(workers=request.cores_each, use_cache=request.use_cache, draws=request.draws)
    tasks = [make.task(scenario) for _, scenario in request.found]

    waiting = dict(enumerate(tasks))

    def show(results: Mapping[str, Result]) -> None:
        ended = {at: results[task["key"]] for at, task in waiting.items() if task["key"] in results}
        for at in ended:
            del waiting[at]
        good = {at: result for at, result in ended.items() if "faults" not in result}
        if tell is not None:
            tell(len(results), {at: Row(request.found[at][0], result) for at, result in good.items()})

    with _executor(request) as executor:
        if stop is not None:
            Thread(target=_end_children, args=(stop,), daemon=True).start()
        work = solve_and_draw if request.draws else solve_task
        results = finish(tasks, names_of(request.found), out, executor, work, show)
    refuse_faults(results)
    rows = [Row(values, result) for (values, _), result in zip(request.found, results, strict=True)]
    return Sweep(request.axes, rows)


def _executor(request: SweepRequest) -> AbstractContextManager[Executor]:
    if request.scheduler is not None:
        return cluster_for_scenarios(request.scheduler)
    return processes(request.processes)


def _end_children(stop: Event) -> None:
    """End the searches under way once it is asked to stop; those that have ended are kept."""
    stop.wait()
    for child in active_children():
        child.terminate()


def write_results(sweep: Sweep, out: Path, *, pictures: bool = False) -> dict[str, Path]:
    """The page, the tables and, if asked for, the page's pictures; they replace their forerunners at once."""
    with TemporaryDirectory() as folder:
        drawings = _drawn(sweep, Path(folder))
        with together():
            files = _write_papers(sweep, out, drawings)
            kept = {drawing.stem: out / drawing.name for drawing in drawings if pictures}
            for drawing in drawings if pictures else ():
                with replacing(out / drawing.name) as temporary:
                    temporary.write_bytes(drawing.read_bytes())
    for drawing in () if pictures else drawings:
        (out / drawing.name).unlink(missing_ok=True)  # of an earlier run: the page holds its own
    return files | kept


def _drawn(sweep: Sweep, folder: Path) -> list[Path]:
    """The page's pictures, where they can be drawn."""
    if not drawable():
        return []
    drawings = [folder / "sweep.svg"]
    draw_multiples(sweep, drawings[0])
    if len(sweep.axes) == 2:
        drawings.append(folder / "sweep_heat.svg")
        draw_heat_map(sweep, drawings[1])
    return drawings


def _write_papers(sweep: Sweep, out: Path, drawings: Sequence[Path]) -> dict[str, Path]:
    files = {what: out / f"sweep.{end}" for what, end in (("page", "html"), ("table", "csv"), ("markdown", "md"))}
    title, status = title_of(sweep), " / ".join(dict.fromkeys(row.result["page_status"] for row in sweep.rows))
    drawn = [next((f for f in row.result.get("files", ()) if f.endswith(ENDINGS["map"])), "") for row in sweep.rows]
    links = [f"{PLANS}/{file}" if file else "" for file in drawn] if any(drawn) else []
    write_sweep(sweep, files["page"], title=title, status=status, pictures=drawings, maps=links)
    write_csv(files["table"], list(figure_rows(sweep)))
    with replacing(files["markdown"]) as temporary:
        temporary.write_text(markdown(sweep, title, status), encoding="utf-8", newline="\n")
    if any(axis.neighbours for axis in sweep.axes):
        files["tips"] = out / "sweep_tips.csv"
        write_csv(files["tips"], list(tip_rows(sweep)))
    return files


def title_of(sweep: Sweep) -> str:
    """What page and papers are headed."""
    titles = list(dict.fromkeys(row.result["title"] for row in sweep.rows))
    what = f"{len(sweep.rows)} settings of {', '.join(axis.name for axis in sweep.axes)}"
    return f"{titles[0] if len(titles) == 1 else 'School partnerships'}: {what}"
