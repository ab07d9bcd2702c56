"""Identifiers as tests write them: the schools of little towns are called 1, 2, 3 ..."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.urns import Urn


def ints(found: Any) -> Any:
    """The same with each identifier of digits as a number, wherever it stands."""
    if isinstance(found, Urn):
        return found.plain
    if isinstance(found, Mapping):
        return {ints(key): ints(item) for key, item in found.items()}
    if isinstance(found, tuple | list | set | frozenset):
        return type(found)(map(ints, found))
    return found
