"""Which sheet, layer and row of headings are read is said, and asked where several fit."""

from __future__ import annotations

import geopandas
import openpyxl
import pytest
import xlsxwriter
from shapely.geometry import MultiPoint, Point, box
from telling import faults_of

from geodata.boundaries import read_areas, read_base
from geodata.links import read_links
from geodata.parts import file_and_part
from geodata.schools import read_schools
from geodata.tables import read_table
from geodata.urns import urns_of

HEADINGS = ["urn", "name", "pupils", "easting", "northing"]
ROWS = [[1, "Ash", 61, 500_000, 340_000], [2, "Elm", 90, 503_000, 341_000]]
OLD = [[1, "Ash", 361, 500_000, 340_000]]


def save(path, hidden=(), **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def pupils(path, **options):
    return read_schools(path, **options).frame["pupils"].tolist()


def test_a_hidden_sheet_is_read_only_where_it_is_named(tmp_path):
    path = save(tmp_path / "s.xlsx", ["old"], old=[HEADINGS, *OLD], now=[HEADINGS, *ROWS])
    schools = read_schools(path)
    assert schools.frame["pupils"].tolist() == [61, 90]
    (reading,) = schools.readings
    assert (reading.kind, reading.part, reading.others) == ("sheet", "now", ("old",))
    assert "s.xlsx, sheet 'now'" in reading.words and "sheets not read: 'old'" in reading.words
    assert pupils(f"{path}#old") == [361]
    alone = save(tmp_path / "h.xlsx", ["old"], old=[HEADINGS, *OLD], note=[["read me"]])
    assert faults_of(read_schools, alone) == ["h.xlsx: only 'old' fits, hidden; say which after a #, as in h.xlsx#old"]


def test_of_several_sheets_that_fit_none_is_taken_until_one_is_named(tmp_path):
    path = save(tmp_path / "s.xlsx", y2024=[HEADINGS, *OLD], y2025=[HEADINGS, *ROWS], note=[["read me"]])
    assert faults_of(read_schools, path) == [
        "s.xlsx: several sheets fit: 'y2024', 'y2025'; say which after a #, as in s.xlsx#y2025"
    ]
    assert pupils(f"{path}#y2025") == pupils(f"{path}#Y2025") == [61, 90]
    assert "it has no part 'y2026'; there are 'y2024', 'y2025', 'note'" in faults_of(read_schools, f"{path}#y2026")[0]


def test_of_several_layers_that_fit_none_is_taken_until_one_is_named(tmp_path):
    path = tmp_path / "s.gpkg"
    for layer, rows in (("y2024", OLD), ("y2025", ROWS)):
        points = [Point(row[3], row[4]) for row in rows]
        columns = {name: [row[n] for row in rows] for n, name in enumerate(HEADINGS[:3])}
        geopandas.GeoDataFrame(columns, geometry=points, crs=27700).to_file(path, layer=layer)
    assert "several layers fit: 'y2024', 'y2025'" in faults_of(read_schools, path)[0]
    assert pupils(f"{path}#y2025") == [61, 90]


def test_a_file_whose_own_name_has_the_sign_is_the_file(tmp_path):
    path = save(tmp_path / "s#1.xlsx", a=[HEADINGS, *OLD], b=[HEADINGS, *ROWS])
    assert file_and_part(path) == (path, "") and file_and_part(f"{path}#b") == (path, "b")
    assert pupils(f"{path}#b") == [61, 90]
    assert file_and_part("none.csv#x")[1] == "" and "no such file" in faults_of(read_schools, "none.csv#x")[0]
    text = tmp_path / "s.csv"
    text.write_text("urn,name\n1,a\n", encoding="utf-8")
    assert "it has no part 'b'; it is one table" in faults_of(read_schools, f"{text}#b")[0]


@pytest.mark.parametrize("above", [["Schools in Northshire, October"], ["A title", "", "x,y,z,;"], [""], ["sep=,"]])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_titles_above_the_headings_are_found_and_said(tmp_path, above, delimiter):
    path = tmp_path / "s.csv"
    above = [line.replace("sep=,", f"sep={delimiter}") for line in above]
    lines = [*above, *(delimiter.join(map(str, row)) for row in (HEADINGS, *ROWS))]
    path.write_text("\n".join(lines), encoding="utf-8")
    schools = read_schools(path)
    assert schools.frame["pupils"].tolist() == [61, 90]
    assert schools.readings[0].headings_row == len(above) + 1
    assert f"headings in row {len(above) + 1}" in schools.readings[0].words


def test_titles_in_a_workbook_are_found_and_faults_name_the_row_as_a_spreadsheet_does(tmp_path):
    path = save(tmp_path / "s.xlsx", s=[["Schools"], [], HEADINGS, *ROWS, [3, "Oak", -5, 501_000, 340_000]])
    assert faults_of(read_schools, path)[0].startswith("s.xlsx, row 6, pupils = '-5'")
    (fault,) = faults_of(
        read_schools, save(tmp_path / "t.xlsx", s=[["Schools"], ["urn", "name", "roles"], [1, "a", 5]])
    )
    assert fault.startswith("t.xlsx, row 2, pupils: not among 'urn', 'name', 'roles'")


def test_the_row_of_headings_may_be_set(tmp_path):
    path = save(tmp_path / "s.xlsx", s=[HEADINGS, HEADINGS, *ROWS])
    assert "row 2, pupils = 'pupils'" in faults_of(read_schools, path)[0]
    assert pupils(path, header_row=2) == [61, 90]
    assert "no sheet has headings in row 9" in faults_of(read_schools, path, header_row=9)[0]


def test_a_line_that_states_the_delimiter_is_obeyed(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("sep=^\nurn^name^pupils^easting^northing\n1^Ash, old; new^61^500000^340000\n", encoding="utf-8")
    assert read_schools(path).frame["name"].tolist() == ["Ash, old; new"]


@pytest.mark.parametrize("name", ["schools", "schools.xls", "schools.csv", "schools.gpkg"])
def test_a_workbook_is_read_under_any_name(tmp_path, name):
    save(tmp_path / "s.xlsx", s=[HEADINGS, *ROWS]).rename(tmp_path / name)
    assert pupils(tmp_path / name) == [61, 90]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".shp", ".parquet"])
@pytest.mark.parametrize("shape", [Point, lambda *at: MultiPoint([at])])
def test_schools_are_read_from_every_geographic_format(tmp_path, suffix, shape):
    columns = {"urn": [1, 2], "name": ["Ash", "Elm"], "NumberOfPupils": [61, 90]}
    frame = geopandas.GeoDataFrame(columns, geometry=[shape(*row[3:]) for row in ROWS], crs=27700)
    path = tmp_path / f"s{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.rename(columns={"NumberOfPupils": "NumberOfPu"} if suffix == ".shp" else {}).to_file(path)  # as it cuts
    read = read_schools(path)
    assert read.frame["pupils"].tolist() == [61, 90] and read.frame["name"].tolist() == ["Ash", "Elm"]
    assert [(round(p.x), round(p.y)) for p in read.frame.geometry] == [tuple(row[3:]) for row in ROWS]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb"])
def test_a_geographic_file_of_one_part_is_told_by_its_bytes(tmp_path, suffix):
    frame = geopandas.GeoDataFrame({"name": ["West"]}, geometry=[box(499_000, 330_000, 502_000, 350_000)], crs=27700)
    frame.to_file(tmp_path / f"a{suffix}")
    (tmp_path / f"a{suffix}").rename(tmp_path / "areas")
    assert read_areas(tmp_path / "areas").frame["name"].tolist() == ["West"]


@pytest.mark.parametrize(
    ("formula", "value", "told"),
    [("=1+1", "", "never worked out"), ('=IF(1,"")', None, ""), ("=A2", "Fens", "")],
)
def test_a_formula_without_a_result_is_a_fault_and_no_blank(tmp_path, formula, value, told):
    path = tmp_path / "t.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("s")
    sheet.write_row(0, 0, ["urn", "area"])
    sheet.write_row(1, 0, [1, "North"])
    sheet.write_number(2, 0, 2)
    sheet.write_formula(2, 1, formula, None, "x" if value is None else value)
    book.close()
    if value is None:  # the result is an empty text, which says that it is text
        rewrite(path, "<v>x</v>", "<v></v>")
    elif not value:
        rewrite(path, '<c r="B3"><f>1+1</f><v></v></c>', '<c r="B3"><f>1+1</f></c>')
    if told:
        (fault,) = faults_of(read_table, path, list)
        assert fault.startswith("t.xlsx, row 3, area = ''") and told in fault and "save it once" in fault
    else:
        assert read_table(path, list).frame["area"].tolist() == ["North", value or ""]


def rewrite(path, old, new):
    """Change the text of the first sheet of a workbook."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_formula_as_a_program_writes_it_is_a_fault_too(tmp_path):
    path = save(tmp_path / "t.xlsx", s=[["urn", "area"], [1, "=A2"], [2, "North"]])
    assert "row 2, area = '': a formula that was never worked out" in faults_of(read_table, path, list)[0]
    assert read_table(path, lambda headings: ["urn"]).frame["urn"].tolist() == ["1", "2"]


def test_cells_merged_over_rows_are_a_fault_and_a_merged_title_is_none(tmp_path):
    path = tmp_path / "t.xlsx"
    rows = [["Groups of today", None], ["urn", "partnership"], [1, "Fens"], [2, None], [3, "Wolds"]]
    save(path, s=rows)
    book = openpyxl.load_workbook(path)
    book["s"].merge_cells("A1:B1")
    book.save(path)
    assert len(read_table(path, lambda headings: headings if "urn" in headings else no_headings()).frame) == 3
    book["s"].merge_cells("B3:B4")
    book.save(path)
    (fault,) = faults_of(read_table, path, lambda headings: headings if "urn" in headings else no_headings())
    assert fault.startswith("t.xlsx, row 3, partnership") and "B3:B4 are merged" in fault


def no_headings():
    from geodata.faults import BadData, Fault

    raise BadData([Fault(file="t", row=1, fix="no headings")])


def test_hidden_rows_are_read_and_said(tmp_path):
    path = save(tmp_path / "s.xlsx", s=[HEADINGS, *ROWS])
    book = openpyxl.load_workbook(path)
    book["s"].row_dimensions[3].hidden = True
    book.save(path)
    schools = read_schools(path)
    assert len(schools.frame) == 2 and "1 hidden row of the sheet 's' is read as well" in str(schools.notices[0])


def test_hidden_columns_are_read_and_said(tmp_path):
    path = save(tmp_path / "s.xlsx", s=[HEADINGS, *ROWS])
    book = openpyxl.load_workbook(path)
    book["s"].column_dimensions.group("B", "C", hidden=True)
    book.save(path)
    (notice,) = read_schools(path).notices
    assert f"2 hidden columns of the sheet 's' are read as well: '{HEADINGS[1]}', '{HEADINGS[2]}'" in str(notice)


def test_two_columns_of_one_heading_in_other_case_are_refused(tmp_path):
    path = save(tmp_path / "s.xlsx", s=[[*HEADINGS, "Pupils"], [*ROWS[0], 361]])
    (fault,) = faults_of(read_schools, path)
    assert "'pupils', 'Pupils' could be it; say which, as in --set data.columns.pupils=HEADING" in fault
    links = save(tmp_path / "e.xlsx", s=[["urn_a", "urn_b", "weight", "Weight"], [1, 2, 1, 5]])
    assert faults_of(read_links, links, {1, 2}, {1, 2}) == [
        "e.xlsx, row 1, weight: two columns have this heading; rename or delete one"
    ]


def test_links_read_from_the_sheet_named(tmp_path):
    rows = [["urn_a", "urn_b", "weight", "note"], [1, 2, "1,5", "x"]]
    path = save(tmp_path / "l.xlsx", a=[["urn_a", "urn_b"], [1, 3]], b=rows)
    urns = urns_of([1, 2, 3])
    assert "several sheets fit" in faults_of(read_links, path, urns, urns)[0]
    links = read_links(f"{path}#b", urns, urns)
    assert links.graph.edges["1", "2"]["weight"] == 1.5
    assert links.reading.unused == ("note",) and links.reading.part == "b"


WEST, EAST = box(499_000, 330_000, 501_500, 350_000), box(501_500, 330_000, 504_000, 350_000)


def areas(path, layer=None, **columns):
    frame = geopandas.GeoDataFrame(columns, geometry=[WEST, EAST], crs=27700)
    frame.to_file(path, **({"layer": layer} if layer else {}))
    return path


def test_areas_are_named_by_the_column_that_tells_them_apart(tmp_path):
    path = areas(tmp_path / "a.geojson", county_name=["Shire"] * 2, district_name=["West", "East"])
    read = read_areas(path)
    assert read.frame["name"].tolist() == ["East", "West"]
    assert read.reading.columns == {"name of the area": "district_name"} and read.reading.unused == ("county_name",)
    assert [*read_areas(path, names_in="county_name").frame["name"]] == ["Shire", "Shire"]
    assert "all 2 areas have this one name" in str(read_areas(path, names_in="county_name").notices[0])
    assert "no such column; did you mean 'county_name'?" in faults_of(read_areas, path, names_in="country_name")[0]


def test_areas_of_one_name_are_refused_and_so_are_names_in_doubt(tmp_path):
    one = areas(tmp_path / "o.gpkg", county_name=["Shire"] * 2, code=[1, 2])
    (fault,) = faults_of(read_areas, one, setting="data.area_names.unitary")
    assert "'county_name' gives all 2 areas one name" in fault and "--set data.area_names.unitary=HEADING" in fault
    two = areas(tmp_path / "t.gpkg", council_name=["A", "B"], district_name=["West", "East"])
    (fault,) = faults_of(read_areas, two, setting="data.area_names.unitary")
    assert "several columns could name the areas: 'council_name', 'district_name'" in fault
    schools = save(tmp_path / "s.xlsx", s=[HEADINGS, *ROWS])
    frame = read_schools(schools, areas={"unitary": two}, area_names={"unitary": "district_name"}).frame
    assert frame["unitary"].tolist() == ["West", "East"]


def test_of_several_layers_of_areas_one_is_named(tmp_path):
    path = areas(tmp_path / "a.gpkg", "now", name=["West", "East"])
    areas(path, "proposed", name=["Left", "Right"])
    for read in (read_areas, read_base):
        assert "several layers fit: 'now', 'proposed'" in faults_of(read, path)[0]
    assert read_areas(f"{path}#proposed").frame["name"].tolist() == ["Left", "Right"]
    assert read_base(f"{path}#now")["name"].tolist() == ["West", "East"]
    assert "no layer 'gone'" in faults_of(read_areas, f"{path}#gone")[0]
