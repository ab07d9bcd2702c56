"""Errors of the system and of libraries as faults, each with an instruction."""

from __future__ import annotations

import errno
import re
from pathlib import PurePath

from geodata.faults import Fault

FULL = "the disk is full, or your share of it is used up; free some space, or name another place"
FORBIDDEN = "it may not be written or read; ask for the right to, or name another place"
IN_USE = "it is open in another program, or may not be written; close it there, ask for the right to, or name another"
IN_THE_WAY = "a file, or a link that leads nowhere, is in the way; name another folder"
FIXES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: FORBIDDEN,
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.EEXIST: IN_THE_WAY,
    errno.ENOTDIR: IN_THE_WAY,
    errno.EISDIR: "a folder is in the way; move it away, or name another place",
    errno.ENOENT: "there is no such file or folder; correct the name",
    errno.ENAMETOOLONG: "the name is too long; give a shorter one",
    errno.ELOOP: "its links lead in a circle; name another",
}
IN_USE_CODES = (5, 32, 33)
"""Windows' codes for a file that another program has open: to replace it (5), to open it (32), a part locked (33)."""
LIBRARIES = frozenset(
    (
        *("geopandas", "gzip", "lzma", "openpyxl", "osmium", "pandas", "pyarrow", "pyogrio", "pyproj", "shapely"),
        *("sqlite3", "xlsxwriter", "zipfile", "zlib"),
    )
)
"""Modules whose own errors are about a file, and no defect of this program."""
WORDS_MAX = 120
_LOOP = re.compile(r"Symlink loop from '(.*)'")  # pathlib's error, before Python 3.13


def file_of(error: BaseException) -> str | None:
    """Return the base name of the file that an error names; None where it names none."""
    named = getattr(error, "filename", None)
    if isinstance(error, RuntimeError) and (found := _LOOP.match(str(error))):
        named = found[1]
    return PurePath(named).name if isinstance(named, str) and named else None


def fault_of(error: BaseException, file: str) -> Fault | None:
    """Return the fault for an error, by its type; None for an unexpected error, which is a defect of this program."""
    fix = _fix(error)
    return None if fix is None else Fault(file="".join(sign if sign.isprintable() else "?" for sign in file), fix=fix)


def _fix(error: BaseException) -> str | None:
    """Return the instruction for an error; None for an unexpected one."""
    if error.args and isinstance(error.args[0], OSError):  # a library's error that wraps the system's error
        error = error.args[0]
    if isinstance(error, OSError):
        if getattr(error, "winerror", None) in IN_USE_CODES:
            return IN_USE
        told = error.strerror or _words(error)
        return FIXES.get(error.errno or 0, f"it cannot be written or read ({told}); check its drive, or name another")
    if isinstance(error, RuntimeError) and _LOOP.match(str(error)):
        return FIXES[errno.ELOOP]
    if isinstance(error, MemoryError):
        return "there is not enough memory; close other programs, or take fewer schools"
    if isinstance(error, RecursionError):
        return "it is nested too deeply; make it simpler"
    if isinstance(error, ValueError) and "null byte" in str(error):
        return "a name holds a NUL, which no file's name can; correct it"
    if type(error).__module__.partition(".")[0] in LIBRARIES:
        return f"it cannot be written or read ({_words(error)}); check it, and the room on its drive"
    return None


def _words(error: BaseException) -> str:
    """Return the message of a library as one line of bounded length."""
    return " ".join(str(error).split())[:WORDS_MAX] or type(error).__name__
