"""`[travel] server` through the command, against OSRM's real server behind a door that wants credentials."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from routing import Answer, Scripted, need_programs, scripted
from town import write_csv
from typer.testing import CliRunner, Result

from geodata.osrm import server as asking
from geodata.osrm import travel as osrm_travel
from geodata.osrm.engine import OsrmEngine
from partition.cli import app

SECRETS = ("us3r", "s3cret", "t0ken", "k3y", base64.b64encode(b"us3r:s3cret").decode())
PLACES = ("a", "b", "c", "d", "e", "f")  # schools 1.5 km apart along one road


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What is kept for the next run, and no waiting between tries."""
    monkeypatch.setattr(asking, "PAUSES_SECONDS", (0.0, 0.0, 0.0))
    monkeypatch.setenv("PARTNERSHIPS_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture(scope="session")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of OSRM's own server on the roads of a town: a main road with a junction at every school."""
    programs, folder = need_programs(), tmp_path_factory.mktemp("town")
    nodes = {n: (-0.80 + 0.02 * n, 52.6) for n in range(8)} | {n + 10: (-0.80 + 0.02 * n, 52.61) for n in range(8)}
    ways = [("primary", range(8)), *(("residential", (n, n + 10)) for n in range(8))]
    text = "".join(f'<node id="{n + 1}" lat="{y}" lon="{x}" version="1"/>\n' for n, (x, y) in nodes.items())
    for number, (road, ends) in enumerate(ways, start=1):
        refs = "".join(f'<nd ref="{node + 1}"/>' for node in ends)
        text += f'<way id="{number}" version="1">{refs}<tag k="highway" v="{road}"/></way>\n'
    (folder / "town.osm").write_text(f'<osm version="0.6" generator="test">\n{text}</osm>\n', encoding="utf-8")
    with OsrmEngine(folder / "town.osm", programs=programs, cache=folder / "cache") as engine:
        yield engine.server.name


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    rows = [(900_001 + n, f"{name} school", 52.6005, round(-0.78 + 0.02 * n, 6), 80) for n, name in enumerate(PLACES)]
    write_csv(tmp_path / "schools.csv", ["urn", "name", "latitude", "longitude", "pupils"], rows)
    path = tmp_path / "town.toml"
    path.write_text('[data]\nschools = "schools.csv"\n[rules]\nheads_min = 3\nheads_max = 3\n', encoding="utf-8")
    return path


@contextmanager
def guarded(routed: str, before: Callable[[int, str], Answer | None] = lambda *_: None) -> Iterator[Scripted]:
    """A door before the real server: the name and password, the token and the key must all be right.

    `before` may answer in the server's place, by how often it was asked and what.
    """

    def answer(path: str) -> Answer:
        if (said := before(len(door.asked), path)) is not None:
            return said
        named = door.asked[-1][1].get("Authorization") == f"Basic {SECRETS[-1]}"
        if not (named and path.startswith("/t0ken/") and path.endswith("&api=k3y")):
            return 401, b"us3r:s3cret is not what you said"
        try:
            with urllib.request.urlopen(routed + path.removeprefix("/t0ken").removesuffix("&api=k3y")) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    with scripted(answer) as door:
        yield door


def through(door: Scripted) -> str:
    return f"http://us3r:s3cret@{door.where}/t0ken/?api=k3y"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def secrets_in(folder: Path, *said: Result) -> list[str]:
    """Every secret in any file below a folder, but the scenario that holds them, or in anything said."""
    texts = [(path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"]
    texts += [("said", (one.stdout + one.stderr + repr(one.exception)).encode()) for one in said]
    texts += [(str(path), path.name.encode()) for path in folder.rglob("*")]
    return [f"{secret} in {where}" for secret in SECRETS for where, text in texts if secret.encode() in text]


def test_a_plan_a_check_and_a_matrix_by_a_server_that_wants_credentials(
    routed: str, scenario: Path, tmp_path: Path
) -> None:
    """The address stands in the scenario; what comes of it holds none of its secrets."""
    with guarded(routed) as door:
        text = scenario.read_text(encoding="utf-8")
        scenario.write_text(f'{text}[travel]\nserver = "{through(door)}"\n', encoding="utf-8")
        plan = run("plan", scenario, "--out", tmp_path / "out", "--json")
        spoken = run("plan", scenario, "--out", tmp_path / "again", "--internal")
        check = run("check", scenario)
        travel = run("travel", scenario, "--out", tmp_path / "out")
        verify = run("verify", tmp_path / "out" / "plan.gpkg", scenario)
        said = [plan, spoken, check, travel, verify]
        assert [one.exit_code for one in said] == [0] * 5, [one.output for one in said]
        server = f"OSRM server http://{door.where}"
    told = json.loads(plan.stdout)
    assert told["status"] == "optimal" and told["partnerships"] == 2 and server in told["travel"]
    assert all(server in one.stdout for one in (spoken, check, travel))
    assert all("OpenStreetMap contributors" in one.stdout for one in (plan, spoken, travel))
    page = (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    assert "OpenStreetMap contributors" in page and '"ways":[["9000' in page  # by the roads of that server
    assert len((tmp_path / "out" / "minutes.csv").read_text(encoding="utf-8-sig").split()) == 1 + 6 * 5
    assert secrets_in(tmp_path, *said) == []


@pytest.mark.parametrize("wrong", ["us3r:s3cret@", "/t0ken", "api=k3y"])
def test_wrong_credentials_are_told_without_telling_them(
    wrong: str, routed: str, scenario: Path, tmp_path: Path
) -> None:
    with guarded(routed) as door:
        words = (
            "plan",
            scenario,
            "--set",
            f"travel.server={through(door).replace(wrong, '')}",
            "--out",
            tmp_path / "o",
        )
        found, as_json = run(*words), run(*words, "--json")
    assert (found.exit_code, as_json.exit_code) == (3, 3)
    said = "wants other credentials"
    assert said in found.stderr and said in json.loads(as_json.stdout)["faults"][0]["fix"]
    assert not (tmp_path / "o").exists() and secrets_in(tmp_path, found, as_json) == []


def test_a_busy_server_is_asked_again_and_a_table_too_large_in_parts(
    routed: str, scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(osrm_travel, "SIDE", 4)

    def moody(times: int, path: str) -> Answer | None:
        if times in (1, 4):
            return 503, b"us3r, not now"
        many = "/table/" in path and urlsplit(path).path.count(";") > 3
        return (400, {"code": "TooBig", "message": "t0ken"}) if many else None

    with guarded(routed, moody) as door:
        words = ("travel", scenario, "--set", f"travel.server={through(door)}")
        parts = run(*words, "--out", tmp_path / "parts")
        tables = sum("/table/" in path for path, _ in door.asked)
    with guarded(routed) as door:
        whole = run("travel", scenario, "--set", f"travel.server={through(door)}", "--out", tmp_path / "whole")
    assert (parts.exit_code, whole.exit_code) == (0, 0)
    assert tables >= 9 + 2  # six schools two by two, and what was asked in vain
    matrices = [(tmp_path / name / "minutes.csv").read_bytes() for name in ("parts", "whole")]
    assert matrices[0] == matrices[1]
    assert secrets_in(tmp_path, parts, whole) == []


def test_a_server_that_stays_busy_or_falls_silent_is_told_and_nothing_written(
    routed: str, scenario: Path, tmp_path: Path
) -> None:
    with guarded(routed, lambda *_: (503, b"us3r:s3cret")) as door:
        address = f"travel.server={through(door)}"
        busy = run("plan", scenario, "--set", address, "--out", tmp_path / "o")
        assert len(door.asked) == 4  # once, and three times more
    gone = run("plan", scenario, "--set", address, "--out", tmp_path / "o")
    assert (busy.exit_code, gone.exit_code) == (3, 3)
    assert "HTTP error 503" in busy.stderr and "nothing listens there" in gone.stderr
    assert not (tmp_path / "o").exists() and secrets_in(tmp_path, busy, gone) == []


def test_a_server_that_fails_after_the_plan_costs_the_map_its_roads_only(
    routed: str, scenario: Path, tmp_path: Path
) -> None:
    with guarded(routed, lambda _, path: (500, b"k3y") if "/route/" in path else None) as door:
        done = run("plan", scenario, "--set", f"travel.server={through(door)}", "--out", tmp_path / "o")
    assert done.exit_code == 0
    page = (tmp_path / "o" / "map.html").read_text(encoding="utf-8")
    assert '"ways":[]' in page and "lines on the map do not follow the roads" in page
    assert secrets_in(tmp_path, done) == []


def test_bands_are_not_asked_of_a_server_and_the_way_out_is_told(routed: str, scenario: Path, tmp_path: Path) -> None:
    with guarded(routed) as door:
        words = ("travel", scenario, "--set", f"travel.server={through(door)}", "--from", "900001")
        done = run(*words, "--out", tmp_path / "o")
    assert done.exit_code == 3 and "travel.server" in done.stderr and "travel.roads" in done.stderr
    assert not (tmp_path / "o").exists() and secrets_in(tmp_path, done) == []


@pytest.mark.parametrize(
    "setting",
    [
        'travel.server=["http://us3r:s3cret@h"]',
        'travel.server={url="http://us3r:s3cret@h/t0ken?k3y"}',
        "travel.sever=http://us3r:s3cret@h/t0ken",
        "server=http://us3r:s3cret@h?k3y",
        "travel.engine=http://us3r:s3cret@h",
        "travel.roads=http://us3r:s3cret@h/t0ken",
        "travel.server=ftp://us3r:s3cret@h",
        "travel.server=http://us3r:s3cret@h h",
    ],
)
def test_an_address_in_the_wrong_place_is_told_without_its_secrets(
    setting: str, scenario: Path, tmp_path: Path
) -> None:
    said = [run("check", scenario, "--set", setting, *more) for more in ((), ("--json",))]
    assert [one.exit_code for one in said] == [3, 3]
    assert secrets_in(tmp_path, *said) == []
