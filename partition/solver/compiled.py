"""The compiled search, cached between runs until one of its source files changes.

numba's cache compares only the file of the function itself, and would use old code after a change in another file. So
the function closes over a digest of all source files: numba compares the variables of a closure too.
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


def _kept(sources: str) -> Any:
    @njit(cache=True, nogil=True)
    def search(*asked: Any) -> tuple[int, bool]:
        sources  # noqa: B018 (in the closure, and so compared by the cache)
        return roots.search_roots(*asked)

    return search


def _kept_tempting(sources: str) -> Any:
    @njit(cache=True, nogil=True)
    def search(*asked: Any) -> tuple[int, int, int]:
        sources  # noqa: B018 (in the closure, and so compared by the cache)
        return leaving.search_tempting(*asked)

    return search


SOURCES = digest_of(tuple(str(module.__file__) for module in COMPILED))
search_roots = _kept(SOURCES)
search_tempting = _kept_tempting(SOURCES)
