"""All papers of one plan, written into a folder."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from geodata.faults import BadData, Fault
from partition.maps.page import write_map
from partition.report.brief import Brief
from partition.report.committee import committee_report
from partition.report.drawing import Look, draw_map, write_drawing
from partition.report.paper import Paper, Size
from partition.report.pdf import write_pdf
from partition.report.record import transparency_record
from partition.report.sheet import school_sheets
from partition.report.word import write_docx
from partition.report.workbook import write_workbook
from partition.scheme.settings import Stage

NEEDED = ("docx", "matplotlib", "typst")
SIZES: tuple[Size, ...] = ("A4", "A3")


def refuse_without_parts() -> None:
    """Raises BadData where what papers are made with is not installed."""
    if missing := [part for part in NEEDED if find_spec(part) is None]:
        fix = f"papers need {', '.join(missing)}: pip install 'school-partnerships[report]'"
        raise BadData([Fault(file="report", fix=fix)])


def write_papers(brief: Brief, out: Path, sheets_from: Stage | None = None) -> dict[str, str]:
    """Report, workbook, record, maps, and sheets for schools from a stage, if one is named: what, and where it is."""
    out.mkdir(parents=True, exist_ok=True)
    workbook = out / "workbook.xlsx"
    write_workbook(brief, workbook)
    return {
        "workbook": str(workbook),
        **_both(committee_report(brief), "report", out),
        **_both(transparency_record(brief), "transparency_record", out),
        **write_maps(brief, out),
        **(_sheets(brief, sheets_from, out / "schools") if sheets_from is not None else {}),
    }


def write_maps(brief: Brief, out: Path) -> dict[str, str]:
    """The map as a page and, where mail lets no page through, as vectors on A4 and A3 and as a picture."""
    out.mkdir(parents=True, exist_ok=True)
    write_map(brief.atlas, out / "map.html")
    files = {"map": str(out / "map.html")}
    for size in SIZES:
        drawn = draw_map(brief.atlas, Look.sheet(size, brief.atlas), brief.standing.marks)
        paths = [out / f"map_{size.casefold()}.pdf", *([out / "map.png"] if size == "A4" else [])]
        for path in paths:
            write_drawing(drawn, path)
            files[f"map, {size} {path.suffix[1:].upper()}"] = str(path)
    return files


def _both(paper: Paper, name: str, out: Path) -> dict[str, str]:
    """A paper to work on and the same to read."""
    write_docx(paper, out / f"{name}.docx")
    write_pdf(paper, out / f"{name}.pdf")
    what = name.replace("_", " ")
    return {f"{what} (DOCX)": str(out / f"{name}.docx"), f"{what} (PDF)": str(out / f"{name}.pdf")}


def _sheets(brief: Brief, least: Stage, out: Path) -> dict[str, str]:
    """A PDF a school, by URN. Sheets of an earlier run that are no longer due go."""
    papers = school_sheets(brief, least)
    out.mkdir(parents=True, exist_ok=True)
    for path in out.glob("[0-9]*.pdf"):
        if path.stem not in {str(urn) for urn in papers}:
            path.unlink()
    for urn, paper in papers.items():
        write_pdf(paper, out / f"{urn}.pdf")
    return {f"{len(papers)} sheets for schools": str(out)}
