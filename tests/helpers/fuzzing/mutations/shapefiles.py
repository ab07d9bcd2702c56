"""Mutations of a shapefile, of which the .shp stands for all its parts."""

from __future__ import annotations

from fuzzing.hostile import TEXTS
from fuzzing.mutations import files
from fuzzing.mutations.register import Spoilt, mutation

SYSTEMS = ("", "GEOGCS[", 'LOCAL_CS["x"]', "EPSG:27700", 'PROJCS["a",' * 500, "<x/>", "http://127.0.0.1:9/x", "{}")


@mutation("shapefile", "shapefile")
def a_part_spoilt(it: Spoilt) -> None:
    """Of the index, the table or the system: its bytes, or what stands in its place."""
    part = it.path.with_suffix(it.draws.choice((".shx", ".dbf", ".prj")))
    spoil = it.draws.choice((files.truncated, files.bytes_changed, files.emptied, files.no_file_in_its_place))
    spoil(Spoilt(part, it.draws, it.bait))


@mutation("shapefile")
def another_system_of_shapes(it: Spoilt) -> None:
    system = it.draws.choice((*SYSTEMS, it.draws.choice(TEXTS)))
    it.path.with_suffix(".prj").write_text(system, encoding="utf-8", errors="replace")


@mutation("shapefile")
def another_kind_of_shape(it: Spoilt) -> None:
    content = bytearray(it.path.read_bytes())
    content[32] = it.draws.choice((0, 1, 3, 5, 8, 11, 15, 31, 99))
    it.path.write_bytes(content)


@mutation("shapefile")
def numbers_of_shapes_changed(it: Spoilt) -> None:
    """Counts, lengths and coordinates, eight bytes at a time."""
    content = bytearray(it.path.read_bytes())
    at = it.draws.randrange(100, len(content) - 8)
    hostile = (
        b"\xff" * 8,
        b"\x00" * 8,
        b"\x7f" * 8,
        bytes.fromhex("000000000000f87f"),
        b"\xa0\xc8\xeb\x85\xf3\xcc\xe1\x7f",
    )
    content[at : at + 8] = it.draws.choice(hostile)
    it.path.write_bytes(content)


@mutation("shapefile")
def an_encoding_beside_it(it: Spoilt) -> None:
    it.path.with_suffix(".cpg").write_text(it.draws.choice(("UTF-8", "x", "UTF-16", "", "9" * 500)))
