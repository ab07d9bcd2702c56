"""Pictures for papers: SVG with words as text, the same bytes every time. Drawn by matplotlib (extra `report`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geodata.faults import BadData, Fault
from geodata.files import replacing


@contextmanager
def drawn(path: Path) -> Iterator[Any]:
    """Yield axes to draw on, and write the picture at the end. Raises BadData where matplotlib is not installed."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        fix = "drawing needs matplotlib: pip install 'school-partnerships[report]'"
        raise BadData([Fault(file=path.name, fix=fix)]) from None
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    yield axes
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "search"}), replacing(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
