"""OSRM is asked politely, believed only where it makes sense, and never keeps running behind our back."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import geopandas
import numpy as np
import pytest
from routing import Answer, need_programs, scripted
from shapely import Point
from telling import faults_of, real

from geodata.faults import BadData
from geodata.osrm import server as asking
from geodata.osrm import travel as osrm_travel
from geodata.osrm.engine import OsrmEngine, Programs
from geodata.osrm.server import OsrmServer
from geodata.osrm.travel import OsrmTravel
from geodata.schools import read_schools


def schools(count: int) -> geopandas.GeoDataFrame:
    """Schools 1, 2, 3 ... a kilometre apart along a line that runs east."""
    urns = range(1, count + 1)
    points = [Point(480_000 + 1_000 * urn, 310_000) for urn in urns]
    frame = geopandas.GeoDataFrame({"name": [f"School {urn}" for urn in urns]}, geometry=points, crs=27700)
    return frame.set_axis(list(urns), axis="index").rename_axis("urn")


def table(path: str, **changes: object) -> Answer:
    """What OSRM would say if a degree of longitude took 6,000 s and measured 60,000 m, one second to start."""
    parts = urlsplit(path)
    degrees = np.array([point.split(",") for point in parts.path.rsplit("/", 1)[1].split(";")], dtype=float)
    asked = {key: [int(n) for n in parse_qs(parts.query)[key][0].split(";")] for key in ("sources", "destinations")}
    east = np.abs(degrees[asked["sources"], None, 0] - degrees[None, asked["destinations"], 0])
    answer = {
        "code": "Ok",
        "durations": np.round(6_000 * east + (east > 0), 1).tolist(),
        "distances": np.round(60_000 * east, 1).tolist(),
        "sources": [{"distance": 12.5}] * len(asked["sources"]),
    }
    return 200, {key: value for key, value in (answer | changes).items() if value is not None}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAUSES_SECONDS", (0.0, 0.0, 0.0))


def travel_by(server: OsrmServer, frame: geopandas.GeoDataFrame, **options: object) -> OsrmTravel:
    points = frame.geometry
    return OsrmTravel(server, frame.index, points.x, points.y, names=frame["name"].to_list(), **options)


def ask(url: str, count: int = 2, **options: object) -> OsrmTravel:
    return travel_by(OsrmServer(url, timeout_seconds=5), schools(count), **options)


def refusal(answer: Callable[[str], Answer] | Answer, count: int = 2) -> str:
    """The one fault, without the server's name."""
    with scripted(answer) as script:
        (fault,) = faults_of(ask, script.url, count)
    return fault.removeprefix(script.url).removeprefix(", travel.server: ")


# What is made of an answer


def test_seconds_and_metres_are_rounded_up_and_null_is_no_way() -> None:
    seconds = [[0, 60.0, 60.1], [0.1, 0, None], [0.6, 119.9, 0]]
    metres = [[0, 100.0, 100.1], [0.1, 0, 5.0], [1, 2, 0]]
    with scripted(lambda path: table(path, durations=seconds, distances=metres)) as script:
        travel = ask(script.url, 3)
    places = np.arange(3)
    centiminutes, far = travel.between(places[:, None], places)
    # 60 s are 100 centiminutes, a tenth of a second more makes 101; metres without a way are none
    assert centiminutes.tolist() == [[0, 100, 101], [1, 0, -1], [1, 200, 0]]
    assert far.tolist() == [[0, 100, 101], [1, 0, -1], [1, 2, 0]]
    assert travel.snap_metres.tolist() == [12.5] * 3
    assert travel.words == f"drive minutes from the OSRM server {script.url}"
    assert "OpenStreetMap" in travel.attribution[0]


def test_an_old_server_gives_no_distances() -> None:
    with scripted(lambda path: table(path, distances=None)) as script:
        assert not ask(script.url).has_km


@pytest.mark.parametrize("too_many", [(400, {"code": "TooBig", "message": "Too many table coordinates"}), (414, b"")])
def test_a_table_too_large_for_the_server_is_asked_for_in_parts(too_many: Answer) -> None:
    def small_only(path: str) -> Answer:
        return too_many if urlsplit(path).path.count(";") >= 6 else table(path)

    with scripted(table) as whole, scripted(small_only) as parts:
        expected, found = ask(whole.url, 23), ask(parts.url, 23)
    assert len(whole.asked) == 1 < len(parts.asked)
    places = np.arange(23)
    for one, other in zip(
        expected.between(places[:, None], places), found.between(places[:, None], places), strict=True
    ):
        assert (one == other).all() and (one[0, 1:] > 0).all()


def test_many_schools_are_asked_for_a_hundred_by_a_hundred() -> None:
    with scripted(table) as script:
        travel = ask(script.url, 201)
    assert len(script.asked) == 9
    assert max(len(path) for path, _ in script.asked) < 8_000  # what proxies let through
    assert int(travel.between(0, 200)[1]) > int(travel.between(0, 199)[1]) > 0


def test_a_way_that_makes_no_sense_is_refused() -> None:
    def broken(path: str) -> Answer:
        return table(path) if "/table/" in path else (200, {"code": "Ok", "routes": [{"geometry": "<b>"}]})

    with scripted(broken) as script:
        travel = ask(script.url)
        (fault,) = faults_of(travel.path, 0, 1)
    assert "not as an OSRM server does" in fault


# What may be wrong


def test_nothing_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (fault,) = faults_of(ask, f"http://127.0.0.1:{port}")
    assert fault.startswith(f"http://127.0.0.1:{port}, travel.server: is not reachable: nothing listens")


def test_a_busy_server_is_asked_again_but_not_for_ever() -> None:
    left = [(503, b"busy"), (429, b"busy")]
    with scripted(lambda path: left.pop() if left else table(path)) as script:
        assert ask(script.url).between(0, 1)[0] > 0
    assert len(script.asked) == 3
    with scripted((503, b"busy")) as script:
        faults_of(ask, script.url)
    assert len(script.asked) == 4


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        (fault,) = faults_of(travel_by, OsrmServer(url, timeout_seconds=0.05), schools(2))
    assert "does not answer in time" in fault


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b"<html>welcome</html>"), "not as an OSRM server does"),
        ((200, b"[" * 100_000), "not as an OSRM server does"),
        ((200, {"code": "<b>Ok</b>"}), "not as an OSRM server does"),
        ((404, b"no such page"), "HTTP error 404"),
        ((401, b"who are you"), "other credentials"),
        ((400, {"code": "NoTable", "message": "No table found"}), "finds no way between any"),
        ((400, {"code": "TooBig"}), "refuses even two coordinates"),
        ((400, {"code": "InvalidVersion", "message": "<script>"}), "refuses, with InvalidVersion; check"),
        (lambda path: table(path, durations=[[0, 1]]), "not as an OSRM server does"),
        (lambda path: table(path, durations=[[0, -1], [1, 0]]), "not as an OSRM server does"),
        (lambda path: table(path, durations=[[0, 1e999], [1, 0]]), "not as an OSRM server does"),
        (lambda path: table(path, durations=[[0, "x"], [1, 0]]), "not as an OSRM server does"),
        (lambda path: table(path, durations=None), "not as an OSRM server does"),
        (lambda path: table(path, sources=[{"distance": None}] * 2), "not as an OSRM server does"),
        (lambda path: table(path, sources=[]), "not as an OSRM server does"),
    ],
)
def test_answers_that_are_no_table(answer: Callable[[str], Answer] | Answer, said: str) -> None:
    assert said in refusal(answer)


def test_a_school_off_the_servers_map_is_named() -> None:
    def second_block_only(path: str) -> Answer:
        if urlsplit(path).path.count(";") == 99:
            return table(path)
        return 400, {"code": "NoSegment", "message": "Could not find a matching segment for coordinate 100"}

    fault = refusal(second_block_only, 102)
    assert fault.startswith(", school = 'School 101 (101)': no road near it")


def test_schools_far_from_any_road_are_named_all_at_once() -> None:
    with scripted(lambda path: table(path, sources=[{"distance": d} for d in (499, 500.5, 1e6)])) as script:
        faults = faults_of(ask, script.url, 3)
        assert len(faults_of(ask, script.url, 3, snap_metres_max=100)) == 3
    assert len(faults) == 2
    assert "'School 2 (2)': 500 m from the nearest road" in faults[0]
    assert "'School 3 (3)': 1,000,000 m from the nearest road" in faults[1]


@pytest.mark.parametrize("url", ["", "127.0.0.1:5000", "ftp://host", "http://", "http://host:port", "http://a b"])
def test_what_is_no_address(url: str) -> None:
    (fault,) = faults_of(OsrmServer, url)
    assert fault == "travel.server: this is no address of a server; give one as in http://127.0.0.1:5000"


# Secrets


SECRETS = ("us3r", "s3cret", "t0ken", "k3y", "dXMz")  # the last begins the header's Base64


@pytest.mark.parametrize("answer", [table, (200, b"no"), (403, b"no"), (400, {"code": "NoTable"}), (503, b"no")])
def test_credentials_reach_the_server_and_nobody_else(
    answer: Callable[[str], Answer] | Answer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted(answer) as script:
        server = OsrmServer(f"http://us3r:s3cret@{script.where}/t0ken/?api=k3y")
        told = [repr(server), str(server), server.name]
        try:
            travel = travel_by(server, schools(2))
            told += [travel.words, repr(travel.sources), *travel.attribution]
        except BadData as error:
            told += ["".join(traceback.format_exception(error)), repr(error), *map(repr, error.faults)]
    path, headers = script.asked[0]
    assert headers["Authorization"] == "Basic dXMzcjpzM2NyZXQ="
    assert path.startswith("/t0ken/table/v1/driving/") and path.endswith("&api=k3y")
    told += [caplog.text, *capfd.readouterr()]
    assert [secret for secret in SECRETS for text in told if secret in text] == []


def test_credentials_are_not_taken_along_to_another_host() -> None:
    with scripted(table) as elsewhere, scripted((302, elsewhere.url.encode())) as script:
        (fault,) = faults_of(ask, script.url.replace("//", "//us3r:s3cret@"))
    assert elsewhere.asked == []
    assert "HTTP error 302" in fault


def test_an_address_out_of_reach_tells_no_secret() -> None:
    (fault,) = faults_of(ask, "http://us3r:s3cret@127.0.0.1:1/t0ken?api=k3y")
    assert not any(secret in fault for secret in SECRETS)


# The real programs


@pytest.fixture(scope="session")
def programs() -> Programs:
    return need_programs()


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("osrm")


def town(folder: Path) -> Path:
    """Four points a hundredth of a degree apart; 1-2 a street both ways, 2-3 one way, 4-5 on an island."""
    nodes = {1: -0.70, 2: -0.69, 3: -0.68, 4: -0.60, 5: -0.59}
    ways = [((1, 2), ""), ((2, 3), '<tag k="oneway" v="yes"/>'), ((4, 5), "")]
    text = "".join(f'<node id="{n}" lat="52.6" lon="{east}" version="1"/>\n' for n, east in nodes.items())
    for number, (ends, tag) in enumerate(ways, start=1):
        refs = "".join(f'<nd ref="{node}"/>' for node in ends)
        text += f'<way id="{number}" version="1">{refs}<tag k="highway" v="residential"/>{tag}</way>\n'
    path = folder / "town.osm"
    path.write_text(f'<osm version="0.6" generator="test">\n{text}</osm>\n', encoding="utf-8")
    return path


def town_schools(*longitudes: float) -> geopandas.GeoDataFrame:
    points = geopandas.points_from_xy(longitudes, [52.6] * len(longitudes), crs=4326)
    frame = geopandas.GeoDataFrame({"name": ["a school"] * len(points)}, geometry=points).to_crs(27700)
    return frame.set_axis(range(1, len(points) + 1), axis="index")


def test_a_town_by_hand(programs: Programs, cache: Path, tmp_path: Path) -> None:
    with OsrmEngine(town(tmp_path), programs=programs, cache=cache) as engine:
        travel = travel_by(engine.server, town_schools(-0.699, -0.691, -0.681, -0.595), sources=(engine.source,))
        way = travel.path(0, 1)
        assert len(travel.path(0, 3)) == 0
    centiminutes, metres = travel.between(np.arange(4)[:, None], np.arange(4))
    # 0.008 degrees of longitude at 52.6 north are 542 m; the car profile drives 25 km/h in a residential street
    assert metres[0, 1] == metres[1, 0] == pytest.approx(542, abs=3)
    assert centiminutes[0, 1] == centiminutes[1, 0] == pytest.approx(100 * 0.542 / 25 * 60, rel=0.02)
    assert metres[0, 2] > metres[1, 2] > 0
    assert centiminutes[:, 3].tolist() == [-1, -1, -1, 0] and (centiminutes[2, :2] == -1).all()
    # along the street and no further, to five decimals of a degree
    assert way[:, 0].tolist() == [-0.699, -0.691] and way[:, 1] == pytest.approx(52.6, abs=2e-5)
    assert [source.name for source in travel.sources] == ["town.osm"]


def test_the_second_time_nothing_is_prepared_again(programs: Programs, cache: Path, tmp_path: Path) -> None:
    extract = town(tmp_path)
    for _ in range(2):
        with OsrmEngine(extract, programs=programs, cache=cache):
            pass
        extract = extract.rename(tmp_path / "of another name")
    fewer = Programs(Path(sys.executable), programs.contract, programs.routed, programs.car_profile)
    assert len(list(cache.iterdir())) == 1  # no leavings either
    with pytest.raises(BadData):
        OsrmEngine(extract, programs=fewer, cache=cache).__enter__()  # another program: another key
    assert len(list(cache.iterdir())) == 1


def test_two_at_once_prepare_the_same_roads_in_peace(programs: Programs, tmp_path: Path) -> None:
    extract = town(tmp_path)

    def once(_: int) -> int:
        with OsrmEngine(extract, programs=programs, cache=tmp_path / "cache") as engine:
            return int(travel_by(engine.server, town_schools(-0.699, -0.691)).between(0, 1)[0])

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(once, range(3)))) == 1
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_it_listens_on_loopback_alone_and_ends_with_its_context(
    programs: Programs, cache: Path, tmp_path: Path
) -> None:
    with OsrmEngine(town(tmp_path), programs=programs, cache=cache) as engine:
        port = urlsplit(engine.server.name).port
        assert is_open("127.0.0.1", port)
        assert not is_open("127.0.0.2", port)  # where a server on all addresses would answer too
    assert not is_open("127.0.0.1", port)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("signal_sent", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_a_process_that_is_ended_by_force(
    signal_sent: signal.Signals, programs: Programs, cache: Path, tmp_path: Path
) -> None:
    code = (
        "import sys, time; from geodata.osrm.engine import *; from pathlib import Path\n"
        "programs, cache = Programs(*map(Path, sys.argv[3:])), Path(sys.argv[2])\n"
        "with OsrmEngine(sys.argv[1], programs=programs, cache=cache) as engine:\n"
        "    print(engine.server.name, flush=True); time.sleep(600)"
    )
    paths = [
        town(tmp_path),
        cache,
        programs.extract,
        programs.contract,
        programs.routed,
        programs.car_profile,
    ]
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, paths)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as user:
        assert user.stdout is not None
        port = urlsplit(user.stdout.readline().strip()).port
        assert is_open("127.0.0.1", port)
        os.kill(user.pid, signal_sent)
    until = time.monotonic() + 240
    while is_open("127.0.0.1", port) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_open("127.0.0.1", port)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"hello, world", "invalid BlobHeader size"),
        (b"<osm version='0.6'></osm>", ""),
    ],
    ids=["empty", "no PBF", "no roads"],
)
def test_extracts_that_osrm_cannot_use(
    content: bytes, said: str, programs: Programs, cache: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(content)
    before = set(cache.iterdir())
    (fault,) = faults_of(lambda: OsrmEngine(path, programs=programs, cache=cache).__enter__())
    assert re.match(r"roads\.osm\.pbf: .*; (fetch|save)", fault) and said in fault
    assert str(tmp_path) not in fault and str(cache) not in fault
    assert set(cache.iterdir()) == before


def test_without_the_programs_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PARTNERSHIPS_OSRM_BIN", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    (fault,) = faults_of(OsrmEngine, town(tmp_path))
    assert "extra [osrm]" in fault


def is_open(host: str, port: int | None) -> bool:
    assert port is not None
    try:
        socket.create_connection((host, port), timeout=60).close()
    except OSError:
        return False
    return True


@pytest.mark.real_data
def test_rutlands_minutes_are_those_the_crow_flies_by(
    programs: Programs, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = read_schools(real("gias_rutland_2025-07.csv"), local_authority="857").frame
    with OsrmEngine(real("rutland_2022-07.osm.pbf"), programs=programs, cache=cache) as engine:
        travel = travel_by(engine.server, frame)
        monkeypatch.setattr(osrm_travel, "SIDE", 5)
        assert (travel_by(engine.server, frame)._centiminutes == travel._centiminutes).all()
    reach = travel.within()
    assert len(reach) == 17 * 16 and travel.snap_metres.max() < 150
    points = np.column_stack([frame.geometry.x, frame.geometry.y])
    crow_km = np.hypot(*(points[reach.origin] - points[reach.destination]).T) / 1_000
    per_km, start = np.polyfit(crow_km, reach.centiminutes / 100, 1)
    assert (start, per_km) == (pytest.approx(3.4, abs=0.1), pytest.approx(1.21, abs=0.02))
    assert np.median(reach.metres / 1_000 / crow_km) == pytest.approx(1.35, abs=0.01)
