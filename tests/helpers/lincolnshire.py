"""Lincolnshire's plan under the default rules: several tests begin with it, and it is solved once for all of them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from telling import SHARED_DATA
from typer.testing import CliRunner

COUNTY = ("--schools", str(SHARED_DATA / "gias_lincolnshire_2025-07.csv"), "--la", "925")
OSBOURNBY = "data.pupils.151275=61"  # blank in the file; its closed predecessor had 61


@pytest.fixture(scope="session")
def lincolnshire_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the plan and its map, and of `told.json`, what the command said; to be read alone.

    Whichever of xdist's processes asks first makes it. Two that ask at once both do, and one folder stays.
    """
    from partition.cli import app

    own = tmp_path_factory.getbasetemp()
    made = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "lincolnshire"
    if not made.exists():
        folder = tmp_path_factory.mktemp("county")
        done = CliRunner().invoke(app, ["plan", *COUNTY, "--set", OSBOURNBY, "--out", str(folder), "--json"])
        assert done.exit_code == 0, done.output
        (folder / "told.json").write_text(done.stdout, encoding="utf-8")
        with suppress(OSError):  # it is there by now
            folder.rename(made)
    return made
