"""Every block of code on the guide's pages runs, in the order of its page, in an empty folder (notebooks: --nbmake).

What a block is, its fence says: `sh` is commands of ours; `sh rutland` and `python rutland` need the real county's
files; `sh install` is run by .ci/run in a fresh clone; `toml` is a scenario; `toml NAME` and `text NAME` are files that
the page tells to write; `text said` is what the commands before it printed; other `text`, and `bat`, are for reading.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from partition.cli import app
from partition.cli.commands import COMMANDS
from partition.cli.guide.contents import PAGES
from partition.cli.guide.sources import source
from partition.settings.scenario import Scenario

DATA = Path(__file__).parents[2] / "shared" / "data"
REAL = {"gias.csv": "gias_rutland_2025-07.csv", "rutland.osm.pbf": "rutland_2022-07.osm.pbf"}
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
WRITTEN = [page.source for page in PAGES if page.source.endswith(".md")]
READ_ALONE = {"bat", "text"}


def blocks(name: str) -> Iterator[tuple[str, str]]:
    """What a page's fences say, and what is between them."""
    yield from FENCE.findall(source(name).read_text(encoding="utf-8"))


WITH_BLOCKS = [name for name in WRITTEN if any(kind.split()[:1] != ["bat"] for kind, _ in blocks(name))]
NEED_REAL = {name for name in WRITTEN if any(kind.endswith(" rutland") for kind, _ in blocks(name))}


def commands(block: str) -> Iterator[list[str]]:
    for line in block.splitlines():
        words = shlex.split(line)
        assert words[0] == "partnerships", line
        yield words[1:]


def run(block: str) -> str:
    """What the commands of a block print."""
    said = ""
    for words in commands(block):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, (words, done.output)
        said += done.stdout
    return said


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.real_data] * (name in NEED_REAL)) for name in WITH_BLOCKS]
)
def test_the_blocks_of_a_page_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if name in NEED_REAL:
        if not DATA.is_dir():
            pytest.skip(f"no real county files in {DATA}")
        for here, there in REAL.items():
            shutil.copyfile(DATA / there, tmp_path / here)
    names: dict[str, object] = {}
    said = ""
    for kind, block in blocks(name):
        match kind.split():
            case ["sh"] | ["sh", "rutland"]:
                said = run(block)
            case ["sh", "install"]:
                assert "partnerships" in block or "pip" in block
            case ["python"] | ["python", "rutland"]:
                exec(compile(block, name, "exec"), names)
            case ["toml", *file]:
                Scenario.model_validate({k: v for k, v in tomllib.loads(block).items() if k != "extends"})
                [Path(one).write_text(block, encoding="utf-8") for one in file]
            case ["text", "said"]:
                assert block in said
            case ["text", file]:
                Path(file).write_text(block, encoding="utf-8")
            case [kind]:
                assert kind in READ_ALONE
                assert set(re.findall(r"^partnerships ([a-z][a-z-]*)", block, re.MULTILINE)) <= COMMANDS.keys()


def test_there_are_blocks_to_run() -> None:
    kinds = [kind for name in WRITTEN for kind, _ in blocks(name)]
    assert kinds.count("sh") > 25 and kinds.count("python") > 3 and kinds.count("sh rutland") > 3


@pytest.mark.parametrize("name", WRITTEN)
def test_every_command_and_setting_named_in_a_line_is_there(name: str) -> None:
    text = source(name).read_text(encoding="utf-8")
    assert set(re.findall(r"`partnerships ([a-z][a-z-]+)", text)) <= COMMANDS.keys()
    tables = {table: set(of.annotation.model_fields) for table, of in Scenario.model_fields.items()}  # type: ignore[union-attr]
    named = re.findall(rf"`({'|'.join(tables)})\.(\w+)[`=]", text)
    assert [f"{table}.{key}" for table, key in named if key not in tables[table]] == []
