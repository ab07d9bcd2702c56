"""The log of a fault in the program itself: a file for programmers, and three lines for the person at the screen.

The log names no file, school or address that the command was given. The words of an error may quote one, so only the
owner of the log can read the file.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs

KEPT = 10
FOLDER = "PARTNERSHIPS_LOGS"
"""The environment variable that names another directory."""


def log_crash(error: BaseException) -> Path:
    """Write an unexpected error to a log, and return the log's path.

    Never raises: where no log can be written, the path returned is that of the null device.
    """
    try:
        told = _told(error)
    except Exception:  # such as an error whose own words cannot be read
        told = f"{type(error).__name__}\n"
    for folder in _folders():
        with suppress(OSError):
            return _written(folder, told)
    return Path(os.devnull)


def crash_lines(log: Path) -> tuple[str, str, str]:
    """Return three lines for people: whose fault the error is, where the log is, and how to report the error."""
    return (
        "This is a fault of the program, not of your data; nothing that was kept before is lost.",
        f"What happened is written in {log}",
        "To report it, read that file through (it may quote your data) and send it to whoever gave you this program.",
    )


def _told(error: BaseException) -> str:
    lines = [
        f"school-partnerships {program_version()}, Python {platform.python_version()}",
        f"{platform.system()} {platform.release()}",  # of the system alone: the rest asks another program
        " ".join(["partnerships", *map(_named, sys.argv[1:])]),
        "",
        *traceback.format_exception(error),
    ]
    return "\n".join(line.rstrip("\n") for line in lines) + "\n"


def program_version() -> str:
    """Return which version of this program is installed, in words where none is."""
    try:
        return version("school-partnerships")
    except PackageNotFoundError:
        return "(not installed)"


def _named(argument: str) -> str:
    """Return an option's name; "..." for any other argument, which may be a path, a token or a school."""
    return argument.partition("=")[0] if argument.startswith("--") else "..."


def _folders() -> list[Path]:
    """Return the folders in which a log may be written, the preferred one first."""
    with suppress(Exception):  # such as no home
        named = os.environ.get(FOLDER) or platformdirs.user_log_dir("school-partnerships", appauthor=False)
        return [Path(named), Path(tempfile.gettempdir())]
    return []


def _written(folder: Path, told: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}.txt"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(told.encode("utf-8", "replace").decode())
    for old in sorted(folder.glob("crash-*-*.txt"))[:-KEPT]:
        with suppress(OSError):
            old.unlink()
    return path
