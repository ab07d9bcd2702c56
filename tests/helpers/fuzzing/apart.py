"""A campaign in a process of its own: a child of one with threads, such as pytest's, would wait for them for ever."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

from fuzzing.runner import Outcome

HELPERS = Path(__file__).parents[1]
ROOT = HELPERS.parents[1]


def campaign(folder: Path, first: int, last: int, *options: str) -> list[Outcome]:
    """Return the outcomes of the cases of these seeds, the last not included."""
    found = folder / "outcomes"
    command = [sys.executable, "-m", "fuzzing", str(first), str(last), "--outcomes", str(found), *options]
    path = os.pathsep.join((str(ROOT), str(HELPERS)))
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert found.exists(), done.stderr
    outcomes: list[Outcome] = pickle.loads(found.read_bytes())
    return outcomes
