"""The compiled search, kept between runs for as long as none of the files that it is compiled from has changed.

numba's cache looks at one file alone, that of the function it is asked for, and would go on with what another one said
before an update. So the sources of all are among what it keeps the function by: a variable that it closes over.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from numba import njit

from partition.solver import knapsack, path, pricing, roots

COMPILED = (path, knapsack, pricing, roots)


def digest_of(files: tuple[str, ...]) -> str:
    """SHA-256 of these files, one after the other."""
    return hashlib.sha256(b"\0".join(Path(file).read_bytes() for file in files)).hexdigest()


def _kept(sources: str) -> Any:
    @njit(cache=True, nogil=True)
    def search(*asked: Any) -> tuple[int, bool]:
        sources  # noqa: B018 (closed over, and so part of what the cache goes by)
        return roots.search_roots(*asked)

    return search


search_roots = _kept(digest_of(tuple(str(module.__file__) for module in COMPILED)))
