"""`verify` and `map`: what a plan file says, checked and drawn again with no solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import (
    AsJson,
    Authorities,
    BaseFiles,
    Internal,
    NoCache,
    OutFolder,
    Quiet,
    SchoolsFile,
    Settings,
    Tiles,
)
from partition.cli.shared import DISAGREES, FOUND, refusing, say, scenario_asked
from partition.cli.telling import summary_lines

if TYPE_CHECKING:
    from partition.actions.plan_over_data import PlanOverData
    from partition.scenario.case import Case
    from partition.storage.plan_file import Stored
    from partition.storage.read_back import ReadBack
    from partition.storage.verify import Verdict


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
    """Recompute a plan's rules, costs and seal, with no solver; with its inputs, from those as well.

    The seal covers every value of every table, and what the file holds besides (views, triggers, indexes, titles,
    extents, counts, reference systems) must be as this program writes it. Not covered: how layers look (the table
    layer_styles and its entry), what reference systems are called, and space in the file that holds nothing. The seal
    shows accident, not forgery: whoever can write it can forge it, so compare with the inputs.
    """
    with refusing(as_json):
        with_inputs = scenario is not None or schools is not None
        asked = scenario_asked(scenario, schools, la, settings, Path()) if with_inputs else None
        from partition.actions.verify import verify_plan

        verdict = verify_plan(plan, asked, use_cache=not no_cache)
        _say_verdict(plan, verdict, as_json)
    raise typer.Exit(FOUND if verdict.agrees else DISAGREES)


def draw(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg or judged.gpkg to draw.")],
    scenario: Annotated[
        Path | None, typer.Argument(metavar="[SCENARIO]", help="Its scenario: for roads, base and working links.")
    ] = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    base: BaseFiles = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    tiles: Tiles = "",
    to_print: Annotated[
        bool, typer.Option("--print", help="Also as PDF (A4, A3) and PNG, to print or to mail (extra report).")
    ] = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Draw a plan file's map again: from the file alone, or with its inputs, which must agree with it."""
    with refusing(as_json, out):
        from geodata.boundaries import Region, read_bases
        from geodata.files import together
        from partition.storage.plan_file import read_plan

        if to_print:
            from partition.report.files import refuse_without_parts

            refuse_without_parts()

        background: Case | ReadBack
        if with_inputs := scenario is not None or schools is not None:
            over = plan_over_data(plan, scenario, schools, la, settings, no_cache=no_cache, as_json=as_json)
            stored, background, account = over.stored, over.case, over.account
        else:
            stored = read_plan(plan)
            background = back = _retold(stored, internal)
            account = back.account
        area = account.area
        near = Region.around(area.grid, area.eastings, area.northings)
        background = replace(background, base=(*background.base, *read_bases(base or (), near)))
        from partition.actions.map import draw_again
        from partition.formats.marks import INTERNAL
        from partition.maps.page import write_map
        from partition.scheme.kept import log_of

        atlas = draw_again(stored, background, account, internal=internal, tiles=tiles)
        path = out / f"{plan.stem}_map.html"
        files = {"map": str(path)}
        with together(private=internal):
            write_map(atlas, path)
            if to_print:
                from partition.report.drawing import write_prints

                files |= write_prints(atlas, [*([INTERNAL] if internal else []), background.status], out, path.stem)
        facts = {"digest": account.plan.digest, "with_inputs": with_inputs, "files": files}
        say(facts, summary_lines(background, account, files, log_of(stored)), as_json, quiet)


def _retold(stored: Stored, internal: bool) -> ReadBack:
    """The plan as its file alone tells it, which for an internal map must hold the links."""
    from partition.storage.read_back import read_back, refuse_public

    if internal:
        refuse_public(stored)
    return read_back(stored)


def refuse_without_inputs(scenario: Path | None, schools: Path | None) -> None:
    """End where nothing says what a plan was made from."""
    if scenario is None and schools is None:
        raise typer.BadParameter("give the scenario that the plan was made from, or --schools", param_hint="SCENARIO")


def plan_over_data(
    plan: Path,
    scenario: Path | None,
    schools: Path | None,
    la: Sequence[str] | None,
    settings: Sequence[str] | None,
    *,
    searched: bool = False,
    no_cache: bool,
    as_json: bool,
) -> PlanOverData:
    """A plan file over its inputs. Where they do not agree, what differs is said, and the command ends."""
    refuse_without_inputs(scenario, schools)
    asked = scenario_asked(scenario, schools, la, settings, Path())
    from partition.actions.plan_over_data import Disagreement, PlanOverData

    try:
        return PlanOverData.open(plan, asked, searched=searched, use_cache=not no_cache)
    except Disagreement as wrong:
        _say_verdict(plan, wrong.verdict, as_json)
        raise typer.Exit(DISAGREES) from None


def _say_verdict(plan: Path, verdict: Verdict, as_json: bool) -> None:
    lines = [f"{plan.name}: {'agrees' if verdict.agrees else 'DISAGREES'}"]
    lines += [f"wrong: {words}" for words in verdict.wrong] + [f"as sealed: {words}" for words in verdict.as_sealed]
    facts = {"agrees": verdict.agrees, "wrong": list(verdict.wrong), "as_sealed": list(verdict.as_sealed)}
    say(facts, lines, as_json, False)
