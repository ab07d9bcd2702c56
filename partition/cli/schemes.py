"""`advisers` and `review`: who serves whom, and who reviews whom, over a plan and its scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings
from partition.cli.plan_files import refuse_other_inputs
from partition.cli.shared import refusing, say, scenario_asked

if TYPE_CHECKING:
    from partition.scheme import Scheme
    from partition.scheme.advisers import Assignment, Leaving
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
    from partition.scheme import scheme_of
    from partition.scheme.kept import log_of
    from partition.session import load
    from partition.store import read_plan
    from partition.stored import account_of

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
    with refusing(as_json):
        from geodata.faults import BadData, Fault

        scheme = scheme_asked(plan, scenario, schools, la, given, no_cache, as_json)
        if scheme.advisers is None:
            raise BadData([Fault(file="scenario", column="advisers.people", fix="name the file of advisers")])
        files = _write_patches(scheme, scheme.advisers, out, internal)
        if keep:
            from partition.scheme.kept import advisers_frame
            from partition.store import add_rows

            add_rows(plan, "advisers", advisers_frame(scheme.account, scheme.advisers), in_place=True)
            files["plan"] = str(plan)
        facts = _facts(scheme, scheme.advisers) | {"files": files}
        lines = [*_lines(scheme, scheme.advisers), *(f"{what}: {path}" for what, path in files.items())]
        say(facts, lines, as_json, quiet)


def _write_patches(scheme: Scheme, assigned: Assignment, out: Path, internal: bool) -> dict[str, str]:
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import write_map
    from partition.maps.patch import patch_atlas, patch_figures
    from partition.scheme.patch_sheet import write_patch_sheet

    stages = scheme.log.stages(item.number for item in scheme.account.partnerships)
    atlas = draw_atlas(scheme.case, scheme.account, internal=internal, stages=stages)
    out.mkdir(parents=True, exist_ok=True)
    files = {}
    for number, patch in enumerate(assigned.patches, 1):
        name = f"{number:02} {re.sub(r'[^A-Za-z0-9]+', '_', patch.adviser.name).strip('_')}".strip().replace(" ", "_")
        map_path, page_path = out / f"{name}_map.html", out / f"{name}.html"
        if patch.partnerships:
            write_map(patch_atlas(atlas, scheme, patch), map_path)
            files[f"map of {patch.adviser.name}"] = str(map_path)
        write_patch_sheet(scheme, patch, list(patch_figures(scheme, patch)), page_path, internal=internal)
        files[f"page of {patch.adviser.name}"] = str(page_path)
    return files


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


def _lines(scheme: Scheme, assigned: Assignment) -> Iterator[str]:
    names = {item.number: f"{item.number} {item.name}" for item in scheme.account.partnerships}
    for patch in assigned.patches:
        most = "" if patch.adviser.caseload is None else f" of {patch.adviser.caseload}"
        hours = f"{patch.drive_minutes / 60:,.1f} hours' drive a year"
        where = "; ".join(names[number] for number in patch.partnerships) or "none"
        yield f"{patch.adviser.name} ({patch.adviser.office}): {len(patch.partnerships)}{most}, {hours}: {where}"
    for number in assigned.unserved:
        yield f"nobody serves {names[number]}: {assigned.why_unserved[number]}"
    yield ""
    changing = f"{assigned.schools_changing} schools change adviser"
    yield f"{assigned.drive_minutes / 60:,.1f} hours' drive a year in all; {changing}"
    yield "Proven best: no assignment serves more partnerships, and among those none costs less."
    yield f"Travel: {assigned.words}."
    if scheme.leaving is not None:
        yield from _leaving_lines(scheme.leaving, names)


def _leaving_lines(leaving: Leaving, names: dict[int, str]) -> Iterator[str]:
    yield ""
    yield f"Without {', '.join(leaving.names)}: {leaving.more_minutes / 60:+,.1f} hours' drive a year"
    for number, before, after in leaving.changes:
        yield f"  {names[number]}: {before or 'nobody'} -> {after or 'nobody'}"


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
    with refusing(as_json):
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
