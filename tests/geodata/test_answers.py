"""What schools said: read strictly, every fault told at once, and nobody's name kept; sheets hold no formula."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from identifiers import ints
from telling import faults_of

from geodata.answers import Answer, Answers, read_answers
from geodata.sheets import as_csv, write_workbook
from geodata.urns import urns_of

KNOWN, SELECTED = urns_of(range(1, 10)), urns_of(range(1, 6))


def read(folder: Path, text: str) -> Answers:
    path = folder / "said.csv"
    path.write_text(text, encoding="utf-8-sig")
    return read_answers(path, KNOWN, SELECTED)


def test_answers_are_read_by_urn(tmp_path: Path) -> None:
    rows = ["3; 2,1,YES,2026-03-31", ",2,undecided,31/03/2026", ",3,none,", ",4,,", "1,5,No,31-03-2026"]
    answers = read(tmp_path, "\n".join(["Partners,URN,Answer,date", *rows]))
    assert ints(answers.by_urn) == {
        1: Answer(said="yes", partners=(2, 3), date="2026-03-31"),
        2: Answer(said="undecided", date="2026-03-31"),
        3: Answer(),
        4: Answer(),
        5: Answer(said="no", partners=(1,), date="2026-03-31"),
    }
    assert answers.notices == ()


def test_wishes_are_read_in_their_order_and_who_is_not_wanted(tmp_path: Path) -> None:
    rows = ["1,yes,3; 2,4", "2,,,", "3,no,,1; 2"]
    answers = read(tmp_path, "\n".join(["urn,answer,wishes,not_wanted", *rows]))
    assert ints(answers.by_urn) == {
        1: Answer(said="yes", wishes=(3, 2), not_wanted=(4,)),
        2: Answer(),
        3: Answer(said="no", not_wanted=(1, 2)),
    }


def test_every_wrong_wish_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text('urn,answer,wishes,not_wanted\n1,yes,"2; 77; 1; 2","2; x"\n')
    told = faults_of(read_answers, path, KNOWN, SELECTED)
    assert [fault.split(": ")[0] for fault in told] == [
        "said.csv, row 2, wishes = '77'",
        "said.csv, row 2, wishes = '1'",
        "said.csv, row 2, wishes = '2'",
        "said.csv, row 2, not_wanted = 'x'",
        "said.csv, row 2, not_wanted = '2'",
    ]


def test_only_partners_who_name_each_other_agree(tmp_path: Path) -> None:
    answers = read(tmp_path, 'urn,answer,partners\n2,yes,1\n1,yes,"2, 3"\n3,,4\n4,no,3\n')
    assert ints(answers.agreed) == ((1, 2), (3, 4))


def test_a_workbook_is_read_with_its_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["urn", "answer", "date", "partners"],
        [1, "yes", datetime(2026, 3, 31), 2],
        [2, "no", "2026-4-1", "1;3"],
    ):
        book.active.append(row)
    book.save(tmp_path / "said.xlsx")
    answers = read_answers(tmp_path / "said.xlsx", KNOWN, SELECTED)
    assert ints(answers.by_urn["1"]) == Answer(said="yes", partners=(2,), date="2026-03-31")
    assert ints(answers.by_urn["2"]) == Answer(said="no", partners=(1, 3), date="2026-04-01")


def test_every_fault_is_told_at_once_in_reading_order(tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text(
        "urn,answer,partners,date\n1,yes,,\n1,no,,\n77,yes,,\nx,yes,,\n2,perhaps,,\n3,yes,,31.02.2026\n"
        "4,yes,77;4;1;1;z,soon\n5,=no,,\n"
    )
    told = faults_of(read_answers, path, KNOWN, SELECTED)
    assert [fault.split(": ")[0] for fault in told] == [
        "said.csv, row 3, urn = '1'",
        "said.csv, row 4, urn = '77'",
        "said.csv, row 5, urn = 'x'",
        "said.csv, row 6, answer = 'perhaps'",
        "said.csv, row 7, date = '31.02.2026'",
        "said.csv, row 8, date = 'soon'",
        "said.csv, row 8, partners = '77'",
        "said.csv, row 8, partners = '4'",
        "said.csv, row 8, partners = '1'",
        "said.csv, row 8, partners = 'z'",
        "said.csv, row 9, answer = '=no'",
    ]
    assert told[3].endswith("use one of yes, no, undecided, none; blank is none: no answer yet")


def test_who_answered_is_not_read_and_schools_elsewhere_are_only_counted(tmp_path: Path) -> None:
    text = "urn,answer,By whom,answered by,Headteacher,remarks\n1,yes,Ann,Bo,Cy,fine\n9,no,Di,,,\n"
    answers = read(tmp_path, text)
    assert ints(list(answers.by_urn)) == [1]
    assert [str(notice) for notice in answers.notices] == [
        *(
            f"said.csv, row 1, {heading}: not read: who answered is not asked"
            for heading in ("By whom", "answered by", "Headteacher")
        ),
        "said.csv: 1 row is of a school not among those selected: left out",
    ]
    assert not any(name in repr(answers.by_urn) for name in ("Ann", "Bo", "Cy"))


@pytest.mark.parametrize("missing", ["urn", "answer"])
def test_a_table_without_its_columns_is_refused(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "said.csv"
    path.write_text("urn,answer\n1,yes\n".replace(missing, "other"))
    assert f"{missing}: no such column" in faults_of(read_answers, path, KNOWN, SELECTED)[0]


HOSTILE = ("=1+1", "+1", "-1", "@x", "\t=1", "＝1")


def test_no_text_is_a_formula_in_a_sheet(tmp_path: Path) -> None:
    assert as_csv([[*HOSTILE, -1, "plain"]]) == "'=1+1,'+1,'-1,'@x,'\t=1,'＝1,-1,plain\n"
    path = tmp_path / "t.xlsx"
    write_workbook(path, ["a"], [[text] for text in (*HOSTILE, "http://x", "{=1}")], sheet="S", header="A & B")
    cells = [cell for (cell,) in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * 8
    assert [cell.hyperlink for cell in cells] == [None] * 8


def test_the_same_rows_give_the_same_bytes_and_answers_drop_down(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_workbook(tmp_path / name, ["urn", "answer"], [[1, None]], sheet="S", choices={"answer": ["yes", "no"]})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    (offered,) = openpyxl.load_workbook((tmp_path / "one").open("rb")).active.data_validations.dataValidation
    assert (offered.formula1, str(offered.sqref)) == ('"yes,no"', "B2:B1001")
