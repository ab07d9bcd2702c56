"""`report`: the papers of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings
from partition.cli.schemes import ItsScenario, scheme_asked
from partition.cli.shared import refusing, say

SHOWN = {"report", "venues", "posts", "map"}  # tables of the scenario that change papers and no plan

if TYPE_CHECKING:
    from partition.report.brief import Brief
    from partition.scheme import Scheme
    from partition.settings.scheme import Stage
    from partition.storage.plan_file import Stored
    from partition.storage.read_back import ReadBack


def report(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg that the papers are about.")],
    scenario: ItsScenario = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("report"),
    final: Annotated[bool, typer.Option("--final", help="No draft any more; needs --date.")] = False,
    on: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Day that the papers are dated.")
    ] = None,
    options: Annotated[
        list[Path] | None, typer.Option("--option", help="Another plan.gpkg that was looked at; may be repeated.")
    ] = None,
    sheets_from: Annotated[
        str | None,
        typer.Option("--school-sheets-from", metavar="STAGE", help="A sheet for each school from this stage on."),
    ] = None,
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a plan's papers: committee report, workbook, maps to print, transparency record (extra report)."""
    if final and on is None:
        raise typer.BadParameter("a final paper is dated: give --date, such as 2027-03-01", param_hint="--final")
    least = None if sheets_from is None else _stage(sheets_from)
    with refusing(as_json, out):
        from partition.report.brief import Brief, Standing
        from partition.report.files import refuse_without_parts, write_papers
        from partition.storage.plan_file import read_plan, sources_of

        refuse_without_parts()
        stored = read_plan(plan)
        if scenario is None and schools is None:
            scheme = _scheme_alone(stored, settings or (), internal)
        else:
            scheme = scheme_asked(plan, scenario, schools, la, settings, no_cache, as_json)
        day = None if on is None else on.date()
        standing = Standing(is_draft=not final, internal=internal, status=scheme.case.status, day=day)
        sources = [(source.name, source.sha256) for source in sources_of(stored)]
        brief = Brief(scheme, standing, others=_others(options or ()), sources=sources)
        files = write_papers(brief, out, least)
        say(_facts(brief, files), _lines(brief, files), as_json, quiet)


def _stage(wanted: str) -> Stage:
    from partition.settings.scheme import STAGES

    found = next((stage for stage in STAGES if stage == wanted), None)
    if found is None or found == "left":
        there = ", ".join(stage for stage in STAGES if stage != "left")
        raise typer.BadParameter(f"{wanted!r} is no stage; there are: {there}", param_hint="--school-sheets-from")
    return found


def _scheme_alone(stored: Stored, settings: Sequence[str], internal: bool) -> Scheme:
    """The scheme as far as the plan file alone tells it; settings say what papers show, and change no plan."""
    from dataclasses import replace

    from partition.scenario.read import read_scenario
    from partition.scheme.inputs import Inputs
    from partition.scheme.kept import log_of
    from partition.scheme.scheme import Scheme
    from partition.storage.read_back import read_back, refuse_public

    if internal:
        refuse_public(stored)
    back, asked = read_back(stored), read_scenario(None, settings)
    if asked.model_fields_set - SHOWN:
        there = f"without the scenario only {', '.join(sorted(SHOWN))} can be set: the plan is what it is"
        raise typer.BadParameter(there, param_hint="--set")
    shown = back.scenario.model_copy(update={"report": asked.report, "venues": asked.venues, "posts": asked.posts})
    status = asked.map.status if "status" in asked.map.model_fields_set else back.status
    return Scheme(replace(back, scenario=shown, status=status), back.account, Inputs(), log_of(stored))


def _others(paths: Sequence[Path]) -> list[tuple[str, ReadBack]]:
    """Other plans, by the names of their folders and files. Raises BadData with the faults of all of them."""
    from geodata.faults import Faults
    from partition.storage.plan_file import read_plan
    from partition.storage.read_back import read_back

    def retell(path: Path) -> ReadBack:
        return read_back(read_plan(path))

    faults = Faults()
    found = [(f"{path.parent.name}/{path.stem}", faults.of(partial(retell, path))) for path in paths]
    faults.refuse()
    return [(name, back) for name, back in found if back is not None]


def _facts(brief: Brief, files: dict[str, str]) -> dict[str, object]:
    return {
        "digest": brief.account.plan.digest,
        "draft": brief.standing.is_draft,
        "internal": brief.internal,
        "date": None if brief.standing.day is None else brief.standing.day.isoformat(),
        "marks": list(brief.standing.marks),
        "files": files,
    }


def _lines(brief: Brief, files: dict[str, str]) -> list[str]:
    return [" · ".join(brief.standing.marks), "", *(f"{what}: {path}" for what, path in files.items())]
