"""Any table becomes text under row numbers, or is refused with the reason."""

from __future__ import annotations

import hashlib
import time
import tracemalloc
import zipfile

import geopandas
import openpyxl
import pytest
from identifiers import ints
from telling import faults_of

from geodata import workbooks
from geodata.cells import as_text, number, whole_number
from geodata.faults import BadData, Fault
from geodata.tables import read_table
from geodata.urns import read_urns

TEXT = "urn,name,code\r\n1,Ashby Fen,007\r\n2,Saint Éloi,\r\n"
READ = [["1", "Ashby Fen", "007"], ["2", "Saint Éloi", ""]]


def everything(headings):
    return headings


def wants_urn(headings):
    if "urn" not in headings:
        raise BadData([Fault(file="it", fix="no urn")])
    return ["urn"]


def rows(path):
    return read_table(path, everything).frame.to_numpy().tolist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_delimited_text_reads_the_same_however_saved(tmp_path, encoding, delimiter, line_end):
    path = tmp_path / "t.csv"
    path.write_bytes(TEXT.replace(",", delimiter).replace("\r\n", line_end).encode(encoding))
    assert rows(path) == READ
    said = "t.csv, taken to be in Windows-1252: 2 rows" if encoding == "cp1252" else "t.csv: 2 rows"
    assert read_table(path, everything).reading.words == said


def test_quoted_fields_hold_delimiters_quotes_and_line_ends(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('"urn","name"\n"1","Ashby, ""Fen""\nSchool"\n"2",Hill\n')
    assert rows(path) == [["1", 'Ashby, "Fen"\nSchool'], ["2", "Hill"]]


def test_rows_are_numbered_as_a_spreadsheet_does_and_blank_ones_passed_over(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("urn,name\n1,a\n\n,\n2,b\n")
    assert read_table(path, everything).frame.index.tolist() == [2, 5]


def test_only_the_chosen_columns_are_kept_and_text_is_stripped(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("urn, name ,secret\n 1 ,  a b ,x\n")
    table = read_table(path, lambda headings: ["name", "urn"])
    assert table.headings == ("urn", "name", "secret")
    assert table.frame.to_dict("list") == {"urn": ["1"], "name": ["a b"]}


def test_the_source_is_the_base_name_and_the_hash_of_the_bytes(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(TEXT.encode())
    source = read_table(path, everything).source
    assert (source.name, source.sha256) == ("t.csv", hashlib.sha256(TEXT.encode()).hexdigest())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n", "the file is empty"),
        (b"urn:name\n1:a\n", "row 1: one column only"),
        (b"just words on a line\n", "row 1: one column only"),
        (TEXT.encode("utf-16-le"), "not a table, or wrongly encoded"),
        (TEXT.encode("utf-32"), "not a table, or wrongly encoded"),
        (TEXT.encode("utf-16") + b"\n", "UTF-16 text that is damaged, or cut short"),
        (b"<html><table><tr><td>urn</td></tr></table></html>", "a web page or XML, whatever its name"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><kml/>', "a web page or XML, whatever its name"),
        (b'[{"urn": 1, "name": "a"}]', "JSON, whatever its name"),
        (b"urn,name\n" + b"1,a\n" * 40_000 + b"2,\x00b\n", "row 40002: holds a NUL byte"),
        (b"urn,name\n1,a\n2,\x81\xe9\n", "row 3: neither UTF-8 nor Windows-1252"),
        (b"\xef\xbb\xbfurn,name\n1,\xe9\n", "neither UTF-8 nor Windows-1252"),
        (b"urn,name,pupils\n1,a,5\n2,b\n", "row 3: the file ends in mid-row: it is cut short"),
        (b'urn,name\n"1","a"\n"2","b', "row 3: a quotation mark opened here is never closed"),
        (b'urn,name\n1,"a"b\n', "row 2: a quotation mark is out of place"),
        (b"urn,name\n1,a,x\n2,b\n", "row 2: 3 fields under 2 headings"),
        (b"urn,urn\n1,2\n", "row 1, urn: two columns have this heading"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "an old (.xls) or password-protected workbook"),
        (b"PK\x03\x04 and then nothing", "a damaged workbook, or one cut short"),
        (b"SQLite format 3\x00" + bytes(4000), "no GeoPackage that can be read"),
    ],
)
def test_what_is_no_good_table_is_told(tmp_path, content, told):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    (fault,) = faults_of(read_table, path, everything)
    assert fault.startswith("t.csv") and told in fault


def test_every_ragged_row_is_told_at_once_and_a_flood_is_cut_short(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("urn,name\n1,a,x\n2,b\n3\n")
    assert [fault.split(":")[0] for fault in faults_of(read_table, path, everything)] == [
        "t.csv, row 2",
        "t.csv, row 4",
    ]
    path.write_text("urn,name\n" + "1,a,x\n" * 1000)
    faults = faults_of(read_table, path, everything)
    assert len(faults) == 1 and "and 999 more rows" in faults[0]


def test_a_missing_file_and_a_folder_are_told_without_their_place_on_the_machine(tmp_path):
    assert faults_of(read_table, tmp_path / "no.csv", everything) == [
        "no.csv: there is no such file; check the name and the folder"
    ]
    assert "no such file" in faults_of(read_table, tmp_path, everything)[0]


@pytest.mark.parametrize("heading", [b"some,other\n", b"urn,name\n"])
def test_300_mb_that_are_no_school_file_cost_a_look_at_the_head(tmp_path, heading):
    path = tmp_path / "t.csv"
    with path.open("wb") as stream:
        stream.write(heading + b"1,a\n" * 20_000)
        stream.truncate(300 * 2**20)
    tracemalloc.start()
    began = time.process_time()
    (fault,) = faults_of(read_table, path, wants_urn)
    seconds, (_, peak_bytes) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "no urn" in fault or "over 256 MB" in fault
    assert seconds < 1 and peak_bytes < 5e6


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, cells in sheets.items():
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_reads_as_its_text(tmp_path):
    path = workbook(tmp_path / "t.xlsx", s=[["urn", "name", "code"], [1, "Ashby Fen", "007"], [2, "Saint Éloi", None]])
    assert rows(path) == READ


def test_the_sheet_with_the_headings_is_found_and_its_gaps_passed_over(tmp_path):
    path = workbook(tmp_path / "t.xlsx", notes=[["read me"]], data=[["urn"], [None], [7.0]])
    table = read_table(path, wants_urn)
    assert ints(table.frame["urn"].to_dict()) == {3: "7"}


def test_a_workbook_with_no_such_sheet_is_refused(tmp_path):
    assert faults_of(read_table, workbook(tmp_path / "t.xlsx", a=[["x"]], b=[["y"]]), wants_urn) == ["it: no urn"]
    assert "no sheet has headings" in faults_of(read_table, workbook(tmp_path / "e.xlsx", a=[]), wants_urn)[0]


def test_an_archive_that_would_burst_is_refused_unopened(tmp_path):
    path = tmp_path / "t.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(513):
            member.write(bytes(2**20))
    assert "unpacks to over 512 MB" in faults_of(read_table, path, everything)[0]


def test_an_archive_that_is_no_workbook_and_a_workbook_that_is_damaged_are_told(tmp_path):
    for name, told in (
        ("other.txt", "an archive, not a workbook"),
        ("xl/workbook.xml", "no workbook that can"),
    ):
        with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
            archive.writestr(name, "<not xml")
        assert told in faults_of(read_table, tmp_path / "t.zip", everything)[0]


def test_a_geopackage_reads_as_text_with_its_points(tmp_path):
    points = geopandas.points_from_xy([500_000, 500_100], [300_000, 300_000])
    columns = {
        "urn": [1, 2],
        "name": ["Ashby Fen", "Saint Éloi"],
        "code": ["007", None],
        "ratio": [0.5, None],
    }
    geopandas.GeoDataFrame(columns, geometry=points, crs=27700).to_file(tmp_path / "t.gpkg", layer="schools")
    table = read_table(tmp_path / "t.gpkg", everything)
    assert table.frame.to_numpy().tolist() == [[*READ[0], "0.5"], [*READ[1], ""]]
    assert table.geometry.index.tolist() == table.frame.index.tolist() == [2, 3]
    assert table.geometry.x.tolist() == [500_000, 500_100]


def test_a_damaged_geopackage_is_told(tmp_path):
    path = tmp_path / "t.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + bytes(4000))
    assert "no GeoPackage that can be read" in faults_of(read_table, path, everything)[0]


def test_whole_numbers_are_digits_and_nothing_else():
    assert ints([whole_number(text) for text in ("61", "061", "-5", "111.0")]) == [61, 61, -5, 111]
    assert not any(
        whole_number(text) is not None for text in ("", "12.5", "1,200", "1e3", "0x1", "1_0", "²", "٣", "nan", "9" * 99)
    )


def test_numbers_are_plain_decimals():
    assert [number(text) for text in ("1.5", "-.5", "3.", "1e3")] == [1.5, -0.5, 3.0, 1000.0]
    assert not any(number(text) is not None for text in ("", "nan", "inf", "1,5", "1_0", "0x1", "--1", "9e999"))


def test_cells_become_what_a_person_would_type():
    import datetime

    cells = [None, float("nan"), True, 12.0, 12.5, datetime.date(2025, 4, 1), " a "]
    assert [as_text(cell) for cell in cells] == ["", "", "TRUE", "12", "12.5", "01-04-2025", "a"]


def test_a_table_of_more_rows_or_columns_than_anyone_needs_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "ROWS_MAX", 3)
    assert len(rows(workbook(tmp_path / "t.xlsx", s=[["urn"], [1], [None], [2], [None], [3]]))) == 3
    (told,) = faults_of(read_table, workbook(tmp_path / "t.xlsx", s=[["urn"], [1], [2], [3], [4]]), everything)
    assert told.startswith("t.xlsx: a sheet of over 3 rows; save it as CSV")
    (tmp_path / "wide.csv").write_text(",".join(f"c{n}" for n in range(1_001)) + "\n", encoding="utf-8")
    assert "over 1,000 columns" in faults_of(read_table, tmp_path / "wide.csv", everything)[0]


def test_a_column_of_one_urn_is_a_few_faults(tmp_path):
    (tmp_path / "t.csv").write_text("urn,name\n" + "900001,a\n" * 5_000 + "=x,a\n" * 5_000, encoding="utf-8")
    texts = read_table(tmp_path / "t.csv", everything).frame["urn"]
    urns, faults = read_urns(texts, "t.csv")
    assert ints(urns) == {2: 900001}
    assert len(faults) == 2 and "and 4,998 more rows that repeat a URN" in "\n".join(map(str, faults))
