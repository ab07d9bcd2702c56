"""The command `partnerships`: it reads, calls one function, and prints. Heavy parts load when they are needed."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from geodata.minutes import Travel
    from partition.account import Account
    from partition.problem import Problem
    from partition.scenario import Scenario
    from partition.session import Case
    from partition.solve import Limits, Progress, Run

FOUND, DISAGREES, WRONG_USAGE, BAD_DATA, NO_PLAN, NO_TIME, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
BREACHES_SHOWN = 3  # of each rule

app = typer.Typer(
    name="partnerships",
    help="Partnerships of small schools: propose them, prove how good they are, draw them on a map.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ScenarioFile = Annotated[
    Path | None, typer.Argument(metavar="[SCENARIO]", help="Scenario file (TOML); none: the sample county.")
]
SchoolsFile = Annotated[
    Path | None, typer.Option("--schools", help="School file: GIAS extract, or CSV, XLSX, GeoPackage.")
]
Authorities = Annotated[list[str] | None, typer.Option("--la", help="GIAS: local authority code; may be repeated.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="TABLE.KEY=VALUE", help="Override a setting, e.g. rules.minutes_max=25."),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Read roads and search minutes afresh, and keep nothing of them.")
]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for what is written.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Internal = Annotated[
    bool,
    typer.Option("--internal", help="Show who works with whom; marks every page as not for publication."),
]
Tiles = Annotated[str, typer.Option("--tiles", metavar="URL", help="Tile server for the map; it is asked when opened.")]


def main() -> None:
    """The entry point."""
    app()


@app.command()
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
    with _refusing(as_json):
        asked = _scenario(scenario, schools, la, settings, out)
        from partition.session import load

        case = load(asked, use_cache=not no_cache)
        run, interrupted = _solve(case.problem, _limits(asked), quiet)
        if run.plan is None:
            _no_plan(case, run, interrupted, as_json)
        from partition.account import Account
        from partition.reasons import why_unplaced

        reasons = why_unplaced(case.problem, run.plan, run)
        account = Account(case.problem, run.plan, run=run, reasons=reasons)
        files = _write(case, account, out, ("plan.gpkg", "map.html"), internal, tiles)
        _print(_answer(account, files), _summary(case, account, files), as_json, quiet)
    raise typer.Exit(INTERRUPTED if interrupted else FOUND)


@app.command()
def judge(
    scenario: ScenarioFile = None,
    groups: Annotated[
        Path | None, typer.Option(help="Groups to judge: a file of urn, partnership; none: today's.")
    ] = None,
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
    """Check, cost and map groups as they are: today's, or any file of urn and partnership. Nothing is solved."""
    with _refusing(as_json):
        asked = _scenario(scenario, schools, la, settings, out)
        from partition.judgement import judge as judged
        from partition.session import load

        case = load(asked, use_cache=not no_cache)
        account = judged(case.problem, _groups(case, groups))
        files = _write(case, account, out, ("judged.gpkg", "judged.html"), internal, tiles)
        _print(_judgement(account, files), _summary(case, account, files), as_json, quiet)


@app.command()
def check(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Read and check the data, and say what is there. Nothing is solved."""
    with _refusing(as_json):
        from partition.session import load

        case = load(_scenario(scenario, schools, la, settings, out), use_cache=not no_cache)
        from partition.travelling import doubt_words, doubts, worst_facts

        roster = case.problem.roster
        doubtful = doubts(case.problem.area)
        facts = {
            "schools": len(case.problem.area),
            "small": roster.small_schools,
            "headships": len(roster),
            "associates": sum(headship.associates for headship in roster.headships),
            "links": len(case.problem.area.links),
            "existing": len(case.problem.area.existing),
            "travel": case.problem.area.travel.words,
            "notices": [notice.as_dict() for notice in case.notices],
            "left_out": [{"urn": urn, "name": name, "why": why} for urn, name, why in case.left_out],
            "out_of_reach": list(case.out_of_reach),
            "doubtful_pairs": doubtful.pairs,
            "doubtful_schools": doubtful.schools,
            "doubtful_worst": worst_facts(case.problem.area, doubtful),
        }
        lines = [
            f"{facts['schools']} schools, {facts['small']} of them small; {facts['headships']} headships take part",
            f"{facts['links']} working links, {facts['existing']} partnerships of today",
            f"travel: {facts['travel']}",
            *(f"notice: {notice}" for notice in case.notices),
            *(f"left out: {name} ({urn}): {why}" for urn, name, why in case.left_out),
            *(f"out of reach: {words}" for words in case.out_of_reach),
            *doubt_words(case.problem.area, doubtful),
        ]
        _print(facts, lines, as_json, False)


@app.command()
def travel(
    scenario: ScenarioFile = None,
    origin: Annotated[
        int | None, typer.Option("--from", metavar="URN", help="Map the minutes from this school.")
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write the matrix as Parquet instead of CSV.")] = False,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Minutes and km between all schools as a table, and a map of the minutes from one of them."""
    with _refusing(as_json):
        from partition.session import load

        case = load(_scenario(scenario, schools, la, settings, out), use_cache=not no_cache)
        from partition.travelling import matrix, position_of, summary, write_matrix

        area = case.problem.area
        bands = None
        if origin is not None:
            from partition.maps.atlas import draw_bands

            bands = draw_bands(case, position_of(area, origin))
        pairs = matrix(area)
        out.mkdir(parents=True, exist_ok=True)
        files = {"matrix": str(out / ("minutes.parquet" if parquet else "minutes.csv"))}
        write_matrix(pairs, Path(files["matrix"]))
        if bands is not None:
            from partition.maps.bands import write_bands

            files["map"] = str(out / f"minutes_from_{origin}.html")
            write_bands(bands, Path(files["map"]))
        told = summary(pairs)
        facts = {
            "pairs": told.pairs,
            "unreachable": told.unreachable,
            "median_minutes": told.median_minutes,
            "worst_minutes": told.worst_minutes,
            "worst_pair": told.worst_pair,
            "travel": area.travel.words,
            "attribution": list(area.travel.attribution),
            "files": files,
        }
        lines = [f"{told.pairs} pairs of {len(area)} schools, {told.unreachable} with no way between them"]
        if told.worst_pair is not None:
            names = " to ".join(area.name_of(urn) for urn in told.worst_pair)
            lines.append(f"median {told.median_minutes:.1f} minutes, longest {told.worst_minutes:.1f} ({names})")
        lines += [*_travel_words(area.travel), "", *(f"{what}: {path}" for what, path in files.items())]
        _print(facts, lines, as_json, quiet)


@app.command()
def verify(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg to check.")],
    scenario: Annotated[
        Path | None, typer.Argument(metavar="[SCENARIO]", help="Its scenario, to check its inputs too.")
    ] = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Recompute a plan's rules, costs and seal, with no solver; with its inputs, from those as well."""
    with _refusing(as_json):
        from partition.store import read_plan
        from partition.verdict import verify as verdict_of

        stored = read_plan(plan)
        inputs = None
        if scenario is not None or schools is not None:
            from partition.session import load

            inputs = load(_scenario(scenario, schools, la, settings, Path()), use_cache=not no_cache)
        verdict = verdict_of(stored, inputs)
        lines = [f"{plan.name}: {'agrees' if verdict.agrees else 'DISAGREES'}"]
        lines += [f"wrong: {words}" for words in verdict.wrong] + [f"as sealed: {words}" for words in verdict.as_sealed]
        facts = {"agrees": verdict.agrees, "wrong": list(verdict.wrong), "as_sealed": list(verdict.as_sealed)}
        _print(facts, lines, as_json, False)
    raise typer.Exit(FOUND if verdict.agrees else DISAGREES)


@app.command()
def sample(
    size: Annotated[int, typer.Option(min=30, max=12_000, help="How many schools; about 60 in 100 are small.")] = 280,
    seed: Annotated[int, typer.Option(min=0, help="Another seed makes another county.")] = 1,
    out: OutFolder = Path("sample"),
    as_json: AsJson = False,
) -> None:
    """Write the files of a made-up county to practise on."""
    path = _sample(out, size, seed)
    _print({"scenario": str(path)}, [f"wrote {path}", f"next: partnerships plan {path}"], as_json, False)


@app.command()
def scenario(
    schema: Annotated[bool, typer.Option("--schema", help="The JSON Schema instead.")] = False,
) -> None:
    """Print every setting of the scenario file with its default and what it means."""
    from partition.scenario import Scenario, template

    typer.echo(json.dumps(Scenario.model_json_schema(), indent=2) if schema else template())


# What the commands share ------------------------------------------------------------------------------------


def _scenario(
    path: Path | None,
    schools: Path | None,
    la: Sequence[str] | None,
    settings: Sequence[str] | None,
    out: Path,
) -> Scenario:
    """The scenario asked for; with neither a scenario nor schools, the sample county, written beside the answer."""
    from partition.scenario import read_scenario

    if path is None and schools is None:
        read_scenario(None, settings or ())  # a wrong setting must leave nothing behind
        path = _sample(out / "sample", 280, 1)
    given = []
    if schools is not None:
        given.append(f"data.schools={json.dumps(str(schools))}")
    if la:
        given.append(f"data.local_authority={json.dumps(list(la))}")
    return read_scenario(path, [*given, *(settings or ())])


def _sample(folder: Path, size: int, seed: int) -> Path:
    from partition.sample import make_county, write_county

    folder.mkdir(parents=True, exist_ok=True)
    return write_county(make_county(size, seed), folder)


def _limits(asked: Scenario) -> Limits:
    from partition.solve import Limits

    solve = asked.solve
    return Limits(seconds=solve.seconds, gap=solve.gap, seed=solve.seed, workers=solve.workers)


def _solve(problem: Problem, limits: Limits, quiet: bool) -> tuple[Run, bool]:
    """Solve in a thread, so that Ctrl-C can ask for the best plan so far; the run, and whether it was asked."""
    from partition.solve import solve

    stop = Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        with ThreadPoolExecutor(1) as thread, _progress(quiet) as tell:
            future = thread.submit(solve, problem, limits, tell, stop)
            return _wait(future), stop.is_set()
    finally:
        signal.signal(signal.SIGINT, before)


def _wait(future: Future[Run]) -> Run:
    """The result; waking often lets Python see a signal on every platform."""
    while True:
        try:
            return future.result(timeout=0.1)
        except TimeoutError:
            if future.done():
                raise


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """A line that says how far the search is, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("preparing (the first run ever compiles the search: some 10 seconds)") as status:

        def tell(progress: Progress) -> None:
            status.update(_progress_words(progress))

        yield tell


def _progress_words(progress: Progress) -> str:
    what = {"fewest": "fewest unplaced", "guide": "first plan", "cost": "least cost", "possible": "any plan"}
    words = f"{progress.seconds:5.1f} s  {what[progress.stage]}: {progress.doing}"
    if progress.stage == "cost" and progress.cost is not None:
        words += f"  {progress.cost / 60_000:,.0f} hours"
        if progress.gap is not None:
            words += f", gap {progress.gap:.2%}"
    return words


@contextmanager
def _refusing(as_json: bool) -> Iterator[None]:
    """Bad data or a bad scenario ends in every fault told, and exit code 3."""
    from geodata.faults import BadData

    try:
        yield
    except BadData as bad:
        if as_json:
            typer.echo(json.dumps({"faults": [fault.as_dict() for fault in bad.faults]}, ensure_ascii=False))
        else:
            for fault in bad.faults:
                typer.echo(str(fault), err=True)
            count = len(bad.faults)
            typer.echo(f"{count} fault{'s' * (count != 1)}; nothing was written", err=True)
        raise typer.Exit(BAD_DATA) from None


def _groups(case: Case, path: Path | None) -> dict[int, str]:
    from geodata.faults import BadData, Fault
    from geodata.groups import read_groups

    area = case.problem.area
    if path is not None:
        selected = set(area.urns.tolist())
        return read_groups(path, label="partnership", known_urns=case.known_urns, selected_urns=selected).labels
    if not area.existing:
        fix = "there are no groups to judge: give --groups FILE (urn, partnership), or data.existing in the scenario"
        raise BadData([Fault(file="scenario", column="data.existing", fix=fix)])
    return {urn: partnership.name for partnership in area.existing for urn in partnership.urns}


def _write(
    case: Case, account: Account, out: Path, names: tuple[str, str], internal: bool, tiles: str
) -> dict[str, str]:
    """The plan file and the map; each replaces its forerunner at once."""
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import write_map
    from partition.store import write_plan

    atlas = draw_atlas(case, account, internal=internal, tiles=tiles)
    out.mkdir(parents=True, exist_ok=True)
    plan_path, map_path = out / names[0], out / names[1]
    write_plan(case, account, plan_path, internal=internal)
    write_map(atlas, map_path)
    return {"plan": str(plan_path), "map": str(map_path)}


def _answer(account: Account, files: dict[str, str]) -> dict[str, object]:
    """The run as the command's JSON gives it."""
    run, roster = account.run, account.problem.roster
    assert run is not None
    return {
        "status": run.status,
        "cost": account.cost.terms(),
        "bound": None if run.bound is None else run.bound / 1000,
        "gap": run.gap,
        "fewest_proven": run.fewest_proven,
        "unit": account.unit,
        "partnerships": len(account.partnerships),
        "headships": len(roster),
        "schools": roster.small_schools,
        "associates": sum(item.group.associates for item in account.partnerships),
        "unplaced": [
            {"urn": urn, "name": account.area.name_of(urn), "reason": account.reasons.get(urn, "")}
            for urn in account.unplaced
        ],
        "seconds": round(run.seconds, 2),
        "seed": run.limits.seed,
        "stopped_by": run.stopped_by,
        "travel": account.area.travel.words,
        "attribution": list(account.area.travel.attribution),
        "digest": account.plan.digest,
        "files": files,
    }


def _judgement(account: Account, files: dict[str, str]) -> dict[str, object]:
    return {
        "status": "judged",
        "cost": account.cost.terms(),
        "unit": account.unit,
        "partnerships": len(account.partnerships),
        "breaches": [
            {"rule": breach.rule, "urns": list(breach.urns), "words": breach.words}
            for breach in account.breaches
            if not breach.private
        ],
        "unplaced": [{"urn": urn, "name": account.area.name_of(urn)} for urn in account.unplaced],
        "digest": account.plan.digest,
        "files": files,
    }


def _summary(case: Case, account: Account, files: dict[str, str]) -> list[str]:
    """What a person reads: figures, how sure they are, what is wrong, and where things are."""
    from partition.maps.atlas import figures

    area = account.area
    lines = [f"{name + ':':28}{value}" for name, value in figures(case, account)]
    lines += ["", account.sureness(), *_travel_words(area.travel)]
    if account.run is not None and account.reasons:
        lines += ["", "Not yet placed:"]
        lines += [f"  {area.name_of(urn)} ({urn}): {why}" for urn, why in sorted(account.reasons.items())]
    lines += _broken(account)
    lines += [f"notice: {notice}" for notice in case.notices]
    return [*lines, "", *(f"{what}: {path}" for what, path in files.items())]


def _travel_words(travel: Travel) -> list[str]:
    """How minutes were come by, and whom to credit for that."""
    return [f"Travel: {travel.words}.", *travel.attribution]


def _broken(account: Account) -> Iterator[str]:
    """Rules broken, how often, and a few of the ways."""
    place = {breach: f"{item.name}: " for item in account.partnerships for breach in item.breaches}
    words_by_rule: dict[str, list[str]] = {}
    for breach in account.breaches:
        if not breach.private:
            words_by_rule.setdefault(breach.rule, []).append(place.get(breach, "") + breach.words)
    if words_by_rule:
        yield from ("", "Rules broken (all in the map, and with --json):")
    for rule, words in words_by_rule.items():
        yield f"  {rule}: {len(words)}"
        yield from (f"    {some}" for some in words[:BREACHES_SHOWN])
        if len(words) > BREACHES_SHOWN:
            yield f"    ... and {len(words) - BREACHES_SHOWN} more"


def _no_plan(case: Case, run: Run, interrupted: bool, as_json: bool) -> NoReturn:
    """Say that there is none, or that none was found, and why."""
    from partition.reasons import why_no_plan

    if run.status == "infeasible":
        reason, code = why_no_plan(case.problem), NO_PLAN
    elif interrupted:
        reason, code = "interrupted before any was found", INTERRUPTED
    else:
        reason, code = (
            "time ran out before any plan was found; allow more with --set solve.seconds=300",
            NO_TIME,
        )
    if as_json:
        facts = {"status": run.status, "reason": reason, "bound": run.bound, "seconds": round(run.seconds, 2)}
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        typer.echo(f"No plan: {reason}", err=True)
    raise typer.Exit(code)


def _print(facts: dict[str, Any], lines: Sequence[str], as_json: bool, quiet: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
    elif not quiet:
        typer.echo("\n".join(lines))
