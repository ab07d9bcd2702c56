"""Mutations inside an archive, such as a workbook is."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from fuzzing.mutations.markup import CHANGES
from fuzzing.mutations.register import Spoilt, mutation

BOMB_BYTES = 40 * 2**20
ROW = b'<row><c t="inlineStr"><is><t>9</t></is></c></row>'


def repack(it: Spoilt, change: Callable[[str, bytes], bytes | None]) -> None:
    """Write the archive again, each member as `change` gives it; None leaves it out."""
    with zipfile.ZipFile(it.path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(it.path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            if (changed := change(name, content)) is not None:
                archive.writestr(name, changed)


def a_member(it: Spoilt) -> str:
    with zipfile.ZipFile(it.path) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    return it.draws.choice([*names, *(name for name in names if "sheet" in name or "workbook" in name)])


@mutation("archive")
def markup_of_a_member_changed(it: Spoilt) -> None:
    chosen, change = a_member(it), it.draws.choice(CHANGES)
    repack(it, lambda name, held: change(it, held.decode()).encode(errors="replace") if name == chosen else held)


@mutation("archive")
def a_member_gone_or_damaged(it: Spoilt) -> None:
    chosen = a_member(it)
    instead = it.draws.choice((None, b"", b"\x00" * 500, b"<x/>", b"no markup"))
    repack(it, lambda name, held: instead if name == chosen else held)


@mutation("archive")
def members_that_lead_elsewhere(it: Spoilt) -> None:
    """Macros, a link to another workbook, members outside the folder, one name twice."""
    with zipfile.ZipFile(it.path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
        archive.writestr(it.draws.choice(("../outside/written.csv", "/x", "xl/workbook.xml")), b"<x/>")


@mutation("archive")
def it_unfolds_to_much(it: Spoilt) -> None:
    """A sheet of a million rows, or of one cell, that packs to next to nothing."""
    unit = it.draws.choice((ROW, b" ", b"9"))
    much = unit * (BOMB_BYTES // len(unit))

    def unfolded(name: str, held: bytes) -> bytes:
        return held.replace(b"</sheetData>", much + b"</sheetData>") if "sheet1" in name else held

    repack(it, unfolded)


@mutation("archive")
def it_states_another_size(it: Spoilt) -> None:
    """The directory says of every member that it is small, or huge."""
    content = bytearray(it.path.read_bytes())
    stated = it.draws.choice((1, 0x7FFFFFFF)).to_bytes(4, "little")
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = stated
        at = content.find(b"PK\x01\x02", at + 4)
    it.path.write_bytes(content)
