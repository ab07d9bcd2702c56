"""The readers against the register as published, whose figures are known."""

from __future__ import annotations

import csv

import pytest
from identifiers import ints
from telling import faults_of, real

from geodata.boundaries import read_boundaries
from geodata.groups import groups_from_column
from geodata.minutes import CrowFly
from geodata.schools import read_schools

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def lincolnshire():
    return read_schools(real("gias_lincolnshire_2025-07.csv"), local_authority="925", missing_pupils="leave out")


def test_lincolnshire_s_figures(lincolnshire):
    pupils = lincolnshire.frame["pupils"]
    assert (len(pupils), pupils.sum(), pupils.min(), pupils.max()) == (279, 55_207, 26, 696)
    assert [int((pupils <= limit).sum()) for limit in (200, 100, 50)] == [163, 90, 19]
    assert ints(lincolnshire.left_out) == ((151275, "Osbournby Primary School", "no pupil count"),)
    assert len(lincolnshire.known_urns) == 732
    (notice,) = lincolnshire.notices
    assert "Manor Leas Infants" in notice.fix and "one point" in notice.fix


def test_osbournby_s_missing_count_is_the_only_fault_and_says_what_to_type():
    path = real("gias_lincolnshire_2025-07.csv")
    (fault,) = faults_of(read_schools, path, local_authority="925")
    assert "row 729, NumberOfPupils = ''" in fault
    assert "--set data.pupils.151275=NUMBER (its closed predecessor, 120386, had 61)" in fault
    schools = read_schools(path, local_authority="925", pupils={151275: 61})
    assert ints((len(schools.frame), int((schools.frame["pupils"] <= 200).sum()))) == (280, 164)
    assert ints(schools.corrected) == {151275: (None, 61)}


def test_lincolnshire_s_federations_and_trusts(lincolnshire):
    def sizes(column):
        labels = list(groups_from_column(lincolnshire.frame, column).values())
        return sorted(labels.count(label) for label in set(labels))

    assert sizes("Federations (name)") == [2] * 18 + [3] * 3
    trusts = sizes("Trusts (name)")
    assert len(trusts) == 42 and sum(size >= 2 for size in trusts) == 19


def test_nobody_s_name_or_number_is_read(lincolnshire):
    assert not [heading for heading in lincolnshire.frame if heading.startswith(("Head", "Props", "Tele"))]


def test_the_older_vintage_and_rutland():
    older = read_schools(real("gias_lincolnshire_2024-11.csv"), missing_pupils="leave out")
    assert ints((len(older.frame), len(older.left_out))) == (273, 7)
    rutland = read_schools(real("gias_rutland_2025-07.csv"), local_authority=["857"]).frame["pupils"]
    assert (len(rutland), rutland.sum(), (rutland <= 200).sum()) == (17, 2_639, 14)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_however_it_is_saved_it_reads_the_same(lincolnshire, tmp_path, encoding, quoting):
    with real("gias_lincolnshire_2025-07.csv").open(encoding="cp1252", newline="") as stream:
        rows = list(csv.reader(stream))
    with (tmp_path / "again.csv").open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, quoting=quoting).writerows(rows)
    again = read_schools(tmp_path / "again.csv", missing_pupils="leave out")
    assert again.frame.equals(lincolnshire.frame)


def test_a_cut_short_register_is_told(tmp_path):
    content = real("gias_lincolnshire_2025-07.csv").read_bytes()
    (tmp_path / "cut.csv").write_bytes(content[:500_000])
    assert "cut short" in faults_of(read_schools, tmp_path / "cut.csv")[0]


def test_the_history_joins_and_the_districts_agree_with_the_register():
    schools = read_schools(
        real("gias_lincolnshire_2025-07.csv"),
        pupils={151275: 61},
        join=[real("lincolnshire_primaries_pupil_history.csv")],
        areas={"district": real("lincolnshire_districts_2017.geojson")},
    )
    same = schools.frame["district"] == schools.frame["DistrictAdministrative (name)"]
    assert same.mean() > 0.99  # outlines are generalised
    assert "pupils_jan2019" in schools.frame
    assert read_boundaries(real("lincolnshire_county.geojson"))["name"].tolist() == ["Lincolnshire"]


def test_the_made_up_county_and_its_travel():
    schools = read_schools(real("county250.csv"), columns={"urn": "id", "name": "id", "easting": "x", "northing": "y"})
    points = schools.frame.geometry
    travel = CrowFly(schools.frame.index, points.x, points.y)
    assert len(schools.frame) == 250 and 0 < len(travel.within(2000)) < 250 * 249
