"""A paper as DOCX, to be edited: real headings and captions, repeated table heads, alternative texts, a watermark.

Same paper, same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from geodata.files import replacing
from partition.formats.palette import Colour
from partition.report.paper import (
    DRAFT,
    Blank,
    Block,
    Facts,
    Grid,
    Heading,
    Paper,
    Picture,
    Points,
    Words,
    labelled,
    legible,
)

EPOCH = datetime(2000, 1, 1)  # instead of the time of writing: equal papers give equal bytes
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
PAGE_MM = 170  # width of the text
FACT_MM = 52
HUNG_MM = 12  # as wide as the longest number of a paragraph
BULLET_MM = 6
NUMBERED = "Numbered paragraph"  # our own style
SIZES_PT = {"Normal": 10.5, "Title": 18, "Heading 1": 13, "Heading 2": 10.5, "Caption": 9.5}
WATERMARK = """<w:pict {spaces}>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136" alt="{text}" style="position:absolute;margin-left:0;
margin-top:0;width:440pt;height:150pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;
mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin"
o:allowincell="f" fillcolor="{pale}" stroked="f"><v:fill opacity=".5"/>
<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string="{text}"/></v:shape></w:pict>"""
# as Word writes its own watermarks, shape and name alike: other programs know them by these
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def write_docx(paper: Paper, path: Path) -> None:
    """Write the paper, which replaces an earlier file in one step."""
    from docx import Document

    document = Document()
    _dress(document, paper)
    document.add_heading(legible(paper.title), 0)
    for label, block in labelled(paper):
        _add(document, block, label)
    made = io.BytesIO()
    document.save(made)
    with replacing(path) as temporary:
        temporary.write_bytes(_timeless(made.getvalue()))


def _dress(document: Any, paper: Paper) -> None:
    """Set properties, A4, plain type, the paper's standing at the top of every page, and the page's number below."""
    from docx.shared import Mm

    properties = document.core_properties
    properties.title, properties.subject = legible(paper.title)[:255], legible(paper.subject)[:255]
    properties.author, properties.comments = legible(paper.author)[:255], ""
    properties.created = properties.modified = EPOCH
    properties.language = "en-GB"
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(22)
    _style(document, paper.numbered)
    _head_and_foot(page, paper)


def _style(document: Any, is_numbered: bool) -> None:
    """Set the looks of the styles, and add the style of numbered paragraphs."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    for name, points in SIZES_PT.items():
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(points)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{which}"), None)
        fonts.set(qn("w:cs"), "Arial")
    document.styles["Title"].font.bold = True
    if is_numbered:  # lists stand under the text of the paragraphs, not under their numbers
        document.styles["List Bullet"].paragraph_format.left_indent = Mm(HUNG_MM + BULLET_MM)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    numbered = document.styles.add_style(NUMBERED, WD_STYLE_TYPE.PARAGRAPH)
    numbered.base_style = document.styles["Normal"]
    numbered.quick_style = True
    form = numbered.paragraph_format
    form.left_indent, form.first_line_indent = Mm(HUNG_MM), -Mm(HUNG_MM)
    form.tab_stops.add_tab_stop(Mm(HUNG_MM))


def _head_and_foot(page: Any, paper: Paper) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.oxml import parse_xml
    from docx.shared import Mm, Pt

    top = page.header.paragraphs[0]
    top.add_run(legible(" · ".join(paper.marks))).bold = True
    if paper.is_draft:
        top.add_run()._r.append(parse_xml(WATERMARK.format(spaces=SPACES, text=DRAFT, pale=Colour.LINE)))
    foot = page.footer.paragraphs[0]
    foot.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(PAGE_MM), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{legible(paper.foot)}\t")
    _field(foot, "PAGE", "1")
    for run in foot.runs:
        run.font.size = Pt(7)


def _field(paragraph: Any, asked: str, shown: str) -> None:
    """Add a field that Word works out (`asked`), with the value shown until it does."""
    from docx.oxml import OxmlElement

    instruction = OxmlElement("w:instrText")
    instruction.text = asked
    for part in (_field_mark("begin"), instruction, _field_mark("separate")):
        paragraph.add_run()._r.append(part)
    paragraph.add_run(shown)
    paragraph.add_run()._r.append(_field_mark("end"))


def _field_mark(kind: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _add(document: Any, block: Block, label: str) -> None:
    match block:
        case Heading():
            document.add_heading(f"{label} {legible(block.text)}".strip(), block.level)
        case Words():
            _paragraph(document, label, block.text, leads=block.leads).bold = block.is_strong or None
        case Blank():
            _paragraph(document, label, block.text).italic = True
        case Points():
            for item in block.items:
                document.add_paragraph(legible(item), style="List Bullet")
        case Facts():
            _table(document, block.rows, (FACT_MM, PAGE_MM - FACT_MM), frozenset(), ruled=False)
        case Grid():
            _grid(document, block, label)
        case Picture():
            _picture(document, block, label)


def _paragraph(document: Any, label: str, text: str, *, leads: bool = False) -> Any:
    """Add a paragraph, numbered where it has a label, and return the run that holds its text."""
    paragraph = document.add_paragraph(style=NUMBERED if label else None)
    paragraph.paragraph_format.keep_with_next = leads or None
    if label:
        paragraph.add_run(f"{label}\t")
    return paragraph.add_run(legible(text))


def _caption(document: Any, label: str, text: str) -> None:
    """Add a real caption: its number is a field, so that Word counts on when one is added."""
    caption = document.add_paragraph(style="Caption")
    if label:
        kind, _, number = label.partition(" ")
        caption.add_run(f"{kind} ")
        _field(caption, f"SEQ {kind} \\* ARABIC", number)
        caption.add_run(": ")
    caption.add_run(legible(text))


def _grid(document: Any, block: Grid, label: str) -> None:
    from docx.oxml import OxmlElement

    _caption(document, label, block.caption)
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


def _picture(document: Any, block: Picture, label: str) -> None:
    from docx.shared import Mm

    _caption(document, label, block.caption)
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
