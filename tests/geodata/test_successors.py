"""Schools that go on under another identifier are followed, told one by one, and asked about where people must say."""

from __future__ import annotations

from pathlib import Path

import pytest
from telling import faults_of

from geodata.answers import read_answers
from geodata.groups import read_groups
from geodata.identifier import URN
from geodata.links import read_links
from geodata.matrix import read_matrix
from geodata.rows import COUNT, Column, count, read_rows
from geodata.schools import read_schools
from geodata.successors import Successors
from geodata.urns import Urn, urns_of

HEADINGS = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (name),PhaseOfEducation (name),"
    "EstablishmentTypeGroup (name),NumberOfPupils,Easting,Northing,OpenDate,CloseDate,ReasonEstablishmentClosed (name)"
)
FEN = "1,925,Lincs,2034,Fen School,Closed,Primary,Local authority maintained schools,61,500000,340000,,31-03-2025,"
FEN_ACADEMY = "9,925,Lincs,2034,Fen Academy,Open,Primary,Academies,,500000,340000,01-04-2025,,"
OTHER = "5,925,Lincs,2500,Holt School,Open,Primary,Academies,80,510000,340000,,,"


@pytest.fixture
def register(tmp_path):
    def register(*lines: str) -> Path:
        path = tmp_path / "gias.csv"
        path.write_text("\n".join([HEADINGS, OTHER, *lines]) + "\n", encoding="utf-8")
        return path

    return register


def school(urn, *, number="", name="Fen School", status="Open", east=500000, opened="", closed="", why="", pupils=50):
    """A row of the register."""
    group = "Primary,Academies" if status == "Open" else "Primary,Local authority maintained schools"
    return f"{urn},925,Lincs,{number},{name},{status},{group},{pupils},{east},340000,{opened},{closed},{why}"


def gone(urn, **given):
    return school(urn, status="Closed", **{"closed": "31-08-2024", **given})


def come(urn, **given):
    return school(urn, **{"opened": "01-09-2024", **given})


def successors(path, **stated) -> Successors:
    return read_schools(path, missing_pupils="leave out", **stated).successors


@pytest.mark.parametrize(
    ("old", "new", "ground"),
    [
        (gone(1, number=2034), come(9, number=2034, name="Other", east=520000), "with the same establishment number"),
        (gone(1, number=2034), come(9, number=2100, name="Other"), "on the same site"),
        (gone(1, number=2034), come(9, number=2100, east=520000), "with the same name"),
    ],
)
def test_a_closed_school_goes_on_as_the_one_that_opened_with_its_number_site_or_name(register, old, new, ground):
    found = successors(register(old, new))
    assert found.now("1") == "9"
    (notice,) = found.notices()
    name = new.split(",")[4]
    assert str(notice) == (
        f"gias.csv, URN = '1': Fen School (1) goes on as {name} (9) {ground}, and is followed as that; "
        "confirm it once with --set data.successors.1=9, or say closed in place of 9"
    )
    assert found.questions() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (gone(1), come(9, name="Other", east=520000)),  # nothing in common
        (gone(1), school(9, name="Other", opened="01-09-2001")),  # on its site, long before it closed
        (gone(1), school(9, name="Other")),  # on its site, opened before the register kept days
        (gone(1, closed="31-08-1999"), come(9)),  # on its site and of its name, 25 years later
        (gone(1), come(9).replace("925,", "857,", 1)),  # in another authority
        (gone(1), come(9).replace("Primary", "Secondary")),  # of another phase
    ],
)
def test_no_other_school_is_taken_for_a_successor(register, old, new):
    schools = read_schools(register(old, new), phases=["all"], local_authority="all")
    assert schools.successors.now("1") == "1"
    assert (schools.successors.notices(), schools.successors.questions()) == ([], [])


def test_a_school_of_today_and_what_is_no_school_are_left_as_they_are(register):
    found = successors(register(FEN, FEN_ACADEMY))
    assert [found.now(text) for text in ("9", "5", "777", "", "?")] == ["9", "5", "777", "", "?"]
    assert found.met == {}


def test_two_years_are_one_way(register):
    """1 became 2 by its number in 2023, and 2 became 3 on its site in 2024."""
    path = register(
        gone(1, number=2034, closed="31-08-2023"),
        gone(2, number=2034, name="Fen Academy", opened="01-09-2023"),
        come(3, number=2900, name="Fen Learning"),
    )
    found = successors(path)
    assert (found.now("1"), found.now("2")) == ("3", "3")
    told = [notice.fix for notice in found.notices()]
    assert told[0].startswith(
        "Fen School (1) goes on as Fen Learning (3) with the same establishment number and on the same site"
    )
    assert found.questions() == []


def test_a_split_is_asked_about(register):
    found = successors(register(gone(1), come(8, name="Fen Infants"), come(9, name="Fen Juniors")))
    assert found.now("1") == "1"
    (question,) = found.questions()
    assert str(question) == (
        "gias.csv, URN = '1': Fen School (1) may go on as Fen Infants (8) or Fen Juniors (9): "
        "say which, as in --set data.successors.1=8, or closed for neither"
    )


def test_a_merger_is_asked_about_and_said_once_for_each_school(register):
    infants, juniors = gone(1, number=2034, name="Fen Infants"), gone(2, name="Fen Juniors")
    path = register(infants, juniors, come(9, number=2034, name="Fen Primary"))
    found = successors(path)
    assert found.now("2") == "2"
    (question,) = found.questions()
    assert question.fix == (
        "Fen Juniors (2) and Fen Infants (1) were made one, Fen Primary (9): say whether it goes on as that, "
        "with --set data.successors.2=9, or closed where it does not"
    )
    said = successors(path, successors={Urn(1): Urn(9), Urn(2): Urn("closed")})
    assert (said.now("1"), said.now("2")) == ("9", "2")
    assert (said.notices(), said.questions()) == ([], [])


def test_a_school_taken_in_by_its_neighbour_on_the_site_is_asked_about(register):
    """The neighbour was open all along, so only the reason of the closing tells."""
    why = "Result of Amalgamation/Merger"
    found = successors(register(gone(1, name="Fen Infants", why=why), school(9, name="Fen Juniors")))
    assert found.now("1") == "1"
    assert found.questions()[0].fix.startswith("Fen Infants (1) was merged into Fen Juniors (9): say whether")


def test_what_is_stated_goes_before_what_the_register_tells(register):
    path = register(FEN, FEN_ACADEMY)
    assert successors(path, successors={Urn(1): Urn(5)}).now("1") == "5"
    assert successors(path, successors={Urn(1): Urn("closed")}).now("1") == "1"
    elsewhere = successors(path, successors={Urn(777): Urn(1)})  # of a school that the file does not have
    assert elsewhere.now("777") == "9"


def test_a_statement_that_cannot_be_is_a_fault(register):
    found = successors(register(FEN, FEN_ACADEMY), successors={Urn(1): Urn(404), Urn(5): Urn(9)})
    assert [str(fault) for fault in found.questions()] == [
        "scenario, data.successors.1 = '404': no school of today has this URN; correct it, or say \"closed\"",
        "scenario, data.successors.5 = '9': Holt School (5) is a school of today; take it out",
    ]


def test_a_way_that_leads_back_leads_nowhere(register):
    found = successors(register(FEN), successors={Urn(1): Urn(2), Urn(2): Urn(1)})
    assert found.now("1") == "1" and len(found.questions()) == 2


LINKS = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n"


def test_the_registers_links_say_it_from_either_end(register, tmp_path):
    links = tmp_path / "links.csv"
    links.write_text(LINKS + "1,9,Fen,Successor,\n9,1,Fen,Predecessor,\n9,2,Fen,Predecessor,\n5,9,Fen,Other,\n")
    found = successors(register(gone(1, east=1), come(9, name="Other")), register_links=links)
    assert found.now("1") == "1", "9 continues 1 and 2: a merger"
    assert [fault.value for fault in found.questions()] == ["1"]
    links.write_text(LINKS + "1,9,Fen,Successor,\n9,1,Fen,Predecessor,\n")
    found = successors(register(gone(1, east=1), come(9, name="Other")), register_links=links)
    assert found.now("1") == "9"
    assert "by the register's table of links" in found.notices()[0].fix
    links.write_text(LINKS + "1,9,Fen,Successor - Split School,\n")
    split = successors(register(gone(1, east=1), come(9, name="Other")), register_links=links)
    assert split.now("1") == "1" and len(split.questions()) == 1


def test_a_table_of_links_is_checked(register, tmp_path):
    links = tmp_path / "links.csv"
    links.write_text(LINKS + "1,?,Fen,Successor,\n")
    (fault,) = faults_of(read_schools, register(FEN, FEN_ACADEMY), register_links=links)
    assert fault.startswith("links.csv, row 2, LinkURN = '?': ")


def test_a_correction_is_of_the_school_of_today(register):
    schools = read_schools(register(FEN, FEN_ACADEMY), pupils={1: 61})
    assert schools.frame.at["9", "pupils"] == 61
    assert dict(schools.corrected) == {Urn(9): (None, 61)}


def test_every_table_of_schools_follows(register, tmp_path):
    schools = read_schools(register(FEN, FEN_ACADEMY), pupils={9: 61})
    known, selected, now = schools.known_urns, urns_of([5, 9]), schools.successors.now

    def write(text):
        path = tmp_path / "t.csv"
        path.write_text(text)
        return path

    path = write("urn,partnership\n1,A\n5,A\n")
    read = read_groups(path, label="partnership", known_urns=known, selected_urns=selected, now=now)
    assert read.labels == {Urn(5): "A", Urn(9): "A"} and read.out_of_reach == ()
    answers = read_answers(write("urn,answer,partners\n1,yes,5\n5,no,1\n"), known, selected, now=now)
    assert answers.agreed == ((Urn(5), Urn(9)),) and answers.by_urn[Urn(9)].said == "yes"
    assert list(read_links(write("urn_a,urn_b\n1,5\n"), known, selected, now).graph.edges) == [("5", "9")]
    column = {"staff": Column(parse=count, fix=COUNT)}
    rows = read_rows(write("urn,staff\n1,7\n5,3\n"), column, known, now=now).rows
    assert rows == (("9", {"staff": 7}), ("5", {"staff": 3}))
    matrix = read_matrix(write("urn_from,urn_to,minutes\n1,5,4\n5,1,6\n"), selected, known, now=now)
    assert matrix.between([0, 1], [1, 0])[0].tolist() == [600, 400]


def test_the_row_of_today_goes_before_that_of_an_earlier_year(register, tmp_path):
    """A table of several years has both; the closed school's row is then left as it is."""
    history = tmp_path / "history.csv"
    history.write_text("urn,roll of 2030\n1,50\n9,70\n")
    schools = read_schools(register(FEN, FEN_ACADEMY), pupils={9: 61}, join=[history])
    assert schools.frame.at["9", "roll of 2030"] == "70"
    history.write_text("urn,roll of 2030\n1,50\n")
    schools = read_schools(register(FEN, FEN_ACADEMY), pupils={9: 61}, join=[history])
    assert schools.frame.at["9", "roll of 2030"] == "50"
    assert schools.successors.met == {}, "of a table of many years nothing is told one by one"


def test_schools_made_one_stand_once_where_they_agree(register, tmp_path):
    path = register(gone(1, name="Infants"), gone(2, name="Juniors"), come(9, name="Primary"))
    found = successors(path, successors={Urn(1): Urn(9), Urn(2): Urn(9)})
    known, selected = urns_of([1, 2, 5, 9]), urns_of([5, 9])
    table = tmp_path / "t.csv"

    def groups(text):
        table.write_text("urn,partnership\n" + text)
        return read_groups(table, label="partnership", known_urns=known, selected_urns=selected, now=found.now)

    assert groups("1,A\n2,A\n5,A\n").labels == {Urn(5): "A", Urn(9): "A"}
    (fault,) = faults_of(groups, "1,A\n2,B\n5,A\n")
    assert "repeats row 2" in fault
    table.write_text("urn_a,urn_b\n1,2\n1,5\n")
    assert list(read_links(table, known, selected, found.now).graph.edges) == [("5", "9")]
    table.write_text("urn,answer\n1,yes\n2,yes\n")
    assert read_answers(table, known, selected, now=found.now).by_urn[Urn(9)].said == "yes"
    table.write_text("urn,answer\n1,yes\n2,no\n")
    assert len(faults_of(read_answers, table, known, selected, URN, found.now)) == 1
