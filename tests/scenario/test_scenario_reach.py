"""How far a scenario reaches: texts that attack are refused in a line, and on the pages no file outside is opened."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from served import client_of, work
from starlette.testclient import TestClient
from town import write_town
from typer.testing import CliRunner

from geodata.faults import BadData
from partition.cli import app
from partition.scenario.read import CHAIN_MAX, SHOWN_MAX, read_scenario, read_scenario_text, read_within, with_paths
from partition.scenario.text import text_of
from partition.settings.scenario import Scenario
from partition.storage.project_file import Project

ATTACKS = {
    "deep": "[rules]\nsame = " + "[" * 500 + "]" * 500,
    "digits": "[rules]\nheads_min = " + "9" * 4301,
    "hex": "[rules]\nheads_min = 0x" + "f" * 4301,
    "hex that is read": "[rules]\nheads_min = 0x" + "f" * 90,
    "dotted": "[a" + ".a" * 990 + "]\nx = 1",
    "slow": "[data]\nareas" + ".a" * 15_000 + " = 1",
    "large": "# " + "x" * 10**6,
    "a NUL in extends": 'extends = "a\\u0000b"',
    "a NUL in a path": '[data]\nschools = "a\\u0000b.csv"',
    "a NUL among paths": '[map]\nbase = ["a\\u0000b.csv"]',
    "a name too long": f'[data]\nschools = "{"a" * 300}"',
    "a name to extend too long": f'extends = "{"a" * 300}"',
    "itself": 'extends = "scenario.toml"',
    "a pipe": 'extends = "pipe"',
    "a device": 'extends = "/dev/zero"',
    "a folder": 'extends = "."',
    "a link to itself": 'extends = "itself"',
    "a long value": f'[rules]\nheads_min = "{"x" * 30_000}"',
    "a value that holds half an address": f'[rules]\nheads_min = "{"x" * 30_000} ://"',
    "an address that is none": '[travel]\nserver = "http://["\nroads = "x"',
    "no text": "\xff",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's folder with a town, and what may not be opened in and beside it."""
    folder = tmp_path / "in"
    write_town(folder, 0, 1, 10, 11)
    os.mkfifo(folder / "pipe")
    (folder / "itself").symlink_to(folder / "itself")
    return folder


@pytest.fixture
def project(folder: Path) -> Project:
    return Project(folder / "project.gpkg")


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    with client_of(project) as client:
        yield client


def content(what: str) -> bytes:
    return ATTACKS[what].encode("latin-1" if what == "no text" else "utf-8")


@pytest.mark.parametrize("what", ATTACKS)
def test_the_command_refuses_it_in_a_line(what: str, folder: Path):
    (folder / "scenario.toml").write_bytes(content(what))
    done = CliRunner().invoke(app, ["check", str(folder / "scenario.toml")])
    told = done.stderr.strip().splitlines()
    assert done.exit_code == 3 and told[1] == "1 fault; nothing was written" and len(told) <= 3, done.output
    assert all(line.startswith("guide: partnerships guide ") for line in told[2:])
    assert "Traceback" not in done.output and len(told[0]) < 600


@pytest.mark.parametrize("what", ATTACKS)
def test_the_page_refuses_it_and_keeps_nothing(what: str, client: TestClient, project: Project):
    before = {path for path in project.folder.rglob("*") if path.is_file()}
    sent = client.post("/data", files={"file": ("mine.toml", content(what))})
    told = client.post("/settings/text", data={"text": content(what).decode("utf-8", "replace")})
    assert told.status_code == 422 or what == "large", told.text
    assert 400 <= told.status_code < 500
    if sent.status_code == 303:  # what is wrong is a setting, to be mended on the page
        assert what in ("hex that is read", "a long value", "a value that holds half an address", "itself")
    else:
        assert sent.status_code == 400 and "That could not be used" in sent.text
        assert {path for path in project.folder.rglob("*") if path.is_file()} == before
        assert client.get("/scenario.toml").status_code == 404
    for page in ("/", "/data", "/settings", "/what-if", "/solve"):
        assert client.get(page).status_code < 500


@pytest.mark.parametrize(
    "value", ["9" * 5000, "0x" + "f" * 5000, "[" * 500, "x" * 60_000, "x" * 30_000 + " ://", "a.b" * 9000]
)
def test_a_setting_of_the_command_line_is_bounded_too(value: str):
    with pytest.raises(BadData) as refused:
        read_scenario(None, [f"rules.minutes_max={value}"])
    (fault,) = refused.value.faults
    assert fault.column == "rules.minutes_max" and len(str(fault.value)) <= SHOWN_MAX + 4


def test_a_chain_of_scenarios_has_an_end(tmp_path: Path):
    for n in range(500):
        (tmp_path / f"{n}.toml").write_text(f'extends = "{n + 1}.toml"\n[rules]\nheads_min = 2\n')
    (tmp_path / "500.toml").write_text("[rules]\nheads_max = 9\n")
    assert read_scenario(tmp_path / f"{501 - CHAIN_MAX}.toml").rules.heads_max == 9
    with pytest.raises(BadData, match=f"over {CHAIN_MAX} scenarios extend one another"):
        read_scenario(tmp_path / f"{500 - CHAIN_MAX}.toml")
    with pytest.raises(BadData, match="extend one another"):
        read_scenario(tmp_path / "0.toml")


# Paths, by what is declared -----------------------------------------------------------------------------------


def declared() -> Iterator[tuple[str, str, Any]]:
    """Every setting that names files: where it stands, and values of its shape with `{}` in place of a file."""
    shapes: tuple[Any, ...] = ("{}", ["{}"], {"column": "{}"}, {"x": "{}"})
    for table, kind in get_type_hints(Scenario, include_extras=True).items():
        for key, kind_of in get_type_hints(kind, include_extras=True).items():
            if "Names.FILE" in str(kind_of):
                fit = [shape for shape in shapes if is_path(table, key, shape)]
                assert fit, f"{table}.{key} says it names files, and no value of it does"
                yield from ((table, key, shape) for shape in fit)


def is_path(table: str, key: str, shape: Any) -> bool:
    return with_paths({table: {key: shape}}, lambda path: "changed")[table][key] != shape


PATHS = list(declared())


def stated(table: str, key: str, shape: Any, path: str, schools: str = "schools.csv") -> str:
    """A scenario over these schools in which a setting names a path."""
    value = re.sub(r'"(column|x)": ', r"\1 = ", json.dumps(shape).replace("{}", json.dumps(path)[1:-1]))
    tables = {"data": {"schools": json.dumps(schools)}}
    tables.setdefault(table, {})[key] = value
    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {text}\n" for key, text in settings.items())
        for name, settings in tables.items()
    )


def test_the_settings_that_name_files_are_these():
    assert {f"{table}.{key}" for table, key, _ in PATHS} == {
        *(f"data.{key}" for key in ("schools", "opening", "join", "areas", "headships", "links", "existing")),
        *("data.answers", "data.postcodes", "data.register_links"),
        *("travel.matrix", "travel.roads", "travel.speeds", "map.base", "money.lump_sums", "advisers.people"),
        *("advisers.today", "review.strengths", "review.past", "training.schools", "effects.results"),
        *("training.sessions", "posts.timetable"),
        *("effects.survey", "effects.activity"),
    }
    assert ("data", "areas", {"column": "{}"}) in PATHS and ("data", "existing", {"column": "{}"}) not in PATHS


@pytest.mark.parametrize("path", ["a.csv", "off", "://", "C://x.csv", "http://x/y.csv", "5"])
@pytest.mark.parametrize(("table", "key", "shape"), PATHS)
def test_a_path_is_one_whatever_it_looks_like(table: str, key: str, shape: Any, path: str):
    if (shape, path) == ("{}", "off"):
        return
    found: list[str] = []
    filled = json.loads(json.dumps(shape).replace("{}", path))
    if path == "5":  # a number is read as text
        filled = json.loads(json.dumps(shape).replace('"{}"', path))
    with_paths({table: {key: filled}}, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
    assert found == [path]


def test_a_text_of_a_scenario_reads_back_with_every_path(tmp_path: Path):
    for table, key, shape in PATHS:
        scenario = read_scenario_text(stated(table, key, shape, "sub/x.csv"), tmp_path)
        assert read_scenario_text(text_of(scenario, tmp_path), tmp_path) == scenario
        assert str(tmp_path / "sub/x.csv") in scenario.model_dump_json()


# The folder of a project ----------------------------------------------------------------------------------------

OUTSIDE = [
    *("../secret.csv", "{out}/secret.csv", "sub/../../secret.csv", "link/secret.csv", "link.csv", "far.csv"),
    *("./link/../in/../secret.csv", "C://../../../secret.csv", "http://x/../../../secret.csv", "../in/../secret.csv"),
    *("pipe", "itself", "/dev/zero", "."),
]
opened: list[str] | None = None  # what was opened while somebody looked


def note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if opened is not None and event == "open":
        opened.append(str(arguments[0]))


sys.addaudithook(note_opened)


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with links that lead out of its folder, to a file that nobody may open."""
    out = tmp_path_factory.mktemp("out")
    folder = out / "in"
    write_town(folder, 0, 1, 10, 11)
    (out / "secret.csv").write_text("urn,partnership,secret heading\n900001,1,x\n")
    os.mkfifo(folder / "pipe")
    (folder / "sub").mkdir()
    for name, target in (
        ("link", out),
        ("link.csv", out / "secret.csv"),
        ("far.csv", folder / "link.csv"),
        ("itself", folder / "itself"),
    ):
        (folder / name).symlink_to(target)
    return Project(folder / "project.gpkg")


def look(project: Project, text: str) -> tuple[str, list[str]]:
    """What a worker says of a scenario, and which files outside the folder were opened meanwhile."""
    global opened
    opened = []
    try:
        told = str(work(project, "check", text))
    except BadData as bad:
        told = str(bad)
    finally:
        seen, opened = opened, None
    ours = str(project.folder.parent)
    real = [os.path.realpath(path) for path in seen if ours in os.path.realpath(path)]
    return told, [path for path in real if not path.startswith(str(project.folder) + os.sep)] + [
        path for path in seen if path.endswith(("pipe", "zero"))
    ]


def test_the_watch_sees_what_is_opened(walled: Project):
    told, out = look(walled, '[data]\nschools = "schools.csv"')
    assert "'schools': 4" in told and out == []
    global opened
    opened = []
    (walled.folder / "link" / "secret.csv").read_text()
    seen, opened = opened, None
    assert [os.path.realpath(path) for path in seen] == [str(walled.folder.parent.resolve() / "secret.csv")]


@tried(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.sampled_from(PATHS), st.sampled_from(OUTSIDE), st.booleans())
def test_nothing_outside_is_opened_whatever_names_it(
    walled: Project, place: tuple[str, str, Any], path: str, through: bool
):
    named = path.replace("{out}", str(walled.folder.parent))
    text = stated(*place, named)
    if through:  # by way of another scenario, in another folder
        seen_from = named if named.startswith("/") else f"../{named}"
        (walled.folder / "sub" / "base.toml").write_text(stated(*place, seen_from, "../schools.csv"))
        text = 'extends = "sub/base.toml"\n'
    told, out = look(walled, text)
    assert out == []
    assert "lies outside the project's folder" in told or "cannot be read" in told, told
    with pytest.raises(BadData):
        read_within(text, walled.folder)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_scenario_outside_is_extended(walled: Project, path: str):
    told, out = look(walled, f"extends = {json.dumps(path.replace('{out}', str(walled.folder.parent)))}")
    assert out == [] and "secret" not in told.replace("secret.csv", "")


def test_what_an_earlier_scenario_extends_is_looked_at_when_it_is_read(
    client: TestClient, project: Project, folder: Path
):
    (folder.parent / "secret.csv").write_text("urn,name,secret heading\n900001,x,y\n")
    (folder / "data").mkdir()
    base = folder / "data" / "base.toml"
    base.write_text("[rules]\nheads_min = 2\n")
    assert client.post("/settings/text", data={"text": 'extends = "data/base.toml"'}).status_code == 303
    base.write_text('[data]\nschools = "../../secret.csv"\n')
    for page in ("/data", "/settings", "/what-if", "/minutes", "/solve", "/"):
        told = client.get(page)
        assert told.status_code < 500 and "secret heading" not in told.text
    assert "lies outside" in client.post("/settings", data={"rules.heads_min": "3"}).text
    told = work(project, "check", 'extends = "data/base.toml"')
    assert "lies outside" in str(told["faults"]) and "secret heading" not in str(told)
