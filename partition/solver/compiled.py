"""The compiled search, cached between runs until one of its source files changes.

numba's cache compares only the file of the function itself, and would use old code after a change in another file. So
each function closes over a digest of all source files: numba compares the variables of a closure too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from numba import njit

from partition.solver import knapsack, leaving, path, pricing, roots, shares

COMPILED = (path, knapsack, shares, leaving, pricing, roots)


def digest_of(files: tuple[str, ...]) -> str:
    """Return the SHA-256, in hexadecimal, of the contents of files in order."""
    return hashlib.sha256(b"\0".join(Path(file).read_bytes() for file in files)).hexdigest()


SOURCES = digest_of(tuple(str(module.__file__) for module in COMPILED))
kept: Any = njit(cache=True, nogil=True)
search_roots = kept(roots.search_roots_of(SOURCES))
search_tempting = kept(leaving.search_tempting_of(SOURCES))
