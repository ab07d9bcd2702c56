"""A sweep as SVG for papers: small multiples, and a heat map for two settings. Needs matplotlib (`report`)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from geodata.faults import BadData, Fault
from geodata.files import replacing
from partition.formats.palette import HEAT, HEAT_DARK_FROM, Colour
from partition.studies.sweep.axes import Axis
from partition.studies.sweep.table import Row, Sweep

PANELS_MOST = 12  # side by side; more would be too small to read
LABEL_MOST = 24  # characters of a value


def drawable() -> bool:
    """Return whether matplotlib is installed."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        return False
    return True


def refuse_undrawable(path: Path) -> None:
    """Refuse to draw without matplotlib. Raises BadData."""
    if not drawable():
        fix = "drawing needs matplotlib: pip install 'school-partnerships[report]'"
        raise BadData([Fault(file=path.name, fix=fix)])


def draw_multiples(sweep: Sweep, path: Path) -> None:
    """Draw a column of panels for each combination of the other settings; the first setting runs along each panel."""
    from matplotlib.figure import Figure

    along, others = sweep.axes[0], sweep.axes[1:]
    columns = list(product(*(axis.values for axis in others)))[:PANELS_MOST]
    figures: list[tuple[str, Callable[[Row], float | None]]] = [
        ("small schools not yet placed", lambda row: row.unplaced),
        (f"{sweep.unit} a year", lambda row: row.cost),
    ]
    row_of = {row.values: row for row in sweep.rows}
    figure = Figure(figsize=(max(2.2 * len(columns), 5) + 1, 2.3 * len(figures) + 0.6), layout="constrained")
    grid = figure.subplots(len(figures), len(columns), squeeze=False, sharex=True, sharey="row")
    places = range(len(along.values))
    for line, (what, of) in enumerate(figures):
        for panel, fixed in zip(grid[line], columns, strict=True):
            rows = [row_of[(value, *fixed)] for value in along.values]
            _panel(panel, along, [of(row) for row in rows])
            panel.set_xticks(list(places), [_short(value) for value in along.values], rotation=_turn(along))
        grid[line][0].set_ylabel(what)
        grid[line][0].set_ylim(0, 1.08 * max((of(row) or 0 for row in sweep.rows), default=0) or 1)
    for panel, fixed in zip(grid[0], columns, strict=True):
        named = (f"{axis.name} {_short(axis.told(v))}" for axis, v in zip(others, fixed, strict=True))
        panel.set_title("\n".join(named), fontsize=10, color=Colour.INK)
    figure.supxlabel(along.heading)
    _save(figure, path)


def _panel(panel: Any, along: Axis, values: list[float | int | None]) -> None:
    """Draw one series: a line between neighbours, bars for areas, a red cross where there is no plan."""
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    missing = [n for n, value in enumerate(values) if value is None]
    if known and along.neighbours:
        whole = [float("nan") if value is None else value for value in values]
        panel.plot(range(len(values)), whole, "o-", color=Colour.INK, markersize=4)
    elif known:
        panel.bar(*zip(*known, strict=True), color=Colour.INK, width=0.6)
    if missing:
        panel.plot(missing, [0] * len(missing), "x", color=Colour.ALARM, markersize=7, clip_on=False)
    panel.grid(axis="y", color=Colour.WASH)
    panel.spines[["top", "right"]].set_visible(False)


def draw_heat_map(sweep: Sweep, path: Path) -> None:
    """Draw a cell for each pair of values of two settings: small schools not yet placed, and the plan's cost."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    down, along = sweep.axes
    figure = Figure(figsize=(1.1 * len(along.values) + 2, 0.62 * len(down.values) + 1.4), layout="constrained")
    axes = figure.subplots()
    row_of = {row.values: row for row in sweep.rows}
    for y, x in product(range(len(down.values)), range(len(along.values))):
        row = row_of[(down.values[y], along.values[x])]
        step = heat_step(sweep, row)
        looks: dict[str, Any] = (
            {"hatch": "//", "facecolor": Colour.PAPER} if step is None else {"facecolor": HEAT[step]}
        )
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, edgecolor=Colour.FIRM, linewidth=0.8, **looks))
        ink = Colour.INK if step is None or step < HEAT_DARK_FROM else Colour.PAPER
        axes.text(x, y, cell_words(row), ha="center", va="center", fontsize=9, color=ink)
    axes.set_xlim(-0.5, len(along.values) - 0.5)
    axes.set_ylim(len(down.values) - 0.5, -0.5)
    axes.set_xticks(range(len(along.values)), [_short(value) for value in along.values], rotation=_turn(along))
    axes.set_yticks(range(len(down.values)), [_short(value) for value in down.values])
    axes.set_xlabel(along.heading)
    axes.set_ylabel(down.heading)
    axes.set_title(f"Small schools not yet placed; {sweep.unit} a year", fontsize=10)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _save(figure, path)


def cell_words(row: Row) -> str:
    """Return the text of a cell: the number not yet placed, and the cost below it."""
    if row.unplaced is None:
        return "no plan"
    return f"{row.unplaced}\n{row.cost:,.0f}"


def heat_step(sweep: Sweep, row: Row) -> int | None:
    """Return the position of a row's cell in `HEAT`, by its small schools not yet placed; None without a plan."""
    most = max((other.unplaced or 0 for other in sweep.rows), default=0) or 1
    return None if row.unplaced is None else -(-row.unplaced * (len(HEAT) - 1) // most)


def _short(value: str) -> str:
    text = value.replace("$", r"\$")  # matplotlib would read $ as mathematics
    return text if len(text) <= LABEL_MOST else text[: LABEL_MOST - 1] + "…"


def _turn(axis: Axis) -> int:
    return 60 if max(len(_short(value)) for value in axis.values) * len(axis.values) > 40 else 0


def _save(figure: Any, path: Path) -> None:
    """Save a figure with text as text, so that the same figure gives the same bytes."""
    from matplotlib import rc_context

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "sweep"}), replacing(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
