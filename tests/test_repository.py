"""What is tracked stands by itself: no link and no path leads out of the repository, or to one person's machine."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1].resolve()
MACHINE = re.compile(r"(?<![\w.~*)}\]-])(?:/(?:work|home|root|Users)/[\w.]|[A-Z]:[\\/]+Users\b)")
NOT_OURS = {".git", ".venv", "out", "build", "dist", "wheels"}
EXAMPLES = "tests/test_repository.py"
ADDRESSES = ("/work/..%2f1", "/work/²/events")  # of the page, not of a disk


def tracked(root: Path = ROOT) -> list[Path]:
    """The files of the repository; where there is no git, all but what is made in it."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if done.returncode == 0:
        return [root / name for name in done.stdout.decode().split("\0") if name]
    return [path for path in root.rglob("*") if not NOT_OURS & set(path.relative_to(root).parts)]


def leading_out(paths: list[Path], root: Path) -> Iterator[str]:
    """Links that end nowhere, or outside."""
    for path in paths:
        if path.is_symlink():
            target = path.parent / path.readlink()
            if path.readlink().is_absolute() or not target.exists() or not target.resolve().is_relative_to(root):
                yield f"{path.relative_to(root)} -> {path.readlink()}"


def machine_paths(text: str) -> list[str]:
    """Lines with a path of somebody's machine."""
    for address in ADDRESSES:
        text = text.replace(address, "")
    return [line.strip() for line in text.splitlines() if MACHINE.search(line)]


def test_no_link_leads_out_of_the_repository() -> None:
    assert list(leading_out(tracked(), ROOT)) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = {}
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if path.is_file() and not path.is_symlink() and name != EXAMPLES:
            content = path.read_bytes()
            if b"\0" not in content and (lines := machine_paths(content.decode(errors="replace"))):
                found[name] = lines
    assert found == {}


def test_such_links_and_paths_are_found(tmp_path: Path) -> None:
    (tmp_path / "inside").write_text("x")
    targets = {"fine": "inside", "dangling": "none", "outside": "..", "absolute": str(tmp_path / "inside")}
    for name, target in targets.items():
        (tmp_path / name).symlink_to(target)
    told = leading_out([tmp_path / name for name in targets], tmp_path)
    assert sorted(line.split(" ")[0] for line in told) == ["absolute", "dangling", "outside"]


@pytest.mark.parametrize(
    "line", ["see /work/a", 'open("/home/ann/x.csv")', "/root/.cache", r"C:\Users\Ann", "/Users/ann"]
)
def test_paths_of_a_machine_are_told(line: str) -> None:
    assert machine_paths(f"one\n{line}\n") == [line]


@pytest.mark.parametrize(
    "line", ["out/work/a", "https://example.org/home/x", "partition/web/work.py", "/usr/bin", "/home"]
)
def test_and_others_are_not(line: str) -> None:
    assert machine_paths(line) == []
