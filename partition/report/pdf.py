"""A paper as PDF: vectors, tagged for screen readers (PDF/UA), set by Typst with the fonts of matplotlib.

Text from files reaches Typst as data, never as markup. The same paper gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from geodata.files import replacing
from partition.report.paper import Blank, Block, Paper, Picture, Words, labelled, legible

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # instead of the time of writing: equal papers give equal bytes


def write_pdf(paper: Paper, path: Path) -> None:
    """Write the paper, which replaces an earlier file in one step."""
    template = files("partition.report").joinpath("templates/paper.typ").read_bytes()
    told = json.dumps(_told(paper), ensure_ascii=False)
    made = _typesetter().compile(template, sys_inputs={"paper": told}, pdf_standards=["ua-1"], timestamp=EPOCH)
    with replacing(path) as temporary:
        temporary.write_bytes(made)


@cache
def _typesetter() -> Any:
    """Return Typst with one family of fonts, the same on every machine."""
    import typst
    from matplotlib import get_data_path

    return typst.Compiler(font_paths=[str(Path(get_data_path(), "fonts", "ttf"))], ignore_system_fonts=True)


def _told(paper: Paper) -> Any:
    return _legible(
        {
            "title": paper.title,
            "marks": paper.marks,
            "foot": paper.foot,
            "draft": paper.is_draft,
            "numbered": paper.numbered,
            "author": paper.author,
            "subject": paper.subject,
            "blocks": [_block(label, block) for label, block in labelled(paper)],
        }
    )


def _block(label: str, block: Block) -> dict[str, Any]:
    told = {field.name: getattr(block, field.name) for field in fields(block)}
    match block:
        case Picture():
            del told["png"]
        case Words():
            told["leads"] = block.leads
        case Blank():
            told = {"text": block.text}
    return {"kind": type(block).__name__.casefold(), "label": label, **told}


def _legible(value: Any) -> Any:
    """Return a value as JSON has it, without characters that no paper can hold."""
    match value:
        case str():
            return legible(value)
        case dict():
            return {key: _legible(item) for key, item in value.items()}
        case frozenset():
            return sorted(value)
        case list() | tuple():
            return [_legible(item) for item in value]
    return value
