"""Sheets of OpenDocument workbooks are read as those of other workbooks are, and what would be misread is told."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from open_sheets import Raw, save_open_sheets
from telling import faults_of

from geodata.schools import read_schools
from geodata.tables import read_table

HEADINGS = ["urn", "name", "pupils", "easting", "northing"]
ROWS = [[1, "Ash", 61, 500_000, 340_000], [2, "Elm", 90, 503_000, 341_000]]
NOTES = [["read me"]]
HIDDEN = 'table:visibility="collapse"'
FORMULA = 'table:formula="of:=[.A1]"'


@pytest.fixture
def save(tmp_path: Path):
    def save(*sheets, name="s.ods", **options):
        named = {"s": sheets[0]} if len(sheets) == 1 else dict(zip("ab", sheets, strict=True))
        return save_open_sheets(tmp_path / name, named, **options)

    return save


def read(path):
    return read_table(path, lambda row: row, errors_are_faults=False).frame.to_numpy().tolist()


def test_schools_are_read_as_from_any_workbook(save):
    path = save([["Our schools"], [], HEADINGS, *ROWS], NOTES, name="schools.csv")
    schools = read_schools(path)
    assert schools.frame[["name", "pupils"]].to_numpy().tolist() == [["Ash", 61], ["Elm", 90]]
    assert schools.readings[0].words == (
        "schools.csv, sheet 'a', headings in row 3: 2 rows; columns: 'urn', 'name', 'pupils', 'easting', 'northing'; "
        "sheets not read: 'b'"
    )


def test_cells_are_text_as_a_person_would_type_them(save):
    formula = f'<table:table-cell {FORMULA} office:value-type="float" office:value="7.5"/>'
    spaced = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>who says so?</text:p>'
        "</office:annotation><text:p>Ash<text:s text:c='2'/><text:span>Fen</text:span> End</text:p></table:table-cell>"
    )
    lasting = '<table:table-cell office:value-type="time" office:time-value="PT12H03M30S"/>'
    nought = f'{FORMULA} office:value-type="float" office:value="0"'  # as OpenOffice keeps an error
    error = f"<table:table-cell {nought}><text:p>#REF!</text:p></table:table-cell>"
    none = f'<table:table-cell {FORMULA} office:value-type="string" office:string-value=""/>'
    row = [1.5, 9e5, True, date(2025, 1, 31), "a\nb", *map(Raw, (formula, spaced, lasting, error, none)), "end"]
    assert read(save([[*"abcdefghijk"], row])) == [
        ["1.5", "900000", "TRUE", "31-01-2025", "a\nb", "7.5", "Ash  Fen End", "12:03:30", "#REF!", "", "end"]
    ]


def test_repeated_cells_and_rows_stand_where_a_spreadsheet_shows_them(save):
    twice = Raw('<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/>')
    gap = Raw('<table:table-cell table:number-columns-repeated="2"/>')
    path = save([[*"abcde"], [twice, gap, 9], [""], [8]], rows={3: 'table:number-rows-repeated="1000000"'})
    table = read_table(path, lambda row: row)
    assert table.frame.to_numpy().tolist() == [["7", "7", "", "", "9"], ["8", "", "", "", ""]]
    assert table.frame.index.tolist() == [2, 1_000_003]


def test_a_hidden_sheet_is_read_only_where_it_is_named(save):
    path = save([HEADINGS, *ROWS], [HEADINGS, ROWS[0]], hidden=["a"])
    assert len(read_schools(path).frame) == 1 and len(read_schools(f"{path}#a").frame) == 2
    assert faults_of(read_schools, save([HEADINGS, *ROWS], NOTES, hidden=["a"])) == [
        "s.ods: only 'a' fits, hidden; say which after a #, as in s.ods#a"
    ]
    assert faults_of(read_schools, save([HEADINGS, *ROWS], [HEADINGS, ROWS[0]])) == [
        "s.ods: several sheets fit: 'a', 'b'; say which after a #, as in s.ods#b"
    ]


def test_hidden_rows_and_columns_are_read_and_said(save):
    path = save(
        [HEADINGS, *ROWS],
        columns=f'<table:table-column/><table:table-column {HIDDEN} table:number-columns-repeated="2"/>',
        rows={3: 'table:visibility="filter"'},
    )
    assert [str(notice) for notice in read_schools(path).notices] == [
        "s.ods, row 3: 1 hidden row of the sheet 's' is read as well; delete what is not meant",
        "s.ods, name: 2 hidden columns of the sheet 's' are read as well: 'name', 'pupils'; delete what is not meant",
    ]


def test_what_would_be_misread_is_a_fault(save):
    unworked = Raw(f"<table:table-cell {FORMULA}/>")
    assert faults_of(read_schools, save([HEADINGS, [1, "Ash", unworked, 500_000, 340_000]])) == [
        "s.ods, row 2, pupils = '': a formula that was never worked out; "
        "open the workbook in a spreadsheet, and save it once"
    ]
    merged = Raw('<table:table-cell table:number-rows-spanned="2" office:value-type="float" office:value="5"/>')
    covered = Raw("<table:covered-table-cell/>")
    (fault,) = faults_of(
        read_schools, save([HEADINGS, [1, "Ash", merged, 500_000, 340_000], [2, "Elm", covered, 503_000, 341_000]])
    )
    assert fault.startswith("s.ods, row 2, pupils: the cells C2:C3 are merged")
    error = Raw(f'<table:table-cell {FORMULA} office:value-type="string"><text:p>#N/A</text:p></table:table-cell>')
    (fault,) = faults_of(read_schools, save([HEADINGS, [1, "Ash", error, 500_000, 340_000]]))
    assert fault.startswith("s.ods, row 2, pupils = '#N/A': the spreadsheet could not work this cell out")


def test_what_is_no_workbook_is_refused(save, tmp_path):
    doctype = save([HEADINGS, *ROWS], head='<!DOCTYPE a [<!ENTITY b "c">]>')
    assert "declares a document type" in faults_of(read_table, doctype, list)[0]
    swollen = save([["a", "b"], ["x", "y"]], rows={2: 'table:number-rows-repeated="1000000"'})
    assert faults_of(read_table, swollen, list) == [
        "s.ods: over 250,000 rows or 5,000,000 cells; save only those needed, or as CSV"
    ]
    nonsense = save([["a", "b"], [Raw('<table:table-cell office:value-type="float" office:value="x"/>')]])
    assert "no workbook that can be read" in faults_of(read_table, nonsense, list)[0]
    locked = save([HEADINGS, *ROWS])
    with zipfile.ZipFile(tmp_path / "locked.ods", "w") as archive, zipfile.ZipFile(locked) as plain:
        archive.writestr("mimetype", plain.read("mimetype"))
        archive.writestr("content.xml", b"\x8a\x17 no XML")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert faults_of(read_table, tmp_path / "locked.ods", list) == [
        "locked.ods: a password-protected workbook; save it without a password"
    ]
    with zipfile.ZipFile(tmp_path / "letter.odt", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<a/>")
    assert "an archive, not a workbook" in faults_of(read_table, tmp_path / "letter.odt", list)[0]
