"""A kept plan's papers, written beside it."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

from partition.web.tasks.kept import files_in, kept_plan, plan_bytes, study_of
from partition.web.tasks.order import Order, Tell

PAPERS, INTERNAL_PAPERS, REVIEW, INTERNAL_REVIEW = "papers", "internal papers", "peer review", "internal peer review"


def papers(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Report, workbook, maps, record and, if asked for, sheets for schools, in place of those written before.

    `given`: final, day (ISO or ""), internal, sheets_from (a stage or ""), others (numbers of kept plans),
    report (what only an author knows, as the scenario's table `report` has it).
    """
    from partition.actions.report import ReportRequest, write_report
    from partition.report.files import refuse_without_parts

    refuse_without_parts()
    given = order.given
    study = study_of(order, tell, searched=False)
    others = [kept_plan(study.project, number) for number in given["others"]]
    request = ReportRequest(
        final=given["final"],
        day=date.fromisoformat(given["day"]) if given["day"] else None,
        internal=given["internal"],
        sheets_from=given["sheets_from"] or None,
        others=[(one.name, plan_bytes(study.project, one)) for one in others],
        is_served=True,
    )
    over = study.over.with_settings("report", given["report"])
    tell("doing", words="writing the report, the workbook, the record and the maps")
    with tempfile.TemporaryDirectory() as folder:
        done = write_report(over.scheme(), over.stored, request, Path(folder))
        where = INTERNAL_PAPERS if request.internal else PAPERS
        study.keep_files(files_in(Path(folder), where), instead_of=where)
    return {"marks": list(done.brief.standing.marks)}


def review(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Trios of heads who review each other's schools, with a calendar for each school, in place of an earlier round.

    `given`: starts (ISO), weeks, second (ISO, or "" for one round), across, internal.
    """
    from partition.actions.review import arrange_review

    study, given = study_of(order, tell, searched=False), order.given
    asked = {"starts": date.fromisoformat(given["starts"]), "weeks": given["weeks"], "across": given["across"]}
    asked |= {"second_starts": date.fromisoformat(given["second"]) if given["second"] else None}
    scheme = study.over.with_settings("review", asked).scheme()
    tell("doing", words="putting heads in trios, and finding days for their visits")
    with tempfile.TemporaryDirectory() as folder:
        done = arrange_review(scheme, Path(folder), internal=given["internal"])
        where = INTERNAL_REVIEW if given["internal"] else REVIEW
        study.keep_files(files_in(Path(folder), where), instead_of=where)
    return {"lines": list(done.lines)}


def verify(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The plan worked out again from its data, without a solver: `study_of` refuses what does not agree."""
    study_of(order, tell, searched=False)
    return {"agrees": True}
