"""Links make a graph, and labels make groups; what is wrong with either file is told."""

from __future__ import annotations

import pandas as pd
import pytest
from identifiers import ints
from telling import faults_of

from geodata.faults import BadData
from geodata.groups import groups_from_column, read_groups
from geodata.labels import is_value
from geodata.links import read_links
from geodata.urns import urns_of

KNOWN, SELECTED = urns_of(range(1, 10)), urns_of(range(1, 6))


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "t.csv"
        path.write_text(text)
        return path

    return write


def test_links_become_a_graph(write):
    path = write("urn_b,URN_A,weight,agreed,kind,source\n2,1,,yes,shared post,survey\n3,2,2.5,No,,\n1,3,1,,,\n")
    links = read_links(path, KNOWN, SELECTED)
    assert ints(list(links.graph.nodes)) == [1, 2, 3, 4, 5]
    assert links.graph.edges["1", "2"] == {
        "weight": 1.0,
        "kind": "shared post",
        "source": "survey",
        "agreed": True,
    }
    assert (links.graph.edges["2", "3"]["weight"], links.graph.edges["2", "3"]["agreed"]) == (2.5, False)
    assert links.graph.edges["1", "3"]["agreed"] is None
    assert (links.out_of_reach, links.notices, links.source.name) == ((), (), "t.csv")


def test_a_link_that_leads_out_is_listed_and_costs_nothing(write):
    links = read_links(write("urn_a,urn_b\n9,1\n7,8\n1,2\n"), KNOWN, SELECTED)
    assert ints(links.out_of_reach) == ((1, 9), (7, 8)) and ints(list(links.graph.edges)) == [(1, 2)]
    (notice,) = links.notices  # it stands on public pages: rows of the file, and no school
    assert str(notice).endswith(
        "2 links (rows 2, 3) with an end that is not among the schools selected: that costs nothing"
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1,77,1,", "row 3, urn_b = '77': no school has this URN"),
        ("x,2,1,", "row 3, urn_a = 'x': no school has this URN"),
        ("3,3,1,", "row 3, urn_b = '3': links a school to itself"),
        ("2,1,1,", "row 3, urn_b = '2': the pair 1 and 2 is in row 2 already"),
        ("1,3,heavy,", "row 3, weight = 'heavy': use a number above 0"),
        ("1,3,-1,", "row 3, weight = '-1': use a number above 0"),
        ("1,3,0,", "row 3, weight = '0': use a number above 0"),
        ("1,3,1001,", "row 3, weight = '1001': use a number above 0 and at most 1,000"),
        ("1,3,1,maybe", "row 3, agreed = 'maybe': use yes or no"),
    ],
)
def test_each_fault_of_a_link_is_told(write, line, told):
    (fault,) = faults_of(read_links, write(f"urn_a,urn_b,weight,agreed\n1,2,1,\n{line}\n"), KNOWN, SELECTED)
    assert told in fault


def test_all_faults_of_links_are_told_at_once(write):
    path = write("urn_a,urn_b,weight,agreed\n77,x,0,maybe\n1,1,1,\n")
    assert len(faults_of(read_links, path, KNOWN, SELECTED)) == 5


def test_links_need_two_ends(write):
    assert "urn_b: no such column" in faults_of(read_links, write("urn_a,b\n1,2\n"), KNOWN, SELECTED)[0]


def groups(path):
    return read_groups(path, label="partnership", known_urns=KNOWN, selected_urns=SELECTED)


def test_groups_are_labels_by_urn(write):
    found = groups(write("Partnership,note,URN\nWolds,x,2\nFens,,1\nFens,,9\n"))
    assert ints(list(found.labels.items())) == [(1, "Fens"), (2, "Wolds")]
    assert ints(found.out_of_reach) == ((9, "Fens"),) and [notice.row for notice in found.notices] == [4]


def test_of_two_columns_the_other_is_the_label(write):
    assert ints(groups(write("urn;cluster\n1;Fens\n")).labels) == {1: "Fens"}
    with pytest.raises(BadData, match="partnership: no such column"):
        groups(write("urn,cluster,note\n1,Fens,\n"))


def test_a_column_without_a_heading_labels_nobody(write):
    (told,) = faults_of(groups, write("urn,\n1,Fens\n2,Fens\n"))
    assert told.startswith("t.csv, row 1") and "partnership" in told


def test_all_faults_of_groups_are_told_at_once(write):
    assert faults_of(groups, write("urn,partnership\n1,Fens\n1,Wolds\n77,Fens\nx,Fens\n2,\n3,Not applicable\n")) == [
        "t.csv, row 3, urn = '1': repeats row 2; delete one of them",
        "t.csv, row 4, urn = '77': no school has this URN; correct or delete it",
        "t.csv, row 5, urn = 'x': no school has this URN; correct or delete it",
        "t.csv, row 6, partnership = '': name the partnership, or delete the row",
        "t.csv, row 7, partnership = 'Not applicable': name the partnership, or delete the row",
    ]


def test_a_column_groups_only_the_schools_that_say_something():
    said = ["Spires", "", "Not under a federation", "Not applicable", "Does not apply", "Spires", "Alone"]
    frame = pd.DataFrame({"federation": said}, index=[7, 6, 5, 4, 3, 2, 1])
    assert ints(list(groups_from_column(frame, "federation").items())) == [
        (1, "Alone"),
        (2, "Spires"),
        (7, "Spires"),
    ]
    assert "did you mean 'federation'?" in faults_of(groups_from_column, frame, "federations")[0]


def test_what_counts_as_a_value():
    assert is_value("Diocese of Lincoln") and is_value("no")
    assert not any(map(is_value, ("", " ", "NOT APPLICABLE", "none", "-", "n/a")))
