"""The page of the data: which part of a file is read is chosen there, and many faults alike are one."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import geopandas
import openpyxl
import pytest
from starlette.testclient import TestClient

from partition.storage.project_file import Project

pytestmark = pytest.mark.usefixtures("no_workers")

SECONDS = 60
HEADINGS = ["urn", "name", "pupils", "easting", "northing"]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project.gpkg")


def checked(client: TestClient) -> str:
    """Return the page once the data were read."""
    until = time.monotonic() + SECONDS
    while "Reading the data" in (page := client.get("/data").text):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)
    return page


def schools(pupils: int | None, many: int = 4) -> list[list[object]]:
    rows = [[900_001 + n, f"S {n}", pupils, 500_000 + 900 * n, 350_000] for n in range(many)]
    return [HEADINGS, *rows]


def test_the_sheet_is_chosen_on_the_page_where_several_fit(client: TestClient) -> None:
    content = workbook(**{"2024": schools(150), "2025 <new>": schools(50), "notes": [["read me"]]})
    client.post("/data", files={"file": ("schools.xls", content)})
    page = checked(client)
    assert "Several sheets fit" in page and "Which part is read" in page and "--set" not in page
    assert '<select id="choice-1" name="part:data.schools">' in page and "2025 &lt;new&gt;" in page
    assert client.post("/data/mend", data={"part:data.join": "x"}).status_code == 400
    assert client.post("/data/mend", data={"part:data.schools": "2025 <new>"}).status_code == 303
    page = checked(client)
    assert "The data is sound" in page and "schools.xls, sheet &#39;2025 &lt;new&gt;&#39;: 4 rows" in page
    assert 'schools = "data/schools.xls#2025 <new>"' in client.get("/scenario.toml").text
    client.post("/data/mend", data={"part:data.schools": "../../secret"})
    assert "It has no part" in checked(client)


def test_the_sheet_of_a_joined_file_is_chosen_on_the_page(client: TestClient) -> None:
    client.post("/data", files={"file": ("schools.xlsx", workbook(s=schools(50)))})
    client.post("/data", data={"role": "join"}, files={"file": ("first.csv", b"urn,a\n900001,x\n")})
    rows: list[list[object]] = [["urn", "area"], *([900_001 + n, "North"] for n in range(4))]
    older: list[list[object]] = [["urn", "area"], *([900_001 + n, "South"] for n in range(4))]
    sheets = workbook(**{"2024": older, "2025": rows})
    client.post("/data", data={"role": "join"}, files={"file": ("areas.xlsx", sheets)})
    page = checked(client)
    assert "areas.xlsx" in page and "Several sheets fit" in page and 'name="part:data.join.1"' in page
    for wrong in ("part:data.join.7", "part:data.join.x", "part:data.join"):
        client.post("/data/mend", data={wrong: "2025"})
    assert "2025" not in client.get("/scenario.toml").text
    client.post("/data/mend", data={"part:data.join.1": "2025"})
    assert 'join = ["data/first.csv", "data/areas.xlsx#2025"]' in client.get("/scenario.toml").text
    assert "areas.xlsx, sheet &#39;2025&#39;: 4 rows" in checked(client)


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name, held)
    return content.getvalue()


def shapefile(folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    points = geopandas.GeoSeries.from_xy([500_000 + 900 * n for n in range(4)], [350_000] * 4, crs=27700)
    columns = {"urn": range(4), "name": [f"S {n}" for n in range(4)], "pupils": 50}
    geopandas.GeoDataFrame(columns, geometry=points).to_file(folder / "sites.shp")
    return {f"Schools 2025/{part.name}": part.read_bytes() for part in sorted(folder.iterdir())}


def test_a_shapefile_comes_with_its_parts_as_one_archive(client: TestClient, tmp_path: Path) -> None:
    junk = {"__MACOSX/._sites.shp": b"x", "Schools 2025/readme.txt.bak": b"x", "../../evil.dbf": b"x"}
    for _ in range(2):  # the second beside the first
        client.post("/data", files={"file": ("sites.zip", zipped(**junk, **shapefile(tmp_path / f"s{_}")))})
        assert "The data is sound" in checked(client)
    assert 'schools = "data/sites 2.shp"' in client.get("/scenario.toml").text
    assert {part.suffix for part in (tmp_path / "data").glob("sites 2.*")} == {".shp", ".dbf", ".shx", ".prj", ".cpg"}
    assert not list(tmp_path.parent.glob("**/evil*"))


def test_tables_in_an_archive_are_one_file_or_several_where_several_may_be(client: TestClient, tmp_path: Path) -> None:
    codes = [f"LL77 {n}AA" for n in range(4)]
    lines = [f'"{code}",10,{500_000 + 900 * n},350000,E,E,E,E,E,E\n' for n, code in enumerate(codes)]
    table = "urn,name,pupils,postcode\n" + "".join(f"{n},S {n},50,{code}\n" for n, code in enumerate(codes))
    client.post("/data", files={"file": ("schools.zip", zipped(**{"Schools.csv": table.encode()}))})
    assert "postcodes" in checked(client)
    both = {"Data/CSV/ab.csv": "".join(lines[:2]).encode(), "Data/CSV/cd.csv": "".join(lines[2:]).encode()}
    code_point = zipped(**{"Doc/headings.csv": b"PC,PQ\nPostcode,Quality\n"}, **both)
    refused = client.post("/data", data={"role": "links"}, files={"file": ("codepo.zip", code_point)})
    assert refused.status_code == 400 and "Holds several files" in refused.text
    client.post("/data", data={"role": "postcodes"}, files={"file": ("codepo.zip", code_point)})
    assert "The data is sound" in checked(client)
    assert 'postcodes = ["data/ab.csv", "data/cd.csv"]' in client.get("/scenario.toml").text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 no more", "A damaged or locked archive"),
        (b"no archive", "A damaged or locked archive"),
        (zipped(**{"a.docx": b"x", "b/": b"", "s.toml": b"x"}), "Holds no file that is read"),
        (zipped(**{f"{n}.csv": b"" for n in range(2_001)}), "Over 2,000 files"),
    ],
)
def test_an_archive_that_cannot_be_taken_is_refused(client: TestClient, content: bytes, told: str) -> None:
    answer = client.post("/data", files={"file": ("a.zip", content)})
    assert answer.status_code == 400 and told in answer.text
    assert client.get("/scenario.toml").status_code == 404


def test_the_row_of_headings_is_set_on_the_page(client: TestClient) -> None:
    client.post("/data", files={"file": ("schools.xlsx", workbook(s=[HEADINGS, *schools(50)]))})
    assert "<q>pupils</q>" in checked(client)
    assert client.post("/data/mend", data={"set:data.header_row": "99"}).status_code == 400
    client.post("/data/mend", data={"set:data.header_row": "2"})
    assert "The data is sound" in checked(client) and "headings in row 2" in checked(client)


def test_many_counts_missing_are_one_fault_with_a_fix_for_all_and_each_may_be_typed(client: TestClient) -> None:
    client.post("/data", files={"file": ("schools.xlsx", workbook(s=schools(None, 12)))})
    page = checked(client)
    assert "1 fault to mend first" in page and "12 alike: S 0, S 1" in page and "One by one (12)" in page
    assert page.count("Leave out all schools without a number") >= 1 and "Number on roll of S 11" in page
    client.post("/data/mend", data={f"set:data.pupils.{900_001 + n}": "50" for n in range(12)})
    assert "The data is sound" in checked(client)


def test_a_fix_that_says_nothing_is_told_to_say_something(client: TestClient) -> None:
    client.post("/data", files={"file": ("schools.xlsx", workbook(s=schools(None)))})
    checked(client)
    empty = client.post("/data/mend", data={"set:data.pupils.900001": " ", "set:": ""})
    assert empty.status_code == 400 and "Nothing was typed or chosen" in empty.text
