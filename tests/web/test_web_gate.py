"""Who is let in: each thing that must be refused, and that what is let in is fenced."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import COOKIE, HOST, KEYS, Served, client_of
from starlette.testclient import TestClient
from town import write_town
from typer.testing import CliRunner

from partition.cli import app as command
from partition.storage.project_file import Project
from partition.web import security


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_town(tmp_path / "in", 0, 1)
    (tmp_path / "secret.csv").write_text("urn,pupils\n900001,50\n")
    return Project(tmp_path / "in" / "project.gpkg")


@pytest.fixture
def stranger(project: Project) -> Iterator[TestClient]:
    with client_of(project, opened=False) as client:
        yield client


def test_the_token_opens_the_page_and_its_cookie_keeps_it_open(stranger: TestClient):
    assert stranger.get("/").status_code == 403
    opened = stranger.get("/", params={"token": KEYS.token})
    assert opened.status_code == 200 and 'url=/"' in opened.text
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={KEYS.cookie}") and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert KEYS.token not in opened.text + cookie
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "t", "t" * 42, "t" * 44, KEYS.cookie, "é", f"{KEYS.token}&token=x"])
def test_another_token_opens_nothing(stranger: TestClient, token: str):
    assert stranger.get(f"/?token={token}").status_code == 403
    assert "set-cookie" not in stranger.get(f"/?token={token}").headers


@pytest.mark.parametrize("path", ["/", "/data", "/plans", "/static/page.css", "/scenario.toml", "/nothing"])
@pytest.mark.parametrize("cookie", ["", "c", KEYS.token, "é"])
def test_without_its_cookie_nothing_answers(stranger: TestClient, path: str, cookie: str):
    answer = stranger.get(path, headers={"cookie": f"{COOKIE}={cookie}".encode()})
    assert answer.status_code == 403 and "key" in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:9", "evil.example:8123", "", f"{HOST}.evil"])
def test_another_host_is_refused_whatever_else_it_brings(client: TestClient, host: str):
    assert client.get("/", headers={"host": host}).status_code == 421
    assert client.get("/", params={"token": KEYS.token}, headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8123", "http://127.0.0.1:9", ""])
def test_another_origin_neither_posts_nor_reads(client: TestClient, origin: str):
    assert client.post("/sample", headers={"origin": origin}).status_code == 403
    assert client.get("/plans", headers={"origin": origin}).status_code == 403


def test_a_form_that_does_not_say_where_it_comes_from_is_refused(client: TestClient):
    del client.headers["origin"]
    assert client.post("/data/check").status_code == 403
    assert client.get("/plans").status_code == 200  # as a browser asks for a page


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_browser_says_another_site_asked_for_is_refused(client: TestClient, site: str):
    assert client.get("/plans", headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"])
def test_other_methods_are_refused(client: TestClient, method: str):
    assert client.request(method, "/").status_code == 405


def test_every_answer_is_fenced(client: TestClient, stranger: TestClient):
    for answer in (client.get("/"), client.get("/none"), client.get("/static/page.js"), stranger.get("/plans")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/static/../app.py",
            "/static/%2e%2e%2fapp.py",
            "/static/..%5capp.py",
            "/static/page.css%00",
            "/static/no.html",
        ),
        *("/plan/1/files/../../../secret.csv", "/plan/1/files/%2e%2e%2fsecret.csv", "/compare/..%2f..%2fsecret/map"),
        *("/compare/1-2/map", "/plan/999999999999999999999/map", "/plan/-1", "/work/..%2f1", "/work/²/events"),
    ],
)
def test_no_path_leads_out(client: TestClient, path: str):
    answer = client.get(path)
    assert answer.status_code == 404 and "900001" not in answer.text


def test_a_body_over_its_bound_is_refused_whether_it_says_so_or_not(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(security, "UPLOAD_BYTES_MAX", 100_000)
    before = sorted(project.folder.rglob("*"))
    large = b"x" * 200_000
    assert client.post("/data", files={"file": ("a.csv", large)}).status_code == 413

    def pieces() -> Iterator[bytes]:  # sent in chunks, with no length told
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(20):
            yield large[:10_000]

    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert client.post("/data", content=pieces(), headers=kind).status_code == 413
    assert client.post("/data/mend", content=b"x" * (security.BODY_BYTES_MAX + 1)).status_code == 413
    assert client.get("/", headers={"content-length": "-1"}).status_code == 413
    assert sorted(project.folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "lands"),
    [
        ("../../secret.csv", "secret.csv"),
        ("C:\\files\\schools.CSV", "schools.csv"),
        ("con.csv", "file con.csv"),
        (".csv", "file.csv"),
        ("<img src=x>.csv", "_img src=x_.csv"),
    ],
)
def test_an_upload_lands_in_the_folder_under_a_plain_name(client: TestClient, project: Project, name: str, lands: str):
    assert client.post("/data", files={"file": (name, b"urn,pupils\n")}).status_code == 303
    assert [path.name for path in (project.folder / "data").iterdir()] == [lands.replace("=", "_")]
    assert (project.folder.parent / "secret.csv").read_text().startswith("urn,pupils\n900001")


def test_what_is_no_kind_of_file_that_is_read_is_refused_and_not_kept(client: TestClient, project: Project):
    for name in ("page.html", "run.exe", "noending", "x.gpkg-journal", "y.svg"):
        assert client.post("/data", files={"file": (name, b"MZ")}).status_code == 400
    assert not (project.folder / "data").exists() or not list((project.folder / "data").iterdir())


def test_a_scenario_that_looks_outside_the_folder_is_refused(client: TestClient):
    for text in ('[data]\nschools = "../secret.csv"\n', 'extends = "/etc/hostname"\n'):
        answer = client.post("/data", files={"file": ("a.toml", text.encode())})
        assert answer.status_code == 400 and "outside" in answer.text


# The command --------------------------------------------------------------------------------------------------


def test_others_are_served_only_at_one_address_with_a_token_chosen():
    def refused(*arguments: str) -> str:
        done = CliRunner().invoke(command, ["serve", "--no-browser", *arguments])
        assert done.exit_code == 2
        return done.output

    assert "token" in refused("--listen", "192.168.1.20")
    assert "letters" in refused("--listen", "192.168.1.20", "--token", "short")
    refused("--listen", "0.0.0.0", "--token", "x" * 30)
    refused("--listen", "::", "--token", "x" * 30)
    refused("--listen", "council.example", "--token", "x" * 30)


def test_the_server_listens_on_this_machine_only(tmp_path: Path):
    served = Served(tmp_path / "project.gpkg")
    try:
        port = int(served.home.rpartition(":")[2].strip("/"))
        socket.create_connection(("127.0.0.1", port), 5).close()
        others = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
        for address in [other for other in others if ":" not in other and not other.startswith("127.")]:
            with pytest.raises(OSError):
                socket.create_connection((address, port), 1).close()
        assert served.home.startswith("http://127.0.0.1:")
    finally:
        served.end()


def test_the_server_itself_loads_nothing_heavy():
    heavy = "numba", "pandas", "ortools", "folium", "shapely"
    code = f"import sys, partition.web.app; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
