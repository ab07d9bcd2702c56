"""What a ZIP file that was received holds: a shapefile in its parts, or files as they are read by themselves.

Nothing in it says where a file goes: of each name only the last part is looked at, links are plain files here, and the
sizes are bounded before anything is unpacked.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

from geodata.cells import refused
from geodata.opening import SHAPEFILE

ZIP = ".zip"
UNPACKED_BYTES_MAX = 512 * 2**20
MEMBERS_MAX = 2_000
SHAPE = SHAPEFILE.suffixes[0]
PARTS = (*SHAPEFILE.needed, *SHAPEFILE.optional, *SHAPEFILE.unnamed)
BESIDE = ("__macosx", "doc")  # folders of what belongs to no table: Code-Point Open comes with one


@contextmanager
def opened(name: str, content: IO[bytes], suffixes: Collection[str]) -> Iterator[list[list[tuple[str, IO[bytes]]]]]:
    """Yield the files of these kinds in an archive: each as its name and content, with the parts of a shapefile.

    Raises BadData where the file is no archive, is locked or damaged, would be too large, or holds no such file.
    """
    try:
        with zipfile.ZipFile(content) as archive:
            members = [member for member in archive.infolist() if _is_meant(member.filename)]
            if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > UNPACKED_BYTES_MAX:
                raise refused(
                    name, f"over {MEMBERS_MAX:,} files or {UNPACKED_BYTES_MAX // 2**20} MB unpacked; unpack it"
                )
            groups = list(_groups(members, suffixes))
            if not groups:
                raise refused(name, f"holds no file that is read; it may hold {SHAPE} with its parts, .csv, .gpkg ...")
            yield [[(PurePosixPath(one.filename).name, archive.open(one)) for one in group] for group in groups]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise refused(name, "a damaged or locked archive; unpack it, and give the file inside") from None


def _groups(members: list[zipfile.ZipInfo], suffixes: Collection[str]) -> Iterator[list[zipfile.ZipInfo]]:
    by_name = {member.filename.casefold(): member for member in members}
    for member in members:
        path = PurePosixPath(member.filename.casefold())
        if path.suffix == SHAPE:
            parts = (by_name.get(str(path.with_suffix(suffix))) for suffix in PARTS)
            yield [member, *(part for part in parts if part is not None)]
        elif path.suffix in suffixes:
            yield [member]


def _is_meant(name: str) -> bool:
    *folders, last = PurePosixPath(name.casefold()).parts or ("",)
    return not name.endswith("/") and not last.startswith(".") and not set(BESIDE) & set(folders)
