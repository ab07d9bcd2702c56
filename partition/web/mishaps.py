"""What an error that nobody caught comes to: a fault where it is of a file, the disk or memory, else one of ours."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

from geodata.faults import Fault
from partition.storage.crash_log import crash_lines, log_crash

LIBRARIES = {"pyarrow", "pyogrio", "pyproj", "shapely"}  # whose errors speak of what was given to read
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SHUT = {errno.EACCES, errno.EPERM, errno.EROFS}


def expected(error: Exception) -> tuple[int, Fault] | None:
    """What an error of the disk, or of a library that reads, comes to: the answer's code and the fault; else None."""
    library = type(error).__module__.partition(".")[0]
    if isinstance(error, MemoryError):
        return 503, Fault(
            file="this machine", fix="there is not enough memory for it; end other programs, and try again"
        )
    if isinstance(error, OSError):
        return 503, Fault(file=Path(str(error.filename)).name if error.filename else "the disk", fix=_disk_fix(error))
    if library == "sqlite3":
        fix = f"it could not be read or written ({error}); see that the disk is not full, and try again"
        return 503, Fault(file="the project", fix=fix)
    if library in LIBRARIES:
        words = str(error).partition("\n")[0][:200]
        fix = f"a file is damaged, or is another kind than its name says ({words}); get or save it again"
        return 400, Fault(file="the data", fix=fix)
    return None


def _disk_fix(error: OSError) -> str:
    if error.errno in FULL:
        return "the disk is full; make room on it, and try again"
    if error.errno in SHUT:
        return "this program may not read or write here; have the rights of the file and its folder changed"
    return f"it could not be read or written ({error.strerror or error}); look whether it is there, and try again"


def tell_crash(error: BaseException) -> tuple[str, str, str]:
    """Write an error of ours down, say so where the program runs, and return what is said."""
    lines = crash_lines(log_crash(error))
    print(*lines, sep="\n", file=sys.stderr)
    return lines
