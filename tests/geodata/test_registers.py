"""The registers of other countries are known by their headings, and only their open primary schools are planned for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from registers_made import MADE, PUPILS, SCHOOLS, code_point, save_csv
from telling import faults_of
from typer.testing import CliRunner

from geodata.registers import NONE, REGISTERS, register_of
from geodata.schools import Schools, read_schools
from partition.cli import app
from partition.settings.data import RegisterKey

PERSONS = {"Principal Name", "Contact1_Name", "Phone Number", "Telephone"}


def read(key: str, folder: Path, **more: Any) -> Schools:
    path, settings = MADE[key](folder)
    files = settings.get("postcodes")
    return read_schools(path, join=settings.get("join", ()), postcodes=[files] if files else [], **more)


def test_the_setting_names_every_register():
    assert {*get_args(RegisterKey)} == {*(register.key for register in REGISTERS), NONE}
    assert {*MADE, "gias"} == {register.key for register in REGISTERS}


@pytest.mark.parametrize("key", MADE)
def test_a_register_is_known_by_its_headings_and_its_open_primaries_are_chosen(key: str, tmp_path: Path) -> None:
    schools = read(key, tmp_path)
    assert schools.register is not None and schools.register.key == key
    assert schools.frame["pupils"].tolist() == [PUPILS] * SCHOOLS
    assert f"read as {schools.register.words}" in schools.notices[0].fix
    assert schools.register.attribution in schools.attribution
    assert not PERSONS & set(schools.frame.columns)
    apart = schools.frame.geometry.distance(schools.frame.geometry.iloc[0]).sort_values()
    assert 1_000 < apart.iloc[1] < 5_000 and apart.iloc[-1] < 20_000


@pytest.mark.parametrize("key", MADE)
def test_a_register_goes_through_check_and_plan_to_a_proven_plan(key: str, tmp_path: Path) -> None:
    path, settings = MADE[key](tmp_path)
    stated = "".join(f"{name} = {json.dumps(value)}\n" for name, value in {"schools": str(path), **settings}.items())
    scenario = tmp_path / "county.toml"
    scenario.write_text(f"[data]\n{stated}[rules]\nheads_min = 3\n[solve]\nworkers = 1\n", "utf-8")
    checked = CliRunner().invoke(app, ["check", str(scenario), "--json"])
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["schools"] == SCHOOLS
    planned = CliRunner().invoke(app, ["plan", str(scenario), "--out", str(tmp_path / "out"), "--json"])
    assert planned.exit_code == 0, planned.output
    assert json.loads(planned.stdout)["status"] == "optimal" and json.loads(planned.stdout)["unplaced"] == []


EDITIONS = {  # other tables of the same registers: headings, a school to choose, and one not to
    "wales": (
        "school_code,school_name,la_code,sector,wm_code,postcode,pupils,easting,northing",
        "6602001,A,660,Primary,WM,LL77 7AA,40,245000,378000",
        "6604001,B,660,Secondary,WM,LL77 7AA,400,245000,378000",
    ),
    "scotland": (
        "SeedCode,SchoolName,LAName,PriPupils,SecPupils,GridRefEasting,GridRefNorthing",
        "5100001,A,Strath,40,0,365000,800000",
        "5100002,B,Strath,0,400,365000,800000",
    ),
    "northern-ireland": (
        "DE_REF,Name,Postcode,Type,Total enrolment,EASTING,NORTHING",
        "101-6001,A,BT51 1AA,Primary,40,285000,430000",
        "142-0001,B,BT51 1AA,Grammar,400,285000,430000",
    ),
    "usa": (
        "NCESSCH,LEAID,SCH_NAME,LCITY,LZIP,SCHOOL_LEVEL,SY_STATUS_TEXT,TOTAL,LATCOD,LONCOD",
        "010000000001,0100005,A,Elm,67001,Elementary,Open,40,37.7,-99.9",
        "010000000002,0100005,B,Elm,67001,Elementary,Closed,-2,37.7,-99.9",
    ),
}


@pytest.mark.parametrize("key", EDITIONS)
def test_other_tables_of_a_register_are_known_too(key: str, tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("\n".join(EDITIONS[key]) + "\n", "utf-8")
    schools = read_schools(path)
    assert schools.register is not None and schools.register.key == key
    assert schools.frame["name"].tolist() == ["A"] and schools.frame["pupils"].tolist() == [40]


def test_a_sign_for_no_value_is_no_count(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    headings, school, _ = EDITIONS["usa"]
    path.write_text("\n".join([headings, school.replace(",40,", ",-2,")]) + "\n", "utf-8")
    (fault,) = faults_of(read_schools, path)
    assert "TOTAL = ''" in fault


def test_coordinates_of_a_joined_table_place_the_schools(tmp_path: Path) -> None:
    path, _ = MADE["northern-ireland"](tmp_path)
    spots = [(f"101-6{place:03d}", 285_000 + place * 3_000, 430_000) for place in range(SCHOOLS)]
    schools = read_schools(path, join=[save_csv(tmp_path / "spots.csv", ("DENI ref", "Easting", "Northing"), *spots)])
    assert schools.frame.geometry.x.tolist() == [one[1] for one in spots] and schools.grid.code == "EPSG:29903"
    assert "spots.csv" in [source.name for source in schools.sources]


def test_columns_that_a_joined_table_of_a_register_repeats_are_left_and_said(tmp_path: Path) -> None:
    path, settings = MADE["northern-ireland"](tmp_path)
    again = [(f"101-6{place:03d}", "Other Council", "yes") for place in range(SCHOOLS)]
    joined = save_csv(tmp_path / "more.csv", ("DENI ref", "District Council (2014)", "nursery"), *again)
    schools = read_schools(path, join=[joined], postcodes=[str(settings["postcodes"])])
    assert set(schools.frame["nursery"]) == {"yes"} and set(schools.frame["District Council (2014)"]) == {"Causeway"}
    assert (
        "more.csv, row 1, District Council (2014): not read, since the schools have columns of the same name: "
        "'District Council (2014)'" in map(str, schools.notices)
    )


def test_what_is_no_register_says_so(tmp_path: Path) -> None:
    path, _ = MADE["new-zealand"](tmp_path)
    assert register_of(["urn", "name", "pupils", "easting", "northing", "Postcode"]) is None
    everything = read_schools(path, register="none", columns={"pupils": "Total"})
    assert everything.register is None and len(everything.frame) == SCHOOLS + 2  # one is closed


def test_a_phase_or_an_authority_that_a_register_lacks_is_a_fault_that_lists_its_own(tmp_path: Path) -> None:
    path, _ = MADE["new-zealand"](tmp_path)
    told = faults_of(read_schools, path, phases=["Junior"], local_authority="Gore")
    assert "the file has 'Clutha'" in told[0] and "the file has 'Full Primary', 'Secondary (Year 9-15)'" in told[1]
    assert len(read_schools(path, phases=["all"], local_authority="clutha").frame) == SCHOOLS + 1


def test_without_numbers_on_roll_a_register_says_to_join_them(tmp_path: Path) -> None:
    path, _ = MADE["usa"](tmp_path)
    (fault,) = faults_of(read_schools, path)
    assert "has the numbers on roll in another table; join it" in fault


OWN = [
    ("urn", "name", "pupils", "postcode"),
    *((place + 1, f"School {place}", 50, f"ll77{place + 1}aa") for place in range(4)),
]


def placed(folder: Path, *files: Path, rows: list[Any] = OWN) -> Schools:
    return read_schools(save_csv(folder / "schools.csv", *rows), postcodes=files)


def test_schools_without_coordinates_are_placed_by_postcode_whatever_its_case_and_spaces(tmp_path: Path) -> None:
    spots = code_point(tmp_path, "LL77", -4.3, 53.25)
    schools = placed(tmp_path, spots)
    lines = [line.split(",") for line in spots.read_text("utf-8").splitlines()[:4]]
    assert [(point.x, point.y) for point in schools.frame.geometry] == [(int(one[2]), int(one[3])) for one in lines]
    assert "4 schools without coordinates placed by postcode" in schools.notices[0].fix
    assert [source.name for source in schools.sources] == ["schools.csv", "cp.csv"]
    assert "Contains OS data" in schools.attribution[-1]


def test_a_folder_of_postcodes_is_read_file_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "CSV"
    folder.mkdir()
    spots = code_point(folder, "LL77", -4.3, 53.25)
    for name, start in (("ab.csv", "AB31"), ("zz.csv", "ZE1")):
        (folder / name).write_text(spots.read_text("utf-8").replace("LL77", start), "utf-8")
    (folder / "licence.txt").write_text("no table", "utf-8")
    schools = placed(tmp_path, folder)
    alone = placed(tmp_path, spots)
    assert schools.frame.to_wkt().equals(alone.frame.to_wkt())
    assert [source.name for source in schools.sources] == ["schools.csv", "ab.csv", "cp.csv"]
    (tmp_path / "empty").mkdir()
    assert faults_of(placed, tmp_path, tmp_path / "empty") == [
        "empty: no CSV file is in this folder; give the one that has the files, such as Data/CSV"
    ]


def test_only_a_school_without_coordinates_is_placed_by_postcode(tmp_path: Path) -> None:
    spots = code_point(tmp_path, "LL77", -4.3, 53.25)
    own = [(*OWN[0], "easting", "northing"), (*OWN[1], 245_000, 378_000), *((*row, "", "") for row in OWN[2:])]
    schools = placed(tmp_path, spots, rows=own)
    assert (schools.frame.geometry.iloc[0].x, schools.frame.geometry.iloc[0].y) == (245_000, 378_000)
    assert "3 schools without coordinates placed by postcode" in schools.notices[0].fix


def test_an_unknown_postcode_is_a_fault_that_names_the_school_and_many_are_one(tmp_path: Path) -> None:
    spots = code_point(tmp_path, "LL77", -4.3, 53.25)
    (fault,) = faults_of(placed, tmp_path, spots, rows=[*OWN, (9, "Far", 50, "ZZ1 1ZZ")])
    assert "row 6, postcode = 'ZZ1 1ZZ'" in fault and "[Far]" in fault
    many = [(place, f"Far {place}", 50, f"ZZ{place} 1ZZ") for place in range(10, 50)]
    (fault,) = faults_of(placed, tmp_path, spots, rows=[*OWN, *many])
    assert "40 schools (Far 10" in fault and "no file of postcodes has this one" in fault


def test_a_directory_tells_of_ended_postcodes_and_a_table_of_ones_own_will_do(tmp_path: Path) -> None:
    onspd = [("pcds", "doterm", "oseast1m", "osnrth1m", "lat", "long")]
    onspd += [(f"LL77 {place}AA", "201512" * (place == 1), "", "", 53.2 + place / 50, -4.3) for place in range(1, 4)]
    own = save_csv(tmp_path / "more.csv", ("Postcode", "Easting", "Northing"), ("LL77 4AA", 246_000, 379_000))
    schools = placed(tmp_path, save_csv(tmp_path / "onspd.csv", *onspd), own)
    assert "1 postcodes are no longer in use" in schools.notices[1].fix and "School 0" in schools.notices[1].fix
    assert schools.attribution[-1] == "Postcodes from more.csv"
    assert (schools.frame.geometry.iloc[3].x, schools.frame.geometry.iloc[3].y) == (246_000, 379_000)


def test_postcodes_alone_ask_for_a_file_of_them_and_a_file_without_them_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(placed, tmp_path)
    assert "--set data.postcodes=FILE" in fault
    (fault,) = faults_of(placed, tmp_path, save_csv(tmp_path / "no.csv", ("a", "b"), (1, 2)))
    assert "no postcodes with coordinates" in fault
