"""Kills of real commands at random moments after their first write: is anything lost that was told, or half there?

`--kills N` asks for so many in all (1,000), `--seed` for other moments.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from kills import kills_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and is killed, as Linux does")


def test_kills(request: pytest.FixtureRequest, rows: dict[str, Mapping[str, object]], tmp_path: Path) -> None:
    seen = kills_of(tmp_path / "county", request.config.getoption("--kills"), request.config.getoption("--seed"))
    for command, one in seen.items():
        rows[f"kills: {command}"] = {
            **{"kills": one.kills, "finished": one.finished, "told": one.told},
            **{"lost": len(one.lost), "halves": len(one.halves), "leftovers": one.leftovers},
        }
    assert [wrong for one in seen.values() for wrong in (*one.lost, *one.halves)] == []
