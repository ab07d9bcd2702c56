"""What took long to make, kept for the next run: arrays in the user's cache directory, by a hash of what made them.

A file here is only ever written beside its place and moved there whole, so that two runs at once, or one that is
cut off, leave either a whole file or none. Nothing is ever unpickled, and whatever cannot be read is made again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

KEPT_BYTES_MAX = 2 * 2**30
PART_SECONDS_MAX = 86_400
FOLDER = "PARTNERSHIPS_CACHE"
"""The environment variable that names another directory."""

Arrays = Mapping[str, NDArray[Any]]


def directory() -> Path:
    """Where things are kept."""
    return Path(os.environ.get(FOLDER) or platformdirs.user_cache_dir("school-partnerships", appauthor=False))


def key(*made_of: object) -> str:
    """A name for what these make: their first is put in front, to be read by people."""
    digest = hashlib.sha256(repr(made_of).encode()).hexdigest()
    return f"{made_of[0]}-{digest[:40]}"


def load(name: str) -> dict[str, NDArray[Any]] | None:
    """The arrays kept under a name; None if there are none, or none that can be read."""
    path = _path(name)
    try:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {array: kept[array] for array in kept.files}
        os.utime(path)  # the least lately used go first
    except Exception:  # numpy has the heads of arrays parsed as Python: damage there raises almost anything
        return None
    return arrays


def store(name: str, arrays: Arrays) -> None:
    """Keeps arrays under a name. A directory that cannot be written to is no fault: the next run is slower."""
    path = _path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as stream:
            written = Path(stream.name)
            try:
                np.savez(stream, allow_pickle=False, **arrays)
                stream.close()
                written.replace(path)
            finally:
                written.unlink(missing_ok=True)
        _tidy(path)
    except OSError:
        return


def _path(name: str) -> Path:
    return directory() / f"{name}.npz"


def _tidy(newest: Path) -> None:
    """Drops what was used longest ago when all is too much, and what runs cut short a day ago left behind."""
    now = newest.stat().st_mtime
    for part in newest.parent.glob(".*.part"):
        with suppress(FileNotFoundError):  # another run may be at the same
            if now - part.stat().st_mtime > PART_SECONDS_MAX:
                part.unlink()
    kept = []
    for path in newest.parent.glob("*.npz"):
        with suppress(FileNotFoundError):
            told = path.stat()
            kept.append((path != newest, -told.st_mtime, path, told.st_size))
    total_bytes = 0
    for is_other, _, path, size_bytes in sorted(kept):
        total_bytes += size_bytes
        if is_other and total_bytes > KEPT_BYTES_MAX:
            path.unlink(missing_ok=True)
