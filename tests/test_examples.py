"""Examples in docstrings run as they stand; those of actions, which need files, are in tests/actions."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHOWN = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for folder in ("geodata", "partition")
    for path in (ROOT / folder).rglob("*.py")
    if path.parent.name != "actions" and ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", SHOWN)
def test_an_example_runs(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(import_module(module))
    assert tried and not failed


def test_what_the_library_offers_most_has_one() -> None:
    assert len(SHOWN) >= 8
