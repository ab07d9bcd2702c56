"""`stability`: whether a group of heads would all rather form a partnership of their own."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings
from partition.cli.plan_files import plan_over_data, refuse_without_inputs
from partition.cli.shared import FOUND, INTERRUPTED, kept_somewhere, refusing, say_written, urn_given
from partition.cli.solving import interruptibly

GAIN_MOST = 10**7  # minutes a year: nineteen years


def stability(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg or judged.gpkg that is asked about.")],
    scenario: Annotated[
        Path | None, typer.Argument(metavar="[SCENARIO]", help="The scenario it was made from.")
    ] = None,
    gain: Annotated[
        str, typer.Option("--gain", metavar="MINUTES", help="What each head must have less a year to leave.")
    ] = "60",
    school: Annotated[
        str | None, typer.Option("--school", metavar="URN", help="Only groups that this school's head would be in.")
    ] = None,
    plan_again: Annotated[
        bool, typer.Option("--plan-again", help="Also find the cheapest plan that nobody would leave.")
    ] = False,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Would a group of heads all rather form a partnership of their own? Proven either way; and what would hold."""
    refuse_without_inputs(scenario, schools)
    least = _gain(gain)
    with refusing(as_json, out):
        urn = None if school is None else urn_given("--school", school)
        over = plan_over_data(plan, scenario, schools, la, settings, no_cache=no_cache, as_json=as_json)
        from partition.actions.stability import StabilityRequest, will_it_hold
        from partition.cli.explaining import refuse_strangers
        from partition.studies.stability.text import facts, lines

        refuse_strangers(over.case.problem, urn)
        request = StabilityRequest(gain=least, urn=urn, plan_again=plan_again)
        done, interrupted = interruptibly(lambda stop: will_it_hold(over.case, over.account, request, stop=stop))
        files = kept_somewhere(lambda to: done.write(to, internal=internal), out)
        say_written(facts(done.found, internal), [*lines(done.found, internal), ""], files, as_json, quiet)
    raise typer.Exit(INTERRUPTED if interrupted else FOUND)


def _gain(text: str) -> Fraction:
    """Return the minutes that `--gain` states."""
    try:
        minutes = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise typer.BadParameter(
            f"{text!r} is no number; give minutes a year, such as 60", param_hint="--gain"
        ) from None
    if not Fraction(1, 1000) <= minutes <= GAIN_MOST:
        raise typer.BadParameter(f"{text!r} is not from 0.001 to {GAIN_MOST:,}", param_hint="--gain")
    return minutes
