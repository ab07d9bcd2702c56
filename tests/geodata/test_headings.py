"""Columns are found under the headings of several countries, asked for in doubt, and a copy of the register is one."""

from __future__ import annotations

import pytest
from identifiers import ints
from telling import faults_of

from geodata.headings import OWN, USUAL, headings_of, looks_useful, plain
from geodata.numerals import in_plain_digits
from geodata.schools import read_schools

NUMBERS = {"thousands": True}


@pytest.fixture
def write(tmp_path):
    def write(heading, *lines, delimiter=",", name="schools.csv"):
        path = tmp_path / name
        path.write_text("\n".join([heading, *lines]).replace("|", delimiter) + "\n", encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "heading",
    [
        "School’s unique reference number (URN)|Name|Number on roll|Easting|Northing",
        "Seed Code|School name|Roll|X|Y",
        "DENI ref|School Name|Enrolment|X coordinate|Y coordinate",
        "Roll number|Official School Name|Total Enrolment|ITM Easting|ITM Northing",
        "School_ID|Org Name|Total School Roll|Eastings|Northings",
        "school no|NAME OF SCHOOL|Number of pupils|easting|northing",
        "Numéro UAI|Appellation officielle|Nombre d’élèves|x|y",
        "Schulnummer|Schulname|Schülerzahl|Rechtswert|Hochwert",
        "Oppilaitostunnus|Koulun nimi|Oppilaita|X|Y",
        "Numer RSPO|Nazwa szkoły|Liczba uczniów|X|Y",
        "Rhif Ysgol|Enw'r ysgol|Nifer y disgyblion|Dwyreiniad|Gogleddiad",
        "Uimhir Rolla|Ainm na scoile|Daltaí|X|Y",
        "School Ref|School|Number on roll (Jan 2025)|POINT_X|POINT_Y",
        "Brinnummer|Schoolnaam|Leerlingen 2024/25|X|Y",
    ],
)
def test_columns_are_found_by_the_headings_of_several_countries(write, heading):
    schools = read_schools(write(heading, "7|Ashby|61|500000|340000", delimiter=";"))
    assert schools.frame.loc["7", ["name", "pupils"]].tolist() == ["Ashby", 61]
    assert schools.readings[0].columns == dict(
        zip(("urn", "name", "pupils", "easting", "northing"), heading.split("|"), strict=True)
    )


def test_of_counts_of_several_years_people_say_which(write):
    path = write("urn|name|pupils 2023|Pupils 2024|easting|northing", "7|Ashby|61|62|500000|340000")
    (fault,) = faults_of(read_schools, path)
    assert "'pupils 2023', 'Pupils 2024' could be it; say which" in fault
    assert read_schools(path, columns={"pupils": "Pupils 2024"}).frame["pupils"].tolist() == [62]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("52°40'30\"N", "0°40'13.6\"W"),
        ("N 52.675", "W 0.670444"),
        ("52.675°", "−0.670444°"),
        ("52° 40.5′ N", "0,670444 W"),
        ("52,675", "-0,670444"),
    ],
)
def test_degrees_are_read_as_people_write_them(write, latitude, longitude):
    path = write("urn|name|pupils|latitude|longitude", f"7|Ashby|61|{latitude}|{longitude}", delimiter=";")
    point = read_schools(path).frame.geometry["7"]
    plain = read_schools(write("urn|name|pupils|latitude|longitude", "7|Ashby|61|52.675|-0.670444")).frame.geometry["7"]
    assert point.distance(plain) <= 1.5


@pytest.mark.parametrize(
    "text", ["52°61'N", "52.5°30'N", "N52.6S", "-52.6 S", "0,67 O", "52 40 30", "°", "52°40'30\"N x"]
)
def test_degrees_that_can_be_meant_otherwise_are_refused(write, text):
    told = faults_of(
        read_schools, write("urn|name|pupils|latitude|longitude", f"7|Ashby|61|{text}|-0.67", delimiter=";")
    )
    assert told == [f"schools.csv, row 2, latitude = {text!r}: use plain digits, with a point for decimals [Ashby]"]


def test_no_usual_heading_stands_for_two_fields():
    said = [name for field in OWN for name in {plain(name) for name in (*OWN[field], *USUAL[field])}]
    assert len(said) == len(set(said)) and all(said)


def test_of_two_columns_that_fit_people_say_which_and_a_documented_one_goes_first(write):
    path = write("urn|name|Roll|Enrolment|x|y", "7|Ashby|61|62|500000|340000")
    (fault,) = faults_of(read_schools, path)
    assert "pupils: 'Roll', 'Enrolment' could be it; say which" in fault
    assert read_schools(path, columns={"pupils": "Enrolment"}).frame.loc["7", "pupils"] == 62
    own = read_schools(write("urn|name|pupils|Enrolment|x|y", "7|Ashby|61|62|500000|340000"))
    assert own.frame.loc["7", "pupils"] == 61 and own.readings[0].unused == ("Enrolment",)


def test_a_heading_cut_by_a_shapefile_is_known_where_it_can_mean_one_thing():
    assert headings_of("pupils", ["NumberOfPu"]) == ["NumberOfPu"] and headings_of("name", ["Establishm"]) == []


def test_a_column_that_rules_use_stays_though_it_is_a_field_as_well(write):
    path = write("urn|name|pupils|easting|northing|City", "7|Ashby|61|500000|340000|Lincoln")
    read = read_schools(path, keep=["City"])
    assert read.frame.loc["7", ["town", "City"]].tolist() == ["Lincoln", "Lincoln"]


def test_columns_that_look_useful_are_told():
    assert all(map(looks_useful, ["speed_limi", "School status", "Pupils 2030", "CloseDate", "lat_wgs"]))
    assert not any(map(looks_useful, ["Diocese", "notes", "colour"]))


# Numbers as people write them -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "plain_digits", "thousands"),
    [
        (["61", "1,204"], ["61", "1204"], True),
        (["1 204", "61"], ["1204", "61"], True),
        (["1\u202f204", "490’137"], ["1204", "490137"], True),
        (["490137,5", "1,25"], ["490137.5", "1.25"], True),
        (["1.204,5", "61"], ["1204.5", "61"], True),
        (["52,678", "-0,66"], ["52.678", "-0.66"], False),
        (["52,678", "53,123"], ["52.678", "53.123"], False),  # degrees have no thousands
        (["1,234", "1,5"], ["1.234", "1.5"], True),  # the whole column decides
        (["61", "SUPP", "n/a", ""], ["61", "SUPP", "n/a", ""], True),
        (["12.5", "1e3", ".5"], ["12.5", "1e3", ".5"], True),
        (["1,2,3", "12,34,567"], ["1,2,3", "12,34,567"], True),
        (["1.5", "1,5"], ["1.5", "1,5"], True),  # both ways in one column: left for its reader to refuse
    ],
)
def test_numbers_are_read_as_the_whole_column_means_them(texts, plain_digits, thousands):
    import pandas as pd

    assert in_plain_digits(pd.Series(texts), thousands=thousands).tolist() == plain_digits


def test_decimal_commas_and_thousands_are_read(write):
    lines = ("1|Ash|1 204|490137,5|309761,25", "2|Elm|61|493314,0|310207,75")
    schools = read_schools(write("urn|name|pupils|easting|northing", *lines, delimiter=";"))
    assert [(p.x, p.y) for p in schools.frame.geometry] == [(490138, 309761), (493314, 310208)]
    for pupils in ("61,5", "1.000", "1.204"):  # the last two: a thousand, or one?
        line = f"1|Ash|{pupils}|490137|309761"
        told = faults_of(read_schools, write("urn|name|pupils|easting|northing", line, delimiter=";"))
        assert "use a whole number" in told[0]


# A copy of the register -------------------------------------------------------------------------------------

COPY = "URN|EstablishmentName|NumberOfPupils|Easting|Northing"


def copied(write, heading, *schools):
    lines = [f"{urn}|School {urn}|90|50{urn}000|340000|{facts}" for urn, facts in enumerate(schools, 1)]
    return write(f"{COPY}|{heading}", *lines)


@pytest.mark.parametrize(
    ("heading", "schools"),
    [
        ("EstablishmentStatus (name)|PhaseOfEducation (name)", ("Open|Primary", "Closed|Primary", "Open|Secondary")),
        ("EstablishmentStatus (code)|PhaseOfEducation (code)", ("1|2", "2|2", "1|4")),
        ("EstablishmentStatus (name)|PhaseOfEducation (code)", ("Open|2", "Closed|2", "Open|0")),
        ("Status|Phase", ("open|primary", "closed|primary", "open|secondary")),
        ("EstablishmentStatus (name)|EstablishmentTypeGroup (name)",
         ("Open|Academies", "Closed|Academies", "Open|Independent schools")),
    ],
)  # fmt: skip
def test_a_copy_of_the_register_is_chosen_from_by_the_columns_it_has(write, heading, schools):
    read = read_schools(copied(write, heading, *schools))
    assert ints(read.frame.index.tolist()) == [1] and ints(read.known_urns) == {1, 2, 3}
    assert read.readings[0].rows_used == 1 and sum(read.readings[0].left.values()) == 2
    assert (
        "1 of 3 rows used; 1 not open" in read.readings[0].words and "chosen by status from" in read.readings[0].words
    )


def test_of_a_copy_phases_and_schools_by_name_are_chosen_as_of_the_register(write):
    path = copied(write, "PhaseOfEducation (name)", "Primary", "Secondary", "Nursery")
    assert read_schools(path).by_phase
    assert ints(read_schools(path, phases=["all"]).frame.index.tolist()) == [1, 2, 3]
    assert ints(read_schools(path, also=[2]).frame.index.tolist()) == [1, 2]
    assert "no such phase" in faults_of(read_schools, path, phases=["Infant"])[0]
    assert "Open Government Licence" in read_schools(path).attribution[0]


def test_a_column_called_status_with_other_words_chooses_nothing_and_is_told(write):
    read = read_schools(copied(write, "Status|Phase", "good|1", "fair|2"))
    assert ints(read.frame.index.tolist()) == [1, 2] and not read.by_phase
    assert read.readings[0].unused == ("Status", "Phase")


def test_a_copy_of_several_authorities_is_asked_which(write):
    path = copied(write, "LA (code)|EstablishmentStatus (name)", "925|Open", "857|Open")
    assert "say which authority" in faults_of(read_schools, path)[0]
    assert ints(read_schools(path, local_authority="857").frame.index.tolist()) == [2]


# Nobody counted, many alike ---------------------------------------------------------------------------------


def test_no_school_with_a_count_is_told_and_ends_before_any_plan(write):
    path = write("urn|name|pupils|easting|northing", *(f"{n}|S {n}|n/a|50{n}000|340000" for n in range(1, 4)))
    (fault,) = faults_of(read_schools, path, missing_pupils="leave out")
    assert "no school has a count: all 3 are blank" in fault


def test_forty_faults_alike_are_one_with_a_fix_for_all_and_ten_are_ten(write):
    def told(schools):
        lines = (f"{n}|S {n}||{500_000 + n * 900}|340000" for n in range(1, schools + 1))
        return faults_of(read_schools, write("urn|name|pupils|easting|northing", *lines))

    (one,) = told(40)
    assert "40 alike: S 1, S 2, S 3, S 4, S 5 and 35 more" in one
    assert 'type the counts into the file, or --set data.missing_pupils="leave out"' in one
    assert len(told(10)) == 10 and told(10)[9].endswith('data.missing_pupils="leave out" [S 10]')
