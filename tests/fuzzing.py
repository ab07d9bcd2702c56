"""Requests that no browser would send, drawn by a seed, over every route."""

from __future__ import annotations

import random
from typing import Any

from partition.web.pages import ROUTES

PIECES = (
    *(
        "",
        "1",
        "1",
        "2",
        "0",
        "-1",
        "t1",
        "1-2",
        "999999999999999999999999",
        "plan.gpkg",
        "map.html",
        "scenario.toml",
        "a" * 300,
    ),
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
    *("token", "urn", "with", "rows", "ask", "day", "final", "sheets", "other", "starts", "weeks", "leaving", "place"),
    *("said:900001", "partners:900001", "date:900001", "was:900001", "stage", "partnership", "within", "count", "what"),
    *("differ", "of", "which"),
    "x",
)
VALUES = (
    *(
        "",
        "1",
        "-1",
        "1e9",
        "9" * 400,
        "yes",
        "2027-01-11",
        "12",
        "900001",
        "900001\tyes",
        "instead",
        "roads",
        "plan",
        "{{7*7}}",
        "<img src=x onerror=alert(1)>",
    ),
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
