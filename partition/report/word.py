"""A paper as DOCX, to be edited: headings, repeated table heads, alternative texts. Same paper, same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from geodata.files import replacing
from partition.report.paper import Blank, Block, Facts, Grid, Heading, Paper, Picture, Points, Words, legible

EPOCH = datetime(2000, 1, 1)  # instead of the time of writing: equal papers give equal bytes
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
PAGE_MM = 170  # width of the text
FACT_MM = 52


def write_docx(paper: Paper, path: Path) -> None:
    """Write the paper, which replaces an earlier file in one step."""
    from docx import Document

    document = Document()
    _dress(document, paper)
    document.add_heading(legible(paper.title), 0)
    number = 0
    for block in paper.blocks:
        number += isinstance(block, Heading)
        _add(document, block, f"{number}. " if paper.numbered else "")
    made = io.BytesIO()
    document.save(made)
    with replacing(path) as temporary:
        temporary.write_bytes(_timeless(made.getvalue()))


def _dress(document: Any, paper: Paper) -> None:
    """Set A4, plain type, the paper's standing at the top of every page and the page's number at its foot."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    properties = document.core_properties
    properties.title, properties.author, properties.comments = legible(paper.title)[:255], "", ""
    properties.created = properties.modified = EPOCH
    properties.language = "en-GB"
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(22)
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = "Arial"
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{which}"), None)
        fonts.set(qn("w:cs"), "Arial")
    for name, points in (("Normal", 10.5), ("Title", 18), ("Heading 1", 13)):
        document.styles[name].font.size = Pt(points)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    head = page.header.paragraphs[0].add_run(legible(" · ".join(paper.marks)))
    head.bold = True
    foot = page.footer.paragraphs[0]
    foot.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(PAGE_MM), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{legible(paper.foot)}\t").font.size = Pt(7)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        run.font.size = Pt(7)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _add(document: Any, block: Block, number: str) -> None:
    match block:
        case Heading():
            document.add_heading(number + legible(block.text), 1)
        case Words():
            document.add_paragraph().add_run(legible(block.text)).bold = block.is_strong or None
        case Blank():
            document.add_paragraph().add_run(f"[To be completed: {legible(block.what)}]").italic = True
        case Points():
            for item in block.items:
                document.add_paragraph(legible(item), style="List Bullet")
        case Facts():
            _table(document, block.rows, (FACT_MM, PAGE_MM - FACT_MM), frozenset(), ruled=False)
        case Grid():
            _grid(document, block)
        case Picture():
            _picture(document, block)


def _grid(document: Any, block: Grid) -> None:
    from docx.oxml import OxmlElement

    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(legible(block.caption)).bold = True
    shares = [share / sum(block.widths) * PAGE_MM for share in block.widths]
    table = _table(document, [block.headings, *block.rows], shares, block.numbers, ruled=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in [table.rows[0], *([table.rows[-1]] if block.has_total else [])]:
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True


def _table(
    document: Any, rows: Sequence[Sequence[str]], widths_mm: Sequence[float], numbers: frozenset[int], *, ruled: bool
) -> Any:
    """Add a table; without rules it is a list of facts, with names in bold."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt
    from docx.text.paragraph import Paragraph

    table = document.add_table(len(rows), len(widths_mm))
    if ruled:
        table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row, texts in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for n, (cell, text) in enumerate(zip(row._tr.tc_lst, texts, strict=True)):
            cell.width = Mm(widths_mm[n])
            written = Paragraph(cell.p_lst[0], table)
            written.paragraph_format.space_after = Pt(0)
            run = written.add_run(legible(text))
            run.font.size = Pt(8.5 if ruled else 10.5)
            run.bold = True if not ruled and n == 0 else None
            if n in numbers:
                written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph().paragraph_format.space_after = Pt(2)
    return table


def _picture(document: Any, block: Picture) -> None:
    from docx.shared import Mm

    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(legible(block.caption)).bold = True
    shape = document.add_picture(io.BytesIO(block.png), width=Mm(block.width_mm))
    shape._inline.docPr.set("descr", legible(block.words))


def _timeless(archive: bytes) -> bytes:
    """Return the archive with one fixed date for every part."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, ZIP_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            new.writestr(part, old.read(name))
    return made.getvalue()
