"""`advisers` and `review`: who serves whom, and who reviews whom, over a plan and its scenario."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings
from partition.cli.plan_files import refuse_other_inputs
from partition.cli.shared import refusing, say, scenario_asked

if TYPE_CHECKING:
    from partition.scheme import Scheme
    from partition.scheme.advisers import Assignment
    from partition.scheme.review import ReviewRound

PlanFile = Annotated[Path, typer.Argument(help="The plan.gpkg whose partnerships it is about.")]
ItsScenario = Annotated[Path | None, typer.Argument(metavar="[SCENARIO]", help="Its scenario (TOML).")]


def scheme_asked(
    plan: Path,
    scenario: Path | None,
    schools: Path | None,
    la: Sequence[str] | None,
    settings: Sequence[str] | None,
    no_cache: bool,
    as_json: bool,
) -> Scheme:
    """The scheme of a plan file over its inputs, which must agree with it."""
    if scenario is None and schools is None:
        raise typer.BadParameter("give the scenario that the plan was made from, or --schools", param_hint="SCENARIO")
    from partition.scenario.case import load
    from partition.scheme import scheme_of
    from partition.scheme.kept import log_of
    from partition.storage.plan_file import read_plan
    from partition.storage.read_back import account_of

    stored = read_plan(plan)
    case = load(scenario_asked(scenario, schools, la, settings, Path()), use_cache=not no_cache)
    refuse_other_inputs(plan, stored, case, as_json)
    return scheme_of(case, account_of(stored, case.problem), log_of(stored), use_cache=not no_cache)


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
        from geodata.faults import BadData, Fault

        scheme = scheme_asked(plan, scenario, schools, la, given, no_cache, as_json)
        if scheme.advisers is None:
            raise BadData([Fault(file="scenario", column="advisers.people", fix="name the file of advisers")])
        from partition.maps.patches import write_patches
        from partition.scheme.patch_sheet import assignment_lines

        files = write_patches(scheme, scheme.advisers, out, internal=internal)
        if keep:
            from partition.scheme.kept import advisers_frame
            from partition.storage.plan_file import add_rows

            add_rows(plan, "advisers", advisers_frame(scheme.account, scheme.advisers), in_place=True)
            files["plan"] = str(plan)
        facts = _facts(scheme, scheme.advisers) | {"files": files}
        lines = [*assignment_lines(scheme, scheme.advisers), *(f"{what}: {path}" for what, path in files.items())]
        say(facts, lines, as_json, quiet)


def _facts(scheme: Scheme, assigned: Assignment) -> dict[str, Any]:
    leaving = scheme.leaving
    return {
        "advisers": [
            {
                "adviser": patch.adviser.name,
                "partnerships": list(patch.partnerships),
                "schools": patch.schools,
                "drive_minutes": patch.drive_minutes,
                "days": patch.days,
                "new_schools": len(patch.new_schools),
            }
            for patch in assigned.patches
        ],
        "unserved": {number: assigned.why_unserved[number] for number in assigned.unserved},
        "drive_minutes": assigned.drive_minutes,
        "schools_changing": assigned.schools_changing,
        "proven": True,
        "travel": assigned.words,
        "leaving": None
        if leaving is None
        else {"names": list(leaving.names), "more_minutes": leaving.more_minutes, "changes": leaving.changes},
    }


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
        from geodata.faults import BadData, Fault

        scheme = scheme_asked(plan, scenario, schools, la, settings, no_cache, as_json)
        if scheme.review is None:
            fix = "give the first day of the window, such as --set review.starts=2027-01-11"
            raise BadData([Fault(file="scenario", column="review.starts", fix=fix)])
        from partition.scheme.review_sheet import review_lines, write_review

        files = write_review(scheme, scheme.review, out, internal=internal)
        facts = _review_facts(scheme.review, internal) | {"files": files}
        say(facts, [*review_lines(scheme, scheme.review), *(f"{w}: {p}" for w, p in files.items())], as_json, quiet)


def _review_facts(found: ReviewRound, internal: bool) -> dict[str, Any]:
    return {
        "trios": [
            {
                "urns": list(trio.urns),
                "partnerships": list(trio.partnerships),
                "minutes": trio.minutes,
                "adviser": trio.adviser,
                "days": [visit.day.isoformat() for visit in trio.visits],
                **({"matches": trio.matches} if internal else {}),
            }
            for trio in found.trios
        ],
        "left_out": list(found.left_out),
        "minutes": found.minutes,
        "proven": found.is_proven,
    }
