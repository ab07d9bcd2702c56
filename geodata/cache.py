"""Results that took long to make, kept for the next run: arrays in the user's cache directory, by a hash of the inputs.

A file is written under another name first and then moved into place, so that two programs at once, or one that is cut
off, leave a whole file or none. Nothing is ever unpickled, and a result that cannot be read is made again.
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
"""The environment variable that may name another directory."""

Arrays = Mapping[str, NDArray[Any]]


def directory() -> Path:
    """Return the directory of kept results."""
    return Path(os.environ.get(FOLDER) or platformdirs.user_cache_dir("school-partnerships", appauthor=False))


def key(*made_of: object) -> str:
    """Return a name for the result of these inputs: the first input, for people to read, and a hash of all."""
    digest = hashlib.sha256(repr(made_of).encode()).hexdigest()
    return f"{made_of[0]}-{digest[:40]}"


def load(name: str) -> dict[str, NDArray[Any]] | None:
    """Return the arrays kept under a name; None where there are none, or the file cannot be read."""
    path = _path(name)
    try:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {array: kept[array] for array in kept.files}
        os.utime(path)  # results used longest ago are deleted first
    except Exception:  # numpy parses the headers of arrays as Python: damage there raises almost any error
        return None
    return arrays


def store(name: str, arrays: Arrays) -> None:
    """Keep arrays under a name. A directory that cannot be written is no fault: the next run is slower."""
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
    """Delete the results used longest ago beyond KEPT_BYTES_MAX, and parts left a day ago by runs cut off."""
    now = newest.stat().st_mtime
    for part in newest.parent.glob(".*.part"):
        with suppress(FileNotFoundError):  # another run may delete the same part
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
