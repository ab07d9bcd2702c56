"""Two thousand random towns of up to nine headships: stability, fairness and wishes against every plan and every group.

In parts of 25 towns, each part with a seed of its own (fewer: `--parts 1-4`), on two processes. A smaller share of
it stays in tests/solver/test_stable.py and test_tempting.py.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from stability_towns import HEADSHIPS_MOST, Held, hold_part
from tables import _line as line

PARTS, TOWNS_PER_PART, PROCESSES = 80, 25, 2
KINDS = (
    *("towns", "plans", "with a plan", "it holds", "it may not hold", "cheapest that holds", "none holds"),
    *("least gain", "curves", "points of curves", "wishes and refusals"),
    *("priced: likeness", "priced: lacks", "priced: wishes", "priced: fairness", "disagreements"),
)


def test_nothing_told_of_a_town_is_false(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> None:
    first, last = pytestconfig.getoption("parts") or (1, PARTS)
    parts = range(first, last + 1)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        held = sum(pool.map(hold_part, parts, [TOWNS_PER_PART] * len(parts)), Held())
    with capsys.disabled():
        print("", *_table(held), f"\n{held.seconds:.0f} s of CPU", *held.wrong, sep="\n")
    towns = sum(count for (_, kind), count in held.told.items() if kind == "towns")
    assert towns >= len(parts) * TOWNS_PER_PART
    assert not held.wrong
    assert all(any(held.told[heads, kind] for heads in range(HEADSHIPS_MOST + 1)) for kind in KINDS[:-1])


def _table(held: Held) -> list[str]:
    """A row for every number of headships, and one for all."""
    heads = sorted({heads for heads, _ in held.told})
    rows = [[str(n), *(f"{held.told[n, kind]:,}" for kind in KINDS)] for n in heads]
    sums = [f"{sum(held.told[n, kind] for n in heads):,}" for kind in KINDS]
    return [line(["headships", *KINDS]), line(["---"] * (len(KINDS) + 1)), *map(line, [*rows, ["all", *sums]])]
