"""The sample county: made-up land, schools and partnerships for trials. No place and no person is real."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.sample.county import County as County
    from partition.sample.county import make_county as make_county
    from partition.sample.files import write_county as write_county

_HOMES = {"County": "county", "make_county": "county", "write_county": "files"}


def __getattr__(name: str) -> object:
    """Load a name on first use, so that `--help` need not wait a second for geometry libraries."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
