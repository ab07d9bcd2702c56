"""Text from files stays text: a town whose every name would like to be a formula or a script, in every output."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import tomllib
import zipfile
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from reading import pages_of
from town import write_csv, write_town
from typer.testing import CliRunner

from partition.cli import app

FORMULA, SCRIPT, MATHS = "=cmd|'/c calc'!A1", "<img src=x onerror=alert(1)>", r"$\alpha$ #panic() {{ 7*7 }} [%1%]"
NAMES = (FORMULA, SCRIPT, MATHS)
TOWN = """
headships = {{column = "federation"}}
answers = "answers.csv"

[rules]
heads_min = 3
heads_max = 4
minutes_max = 15

[preferences]
minutes_per_link = 1
minutes_per_separation = 1

[solve]
seconds = 600

[money]
source = {source}
per_partnership = 1000

[advisers]
people = "advisers.csv"

[review]
starts = 2027-01-11

[map]
title = {source}
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the commands write of such a town, and what they print as JSON."""
    folder = tmp_path_factory.mktemp("hostile")
    positions = (0, 3, 6, 9, 15, 18, 21, 24, 80)
    town = write_town(
        folder / "in",
        *positions,
        names=[NAMES[n % 3] for n in range(len(positions))],
        columns={"town": [NAMES[(n + 1) % 3] for n in range(len(positions))], "federation": [""] * 8 + [SCRIPT]},
        links="900001,900005,1 900002,900003,1",
        today={FORMULA: ["900001", "900005"], SCRIPT: ["900002", "900006"], MATHS: ["900003", "900004"]},
        settings=TOWN.format(source=json.dumps(SCRIPT)),
    )
    write_csv(folder / "in/answers.csv", ["urn", "answer"], [("900002", "undecided"), ("900007", "no")])
    desks = [(name, name, 503_000 + n, 350_000) for n, name in enumerate(NAMES)]
    write_csv(folder / "in/advisers.csv", ["adviser", "office", "easting", "northing"], desks)
    out = folder / "out"
    run(folder, "plan", town, "--internal", "--out", out / "plan", "--plot-search")
    run(folder, "plan", town, "--internal", "--out", out / "other", "--set", "rules.minutes_max=14")
    plan = out / "plan/plan.gpkg"
    run(folder, "stage", plan, "1", "approved", "--date", "2027-03-01", "--note", FORMULA)
    run(folder, "judge", town, "--out", out / "judge")
    run(folder, "compare", plan, out / "other/plan.gpkg", "--internal", "--out", out / "compare")
    run(folder, "alternatives", plan, town, "--within", "100%", "--differ", 2, "--internal", "--out", out / "others")
    run(folder, "explain", plan, town, "--school", "900001", "--internal", "--out", out / "explain")
    run(folder, "answers", plan, "--out", out / "answers")
    asked = folder / "in/answers.csv"
    run(folder, "next-round", plan, town, "--answers", asked, "--internal", "--out", out / "next")
    for command in ("advisers", "review"):
        run(folder, command, plan, town, "--internal", "--out", out / command)
    run(folder, "federations", town, "--set", "rules.heads_min=2", "--internal", "--out", out / "federations")
    for command in ("least-change", "frontier", "fairness"):
        run(folder, command, town, "--out", out / command)
    run(folder, "sweep", town, "--vary", "rules.minutes_max=10,15", "--out", out / "sweep", "--plot", "--jobs", 1)
    run(folder, "map", plan, "--print", "--out", out / "map")
    more = ("--school-sheets-from", "proposed", "--internal", "--set", f"report.to={json.dumps(FORMULA)}")
    run(folder, "report", plan, town, *more, "--out", out / "report")
    return folder


def run(folder: Path, *arguments: object) -> None:
    done = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert done.exit_code == 0, (arguments, done.output)
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / f"{arguments[0]}.json").write_text(done.stdout, encoding="utf-8")


# What must hold of each kind of file ------------------------------------------------------------------------


class Tags(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page(path: Path) -> None:
    html = path.read_text("utf-8")
    tags = Tags()
    tags.feed(html)
    assert len(tags.found) > 20
    assert not [(tag, has) for tag, has in tags.found if any(name.startswith("on") for name in has)]
    assert not [has for tag, has in tags.found if tag == "img" and not str(has["src"]).startswith("data:image/svg+xml")]
    assert SCRIPT not in html


def comma_separated(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 2
    assert not [cell for cell in cells if re.match(r"[=@+]|-[^\d ]", cell)]


def workbook(path: Path) -> None:
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
    assert {cell.data_type for cell in cells if "cmd|" in str(cell.value)} <= {"s"}
    assert not [cell for cell in cells if cell.hyperlink is not None]
    with zipfile.ZipFile(path) as parts:
        assert not [part for part in parts.namelist() if "vba" in part or "external" in part]


def word(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        body = ElementTree.fromstring(parts.read("word/document.xml"))
        feet = parts.read("word/footer1.xml").decode()
    assert not [one.tag for one in body.iter() if one.tag.endswith(("}fldSimple", "}hyperlink", "}img"))]
    asked = {one.text for one in body.iter() if one.tag.endswith("}instrText")}
    assert asked <= {r"SEQ Table \* ARABIC", r"SEQ Figure \* ARABIC"}  # the numbers of our own captions
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", feet) == ["PAGE"]


def portable(path: Path) -> None:
    assert "\\u" not in " ".join(pages_of(path))
    held = path.read_bytes()
    assert not [what for what in (b"/JavaScript", b"/Launch", b"/URI", b"/OpenAction") if what in held]


def markdown(path: Path) -> None:
    assert not re.search(r"(?<!\\)<\s*img", path.read_text("utf-8"))


def drawing(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert not [one.tag for one in root.iter() if one.tag.endswith(("}script", "}foreignObject", "}img"))]


def calendar(path: Path) -> None:
    from icalendar import Calendar

    for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
        assert {"SUMMARY", "DTSTART"} <= set(event) <= {"SUMMARY", "DESCRIPTION", "LOCATION", "UID", "DTSTAMP", *DAYS}


DAYS = {"DTSTART", "DTEND", "CLASS", "TRANSP", "STATUS"}


def geopackage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        assert {name for (name,) in file.execute("select distinct name from schools")} == set(NAMES)
        for (style,) in file.execute("select styleQML from layer_styles"):
            assert not [name for name in NAMES if name in style] and "img" not in style


def told(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text or json.loads(text)


def picture(path: Path) -> None:
    assert path.read_bytes().startswith(b"\x89PNG")


def scenario(path: Path) -> None:
    tomllib.loads(path.read_text("utf-8"))


KINDS: dict[str, Callable[[Path], None]] = {
    ".html": page,
    ".csv": comma_separated,
    ".xlsx": workbook,
    ".docx": word,
    ".pdf": portable,
    ".md": markdown,
    ".svg": drawing,
    ".ics": calendar,
    ".gpkg": geopackage,
    ".json": told,
    ".png": picture,
    ".toml": scenario,
}


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_names_are_plain_text_in_every_output(written: Path, kind: str) -> None:
    files = sorted(path for path in (written / "out").rglob("*") if path.is_file())
    assert {path.suffix for path in files} == set(KINDS), "a kind of file that nothing is said of"
    for path in files:
        if path.suffix == kind:
            KINDS[kind](path)


@pytest.mark.parametrize("name", NAMES)
def test_they_are_all_there_as_they_were_written(written: Path, name: str) -> None:
    """Plain text is not text left out: papers and workbook show each name as the file has it."""
    from reading import words_of

    out = written / "out/report"
    for path in (out / "report.docx", out / "workbook.xlsx", out / "report.pdf", out / "map_a3.pdf"):
        words = re.sub(r"\s", "", words_of(path).replace("&apos;", "'"))
        assert re.sub(r"\s", "", name) in words, path
