"""Did it work: shares with intervals, small numbers suppressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from identifiers import ints
from parish import account_of, case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.effects_sheet import effects_facts, tables, write_effects, write_sheets_to_fill
from partition.scheme.intervals import wilson

RESULTS = '[effects]\nresults = "results.csv"\nmeasure = "reading"\nbelow = 60.0\n'


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe (1998), table I: 81 of 263 is 0.2553 to 0.3662, and 0 of 20 is 0 to 0.1611."""
    assert [round(end, 4) for end in wilson(81, 263, 1.959964)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(0, 20, 1.959964)] == [0.0, 0.1611]
    assert wilson(0, 0, 1.96) == (0.0, 1.0)


def test_members_beside_others_and_small_numbers_hidden(tmp_path: Path) -> None:
    """Twelve members: in 2026 six of twelve are below; in 2027 three, too few to show. Blanks count for nothing."""
    schools = urns(*range(1, 15))
    rows = [(urn, 2026, "reading", 50 if n < 6 else 70) for n, urn in enumerate(schools[:12])]
    rows += [(urn, 2027, "reading", 50 if n < 3 else 70) for n, urn in enumerate(schools[:12])]
    rows += [(urn, 2026, "reading", "" if n else 10) for n, urn in enumerate(schools[12:])]
    rows += [(schools[0], 2026, "maths", 1)]
    table(tmp_path, "results.csv", "urn year measure value", rows)
    found = scheme(case_of(tmp_path, range(14), RESULTS), range(1, 13)).effects
    assert found is not None and "does not show that partnerships caused it" in found.caution
    members, others, later = found.shares
    assert ints((members.year, members.kind, members.size, members.schools, members.below)) == (
        2026,
        "small, in a partnership",
        "under 180",
        12,
        6,
    )
    assert members.interval is not None and members.interval.share == 0.5
    assert (members.interval.low, members.interval.high) == wilson(6, 12, 1.96)
    assert members.interval.words == "50 % (25 to 75)"
    assert others.is_suppressed and others.kind == "small, in none"
    assert later.is_suppressed and later.interval is None


def test_larger_schools_and_sizes_stand_apart(tmp_path: Path) -> None:
    """Of six schools three have 90 pupils, one 180, one 200 and one 300: two sizes of small ones, and one larger."""
    rows = [(urn, 2026, "reading", 50) for urn in urns(*range(1, 7))]
    table(tmp_path, "results.csv", "urn year measure value", rows)
    case = case_of(tmp_path, range(6), RESULTS + "suppress_under = 1\n", pupils=[90, 90, 90, 180, 200, 300])
    found = scheme(case, [1, 2, 4]).effects
    assert found is not None
    assert [(share.kind, share.size, share.schools) for share in found.shares] == [
        ("small, in a partnership", "under 180", 2),
        ("small, in a partnership", "180 or more", 1),
        ("small, in none", "under 180", 1),
        ("small, in none", "180 or more", 1),
        ("larger", "180 or more", 1),
    ]


def test_membership_can_begin_in_a_year(tmp_path: Path) -> None:
    rows = [(urn, year, "reading", 70) for urn in urns(*range(1, 7)) for year in (2025, 2026)]
    table(tmp_path, "results.csv", "urn year measure value", rows)
    since = ", ".join(f"{urn} = 2026" for urn in urns(*range(1, 7)))
    found = scheme(case_of(tmp_path, range(6), f"{RESULTS}member_since = {{{since}}}\n"), range(1, 7)).effects
    assert found is not None
    assert ints([(share.year, share.kind, share.below) for share in found.shares]) == [
        (2025, "small, in none", 0),
        (2026, "small, in a partnership", 0),
    ]


def test_a_survey_counts_who_answered_and_who_agrees(tmp_path: Path) -> None:
    """Of five in partnerships four answer; three schools say 4, 5 and 2 to the first statement, two to the second."""
    answers = [("900001", "Saves time", 4), ("900002", " saves TIME ", 5), ("900003", "Saves time", 2)]
    answers += [("900001", "Helps", 5), ("900004", "Helps", 1), ("900005", "Helps", ""), ("900006", "Helps", 5)]
    table(tmp_path, "survey.csv", "urn question answer", answers)
    case = case_of(tmp_path, range(6), '[effects]\nsurvey = "survey.csv"\n')
    found = scheme(case, [1, 2, 3], [4, 5]).effects
    assert found is not None and found.survey is not None
    survey = found.survey
    assert (survey.asked, survey.answered, survey.elsewhere) == (5, 4, 1)
    assert survey.response_words == "4 of 5 schools in partnerships answered (80 %)"
    first, second = survey.statements
    assert (first.text, first.responses, first.schools, first.agreeing) == ("Saves time", 3, 3, 2)
    assert first.mean == pytest.approx(11 / 3) and first.interval is not None
    assert (first.interval.low, first.interval.high) == wilson(2, 3, 1.96)
    assert (second.text, second.schools, second.agreeing, second.mean) == ("Helps", 2, None, None)
    told = [(one.partnership, one.text, one.schools, one.agreeing) for one in survey.by_partnership]
    assert told == [(1, "Saves time", 3, 2), (1, "Helps", 1, None), (2, "Helps", 1, None)]


def test_many_answers_of_one_school_are_one_school(tmp_path: Path) -> None:
    """Nine answers of one school's staff are not shown: they would tell of one head."""
    table(tmp_path, "survey.csv", "urn question answer", [("900001", "Helps", 2)] * 9)
    found = scheme(case_of(tmp_path, range(3), '[effects]\nsurvey = "survey.csv"\n'), [1, 2, 3]).effects
    assert found is not None and found.survey is not None
    (one,) = found.survey.statements
    assert (one.responses, one.schools, one.agreeing, one.interval, one.mean) == (9, 1, None, None, None)


def test_activities_are_ranked_by_how_many_partnerships_do_them(tmp_path: Path) -> None:
    """A partnership is named by its number, its name or a school's URN; counts of one activity are added up."""
    case = case_of(tmp_path, range(4), '[effects]\nactivity = "activity.csv"\n')
    name = account_of(case, [1, 2], [3, 4]).partnerships[1].name
    rows = [
        ("1", "Meetings", 9),
        ("900002", "Training", 2),
        (name, "training", 4),
        ("2", "Sport", 0),
        ("900004", "Art", ""),
    ]
    table(tmp_path, "activity.csv", "partnership activity count", rows)
    found = scheme(case, [1, 2], [3, 4]).effects
    assert found is not None and (found.shares, found.survey) == ((), None)
    told = [(one.what, one.partnerships, one.times) for one in found.key_activities]
    assert told == [("Training", 2, 6), ("Meetings", 1, 9)]
    assert [(one.partnership, one.what, one.times) for one in found.activities] == [
        (1, "Meetings", 9),
        (1, "Training", 2),
        (2, "Sport", 0),
        (2, "Training", 4),
    ]


def test_an_activity_of_nobody_is_refused(tmp_path: Path) -> None:
    case = case_of(tmp_path, range(4), '[effects]\nactivity = "activity.csv"\n')
    rows = [("Fen", "meetings", 4), ("7", "meetings", 1), ("1", "meetings", 4)]
    table(tmp_path, "activity.csv", "partnership activity count", rows)
    with pytest.raises(BadData) as bad:
        scheme(case, [1, 2], [3, 4]).effects  # noqa: B018
    assert [fault.value for fault in bad.value.faults] == ["Fen", "7"]
    table(tmp_path, "activity.csv", "partnership activity count", [("1", "meetings", 4), ("2", "training", "many")])
    with pytest.raises(BadData) as bad:
        scheme(case, [1, 2], [3, 4])
    assert ints([fault.row for fault in bad.value.faults]) == [3]


def test_single_partnerships_answers_are_internal(tmp_path: Path) -> None:
    answers = [(urn, "Helps", 5) for urn in urns(1, 2, 3)]
    table(tmp_path, "survey.csv", "urn question answer", answers)
    around = scheme(case_of(tmp_path, range(3), '[effects]\nsurvey = "survey.csv"\n'), [1, 2, 3])
    assert around.effects is not None
    public, internal = (tables(around, around.effects, internal=told) for told in (False, True))
    assert [one.name for one in public] == ["Survey"]
    assert [one.name for one in internal] == ["Survey", "Survey by partnership"]
    assert internal[1].rows == ((1, around.account.partnerships[0].name, "Helps", 3, 3, "100 % (44 to 100)", "5.0"),)
    assert "by_partnership" not in effects_facts(around.effects)["survey"]
    written = write_effects(public, around.effects.caution, tmp_path / "out")
    assert sorted(written) == ["survey"] and "Proven" not in (tmp_path / "out/survey.csv").read_text("utf-8-sig")


def test_the_sheets_filled_in_are_what_is_read(tmp_path: Path) -> None:
    """Rows left blank count for nothing; every row that is filled in is used."""
    from openpyxl import load_workbook

    around = scheme(case_of(tmp_path, range(5)), [1, 2, 3])
    files = write_sheets_to_fill(around, tmp_path)
    filled = {
        "results": (3, {"year": 2026, "measure": "reading", "value": 55}),
        "survey": (4, {"answer": 4}),
        "activity": (2, {"count": 7}),
    }
    for name, (rows, cells) in filled.items():
        book = load_workbook(files[name])
        sheet = book.active
        headings = [cell.value for cell in sheet[1]]
        for row in range(2, 2 + rows):
            for heading, value in cells.items():
                sheet.cell(row, headings.index(heading) + 1).value = value
        book.save(files[name])
    named = "".join(f'{name} = "{name}.xlsx"\n' for name in filled)
    case = case_of(tmp_path, range(5), f'[effects]\n{named}measure = "reading"\nbelow = 60\nsuppress_under = 1\n')
    found = scheme(case, [1, 2, 3]).effects
    assert found is not None and found.survey is not None
    assert [share.schools for share in found.shares] == [3]
    assert (found.survey.answered, [one.responses for one in found.survey.statements]) == (2, [2, 1, 1])
    assert [one.times for one in found.key_activities] == [7, 7]


def test_it_is_off_unless_asked_and_refuses_what_is_not_there(tmp_path: Path) -> None:
    assert scheme(case_of(tmp_path, [0, 1]), [1, 2]).effects is None
    table(tmp_path, "results.csv", "urn year measure value", [("900001", 2026, "maths", 1)])
    with pytest.raises(BadData, match="the results have no such measure; there are: maths"):
        scheme(case_of(tmp_path, [0, 1], RESULTS), [1, 2])
    with pytest.raises(BadData, match="say which measure"):
        scheme(case_of(tmp_path, [0, 1], '[effects]\nresults = "results.csv"\n'), [1, 2])
