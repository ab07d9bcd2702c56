"""Who may import whom: one line, checked for every import there is, under TYPE_CHECKING and inside functions too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]
LINE = """
    geodata < settings < formats < model < solver, sample < scenario < plans < storage, studies < scheme
    < maps < report < actions < web < cli
"""
FLOOR = {
    folder.strip(): floor for floor, folders in enumerate(LINE.split("<")) for folder in folders.split(",")
}  # a folder may import only what stands further left
SEARCH_MAY_KNOW = {"geodata", "model"}  # a Problem: no file, no map, no scenario


def modules() -> dict[str, Path]:
    """Every module of ours, by its dotted name."""
    files = [path for top in ("geodata", "partition") for path in sorted((ROOT / top).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def imported(path: Path, ours: dict[str, Path]) -> Iterator[str]:
    """Every module of ours that a file imports; for a name out of a package, the module of that name if it is one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in ours else str(node.module) for name in named]
        else:
            continue
        yield from (name for name in names if name in ours)


@cache  # nobody changes it, and all files are read for it
def arrows() -> nx.DiGraph:
    """From each module to each that it imports. The library's list of names, `partition` itself, stands outside."""
    ours = modules()
    graph = nx.DiGraph()
    for name, path in ours.items():
        if name != "partition":
            graph.add_edges_from((name, other) for other in imported(path, ours) if other not in ("partition", name))
    return graph


def folder_of(module: str) -> str:
    top, _, below = module.partition(".")
    return below.partition(".")[0] if top == "partition" else top


def test_arrows_point_left():
    wrong = [
        f"{one} imports {other}"
        for one, other in arrows().edges
        if folder_of(one) != folder_of(other) and FLOOR[folder_of(one)] <= FLOOR[folder_of(other)]
    ]
    assert wrong == []


def test_every_folder_stands_in_the_line():
    there = {folder_of(name) for name in modules()} - {""}
    assert there == set(FLOOR)
    assert len(there - {"geodata"}) == 15
    assert [path.name for path in (ROOT / "partition").glob("*.py")] == ["__init__.py"]


def test_nothing_goes_in_a_ring():
    rings = [sorted(ring) for ring in nx.strongly_connected_components(arrows()) if len(ring) > 1]
    assert rings == []


@pytest.mark.parametrize("study", sorted(path.name for path in (ROOT / "partition/studies").glob("*/")))
def test_no_study_knows_another(study: str):
    own = f"partition.studies.{study.removesuffix('.py')}"
    known = {other for one, other in arrows().edges if one.startswith(own) and "studies" in other}
    assert {other for other in known if not other.startswith(own)} <= {"partition.studies"}


def test_the_search_sees_a_problem_and_nothing_it_came_from():
    known = {folder_of(other) for one, other in arrows().edges if folder_of(one) == "solver"}
    assert known - {"solver"} <= SEARCH_MAY_KNOW
