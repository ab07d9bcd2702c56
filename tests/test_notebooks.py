"""Notebooks are kept as they are written: nothing that was run, and nothing of the machine it ran on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def test_the_index_names_every_one() -> None:
    index = NOTEBOOKS[0].with_name("README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS] == [
        "adviser_patch.ipynb",
        "first_hour.ipynb",
        "proof.ipynb",
        "what_if.ipynb",
        "will_it_hold.ipynb",
    ]
    assert [path.name for path in NOTEBOOKS if f"({path.name})" not in index] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_kept_without_output(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["language_info"] == {"name": "python"}  # no version: that is the machine's
