"""Requests that no browser would send: drawn by a seed, and one of every kind to every route.

A kept plan is removed where that is asked for, as it should be, so that nothing here asks for it of a plan there is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
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
    *(
        "said:900001",
        "partners:900001",
        "date:900001",
        "wishes:900001",
        "not_wanted:900001",
        "was:900001",
        "stage",
        "partnership",
        "within",
        "count",
        "what",
    ),
    *("differ", "of", "which", "gain", "school", "again"),
    *("event", "partner", "new", "pupils", "beside", "limit", "value", "key", "at", "turned"),
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


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X" * 50)
PRESENT = {"{plan:int}": "1", "{urn:int}": "900001", "{place:int}": "1", "{name:path}": "plan.gpkg", "{key}": "1-2"}
RAW = (
    *(
        b"",
        b"null",
        b"[]",
        b"{",
        b"1e999",
        b'"\\ud800"',
        b"[" * 20_000,
        b'{"kind": "move", "urn": 1e400, "to": "none"}',
    ),
    *(
        b"\xff\xfe{",
        b"a=1&" * 2_000,
        b"%00=%ff&=&&=",
        b"--b\r\n\r\n",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
    ),
)
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "text/plain; a=\xff",
)


PLAUSIBLE = (  # what people type into fields of settings, right or wrong
    *("", "0", "1", "2", "4", "20", "100", "0.5", "1e3", "50%", "off", "all", "km", "venue", "trust", "trust = a"),
    *("900001", "900001\n900003", "900001; 900003", "900001: 30", "900001 = 2\n900003 = 3", "School 900001"),
    *("Fen", "Fen: closed", "900001: because", "nearest"),
)


def every() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """To every route: every method; pieces in place of what it asks for; and, where it takes a form, every value
    in all fields at once, every file under every name, and every other content under every name of its kind."""
    for place, route in enumerate(ROUTES):
        there = _filled(route.path, PRESENT.get)
        yield from ((method, there, {}) for method in METHODS)
        if "{" in route.path:
            method = "POST" if "POST" in route.methods else "GET"
            pieces = PIECES[1 + place % 3 :: 3]  # another third on each, as they are read alike
            yield from ((method, _filled(route.path, lambda _, piece=piece: piece), {}) for piece in pieces)
        if "POST" in route.methods:
            yield from (("POST", there, {"data": dict.fromkeys(NAMES, value)}) for value in VALUES)
            for number, name in enumerate(FILES):
                content = CONTENTS[number % len(CONTENTS)]
                yield "POST", there, {"data": {"role": "schools"}, "files": {"file": (name, content)}}
            for number, content in enumerate(RAW):
                kind = KINDS[number % len(KINDS)].encode("latin-1")
                yield "POST", there, {"content": content, "headers": {"content-type": kind}}


def _filled(path: str, piece_for: Callable[[str], str | None]) -> str:
    """A route's path with a piece in place of each thing it asks for."""
    if path.endswith("/remove"):
        return path.replace("{plan:int}", "9")
    return "/".join(piece_for(part) or "1" if part.startswith("{") else part for part in path.split("/"))


def path_of(draws: random.Random) -> str:
    """A route with something in place of what it asks for, or a path of pieces."""
    if draws.random() < 0.15:
        return "/" + "/".join(draws.choice(PIECES) for _ in range(draws.randrange(4)))
    return _filled(draws.choice(ROUTES).path, lambda _: draws.choice(PIECES)) + draws.choice(
        ("", "", "", "/", "?token=x", "?a=%ff", "//")
    )


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
