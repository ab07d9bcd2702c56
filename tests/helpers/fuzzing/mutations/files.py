"""Mutations of any file: its bytes, and what stands in its place."""

from __future__ import annotations

import os

from fuzzing.mutations.register import Spoilt, mutation


@mutation("any")
def truncated(it: Spoilt) -> None:
    content = it.path.read_bytes()
    it.path.write_bytes(content[: it.draws.randrange(len(content) + 1)])


@mutation("any")
def bytes_changed(it: Spoilt) -> None:
    content = bytearray(it.path.read_bytes())
    for _ in it.some(1, 20):
        content[it.draws.randrange(len(content))] = it.draws.randrange(256)
    it.path.write_bytes(content)


@mutation("any")
def bits_flipped_at_the_head(it: Spoilt) -> None:
    content = bytearray(it.path.read_bytes())
    for _ in it.some():
        content[it.draws.randrange(min(len(content), 200))] ^= 1 << it.draws.randrange(8)
    it.path.write_bytes(content)


@mutation("any")
def bytes_inserted(it: Spoilt) -> None:
    content = it.path.read_bytes()
    at = it.draws.randrange(len(content) + 1)
    inserted = it.draws.choice((b"\x00", b"\x00" * 5_000, b"\xff\xfe", b"\xef\xbb\xbf", b"\r", it.draws.randbytes(100)))
    it.path.write_bytes(content[:at] + inserted + content[at:])


@mutation("any")
def a_stretch_removed(it: Spoilt) -> None:
    content = it.path.read_bytes()
    first, last = sorted(it.draws.randrange(len(content) + 1) for _ in range(2))
    it.path.write_bytes(content[:first] + content[last:])


@mutation("any")
def a_stretch_repeated(it: Spoilt) -> None:
    content = it.path.read_bytes()
    first, last = sorted(it.draws.randrange(len(content) + 1) for _ in range(2))
    it.path.write_bytes(content[:last] + content[first:last] * it.draws.choice((1, 1, 9)) + content[last:])


@mutation("any")
def emptied(it: Spoilt) -> None:
    it.path.write_bytes(it.draws.choice((b"", b"\n", b"\xef\xbb\xbf", b"\x00" * 4_096, b" " * 70_000)))


@mutation("any")
def only_its_head_is_true(it: Spoilt) -> None:
    it.path.write_bytes(it.path.read_bytes()[: it.draws.choice((4, 16, 100, 512))] + it.draws.randbytes(4_000))


@mutation("any")
def another_file_under_its_name(it: Spoilt) -> None:
    others = sorted(path for path in it.path.parent.iterdir() if path.is_file() and path.name != it.path.name)
    it.path.write_bytes(it.draws.choice(others).read_bytes())


@mutation("any")
def a_pipeline_under_its_name(it: Spoilt) -> None:
    it.path.write_bytes(it.draws.choice(it.bait.gdal_pipelines()))


@mutation("any")
def a_virtual_source_under_its_name(it: Spoilt) -> None:
    it.path.write_bytes(it.draws.choice(it.bait.vrts()))


@mutation("any")
def no_file_in_its_place(it: Spoilt) -> None:
    """Nothing, a folder, a pipe that nobody writes to, a device without end, or a link to itself or to nowhere."""
    it.path.unlink()
    match it.draws.randrange(6):
        case 0:
            it.path.mkdir()
        case 1:
            os.mkfifo(it.path)
        case 2:
            it.path.symlink_to("/dev/zero")
        case 3:
            it.path.symlink_to(it.path.name)
        case 4:
            it.path.symlink_to("nowhere")
