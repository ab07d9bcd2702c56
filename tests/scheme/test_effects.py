"""Did it work: shares with intervals, small numbers suppressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from identifiers import ints
from parish import case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.effects import wilson

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
    others, members, later = found.shares
    assert ints((members.year, members.member, members.schools, members.below, members.share)) == (
        2026,
        True,
        12,
        6,
        0.5,
    )
    assert (members.low, members.high) == wilson(6, 12, 1.96)
    assert others.is_suppressed and not others.member and later.is_suppressed and later.share is None


def test_membership_can_begin_in_a_year(tmp_path: Path) -> None:
    rows = [(urn, year, "reading", 70) for urn in urns(*range(1, 7)) for year in (2025, 2026)]
    table(tmp_path, "results.csv", "urn year measure value", rows)
    since = ", ".join(f"{urn} = 2026" for urn in urns(*range(1, 7)))
    found = scheme(case_of(tmp_path, range(6), f"{RESULTS}member_since = {{{since}}}\n"), range(1, 7)).effects
    assert found is not None
    assert ints([(share.year, share.member, share.share) for share in found.shares]) == [
        (2025, False, 0),
        (2026, True, 0),
    ]


def test_a_survey_of_two_has_no_mean(tmp_path: Path) -> None:
    table(tmp_path, "results.csv", "urn year measure value", [("900001", 2026, "reading", 1)])
    answers = [("900001", "time", 4), ("900002", "time", 2), ("900003", "time", 3), ("900001", "help", 5)]
    table(tmp_path, "survey.csv", "urn question answer", answers)
    found = scheme(case_of(tmp_path, range(4), RESULTS + 'survey = "survey.csv"\n'), [1, 2, 3, 4]).effects
    assert found is not None
    told = [(one.question, one.responses, one.schools, one.mean) for one in found.survey]
    assert ints(told) == [("help", 1, 1, None), ("time", 3, 3, 3)]


def test_activity_stands_beside_and_turns_it_on_by_itself(tmp_path: Path) -> None:
    """Meetings and joint training by partnership, as counted: no share and no mean is made of them."""
    rows = [("900002", "meetings", 4), ("900002", "joint training", 2), ("900004", "meetings", 0)]
    table(tmp_path, "activity.csv", "partnership activity count", rows)
    case = case_of(tmp_path, range(4), '[effects]\nactivity = "activity.csv"\n')
    found = scheme(case, [1, 2], [3, 4]).effects
    assert found is not None
    assert (found.activity, found.shares, found.survey) == (tuple(rows), (), ())
    table(tmp_path, "activity.csv", "partnership activity count", [("Fen", "meetings", 4), ("Fen", "training", "many")])
    with pytest.raises(BadData) as bad:
        scheme(case, [1, 2], [3, 4])
    assert ints([fault.row for fault in bad.value.faults]) == [3]


def test_it_is_off_unless_asked_and_refuses_what_is_not_there(tmp_path: Path) -> None:
    assert scheme(case_of(tmp_path, [0, 1]), [1, 2]).effects is None
    table(tmp_path, "results.csv", "urn year measure value", [("900001", 2026, "maths", 1)])
    with pytest.raises(BadData, match="the results have no such measure; there are: maths"):
        scheme(case_of(tmp_path, [0, 1], RESULTS), [1, 2])
    with pytest.raises(BadData, match="say which measure"):
        scheme(case_of(tmp_path, [0, 1], '[effects]\nresults = "results.csv"\n'), [1, 2])
