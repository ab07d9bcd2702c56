"""What a reader says of a bad file, and where the real files are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geodata.faults import BadData

SHARED_DATA = Path(__file__).parents[2].parent / "shared" / "data"


def faults_of(read: Callable[..., object], *arguments: Any, **options: Any) -> list[str]:
    """Every fault with which the reader refuses."""
    with pytest.raises(BadData) as refusal:
        read(*arguments, **options)
    return [str(fault) for fault in refusal.value.faults]


def real(name: str) -> Path:
    """A real file beside the project; the test that asks skips where there is none."""
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"no {path} beside the project")
    return path
