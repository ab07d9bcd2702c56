"""Runs of one case by several seeds as one row: the run in the middle, and the worst of each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Figures = Mapping[str, object]

BEST_HIGH = ("bound",)  # of all other figures the highest is the worst
OF_SPREAD = ("cost", "bound", "gap", "unplaced", "seconds", "processor_seconds", "mib")


def spread(runs: Sequence[Figures]) -> Figures:
    """Return the figures of the run in the middle by gap, then by seconds, with the median of each figure.

    `worst` holds the worst of each figure, None where some run has none; `seeds` the number of runs.
    """
    middle = sorted(runs, key=_rank)[(len(runs) - 1) // 2]
    found = {key: [run.get(key) for run in runs] for key in OF_SPREAD if any(key in run for run in runs)}
    medians = {key: _median(key, values) for key, values in found.items()}
    return {**middle, **medians, "worst": {key: _worst(key, v) for key, v in found.items()}, "seeds": len(runs)}


def _rank(run: Figures) -> tuple[float, float]:
    gap, seconds = run.get("gap"), run["seconds"]
    assert isinstance(seconds, int | float)
    return (gap if isinstance(gap, int | float) else 1.0), seconds


def _median(key: str, values: Sequence[object]) -> object:
    """The value in the middle, of two the worse; a run without one counts as the worst."""
    ranked = _from_best(key, values)
    return ranked[len(ranked) // 2]


def _worst(key: str, values: Sequence[object]) -> object:
    return _from_best(key, values)[-1]


def _from_best(key: str, values: Sequence[object]) -> list[object]:
    known = [value for value in values if isinstance(value, int | float)]
    return [*sorted(known, reverse=key in BEST_HIGH), *(value for value in values if value is None)]
