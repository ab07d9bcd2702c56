"""All papers of one plan, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from geodata.faults import BadData, Fault
from geodata.files import together, writable_folder
from geodata.urns import Urn
from partition.maps.page import write_map
from partition.report.brief import Brief
from partition.report.committee import committee_report
from partition.report.drawing import write_prints
from partition.report.paper import Paper
from partition.report.pdf import write_pdf
from partition.report.record import transparency_record
from partition.report.sheet import school_sheets
from partition.report.word import write_docx
from partition.report.workbook import write_workbook
from partition.settings.scheme import Stage

NEEDED = ("docx", "matplotlib", "typst")


def refuse_without_parts() -> None:
    """Refuse to write papers where a package for them is not installed. Raises BadData."""
    if missing := [part for part in NEEDED if find_spec(part) is None]:
        fix = f"papers need {', '.join(missing)}: pip install 'school-partnerships[report]'"
        raise BadData([Fault(file="report", fix=fix)])


def write_papers(brief: Brief, out: Path, sheets_from: Stage | None = None) -> dict[str, str]:
    """Write report, workbook, record and maps, and return each path by the name of its content.

    Where `sheets_from` names a stage, sheets for the schools of partnerships at that stage or later are written too.
    """
    writable_folder(out)
    workbook, sheets = out / "workbook.xlsx", {} if sheets_from is None else school_sheets(brief, sheets_from)
    with together(private=brief.internal):
        write_workbook(brief, workbook)
        files = {
            "workbook": str(workbook),
            **_both(committee_report(brief), "report", out),
            **_both(transparency_record(brief), "transparency_record", out),
            **_maps(brief, out),
            **(_sheets(sheets, out / "schools") if sheets_from is not None else {}),
        }
    if sheets_from is not None:
        _drop_sheets_but(sheets, out / "schools")
    return files


def _maps(brief: Brief, out: Path) -> dict[str, str]:
    """Write the map as a page, and for print; return the paths."""
    write_map(brief.atlas, out / "map.html")
    return {"map": str(out / "map.html"), **write_prints(brief.atlas, brief.standing.marks, out, "map")}


def _both(paper: Paper, name: str, out: Path) -> dict[str, str]:
    """Write a paper as DOCX, to be edited, and as PDF, to be read; return the paths."""
    write_docx(paper, out / f"{name}.docx")
    write_pdf(paper, out / f"{name}.pdf")
    what = name.replace("_", " ")
    return {f"{what} (DOCX)": str(out / f"{name}.docx"), f"{what} (PDF)": str(out / f"{name}.pdf")}


def _sheets(papers: Mapping[Urn, Paper], out: Path) -> dict[str, str]:
    """Write a PDF for each school, named by URN; return the folder."""
    writable_folder(out)
    for urn, paper in papers.items():
        write_pdf(paper, out / f"{urn.stem}.pdf")
    return {f"{len(papers)} sheets for schools": str(out)}


def _drop_sheets_but(papers: Mapping[Urn, Paper], out: Path) -> None:
    """Remove sheets of an earlier run for schools that get none now."""
    kept = {urn.stem for urn in papers}
    for path in out.glob("*.pdf"):
        if path.stem not in kept:
            path.unlink()
