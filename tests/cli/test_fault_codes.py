"""Every code of a fault has a passage in the guide, and an example here that triggers it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from town import write_town
from typer.testing import CliRunner, Result

from geodata.faults import Fault
from partition.cli import app
from partition.cli.fault_codes import KINDS, code_of, codes_of
from partition.cli.guide.sources import text_of

SCHOOLS = "urn,name,pupils,easting,northing\n1,One,90,500000,350000\n2,Two,80,501000,350000\n"
GIAS = (
    "URN,EstablishmentName,NumberOfPupils,Easting,Northing,LA (code),PhaseOfEducation (name),"
    "EstablishmentStatus (name),EstablishmentTypeGroup (name)\n"
    "100001,One,90,500000,350000,925,Primary,Open,Local authority maintained schools\n"
    "100002,Two,90,501000,350000,926,Primary,Open,Local authority maintained schools\n"
)
MATRIX = "urn_from,urn_to,minutes\n1,2,5\n"
ROADS = '{"type": "FeatureCollection", "features": []}'


def told(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


EXAMPLES: dict[str, tuple[dict[str, str], list[str]]] = {  # by code: files, and what is typed
    "unknown-setting": ({}, ["plan", "--set", "rules.minute_max=20"]),
    "setting-value": ({}, ["plan", "--set", "rules.minutes_max=far"]),
    "no-school-file": ({"a.toml": "[rules]\nheads_min = 2\n"}, ["plan", "a.toml"]),
    "no-file": ({}, ["plan", "--schools", "nowhere.csv"]),
    "cannot-write": ({"file": "mine", "s.csv": SCHOOLS}, ["plan", "--schools", "s.csv", "--out", "file"]),
    "damaged-file": ({"a.toml": "[rules\n"}, ["plan", "a.toml"]),
    "which-column": ({"s.csv": SCHOOLS.replace("pupils", "something")}, ["check", "--schools", "s.csv"]),
    "blank-count": ({"s.csv": SCHOOLS.replace(",80,", ",,")}, ["check", "--schools", "s.csv"]),
    "wrong-count": ({"s.csv": SCHOOLS.replace(",80,", ",few,")}, ["check", "--schools", "s.csv"]),
    "repeated-row": ({"s.csv": SCHOOLS.replace("2,Two", "1,Two")}, ["check", "--schools", "s.csv"]),
    "unknown-school": (
        {"s.csv": SCHOOLS, "links.csv": "urn_a,urn_b\n1,77\n"},
        ["check", "--schools", "s.csv", "--set", "data.links=links.csv", "--set", "rules.associates=[77]"],
    ),
    "which-authority": ({"g.csv": GIAS}, ["check", "--schools", "g.csv"]),
    "which-phase": (
        {"g.csv": GIAS},
        ["check", "--schools", "g.csv", "--la", "925", "--set", 'data.phases=["Nursery"]'],
    ),
    "no-coordinates": ({"s.csv": SCHOOLS.replace("501000,350000", ",")}, ["check", "--schools", "s.csv"]),
    "coordinate-system": ({"s.csv": SCHOOLS}, ["check", "--schools", "s.csv", "--set", "data.crs=EPSG:1"]),
    "no-roads": (
        {"s.csv": SCHOOLS, "r.geojson": ROADS},
        ["check", "--schools", "s.csv", "--set", "travel.roads=r.geojson"],
    ),
    "missing-minutes": (
        {"s.csv": SCHOOLS + "3,Three,70,502000,350000\n", "m.csv": MATRIX},
        ["check", "--schools", "s.csv", "--set", "travel.matrix=m.csv"],
    ),
    "answer-words": (
        {"s.csv": SCHOOLS, "a.csv": "urn,answer\n1,perhaps\n"},
        ["check", "--schools", "s.csv", "--set", "data.answers=a.csv"],
    ),
    "unknown-partnership": (
        {"s.csv": SCHOOLS, "t.csv": "urn,partnership\n1,Fen\n2,Fen\n"},
        ["plan", "--schools", "s.csv", "--set", "data.existing=t.csv", "--set", 'rules.locked=["Wold"]'],
    ),
    "no-groups-of-today": ({"s.csv": SCHOOLS}, ["judge", "--schools", "s.csv"]),
    "no-links": ({"s.csv": SCHOOLS}, ["frontier", "--schools", "s.csv"]),
}
IN_WORDS = {  # by code: the fix of a fault that takes more to bring about; tests of its own reader hold the words
    "which-school": "name the schools by their URNs of today",
    "wrong-place": "lies in the sea; correct its point; if it does lie there, type --set data.outlying.3=true",
    "far-from-road": "One lies over 500 m from any road of r.pbf; correct the school's coordinates, or ...",
    "data-changed": "the data are not as they were when this plan was made (pupils); find a plan again",
    "missing-extra": "papers need docx: pip install 'school-partnerships[report]'",
    "paper-incomplete": "a final paper needs it: the name of the council",
}


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_fault_of_each_kind_names_its_passage(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files, asked = EXAMPLES[code]
    for name, content in files.items():
        Path(name).write_text(content, encoding="utf-8")
    done = told(*asked)
    assert done.exit_code == 3, done.output
    assert f"guide: partnerships guide {code}" in done.stderr.splitlines(), done.stderr
    facts = json.loads(told(*asked, "--json").stdout)
    assert code in [fault["code"] for fault in facts["faults"]]


def test_every_code_has_an_example_and_a_passage() -> None:
    assert set(EXAMPLES) | set(IN_WORDS) == set(KINDS) and not set(EXAMPLES) & set(IN_WORDS)
    headings = re.findall(r"^## (.+)$", text_of("faults.md"), re.MULTILINE)
    assert headings == list(KINDS)


@pytest.mark.parametrize("code", IN_WORDS)
def test_the_words_of_a_fault_make_its_kind(code: str) -> None:
    assert code_of(Fault(file="f", fix=IN_WORDS[code])) == code


def test_each_code_is_named_once_and_what_has_none_names_none() -> None:
    faults = [
        Fault(file="f", fix="name the area"),
        *(Fault(file="f", fix="give the school's coordinates") for _ in "ab"),
    ]
    assert code_of(faults[0]) is None
    assert codes_of(faults) == ["no-coordinates"]


@pytest.mark.parametrize("code", KINDS)
def test_the_guide_reads_the_passage_of_a_code(code: str) -> None:
    done = told("guide", code)
    assert done.exit_code == 0 and done.stdout.startswith(f"## {code}\n")
    assert done.stdout.rstrip().endswith(f"in the guide: faults.html#{code}")


def test_a_town_without_fault_names_no_passage(tmp_path: Path) -> None:
    town = write_town(tmp_path, 0, 1, 2)
    assert "guide:" not in told("check", town).output
