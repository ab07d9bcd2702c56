"""How time and memory grow with the number of small schools in one model, drawn as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cases import GAPS
from matplotlib import rc_context
from matplotlib.figure import Figure

INK, RED, GREY = "#1d3557", "#b23a48", "#6c757d"
LINES = ((INK, "o", ":"), (INK, "s", "--"), (RED, "^", "-"))


def draw_growth(grown: Sequence[tuple[int, Mapping[str, object]]], path: Path) -> None:
    """Draw seconds to each gap and to proof, and the most memory held, over small schools. What was not reached in
    the time given has no point."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    time, memory = figure.subplots(1, 2, width_ratios=(3, 2))
    series = [(f"gap {gap:.1%}", lambda seen, n=n: seen["seconds_to_gap"][n]) for n, gap in enumerate(GAPS)]
    series.append(("proof", lambda seen: seen["seconds_to_proof"]))
    for (words, of), (colour, marker, line) in zip(series, LINES, strict=True):
        points = [(schools, of(seen)) for schools, seen in grown if of(seen) is not None]
        if points:
            time.plot(*zip(*points, strict=True), line, marker=marker, color=colour, label=words)
    memory.plot(*zip(*((schools, seen["mib"]) for schools, seen in grown), strict=True), "-o", color=GREY)
    sizes = [schools for schools, _ in grown]
    for axes, title in ((time, "seconds of search"), (memory, "MiB held at most")):
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.set_xlabel("small schools")
        axes.set_title(title)
        axes.spines[["top", "right"]].set_visible(False)
    time.set_yscale("log")
    time.legend(frameon=False)
    memory.set_ylim(bottom=0)
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "growth"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
