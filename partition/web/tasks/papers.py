"""A kept plan's papers, written beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from partition.web.tasks.kept import files_in, kept_plan, stored_from, study_of
from partition.web.tasks.order import Order, Tell

if TYPE_CHECKING:
    from partition.storage.project_file import Project
    from partition.storage.read_back import ReadBack

PAPERS, INTERNAL_PAPERS, REVIEW, INTERNAL_REVIEW = "papers", "internal papers", "peer review", "internal peer review"


def papers(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Report, workbook, maps, record and, if asked for, sheets for schools, in place of those written before.

    `given`: final, day (ISO or ""), internal, sheets_from (a stage or ""), others (numbers of kept plans),
    report (what only an author knows, as the scenario's table `report` has it).
    """
    from partition.report.brief import Brief, Standing
    from partition.report.files import refuse_without_parts, write_papers
    from partition.storage.plan_file import sources_of

    refuse_without_parts()
    given = order.given
    study = study_of(order, tell, searched=False).with_settings("report", given["report"])
    standing = Standing(
        is_draft=not given["final"],
        internal=given["internal"],
        status=study.case.status,
        day=date.fromisoformat(given["day"]) if given["day"] else None,
    )
    sources = [(source.name, source.sha256) for source in sources_of(study.stored)]
    tell("doing", words="writing the report, the workbook, the record and the maps")
    brief = Brief(study.scheme, standing, others=_others(study.project, given["others"]), sources=sources)
    with tempfile.TemporaryDirectory() as folder:
        write_papers(brief, Path(folder), given["sheets_from"] or None)
        where = INTERNAL_PAPERS if standing.internal else PAPERS
        study.keep_files(files_in(Path(folder), where), instead_of=where)
    return {"marks": list(standing.marks)}


def review(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Trios of heads who review each other's schools, with a calendar for each school, in place of an earlier round.

    `given`: starts (ISO), weeks, across, internal.
    """
    from partition.scheme.review_sheet import review_lines, write_review

    study, given = study_of(order, tell, searched=False), order.given
    asked = {"starts": date.fromisoformat(given["starts"]), "weeks": given["weeks"], "across": given["across"]}
    scheme = study.with_settings("review", asked).scheme
    tell("doing", words="putting heads in trios, and finding days for their visits")
    found = scheme.review
    assert found is not None, "the window has a first day"
    with tempfile.TemporaryDirectory() as folder:
        write_review(scheme, found, Path(folder), internal=given["internal"])
        where = INTERNAL_REVIEW if given["internal"] else REVIEW
        study.keep_files(files_in(Path(folder), where), instead_of=where)
    return {"lines": list(review_lines(scheme, found))}


def verify(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The plan worked out again from its data, without a solver: `study_of` refuses what does not agree."""
    study_of(order, tell, searched=False)
    return {"agrees": True}


def _others(project: Project, numbers: Sequence[int]) -> list[tuple[str, ReadBack]]:
    """Other kept plans that were looked at, each as its file tells it."""
    from partition.storage.project_file import PLAN
    from partition.storage.read_back import read_back

    kept = [kept_plan(project, number) for number in numbers]
    return [(one.name, read_back(stored_from(project.file(one.id, PLAN)))) for one in kept]
