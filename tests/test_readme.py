"""What the README shows works as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from partition.cli import app
from partition.sample import make_county, write_county

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_five_lines_of_python_draw_a_map(tmp_path: Path) -> None:
    (code,) = blocks("python")
    write_county(make_county(60), tmp_path)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "partnerships" in done.stdout
    assert (tmp_path / "map.html").exists()


def test_it_is_short_and_leaves_the_rest_to_the_guide() -> None:
    assert len(README.splitlines()) <= 120
    assert "notebooks/README.md" in README and not blocks("toml")  # scenarios are in the guide: test_guide_blocks


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`partnerships ([\w-]+)", README))))
def test_every_command_named_is_there(command: str) -> None:
    assert command in {named.name or named.callback.__name__ for named in app.registered_commands if named.callback}


def test_files_linked_are_there() -> None:
    links = re.findall(r"\]\(([^):#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
