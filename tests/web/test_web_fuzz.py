"""Every route under what no browser would send, by a seed: refused or answered; nothing is broken, lost or leaked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import HOME, KEYS, client_of
from starlette.testclient import TestClient
from test_project import judged, keep
from town import write_town

from partition.project import PLAN, Project
from partition.web.pages import ROUTES

TIMES = 1500
SECRET = "900099,SECRET"
PIECES = (
    *("", "1", "0", "-1", "t1", "1-2", "999999999999999999999999", "plan.gpkg", "map.html", "scenario.toml", "a" * 300),
    *(
        "..",
        "../..",
        "%2e%2e",
        "..%2f..%2fsecret.csv",
        "%00",
        "%ff%fe",
        "é",
        "<script>",
        "'--",
        "{{7*7}}",
        "\u202e",
        "; rm",
    ),
)
NAMES = (
    "file",
    "role",
    "name",
    "note",
    "seconds",
    "internal",
    "plan",
    "set:data.pupils.1",
    "set:data.schools",
    "rules.heads_min",
    "rules.together",
    "text",
    "moves",
    "token",
    "x",
)
VALUES = (
    *("", "1", "-1", "1e9", "9" * 400, "yes", "instead", "roads", "plan", "{{7*7}}", "<img src=x onerror=alert(1)>"),
    *(
        "\x00",
        "\ud7ff",
        "../../secret.csv",
        "a\r\nSet-Cookie: x=y",
        '"""',
        "[data]\nschools='../secret.csv'",
        "é" * 5000,
    ),
)
CONTENTS = (
    b"",
    b"urn,pupils\n1,2\n",
    b"\x00\xff" * 500,
    b"PK\x03\x04",
    b"SQLite format 3\x00",
    b"[data",
    b"extends='..'",
)
FILES = ("a.csv", "../../b.csv", "c.toml", "d.xlsx", "e.gpkg", "f", "con.csv", "\x00.csv", "g" * 400 + ".csv", "h.html")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    case, account = judged(write_town(tmp_path / "in", 0, 1, 10, 11, today={"Fen": [900001, 900002]}))
    (tmp_path / "secret.csv").write_text(SECRET)
    project = Project(tmp_path / "in" / "project.gpkg")
    keep(project, case, account, b"no plan at all")
    return project


@pytest.fixture
def client(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client whose work is begun but not done: a worker each time would take all day."""

    async def nothing(self: Any, job: Any) -> None:
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    with client_of(project) as client:
        yield client


def path_of(draws: random.Random) -> str:
    """A route with something in place of what it asks for, or a path of pieces."""
    if draws.random() < 0.15:
        return "/" + "/".join(draws.choice(PIECES) for _ in range(draws.randrange(4)))
    parts = draws.choice(ROUTES).path.split("/")
    filled = "/".join(draws.choice(PIECES) if part.startswith("{") else part for part in parts)
    return filled + draws.choice(("", "", "", "/", "?token=x", "?a=%ff", "//"))


def asked(draws: random.Random) -> dict[str, Any]:
    """A request's form, file and headers."""
    given: dict[str, Any] = {"headers": {}}
    fields = [(draws.choice(NAMES), draws.choice(VALUES)) for _ in range(draws.randrange(5))]
    match draws.randrange(5):
        case 0:
            given["data"] = dict(fields)
        case 1:
            given["data"] = dict(fields)
            given["files"] = {draws.choice(("file", "x")): (draws.choice(FILES), draws.choice(CONTENTS))}
        case 2:
            given["content"] = draws.randbytes(draws.randrange(3000))
            kinds = "multipart/form-data", "multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "x"
            given["headers"]["content-type"] = draws.choice(kinds)
        case 3:
            given["headers"] = draws.choice(
                (
                    {"last-event-id": draws.choice(("-1", "x", "9" * 30))},
                    {"cookie": "partnerships-8123=x; partnerships-8123=\xff".encode("latin-1")},
                    {"host": "evil.example"},
                    {"origin": "null"},
                    {"accept-language": "x" * 5000},
                )
            )
    return given


def test_nothing_sent_breaks_anything(client: TestClient, project: Project):
    draws = random.Random(20261125)
    for _ in range(TIMES):
        method, path, given = draws.choice(("GET", "GET", "POST", "POST", "HEAD", "PUT")), path_of(draws), asked(draws)
        answer = client.request(method, HOME + path, **given)
        assert answer.status_code < 500, (method, path, given, answer.text[:2000])
        assert answer.headers["content-security-policy"] and answer.headers["x-content-type-options"] == "nosniff"
        assert SECRET not in answer.text and KEYS.token not in answer.text and KEYS.cookie not in answer.text
        assert "<img src=x" not in answer.text and "<script>" not in answer.text and "Traceback" not in answer.text
        assert "x" not in answer.cookies
    assert project.file(1, PLAN) == b"no plan at all"
    outside = {path.name for path in project.folder.parent.iterdir()}
    assert outside == {"in", "secret.csv"}
    inside = {path.suffix for path in project.folder.rglob("*") if path.is_file()}
    assert inside <= {".gpkg", ".csv", ".xlsx", ".toml"}
