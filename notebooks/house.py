"""Draw the folders of the program on their floors, and who imports whom: `python notebooks/house.py`, extra report.

The floors are those of tests/test_arrows.py, which holds every import to them. An arrow that follows from others is
left out: who stands on a folder stands on all below it.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import networkx as nx
from test_arrows import FLOOR, arrows, folder_of, modules

from partition.formats.palette import Colour
from partition.formats.svg import drawn

WIDTH = 2.8  # between folders of one floor
HERE = Path(__file__).parent


def places() -> dict[str, tuple[float, float]]:
    """Where each folder stands: a floor a row, folders that do not know each other side by side."""
    found = {}
    for floor in sorted(set(FLOOR.values())):
        beside = [folder for folder, own in FLOOR.items() if own == floor]
        for n, folder in enumerate(beside):
            found[folder] = ((n - (len(beside) - 1) / 2) * WIDTH, float(floor))
    return found


def draw(path: Path) -> None:
    """Draw every folder with its number of modules and of imports, and an arrow to each folder that it stands on."""
    ends = Counter((folder_of(one), folder_of(other)) for one, other in arrows().edges)
    needs = nx.transitive_reduction(nx.DiGraph(pair for pair in ends if len(set(pair)) == 2))
    sizes, place = Counter(map(folder_of, modules())), places()
    with drawn(path) as axes:
        axes.figure.set_size_inches(7, 10)
        for one, other in sorted(needs.edges):
            look = {"arrowstyle": "->", "color": Colour.FIRM, "linewidth": 1.4, "shrinkA": 16, "shrinkB": 16}
            axes.annotate("", place[other], place[one], arrowprops=look)
        for folder, (x, y) in place.items():
            imports = sum(count for (one, other), count in ends.items() if one == folder != other)
            words = f"{folder}\n{sizes[folder]} modules, {imports} imports"
            box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": Colour.INK}
            axes.text(x, y, words, ha="center", va="center", fontsize=9, color=Colour.INK, bbox=box)
        axes.set_xlim(-3, 3)
        axes.set_ylim(-0.6, max(FLOOR.values()) + 0.6)
        axes.set_axis_off()


if __name__ == "__main__":
    draw(HERE / "house.svg")
