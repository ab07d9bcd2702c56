"""One list of what a cell says, for every reader: nothing, an error of a spreadsheet, or a label."""

from __future__ import annotations

import pandas as pd
import pytest
from identifiers import ints
from telling import faults_of

from geodata.answers import read_answers
from geodata.groups import groups_from_column, notices_of_column, read_groups
from geodata.labels import first_spellings, folded, is_blank, is_error, is_value
from geodata.links import read_links
from geodata.schools import read_schools
from geodata.urns import urns_of

HEADINGS = "urn,name,pupils,easting,northing,federation,note"
ERRORS = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#NV", "#BEZUG!"]
MORE_ERRORS = [
    "#¡VALOR!",
    "#GETTING_DATA",
    "Err:502",
    "########",
    "#ERROR!",
    "#n/a",
    "#N/B",
    "#N/DISP",
    "#Н/Д",
    "#BRAK",
    "#YOK",
]


@pytest.mark.parametrize("text", [*ERRORS, *MORE_ERRORS])
def test_what_a_spreadsheet_could_not_work_out_is_an_error(text):
    assert is_error(text)


@pytest.mark.parametrize("text", ["", "#1", "# Primary", "Error", "Err", "No. #5", "N/A", "7!", "Hull #2!"])
def test_other_text_is_none(text):
    assert not is_error(text)


def test_what_is_no_value_and_what_is():
    assert not any(
        map(is_value, ["", " ", "n/a", "NA", "Not Applicable", "-", "None", "nan", "<NA>", "0", "0.0", "00"])
    )
    assert all(map(is_value, ["Fens", "no", "yes", "7", "0.5", "Nan Primary"]))
    assert is_blank("Unknown") and not is_blank("0")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cliff Road", "cliff  road"),
        ("St Mary’s", "st mary's"),
        ("Café", "Cafe\u0301"),
        ("Fen\u00a0End", "Fen End"),
        ("A–B", "a-b"),
        ("“Old”", '"old"'),
        ("Hill\u200b", "HILL"),
    ],
)
def test_labels_that_look_alike_are_one_spelt_as_the_first(one, other):
    assert folded(one) == folded(other)
    assert first_spellings([one, other, one]) == {one: one, other: one}


def test_labels_that_differ_for_a_reader_stay_two():
    assert len(set(map(folded, ["St Mary", "St Marys", "Café", "Cafe", "Cliff Rd"]))) == 5


@pytest.fixture
def write(tmp_path):
    def write(*lines, name="t.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_in_a_column_that_is_used_is_a_fault_wherever_it_stands(write, error):
    urns = set(urns_of([1, 2]))
    of_groups = write("urn,partnership", "1,Fens", f"2,{error}")
    told = faults_of(read_groups, of_groups, label="partnership", known_urns=urns, selected_urns=urns)
    assert told == [
        f"t.csv, row 3, partnership = '{error}': the spreadsheet could not work this cell out; mend its formula, or "
        "type the value"
    ]
    for read, lines in (
        (read_links, ("urn_a,urn_b,weight", f"1,2,{error}")),
        (read_answers, ("urn,answer,date", f"1,yes,{error}")),
    ):
        (told_of,) = faults_of(read, write(*lines), urns, urns)
        assert "row 2" in told_of and "could not work this cell out" in told_of
    schools = write(HEADINGS, f"1,Ash,61,500000,340000,{error},", "2,Elm,90,503000,341000,,")
    (fault,) = faults_of(read_schools, schools, keep=["federation"])
    assert fault.startswith(f"t.csv, row 2, federation = '{error}'") and fault.endswith("[Ash]")
    for field, place in (("pupils", f"1,Ash,{error},500000,340000,,"), ("easting", f"1,Ash,61,{error},340000,,")):
        (fault,) = faults_of(read_schools, write(HEADINGS, place))
        assert f"row 2, {field} = '{error}'" in fault and "could not work this cell out" in fault


def test_an_error_in_a_column_that_nothing_uses_is_a_blank_and_said(write):
    schools = read_schools(write(HEADINGS, "1,Ash,61,500000,340000,,#REF!", "2,Elm,90,503000,341000,,good"))
    assert schools.frame["note"].tolist() == ["", "good"]
    (notice,) = schools.notices
    assert notice.column == "note" and "'#REF!'" in notice.fix and "blanks" in notice.fix


def test_an_error_in_a_joined_table_is_a_fault_where_the_column_is_used(write):
    schools = write(HEADINGS, "1,Ash,61,500000,340000,,", name="schools.csv")
    extra = write("urn,area,other", "1,#N/A,#N/A", name="extra.csv")
    (fault,) = faults_of(read_schools, schools, join=[extra], keep=["area"])
    assert fault.startswith("extra.csv, row 2, area = '#N/A'")
    assert read_schools(schools, join=[extra]).frame["other"].tolist() == [""]


def test_a_column_of_labels_takes_0_for_none_and_spellings_for_one_and_says_both():
    frame = pd.DataFrame({"federation": ["Fens", "fens ", "0", "0", "No"]}, index=[1, 2, 3, 4, 5])
    assert groups_from_column(frame, "federation") == {1: "Fens", 2: "Fens"}
    told = [notice.fix for notice in notices_of_column(frame, "federation", "s.csv", "headship")]
    assert told == ["also written 'fens ': read as one", "2 schools have 0: taken as no headship"]


@pytest.mark.parametrize("said", ["yes", "TRUE", "Y"])
def test_a_plain_yes_is_no_name_of_a_group(write, said):
    frame = pd.DataFrame({"federation": [said, ""]}, index=[1, 2])
    assert "no name of a headship" in faults_of(groups_from_column, frame, "federation", label="headship")[0]
    path = write("urn,partnership", f"1,{said}")
    (fault,) = faults_of(read_groups, path, label="partnership", known_urns=urns_of([1]), selected_urns=urns_of([1]))
    assert "no name of a partnership" in fault


def test_a_column_that_rules_use_has_one_spelling(write):
    lines = ("1,Ash,61,500000,340000,North,", "2,Elm,90,503000,341000,north,", "3,Oak,50,502000,341000,NORTH ,")
    path = write(HEADINGS, *lines)
    used = read_schools(path, keep=["federation"])
    assert used.frame["federation"].tolist() == ["North"] * 3 and "'north' and 'NORTH'" in used.notices[0].fix
    assert read_schools(path).frame["federation"].tolist() == ["North", "north", "NORTH"]
    assert ints(read_schools(path, only={"federation": "nORTH"}).frame.index.tolist()) == [1, 2, 3]
