"""What an error that nobody caught on a page is: a fault of a file, of the disk or of memory, else one of ours."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from geodata.failures import fault_of
from geodata.faults import Fault
from partition.storage.crash_log import crash_lines, log_crash


def expected(error: Exception) -> tuple[int, Fault] | None:
    """Return the answer's code and the fault of an error of the system, or of a library that reads; None of others."""
    of_system = {MemoryError: "this machine", OSError: "the disk", sqlite3.Error: "the project"}
    place = next((file for kind, file in of_system.items() if isinstance(error, kind)), None)
    named = Path(str(error.filename)).name if isinstance(error, OSError) and error.filename else ""
    fault = fault_of(error, named or place or "the data")
    return None if fault is None else (400 if place is None else 503, fault)


def tell_crash(error: BaseException) -> tuple[str, str, str]:
    """Write an error of ours down, say so where the program runs, and return what is said."""
    lines = crash_lines(log_crash(error))
    print(*lines, sep="\n", file=sys.stderr)
    return lines
