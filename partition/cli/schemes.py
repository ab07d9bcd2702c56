"""`advisers`, `review`, `training`, `effects`: who serves whom, reviews whom, trains where, and whether it worked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings
from partition.cli.plan_files import plan_over_data
from partition.cli.shared import refusing, say, say_written

PlanFile = Annotated[Path, typer.Argument(help="The plan.gpkg whose partnerships it is about.")]
ItsScenario = Annotated[Path | None, typer.Argument(metavar="[SCENARIO]", help="Its scenario (TOML).")]


def advisers(
    plan: PlanFile,
    scenario: ItsScenario = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="NAME", help="What if this adviser leaves; may be repeated."),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep who serves whom in the plan file too.")] = False,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("advisers"),
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Share partnerships out among advisers, proven; draw each one's patch as a map and a page of its own."""
    given = [*(settings or ())] + ([f"advisers.leaving={json.dumps(without)}"] if without else [])
    with refusing(as_json, out):
        over = plan_over_data(plan, scenario, schools, la, given, no_cache=no_cache, as_json=as_json)
        scheme = over.scheme()
        from partition.actions.advisers import assign_advisers, keep_advisers
        from partition.scheme.patch_sheet import assignment_lines

        done = assign_advisers(scheme, out, internal=internal)
        assigned, files = done.assigned, dict(done.files)
        if keep:
            keep_advisers(scheme, assigned, plan)
            files["plan"] = str(plan)
        say_written(done.facts, assignment_lines(scheme, assigned), files, as_json, quiet)


def review(
    plan: PlanFile,
    scenario: ItsScenario = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("review"),
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Put heads in trios that review each other's schools, with a calendar (.ics) for each school (extra report)."""
    with refusing(as_json, out):
        over = plan_over_data(plan, scenario, schools, la, settings, no_cache=no_cache, as_json=as_json)
        from partition.actions.review import arrange_review

        done = arrange_review(over.scheme(), out, internal=internal)
        say_written(done.facts(internal=internal), done.lines, done.files, as_json, quiet)


def training(
    plan: PlanFile,
    scenario: ItsScenario = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("training"),
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say where partnerships train together, and which joint staff teach where when; calendars (extra report)."""
    with refusing(as_json, out):
        over = plan_over_data(plan, scenario, schools, la, settings, no_cache=no_cache, as_json=as_json)
        from partition.actions.training import arrange_training

        done = arrange_training(over.scheme(), out)
        say_written(done.facts, done.lines, done.files, as_json, quiet)


def effects(
    plan: PlanFile,
    scenario: ItsScenario = None,
    sheets: Annotated[bool, typer.Option("--sheets", help="Write the sheets to fill in, and look at nothing.")] = False,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("effects"),
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Did it work? Results, a survey and what partnerships do together, side by side; no cause is shown."""
    with refusing(as_json, out):
        over = plan_over_data(plan, scenario, schools, la, settings, no_cache=no_cache, as_json=as_json)
        from partition.actions.effects import show_effects, write_effect_sheets

        if sheets:
            files = write_effect_sheets(over.scheme(), out)
            say({"files": files}, [f"{what} (effects.{what}): {path}" for what, path in files.items()], as_json, quiet)
            return
        done = show_effects(over.scheme(), out, internal=internal)
        say_written(done.facts, done.lines, done.files, as_json, quiet)
