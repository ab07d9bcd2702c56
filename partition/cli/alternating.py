"""`alternatives`: plans nearly as good as the best that differ from each other, and what they share."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings, Tiles
from partition.cli.plan_files import plan_over_data, refuse_without_inputs
from partition.cli.shared import FOUND, INTERRUPTED, NO_TIME, kept_somewhere, refusing, say
from partition.cli.solving import interruptibly, progress

COUNT_MAX = 25  # letters from B


def alternatives(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg that there should be alternatives to.")],
    scenario: Annotated[
        Path | None, typer.Argument(metavar="[SCENARIO]", help="The scenario it was made from.")
    ] = None,
    within: Annotated[
        str, typer.Option("--within", metavar="SHARE", help="How much more than the best they may cost, e.g. 2%.")
    ] = "2%",
    count: Annotated[int, typer.Option("--count", min=1, max=COUNT_MAX, help="How many, besides the plan.")] = 5,
    differ: Annotated[
        int, typer.Option("--differ", min=1, help="Schools with other companions, at least, between any two.")
    ] = 10,
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
    """Other plans within a share of the best, each proven so; who is together in all of them, and who is a toss-up."""
    refuse_without_inputs(scenario, schools)
    share = _share(within)
    with refusing(as_json, out):
        given = (plan, scenario, schools, la, settings)
        over = plan_over_data(*given, searched=True, no_cache=no_cache, as_json=as_json)
        from partition.actions.alternatives import AlternativesRequest, look_for_alternatives

        request = AlternativesRequest(within=share, count=count, differ=differ)
        with progress(quiet) as show:
            done, interrupted = interruptibly(
                lambda stop: look_for_alternatives(over, request, show or (lambda _: None), stop)
            )
        if done is None:
            typer.echo(
                "How good the best can be was not found in the time given; allow more with --set solve.seconds=300",
                err=True,
            )
            raise typer.Exit(INTERRUPTED if interrupted else NO_TIME)
        from partition.studies.alternatives.text import facts, lines

        files = kept_somewhere(lambda to: done.write(to, internal=internal, tiles=tiles), out)
        where = [f"{what}: {path}" for what, path in files.items()]
        say({**facts(done.found), "files": files}, [*lines(done.found), "", *where], as_json, quiet)
    raise typer.Exit(INTERRUPTED if interrupted else FOUND)


def _share(text: str) -> Fraction:
    """ "2%" or "0.02" as a fraction."""
    digits, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        share = Fraction(digits.strip()) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        raise typer.BadParameter(f"{text!r} is no share; give one such as 2%", param_hint="--within") from None
    if not 0 <= share <= 1:
        raise typer.BadParameter(f"{text!r} is not between 0% and 100%", param_hint="--within")
    return share
