"""Kills of real commands at random moments after their first write: is anything lost that was told, or half there?

`--kills N` asks for so many in all (1,000), `--seed` for other moments.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and is killed, as Linux does")


def test_kills(request: pytest.FixtureRequest, rows: dict[str, Mapping[str, object]], tmp_path: Path) -> None:
    from kills import COMMANDS, County, Seen

    count, draws = request.config.getoption("--kills"), random.Random(request.config.getoption("--seed"))
    county, seen = County(tmp_path / "county"), {command: Seen() for command in COMMANDS}
    for n in range(count):
        command = list(COMMANDS)[n % len(COMMANDS)]
        county.kill(command, draws, seen[command])
    for command, one in seen.items():
        rows[f"kills: {command}"] = {
            **{"kills": one.kills, "finished": one.finished, "told": one.told},
            **{"lost": len(one.lost), "halves": len(one.halves), "leftovers": one.leftovers},
        }
    assert [wrong for one in seen.values() for wrong in (*one.lost, *one.halves)] == []
