"""Which folder may know which: arrows point one way, and nothing but the command line knows the command line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OWN = "partition"  # its own modules, which folders of it may all know
MAY_KNOW = {
    "geodata": set(),
    "formats": set(),
    "partition": {"geodata", "formats", "rules", "solve", "scheme", "sample", "sweep", "maps"},
    "rules": {"geodata", OWN},
    "solve": {"geodata", "rules", OWN},
    "sample": {OWN},
    "scheme": {"geodata", "formats", "solve", OWN},
    "sweep": {"geodata", "formats", "solve", OWN},
    "maps": {"geodata", "formats", "rules", "scheme", "sweep", OWN},
    "report": {"geodata", "formats", "rules", "scheme", "maps", OWN},
    "web": {"geodata", "formats", "rules", "solve", "scheme", "sample", "sweep", "maps", "report", OWN},
    "cli": {"geodata", "solve", "scheme", "sample", "sweep", "maps", "report", "web", OWN},
}
SEARCH_MAY_KNOW = {"costs", "plan", "problem", "roster"}  # of partition's own modules: a Problem, never a file or a map


def files_of(folder: str) -> list[Path]:
    if folder == OWN:
        return sorted((ROOT / OWN).glob("*.py"))
    return sorted((ROOT if folder == "geodata" else ROOT / OWN).joinpath(folder).rglob("*.py"))


def imported(path: Path) -> Iterator[list[str]]:
    """Every module of ours that a file imports, by its parts; for one name out of a package, that name too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            names = [f"{node.module}.{name}" for name in names]
        yield from (name.split(".") for name in names if name.split(".")[0] in ("geodata", OWN))


def folder_of(module: list[str]) -> str:
    return module[1] if module[0] == OWN and module[1] in MAY_KNOW else module[0]


@pytest.mark.parametrize("folder", MAY_KNOW)
def test_arrows_point_one_way(folder: str):
    files = files_of(folder)
    assert files
    known = {folder_of(module): path for path in files for module in imported(path)}
    wrong = {other: str(path) for other, path in known.items() if other not in MAY_KNOW[folder] | {folder}}
    assert wrong == {}


def test_every_folder_is_spoken_for():
    folders = {path.parent.name for path in (ROOT / OWN).glob("*/__init__.py")}
    assert folders - {"presets"} == set(MAY_KNOW) - {"geodata", OWN}


def test_the_search_sees_a_problem_and_nothing_it_came_from():
    known = {module[1] for path in files_of("solve") for module in imported(path) if folder_of(module) == OWN}
    assert known <= SEARCH_MAY_KNOW | {"__version__"}
