"""Schools are read as they are, and every fault is told with its row, its column and what to do."""

from __future__ import annotations

import geopandas
import openpyxl
import pytest
from identifiers import ints
from telling import faults_of

from geodata.people import is_personal
from geodata.schools import read_schools
from geodata.urns import Urn

GOOD = ["1,Ashby Fen,61,500000,340000", "2,Scopwick,90,503000,341000", "3,Digby,,501000,339000"]
REGISTER = (
    "URN,LA (code),LA (name),EstablishmentName,EstablishmentStatus (name),PhaseOfEducation (name),"
    "EstablishmentTypeGroup (name),NumberOfPupils,Easting,Northing,Town,HeadLastName,TelephoneNum,"
    "Diocese (name)"
)
PRIMARY = "Primary,Academies"


@pytest.fixture
def write(tmp_path):
    def write(*lines, heading="urn,name,pupils,easting,northing", name="schools.csv"):
        path = tmp_path / name
        path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def register(write):
    """A register of one school a tuple: URN, authority, status, phase and type, pupils."""

    def register(*schools):
        lines = [
            f'{urn},{code},Shire {code},Ashby {urn},"{status}",{kind},{pupils},'
            f"50{urn}000,340000,Ashby,Smith,01522,Lincoln"
            for urn, code, status, kind, pupils in schools
        ]
        return write(*lines, heading=REGISTER, name="gias.csv")

    return register


def one_wrong(write, line):
    """Faults of a file whose third school is as given."""
    return faults_of(read_schools, write(*GOOD[:2], line))


def test_schools_come_sorted_by_urn_on_the_british_grid(write):
    schools = read_schools(write(GOOD[1], GOOD[0]))
    assert ints(schools.frame.index.tolist()) == [1, 2] and schools.frame.index.name == "urn"
    assert ints(schools.frame["pupils"].tolist()) == [61, 90]
    assert schools.frame["name"].tolist() == ["Ashby Fen", "Scopwick"]
    assert schools.frame["town"].tolist() == ["", ""]
    assert schools.frame.crs == "EPSG:27700"
    assert ints([(p.x, p.y) for p in schools.frame.geometry]) == [(500000, 340000), (503000, 341000)]
    assert (schools.is_gias, schools.attribution, schools.notices) == (False, (), ())


def test_further_columns_are_kept_as_text_and_people_are_not(write):
    heading = "urn,name,pupils,easting,northing,code,Headteacher,head vacancy,e-mail"
    schools = read_schools(write("1,a,5,500000,340000,007,Ann Smith,yes,a@b", heading=heading))
    assert schools.frame.iloc[0, 4:].to_dict() == {"code": "007", "head vacancy": "yes"}
    assert [notice.column for notice in schools.notices] == ["Headteacher", "e-mail"]


@pytest.mark.parametrize(
    ("heading", "personal"),
    [
        *((heading, True) for heading in ("HeadFirstName", "HeadTitle (name)", "PropsName", "TelephoneNum")),
        *((heading, True) for heading in ("Head teacher", "head_name", "Principal", "Chair of governors", "Surname")),
        *((heading, False) for heading in ("headship", "headcount", "head vacancy", "heads", "Locality", "hotel")),
    ],
)
def test_which_headings_stand_over_people(heading, personal):
    assert is_personal(heading) is personal


def test_columns_may_be_called_otherwise(write):
    path = write("7;Ashby;61;500000;340000;99", heading="id;name;roll;x;y;pupils")
    schools = read_schools(path, columns={"urn": "id", "pupils": "roll", "easting": "x", "northing": "y"})
    assert schools.frame.loc["7", "pupils"] == 61
    assert ["another column was named" in str(notice) for notice in schools.notices] == [True]


def test_latitude_and_longitude_become_grid_metres(write):
    # Lincoln Cathedral: SK 97805 71828 by the Ordnance Survey
    schools = read_schools(write("1,Cathedral,61,53.23450,-0.53618", heading="urn,name,pupils,latitude,longitude"))
    point = schools.frame.geometry["1"]
    assert abs(point.x - 497_805) < 30 and abs(point.y - 371_828) < 30
    assert point.x == round(point.x)


def test_a_file_without_names_is_asked_for_them_and_may_say_that_there_are_none(write):
    path = write("7,61,500000,340000", heading="urn,pupils,easting,northing")
    (fault,) = faults_of(read_schools, path)
    assert "name: not among" in fault and "--set data.columns.name=HEADING" in fault
    assert read_schools(path, columns={"name": "urn"}).frame.name["7"] == "School 7"


def test_a_workbook_and_a_geopackage_read_as_the_csv_does(write, tmp_path):
    csv_frame = read_schools(write(*GOOD[:2])).frame
    book = openpyxl.Workbook()
    for row in (["urn", "name", "pupils", "easting", "northing"], *(line.split(",") for line in GOOD[:2])):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(tmp_path / "s.xlsx")
    csv_frame[["name", "pupils", "geometry"]].to_crs(4326).reset_index().to_file(tmp_path / "s.gpkg")
    for name in ("s.xlsx", "s.gpkg"):
        frame = read_schools(tmp_path / name).frame
        assert frame[["name", "pupils"]].equals(csv_frame[["name", "pupils"]])
        assert frame.distance(csv_frame).max() == 0


def test_what_is_read_survives_being_written(write, tmp_path):
    heading = "urn,name,pupils,easting,northing,code"
    frame = read_schools(write('1,"=Ashby, <b>",61,500000,340000,007', heading=heading)).frame
    frame.reset_index().to_file(tmp_path / "again.gpkg")
    again = read_schools(tmp_path / "again.gpkg").frame
    assert again.loc["1", ["name", "pupils", "code"]].tolist() == ["=Ashby, <b>", 61, "007"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1,Again,50,502000,340000", "row 4, urn = '1': repeats row 2"),
        ("=x1,Digby,50,502000,340000", "row 4, urn = '=x1': give an identifier that begins with"),
        (",Digby,50,502000,340000", "row 4, urn = '': give the school's identifier"),
        ("3,Digby,,502000,340000", "row 4, pupils = '': type --set data.pupils.3=NUMBER"),
        ("3,Digby,-5,502000,340000", "row 4, pupils = '-5': use a whole number from 0"),
        ("3,Digby,12.5,502000,340000", "row 4, pupils = '12.5': use a whole number"),
        ("3,Digby,SUPP,502000,340000", "row 4, pupils = 'SUPP': use a whole number"),
        ("3,Digby,9999,502000,340000", "row 4, pupils = '9999': use a whole number from 0 to 5,000"),
        ("3,Digby,50,,340000", "row 4, easting = '': give the school's coordinates"),
        ("3,Digby,50,502000,north", "row 4, northing = 'north': use plain digits"),
        ("3,Digby,50,nan,340000", "row 4, easting = 'nan': use plain digits"),
        ("3,Digby,50,0,0", "row 4, easting, northing = '0, 0': zero is no coordinate"),
        ("3,Digby,50,53.1,-0.4", "these are latitude and longitude"),
        ("3,Digby,50,-0.4,53.1", "these are latitude and longitude"),
        ("3,Digby,50,-44500,7000000", "these are Web Mercator metres"),
        ("3,Digby,50,1150000,450000", "easting and northing are swapped"),
        ("3,Digby,50,340000,500000", "middle of the other schools; swapped, it seems"),
        ("3,Digby,50,502000,990000", "649 km from the middle of the other schools; correct"),
        ("3,Digby,50,9000000,340000", "outside Great Britain's grid"),
    ],
)
def test_each_fault_of_a_school_is_told(write, line, told):
    (fault,) = one_wrong(write, line)
    assert fault.startswith("schools.csv, row 4") and told in fault


@pytest.mark.parametrize(
    ("latitude", "longitude", "told"),
    [
        ("-0.5", "53.2", "latitude and longitude are swapped"),
        ("371828", "497805", "these are grid metres"),
        ("7000000", "-44500", "these are Web Mercator metres"),
        ("0", "0", "zero is no coordinate"),
        ("153.2", "199.5", "these are no degrees"),
        ("53.2", "", "give the school's coordinates"),
    ],
)
def test_each_fault_of_degrees_is_told(write, latitude, longitude, told):
    path = write(f"1,a,5,{latitude},{longitude}", heading="urn,name,pupils,latitude,longitude")
    (fault,) = faults_of(read_schools, path)
    assert "row 2" in fault and told in fault


def test_every_fault_is_told_at_once(write):
    faults = faults_of(read_schools, write("1,a,,500000,340000", "1,b,-1,0,0", "=x,c,5,,"), pupils={9: 1})
    assert [fault.partition(":")[0] for fault in faults] == [
        "schools.csv, row 2, pupils = ''",
        "schools.csv, row 3, urn = '1'",
        "schools.csv, row 3, pupils = '-1'",
        "schools.csv, row 3, easting, northing = '0, 0'",
        "schools.csv, row 4, urn = '=x'",
        "schools.csv, row 4, easting = ''",
        "schools.csv, data.pupils.9 = 1",
    ]


def test_a_lone_school_far_from_a_county_is_told_and_its_coast_is_not(write):
    county = [f"{n},s{n},50,{500000 + n % 5 * 4000},{340000 + n // 5 * 4000}" for n in range(1, 26)]
    read_schools(write(*county, "90,Point,50,548000,356000"))  # 32 km along the coast
    (fault,) = faults_of(read_schools, write(*county, "90,Typo,50,588000,356000"))
    assert "row 27" in fault and "km from the middle" in fault


def test_two_schools_on_one_point_are_a_warning(write):
    (notice,) = read_schools(write("1,Infants,60,500000,340000", "2,Juniors,90,500000,340000")).notices
    assert "Infants (1) and Juniors (2) stand on one point" in str(notice)


def test_a_correction_goes_before_the_file_and_is_remembered(write):
    schools = read_schools(write(*GOOD), pupils={3: 40, 1: 70, 2: 90})
    assert ints(schools.frame["pupils"].tolist()) == [70, 90, 40]
    assert ints(schools.corrected) == {1: (61, 70), 2: (90, 90), 3: (None, 40)}
    (notice,) = schools.notices
    assert notice.row == 3 and "has this count already" in notice.fix


@pytest.mark.parametrize("count", [-1, 5001])
def test_a_correction_must_be_a_count(write, count):
    assert "data.pupils.1" in faults_of(read_schools, write(*GOOD[:2]), pupils={1: count})[0]


def test_a_school_without_a_count_may_be_left_out_but_only_when_asked(write):
    schools = read_schools(write(*GOOD, "4,Zero,0,502000,340500"), missing_pupils="leave out")
    assert ints(schools.frame.index.tolist()) == [1, 2, 4]
    assert ints(schools.left_out) == ((3, "Digby", "no pupil count"),)
    assert ints(schools.known_urns) == {1, 2, 3, 4}
    assert ["no pupils: if the count is not known" in str(notice) for notice in schools.notices] == [True]


def test_a_file_with_other_headings_is_told_by_them(write):
    faults = faults_of(read_schools, write("1,a,b", heading="id,title,rolls"))
    assert [fault.split(":")[0] for fault in faults] == [
        "schools.csv, row 1, urn",
        "schools.csv, row 1, name",
        "schools.csv, row 1, pupils",
    ]
    assert "'id', 'title', 'rolls'" in faults[0] and "--set data.columns.urn=HEADING" in faults[0]
    assert "easting=HEADING" in faults_of(read_schools, write("1,a,5", heading="urn,name,pupils"))[0]
    assert "holds headings but no school" in faults_of(read_schools, write())[0]


def test_a_column_map_that_misses_is_told(write):
    (fault,) = faults_of(read_schools, write(*GOOD[:2]), columns={"town": "Nmae"})
    assert "did you mean 'name'?" in fault
    (fault,) = faults_of(read_schools, write(*GOOD[:2]), columns={"rolls": "pupils"})
    assert "'rolls' is not something to map" in fault
    (fault,) = faults_of(read_schools, write(*GOOD[:2]), keep=["planning area"])
    assert "planning area" in fault and "no such column" in fault


def test_of_the_register_only_open_state_funded_schools_of_the_phase_are_taken(register):
    path = register(
        (1, 925, "Open", PRIMARY, 50),
        (2, 925, "Open, but proposed to close", "Middle deemed primary,Free Schools", 50),
        (3, 925, "Closed", PRIMARY, ""),
        (4, 925, "Open", "Secondary,Academies", ""),
        (5, 925, "Open", "Primary,Independent schools", "x"),
        (6, 925, "Proposed to open", PRIMARY, ""),
    )
    schools = read_schools(path)
    assert ints(schools.frame.index.tolist()) == [1, 2] and ints(schools.known_urns) == {1, 2, 3, 4, 5, 6}
    assert schools.is_gias and "Open Government Licence" in schools.attribution[0]
    assert ints(read_schools(path, phases=["secondary"], pupils={4: 9}).frame.index.tolist()) == [4]
    assert "is not among those selected" in faults_of(read_schools, path, pupils={5: 9})[0]


def test_of_the_register_a_few_attributes_are_kept_and_people_never(register):
    path = register((1, 925, "Open", PRIMARY, 50))
    frame = read_schools(path).frame
    assert frame.loc["1", "Diocese (name)"] == "Lincoln" and frame.loc["1", "town"] == "Ashby"
    assert not {"HeadLastName", "TelephoneNum", "LA (code)"} & set(frame.columns)
    assert read_schools(path, keep=["LA (code)"]).frame.loc["1", "LA (code)"] == "925"
    (fault,) = faults_of(read_schools, path, keep=["HeadLastName"])
    assert "names or reaches a person" in fault
    (fault,) = faults_of(read_schools, path, columns={"town": "HeadLastName"})
    assert "names or reaches a person" in fault


def test_the_authority_must_be_said_where_there_are_several(register):
    path = register((1, 925, "Open", PRIMARY, 50), (2, 857, "Open", PRIMARY, 50), (3, 857, "Closed", PRIMARY, ""))
    (fault,) = faults_of(read_schools, path)
    assert "857 (Shire 857), 925 (Shire 925)" in fault
    (fault,) = faults_of(read_schools, path, local_authority="926")
    assert "LA (code) = '926': no such authority here" in fault and "925 (Shire 925)" in fault
    (fault,) = faults_of(read_schools, path, local_authority="925", phases=["Infant"])
    assert "= 'Infant': no such phase" in fault and "'Primary'" in fault
    assert "no open state-funded school" in faults_of(read_schools, path, local_authority="all", phases=["Nursery"])[0]
    for choice, urns in (("857", [2]), (["857", "925"], [1, 2]), ("all", [1, 2])):
        assert read_schools(path, local_authority=choice).frame.index.tolist() == list(map(str, urns))


def test_a_missing_count_says_what_the_closed_predecessor_had(write):
    name = "925,Lincs,Ashby School"
    path = write(
        f"1,{name},Closed,{PRIMARY},61,500000,340000,,,,",
        f"2,{name},Open,{PRIMARY},,500000,340000,,,,",
        heading=REGISTER,
    )
    (fault,) = faults_of(read_schools, path)
    assert fault == (
        "schools.csv, row 3, NumberOfPupils = '': type --set data.pupils.2=NUMBER "
        '(its closed predecessor, 1, had 61), or --set data.missing_pupils="leave out" [Ashby School]'
    )


def test_an_authority_is_refused_of_a_file_that_is_no_register(write):
    assert "not its extract" in faults_of(read_schools, write(*GOOD[:2]), local_authority="925")[0]


def test_tables_join_by_urn(write):
    join = write("2,north,Jones", "1,,Smith", heading="URN,planning area,surname", name="extra.csv")
    schools = read_schools(write(*GOOD), pupils={3: 5}, join=[join], keep=["planning area"])
    assert schools.frame["planning area"].tolist() == ["", "north", ""]
    assert "surname" not in schools.frame
    assert [source.name for source in schools.sources] == ["schools.csv", "extra.csv"]
    assert "not read" in str(schools.notices[0]) and "has no row for 1 of 3 schools (3)" in str(schools.notices[1])


def test_each_fault_of_a_joined_table_is_told_with_those_of_the_schools(write):
    join = write("2,a", "2,b", "77,c", "z,d", heading="urn,name", name="extra.csv")
    faults = faults_of(read_schools, write(*GOOD), join=[join, "gone.csv"])
    assert [fault.partition(": ")[0] for fault in faults] == [
        "schools.csv, row 4, pupils = ''",
        "extra.csv, row 1, name",
        "extra.csv, row 3, urn = '2'",
        "extra.csv, row 4, urn = '77'",
        "extra.csv, row 5, urn = 'z'",
        "gone.csv",
    ]


def test_areas_become_a_column(write, tmp_path):
    from shapely.geometry import box

    shapes = geopandas.GeoDataFrame({"name": ["West"]}, geometry=[box(499000, 330000, 502000, 350000)], crs=27700)
    shapes.to_file(tmp_path / "west.geojson")
    schools = read_schools(write(*GOOD[:2]), areas={"unitary": tmp_path / "west.geojson"})
    assert schools.frame["unitary"].tolist() == ["West", ""]
    assert "school 2 lies in none of these areas" in str(schools.notices[0])
    assert "rename it" in faults_of(read_schools, write(*GOOD[:2]), areas={"name": tmp_path / "west.geojson"})[0]


BOTH = "urn,name,pupils,easting,northing,latitude,longitude"
BOSTON = ("1,Ashby,61,532800,344200", "52.978961,-0.023453")


def test_two_pairs_of_coordinates_that_disagree_are_a_fault_until_one_is_named(write):
    agreeing = read_schools(write(",".join(BOSTON), heading=BOTH)).frame.geometry["1"]
    assert (agreeing.x, agreeing.y) == (532800, 344200)
    near_by = write(f"{BOSTON[0]},52.9800,-0.0235", heading=BOTH)  # the middle of its postcode, 120 m away
    assert read_schools(near_by).frame.geometry["1"] == agreeing
    away = write(f"{BOSTON[0]},53.178961,-0.023453", heading=BOTH)
    (fault,) = faults_of(read_schools, away)
    assert fault.startswith(
        "schools.csv, row 2, longitude, latitude = '-0.023453, 53.178961': latitude and longitude say another place "
        "than easting and northing, by up to 22.2"
    )
    assert read_schools(away, columns={"easting": "easting", "northing": "northing"}).frame.geometry["1"] == agreeing
    named = read_schools(away, columns={"latitude": "latitude", "longitude": "longitude"}).frame.geometry["1"]
    assert named.y - agreeing.y == pytest.approx(22_250, abs=50)
    for blank in ("", "0,0", "x,y"):  # nothing is said by these
        assert read_schools(write(f"{BOSTON[0]},{blank or ','}", heading=BOTH)).frame.geometry["1"] == agreeing


@pytest.mark.parametrize("easting", ["5.33E+05", "5.3E+05", "5.328E+5"])
def test_coordinates_that_a_spreadsheet_shortened_are_refused(write, easting):
    (fault,) = one_wrong(write, f"3,Digby,70,{easting},340000")
    assert fault == (
        f"schools.csv, row 4, easting = '{easting}': a spreadsheet shortened this number; give all its digits [Digby]"
    )


@pytest.mark.parametrize("easting", ["5.32800E+05", "5e+05", "532800.0"])
def test_coordinates_with_all_their_digits_are_read(write, easting):
    assert read_schools(write(*GOOD[:2], f"3,Digby,70,{easting},340000")).frame.geometry["3"].x == float(easting)


def test_kilometres_are_told_from_metres(write):
    (fault,) = faults_of(read_schools, write("1,a,5,532.8,344.2", "2,b,5,533.100,345.000"))
    assert "these are kilometres, or metres with a point between thousands; give metres in plain digits" in fault


def test_a_name_of_several_lines_is_one_line(write):
    assert read_schools(write('1,"Ashby\r\n\tFen",5,532800,344200')).frame["name"].tolist() == ["Ashby Fen"]


def test_a_school_without_a_shape_is_told(tmp_path):
    shapes = geopandas.GeoSeries.from_xy([500_000, 501_000], [340_000] * 2, crs=27700)
    frame = geopandas.GeoDataFrame({"urn": [1, 2], "name": ["a", "b"], "pupils": [5, 6]}, geometry=[shapes[0], None])
    frame.set_crs(27700).to_file(tmp_path / "s.gpkg")
    assert faults_of(read_schools, tmp_path / "s.gpkg") == [
        "s.gpkg, row 3, geometry = '': give the school one point [b]"
    ]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_geopackage_without_a_coordinate_system_is_told(tmp_path):
    points = geopandas.points_from_xy([500_000], [340_000])
    geopandas.GeoDataFrame({"urn": [1], "name": ["a"], "pupils": [5]}, geometry=points).to_file(tmp_path / "s.gpkg")
    assert "state its coordinate system" in faults_of(read_schools, tmp_path / "s.gpkg")[0]


def test_a_school_that_opens_stands_in_the_order_of_identifiers(tmp_path):
    """Identifiers of other lengths are in natural order: 9001 before 900001, as everywhere."""
    heading = "urn,name,pupils,easting,northing\n"
    (tmp_path / "schools.csv").write_text(f"{heading}900001,Ash,60,500000,350000\n900002,Elm,70,501000,350000\n")
    (tmp_path / "new.csv").write_text(f"{heading}9001,Oak,40,502000,350000\n")
    read = read_schools(tmp_path / "schools.csv", opening=[tmp_path / "new.csv"])
    assert [*read.frame.index] == [Urn(9001), Urn(900_001), Urn(900_002)]
    assert all(isinstance(urn, Urn) for urn in read.frame.index)
