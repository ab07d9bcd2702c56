"""Peers side by side with this project, each in a process of its own, 100 s on 2 cores. Absent ones are skipped."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cases import COUNTY250, SAMPLE
from peers import NEEDS, PEERS, SECONDS
from test_bench import compiled  # noqa: F401  (before all: the search should not be compiled in its 100 s)

SECONDS_MAX = 5 * SECONDS  # some look at the clock only between one try and the next
PEERS_FILE = Path(__file__).with_name("peers.py")


@pytest.mark.parametrize("case", [pytest.param(COUNTY250, marks=pytest.mark.real_data), SAMPLE])
@pytest.mark.parametrize("peer", PEERS)
def test_peer(peer: str, case: str, rows: dict[str, Mapping[str, object]], tmp_path: Path) -> None:
    if peer in NEEDS and importlib.util.find_spec(NEEDS[peer]) is None:
        pytest.skip(f"{peer} is not installed: pip install -e '.[bench]'")
    rows[f"{case}: {peer}"] = figures = reached(peer, case, tmp_path)
    if peer == "this project":
        assert figures["broken"] == {}


def reached(peer: str, case: str, folder: Path) -> Mapping[str, Any]:
    command = [sys.executable, "-W", "ignore", str(PEERS_FILE), peer, case, str(folder)]
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return {"options": f"stopped after {SECONDS_MAX} s", "seconds": SECONDS_MAX}
    answer: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])  # HiGHS greets on the lines before
    return answer
