"""`report`: the papers of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings
from partition.cli.plan_files import plan_over_data
from partition.cli.schemes import ItsScenario
from partition.cli.shared import file_lines, refusing, say

if TYPE_CHECKING:
    from partition.report.brief import Brief
    from partition.scheme import Scheme
    from partition.settings.scheme import Stage
    from partition.storage.plan_file import Stored


def report(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg that the papers are about.")],
    scenario: ItsScenario = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("report"),
    final: Annotated[
        bool, typer.Option("--final", help="No draft any more; needs --date, and all texts that a draft asks for.")
    ] = False,
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
        from partition.actions.report import ReportRequest, write_report
        from partition.report.files import refuse_without_parts

        refuse_without_parts()  # before anything is read
        if scenario is None and schools is None:
            stored, scheme = _alone(plan, settings or (), internal)
        else:
            over = plan_over_data(plan, scenario, schools, la, settings, no_cache=no_cache, as_json=as_json)
            stored, scheme = over.stored, over.scheme()
        request = ReportRequest(
            final=final,
            day=None if on is None else on.date(),
            internal=internal,
            sheets_from=least,
            others=[(f"{path.parent.name}/{path.stem}", path) for path in options or ()],
        )
        done = write_report(scheme, stored, request, out)
        say({**done.facts, "files": done.files}, _lines(done.brief, done.files), as_json, quiet)


def _stage(wanted: str) -> Stage:
    from partition.settings.scheme import STAGES

    found = next((stage for stage in STAGES if stage == wanted), None)
    if found is None or found == "left":
        there = ", ".join(stage for stage in STAGES if stage != "left")
        raise typer.BadParameter(f"{wanted!r} is no stage; there are: {there}", param_hint="--school-sheets-from")
    return found


def _alone(plan: Path, settings: Sequence[str], internal: bool) -> tuple[Stored, Scheme]:
    """A plan file and what it alone tells; settings say what papers show, and change no plan."""
    from partition.actions.report import SHOWN, scheme_alone
    from partition.scenario.read import read_scenario
    from partition.storage.plan_file import read_plan

    stored, asked = read_plan(plan), read_scenario(None, settings)
    if asked.model_fields_set - set(SHOWN):
        there = f"without the scenario only {', '.join(SHOWN)} can be set: the plan is what it is"
        raise typer.BadParameter(there, param_hint="--set")
    return stored, scheme_alone(stored, asked, internal=internal)


def _lines(brief: Brief, files: dict[str, str]) -> list[str]:
    missing = ", ".join(text.setting for text in brief.settings.to_be_completed)
    told = [" · ".join(brief.standing.marks), "", *file_lines(files)]
    return [*told, "", f"To be completed before a final paper: {missing}"] if missing else told
