"""Ten thousand spoilt files under every command: a table of what came of them, and nothing of what must not.

Some half an hour on 2 cores; `--cases 1000` for fewer.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing.apart import campaign
from fuzzing.runner import Outcome
from fuzzing.table import groups, table

SECONDS_MAX, MEBIBYTES_MAX = 20, 1_536


def test_campaign(tmp_path: Path, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = campaign(tmp_path, 0, pytestconfig.getoption("--cases"), "--good", "all")
    found = groups(outcomes)
    with capsys.disabled():
        print("", *table(outcomes), *(line(what, some) for what, some in found.items()), sep="\n")
    assert not found
    assert [one.case.name for one in outcomes if one.seconds > SECONDS_MAX or one.mebibytes > MEBIBYTES_MAX] == []


def line(what: str, some: list[Outcome]) -> str:
    return f"{len(some)} x {what} (such as {some[0].case.name})"
