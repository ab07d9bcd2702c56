"""TOML from anybody: weighed before it is parsed, in one place; no text takes long, and no file keeps it waiting."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geodata.faults import BadData
from geodata.toml_text import (
    DEPTH_MAX,
    DOTS_MAX,
    KEY_LENGTH_MAX,
    TEXT_BYTES_MAX,
    WORD_LENGTH_MAX,
    document,
    parse,
    read,
)

ROOT = Path(__file__).parents[2]
CALLS_MAX = 1_500_000  # what a parser may do for one text: a tenth of a second or two
PARSERS = {"parse", "load", "loads"}


def fault(ask: Callable[[], object]) -> str:
    with pytest.raises(BadData) as refused:
        ask()
    (told,) = map(str, refused.value.faults)
    assert "\n" not in told and len(told) < 400
    return told


WITHIN = {
    "dots": ("a" + ".a" * DOTS_MAX + " = 1", "a" + ".a" * (DOTS_MAX + 1) + " = 1"),
    "dots apart": ("a" + ' . "a"' * DOTS_MAX + " = 1", "a" + ' . "a"' * (DOTS_MAX + 1) + " = 1"),
    "a header's dots": ("[a" + ".a" * DOTS_MAX + "]", "[a" + ".a" * (DOTS_MAX + 1) + "]"),
    "depth": ("a = " + "[" * DEPTH_MAX + "]" * DEPTH_MAX, "a = " + "[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1)),
    "tables' depth": (
        "a = " + "{a = " * DEPTH_MAX + "1" + "}" * DEPTH_MAX,
        "a = " + "{a = " * (DEPTH_MAX + 1) + "1" + "}" * (DEPTH_MAX + 1),
    ),
    "digits": ("a = 1" + "0" * (WORD_LENGTH_MAX - 1), "a = 1" + "0" * WORD_LENGTH_MAX),
    "hex digits": ("a = 0x" + "f" * (WORD_LENGTH_MAX - 2), "a = 0x" + "f" * (WORD_LENGTH_MAX - 1)),
    "a bare key": ("a" * WORD_LENGTH_MAX + " = 1", "a" * (WORD_LENGTH_MAX + 1) + " = 1"),
    "a quoted key": (f'"{"a" * KEY_LENGTH_MAX}" = 1', f'"{"a" * (KEY_LENGTH_MAX + 1)}" = 1'),
    "a key inside": (f'a = {{"{"a" * KEY_LENGTH_MAX}" = 1}}', f'a = {{"{"a" * (KEY_LENGTH_MAX + 1)}" = 1}}'),
    "size": ("#" + "é" * (TEXT_BYTES_MAX // 2 - 1), "#" + "é" * (TEXT_BYTES_MAX // 2)),
    "values": ("a = [" + "1, " * 6000 + "]", "a = [" + "1, " * 9000 + "]"),
    "tables": ("".join(f"[a{n}]\n" for n in range(300)), "".join(f"[a{n}]\n" for n in range(800))),
    "lines": ("\n" * 10_000, "\n" * 20_000),
}


@pytest.mark.parametrize("what", WITHIN)
def test_a_text_is_taken_up_to_its_bounds_and_not_beyond(what: str):
    fine, over = WITHIN[what]
    assert isinstance(parse(fine, "x.toml"), dict) and document(fine, "x.toml").unwrap() == parse(fine, "x.toml")
    assert fault(lambda: parse(over, "x.toml")).startswith("x.toml")
    assert fault(lambda: document(over, "x.toml")) == fault(lambda: parse(over, "x.toml"))


@pytest.mark.parametrize(
    "text",
    [
        'a = "[[[[[[[[[[[[ a.b.c.d.e.f.g.h.i"',
        "a = '''\n[[[[[[[[[[[[\n'' a.b.c.d.e.f.g.h.i'''",
        'a = """\\""" [[[[[[[[[[ "" a.b.c.d.e.f.g.h.i"""',
        "# [[[[[[[[[[[[ a.b.c.d.e.f.g.h.i",
        'a = "' + "x" * 5000 + '"',
        "a = [1.5, 2.5]\nb.c.d = 1979-05-27T07:32:00.5Z\ne = +1.5e-3",
    ],
)
def test_what_is_only_text_is_no_bracket_and_no_key(text: str):
    assert parse(text, "x") == document(text, "x").unwrap()


@pytest.mark.parametrize("text", ["[", 'a = "', "a = '''", 'a = """', "a = [" * 5, "= =", "a = 1\na = 2", "a = \ud800"])
def test_what_is_no_toml_is_told_in_one_line(text: str):
    assert "not TOML" in fault(lambda: parse(text, "x")) and "not TOML" in fault(lambda: document(text, "x"))


def _many(line: str) -> str:
    return "".join(line.replace("N", str(n)) for n in range(TEXT_BYTES_MAX))


KINDS = {
    "dotted keys": _many("a.a.a.bN = 1\n"),
    "a long dotted key": "a" + ".a" * 30_000 + " = 1",
    "a long quoted key": '"a"' + '."a"' * 15_000 + " = 1",
    "keys": _many("kN=1\n"),
    "quoted keys": _many('"kN"=1\n'),
    "headers": _many("[tN]\n"),
    "headers in headers": _many("[a.b.tN]\n"),
    "headers in turn": _many("[a.tN]\nx=1\n[b.tN]\nx=1\n"),
    "lists of tables": _many("[[a]]\n"),
    "lists in lists of tables": "[[a]]\n" + _many("[[a.b]]\n"),
    "tables in lists of tables": _many("[[a]]\n[a.b]\n"),
    "a table in a line": "a = {" + _many("kN=1,"),
    "dotted keys in a line": "a = {" + _many("k.kN=1,"),
    "a list": "a = [" + "1," * 40_000,
    "a list of tables in a line": "a = [" + "{a=1}," * 12_000,
    "lists in lists": "a = [" + "[[[[1]]]]," * 8000,
    "a list over lines": "a = [\n" + "1,#x\n" * 15_000,
    "escapes": 'a = "' + "\\u0041" * 11_000,
    "escaped lines": 'a = """' + "\\\n" * 32_000,
    "quotation marks": 'a = """' + '""x' * 21_000,
    "apostrophes": "a = '''" + "''x" * 21_000,
    "comments": "#\n" * 32_000,
    "lines": "\r\n" * 32_000,
    "blanks": " " * 65_000,
    "dates": "a = [" + "1979-05-27T07:32:00Z," * 3000,
    "floats": "a = [" + "1.5e300," * 8000,
    "digits": "a = " + "9" * 65_000,
    "digits apart": "a = 1" + "_1" * 32_000,
    "exponents": "a = 1e" + "9" * 65_000,
}
CLOSED = {"a table in a line": "k=1}", "dotted keys in a line": "k.k=1}", "escapes": '"', "escaped lines": '"""',
          "quotation marks": ' """', "apostrophes": " '''"}  # fmt: skip


@pytest.mark.parametrize("share", [1, 0.25, 0.05])
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_makes_a_parser_work_for_long(kind: str, share: float):
    text = KINDS[kind][: int((TEXT_BYTES_MAX - 10) * share)]
    text += CLOSED.get(kind, "]" if text.startswith("a = [") else "")
    assert calls(lambda: parse(text, "x")) + calls(lambda: document(text, "x")) < CALLS_MAX


def calls(ask: Callable[[], object]) -> int:
    """How many functions are called until it is done, or refused."""
    count = 0

    def note(frame: object, event: str, what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        ask()
    except BadData:
        pass
    finally:
        sys.setprofile(None)
    return count


# Files --------------------------------------------------------------------------------------------------------


def test_only_a_plain_file_is_read_and_none_keeps_it_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "itself.toml").symlink_to(tmp_path / "itself.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    (tmp_path / "folder.toml").mkdir()
    for name in ("pipe.toml", "itself.toml", "zero.toml", "folder.toml"):
        assert "cannot be read" in fault(lambda name=name: read(tmp_path / name))  # type: ignore[misc]
    assert "no such file" in fault(lambda: read(tmp_path / "none.toml"))
    assert "no such file" in fault(lambda: read(tmp_path / "a\x00b.toml"))
    assert "cannot be read" in fault(lambda: read(tmp_path / f"{'a' * 300}.toml"))
    assert "no such file" in fault(lambda: read(tmp_path / "\ud800.toml"))


def test_a_file_is_read_up_to_the_bound(tmp_path: Path):
    path = tmp_path / "long.toml"
    path.write_bytes(b"\xef\xbb\xbf" + b"#" * (TEXT_BYTES_MAX - 3))
    assert set(read(path)) == {"#"}
    path.write_bytes(b"#" * (TEXT_BYTES_MAX + 1))
    assert "over 64 kB" in fault(lambda: read(path))
    path.write_bytes(b"a = '\xff'")
    assert "byte 6" in fault(lambda: read(path))


# Everywhere ---------------------------------------------------------------------------------------------------


def parsing(path: Path) -> Iterator[str]:
    """Where a module takes a TOML parser for itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names) if any(name.name == "tomllib" for name in names):
                yield f"{path}:{node.lineno}"
            case ast.ImportFrom(module="tomllib" | "tomlkit" | "tomlkit.api", names=names) if {
                name.name for name in names
            } & PARSERS:
                yield f"{path}:{node.lineno}"
            case ast.Attribute(value=ast.Name(id="tomlkit" | "tomllib"), attr=attr) if attr in PARSERS:
                yield f"{path}:{node.lineno}"


def test_no_other_module_parses_toml():
    found = {
        path.name: list(parsing(path)) for folder in ("geodata", "partition") for path in (ROOT / folder).rglob("*.py")
    }
    assert found.pop("toml_text.py") and not any(found.values()), found
