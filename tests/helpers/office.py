"""LibreOffice, where it is installed: a workbook calculated by another program than the one that wrote it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest


def recalculated(path: Path, folder: Path) -> Path:
    """The workbook with every formula calculated by LibreOffice; the values that were kept with them are taken out."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no LibreOffice here: apt-get install --no-install-recommends libreoffice-calc")
    bare, done = folder / "bare", folder / "calculated"
    bare.mkdir(parents=True)
    openpyxl.load_workbook(path).save(bare / path.name)  # keeps formulas, and no value of any
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    asked = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(done), str(bare / path.name)]
    subprocess.run(asked, check=True, capture_output=True, timeout=300)
    return done / path.name
