"""The empty workbook to fill in: every column that it has is read, and what is filled in is planned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from filling import URNS, filled, rows_of

from geodata.counts import PUPILS_MAX
from geodata.groups import read_groups
from geodata.headings import MEANING, WORDS, headings_of
from geodata.layout import NEEDED
from geodata.links import OPTIONAL, read_links
from geodata.registers import GIAS, REGISTERS, Register, register_of, words_of
from geodata.schools import read_schools
from geodata.tables import read_table
from geodata.to_fill_in import EXAMPLES, EXPLAINED, LINKS, SCHOOLS, TODAY, sheets_to_fill, write_to_fill_in


def written(folder: Path, register: Register = GIAS) -> Path:
    path = folder / "schools.xlsx"
    write_to_fill_in(path, register)
    return path


def columns_of(path: Path, register: Register = GIAS) -> dict[str, Any]:
    """Each column of the first sheet, by its field."""
    found = sheets_to_fill(path.name, register)[0].columns
    by_word = {WORDS[field]: field for field in WORDS}
    return {by_word.get(column.heading, "urn"): column for column in found}


def test_it_is_empty_but_for_headings(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path))
    assert book.sheetnames == [SCHOOLS, LINKS, TODAY, EXPLAINED]
    assert {name: len(rows_of(book[name])) for name in (SCHOOLS, LINKS, TODAY)} == {SCHOOLS: 1, LINKS: 1, TODAY: 1}
    assert rows_of(book[SCHOOLS])[0] == ["URN", *list(WORDS.values())[1:]]
    assert rows_of(book[LINKS])[0] == ["urn_a", "urn_b", *OPTIONAL]
    assert rows_of(book[TODAY])[0] == ["urn", "partnership"]


def test_every_column_is_explained(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path))
    told = {(row[0], row[1]): row[2:] for row in rows_of(book[EXPLAINED])[1:] if row[1]}
    assert list(told) == [(name, head) for name in (SCHOOLS, LINKS, TODAY) for head in rows_of(book[name])[0]]
    for field, column in columns_of(tmp_path / "schools.xlsx").items():
        meaning, needed, example = told[SCHOOLS, column.heading]
        assert (meaning, example) == (MEANING[field], EXAMPLES[field])
        assert (needed == "yes") == (field in NEEDED)


def test_a_spreadsheet_refuses_what_cannot_be_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path))
    heads = rows_of(book[SCHOOLS])[0]
    allowed = {
        heads[next(iter(one.sqref.ranges)).min_col - 1]: (one.type, one.formula1, one.formula2)
        for one in book[SCHOOLS].data_validations.dataValidation
    }
    assert allowed["Number on roll"] == ("whole", "0", str(PUPILS_MAX))
    assert allowed["Latitude"] == ("decimal", "-90", "90") and allowed["Longitude"] == ("decimal", "-180", "180")
    assert [one.type for one in book[LINKS].data_validations.dataValidation] == ["decimal", "list"]


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first


@pytest.mark.parametrize("by_degrees", (False, True))
def test_what_is_filled_in_is_read(tmp_path: Path, by_degrees: bool) -> None:
    path = filled(written(tmp_path), by_degrees=by_degrees)
    schools = read_schools(path)
    assert list(schools.frame.index) == URNS and schools.frame["pupils"].tolist() == [60 + n for n in range(9)]
    assert schools.readings[0].part == SCHOOLS
    assert all(abs(x - 490_000 - 1_000 * n) < 1_000 for n, x in enumerate(schools.frame.geometry.x))
    links = read_links(path, schools.known_urns, URNS)
    assert [(a, b, facts["kind"], facts["agreed"]) for a, b, facts in links.graph.edges(data=True)] == [
        (*URNS[:2], "shared post", True)
    ]
    groups = read_groups(path, label="partnership", known_urns=schools.known_urns, selected_urns=URNS)
    assert groups.labels == dict.fromkeys(URNS[:3], "Fen Edge")


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.key)
def test_its_headings_are_found_for_every_country(tmp_path: Path, register: Register) -> None:
    path = written(tmp_path, register)
    headings = read_table(f"{path}#{SCHOOLS}", lambda found: found).headings
    assert headings[0] == register.identifier.one and words_of(headings[0]) == register.identifier
    assert register_of(headings) is None, "it is no register's extract, from which schools would be chosen"
    assert all(headings_of(field, headings) == [column.heading] for field, column in columns_of(path, register).items())
    has_grid = "Easting" in headings
    assert has_grid == (register.key in ("gias", "wales", "scotland")), (
        "elsewhere eastings would be taken for Britain's"
    )
    explained = rows_of(openpyxl.load_workbook(path)[EXPLAINED])
    assert has_grid or not any("easting" in str(cell) for row in explained for cell in row)
