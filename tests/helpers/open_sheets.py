"""OpenDocument workbooks (.ods) for tests, written as LibreOffice writes them."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
KIND = "application/vnd.oasis.opendocument.spreadsheet"
PROPERTIES = '<style:table-properties table:display="false"/>'
UNSEEN = f'<style:style style:name="unseen" style:family="table">{PROPERTIES}</style:style>'


class Raw(str):
    """A cell given as XML."""


def cell(value: object) -> str:
    """A cell as XML."""
    if isinstance(value, Raw):
        return value
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, int | float):
        number = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {number}><text:p>as shown</text:p></table:table-cell>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def save_open_sheets(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    hidden: Collection[str] = (),
    columns: str = "",
    rows: Mapping[int, str] | None = None,
    head: str = "",
) -> Path:
    """Save sheets of rows; `columns` is XML before the rows, `rows` the attributes of rows by number from 1."""

    def table(name: str, lines: Sequence[Sequence[object]]) -> str:
        style = "unseen" if name in hidden else "seen"
        body = "".join(
            f"<table:table-row {(rows or {}).get(number, '')}>{''.join(map(cell, line))}</table:table-row>"
            for number, line in enumerate(lines, 1)
        )
        return f'<table:table table:name={quoteattr(name)} table:style-name="{style}">{columns}{body}</table:table>'

    tables = "".join(table(name, lines) for name, lines in sheets.items())
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {spaces}>'
        f"<office:automatic-styles>{UNSEEN}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", KIND, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path
