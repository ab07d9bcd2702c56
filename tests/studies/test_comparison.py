"""Plans side by side: who is matched with whom, who moved, and every difference, in towns checked by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identifiers import ints
from town import line, town

from partition.formats.marks import INTERNAL
from partition.model.area import Area, Link
from partition.model.costs import Preferences
from partition.model.matching import moved, successors
from partition.model.problem import Problem
from partition.model.roster import TakesPart
from partition.model.rules import HeadsPer, Rule, headships_moved
from partition.plans.account import Account
from partition.plans.changes import Changes
from partition.scheme.money import budget_of
from partition.scheme.stages import Log
from partition.settings.scheme import Money, Post, Posts
from partition.solver import Limits, solve
from partition.studies.comparison.compare import Comparison, Figure, Option
from partition.studies.comparison.text import csv_files, figure_words, markdown

MONEY = Money(per_partnership=1000, per_school=100, start_per_school=10)
POSTS = Posts(senco=Post(pupils_per_fte=100, pounds_per_fte=40_000))
SIX = line(0, 1, 2, 10, 11, 12)


def account(area: Area, *groups: Sequence[int], rules: Sequence[Rule] = (), who: TakesPart | None = None) -> Account:
    problem = Problem(area, rules, Preferences(meetings_per_year=6), who)
    return Account(problem, problem.plan(groups))


def compared(*accounts: Account, names: Sequence[str] = ("Now", "Then", "Later"), money: Money = MONEY) -> Comparison:
    return Comparison(
        [
            Option(letter=letter, name=name, account=one, budget=budget_of(one, money, POSTS, Log()))
            for letter, name, one in zip("ABC", names, accounts, strict=False)
        ]
    )


def told(comparison: Comparison) -> dict[str, tuple[float | None, ...]]:
    return {figure.what: figure.values for figure in comparison.figures}


# Matching ---------------------------------------------------------------------------------------------------


def test_partnerships_are_matched_so_that_most_stay_together() -> None:
    """1 2 3 | 4 5 6 becomes 1 | 2 3 4 | 5 6: the second takes two of the first, the third two of the second."""
    assert successors([(1, 2, 3), (4, 5, 6)], [(1,), (2, 3, 4), (5, 6)]) == {0: 1, 1: 2}
    assert moved([(1, 2, 3), (4, 5, 6)], [(1,), (2, 3, 4), (5, 6)]) == 2


def test_the_greedy_match_is_not_always_the_best() -> None:
    """3 of the first go to X; but giving X to the second (2) and Y to the first (2) keeps 4, against 3."""
    first, second = (1, 2, 3, 4, 5), (6, 7)
    x, y = (1, 2, 3, 6, 7), (4, 5)
    assert successors([first, second], [x, y]) == {0: 1, 1: 0}
    assert moved([first, second], [x, y]) == 3


def test_who_shares_nobody_is_no_successor() -> None:
    assert successors([(1, 2)], [(3, 4)]) == {}
    assert successors([], [(1,)]) == successors([(1,)], []) == {}
    assert moved([], [(1, 2)]) == 0
    assert moved([(1, 2)], []) == 2


PLANS = st.lists(st.integers(0, 3), min_size=8, max_size=8)


def groups_of(labels: Sequence[int]) -> list[list[int]]:
    """Schools 1 to 8 by label; 0 is alone, and so is who has a label to itself."""
    by_label: dict[int, list[int]] = {}
    for urn, label in enumerate(labels, 1):
        by_label.setdefault(label, []).append(urn)
    return [urns for label, urns in by_label.items() if label and len(urns) > 1]


FEDERATED = {2: "Fed", 3: "Fed"}  # one head: always together


def whole(labels: Sequence[int]) -> list[int]:
    return [labels[1] if n == 2 else label for n, label in enumerate(labels)]


@given(PLANS, PLANS)
def test_moved_is_what_the_rule_on_moved_headships_counts(one: Sequence[int], other: Sequence[int]) -> None:
    minutes = line(*range(8))
    before = account(town(minutes, heads=FEDERATED), *groups_of(whole(one)))
    existing = {f"P{n}": urns for n, urns in enumerate(groups_of(whole(one)))}
    after = account(town(minutes, heads=FEDERATED, today=existing), *groups_of(whole(other)))
    groups = after.problem.groups(after.plan)
    assert Changes(before, after).moved == headships_moved(after.problem.roster, groups)


@given(PLANS)
def test_a_plan_compared_with_itself_moves_nobody(labels: Sequence[int]) -> None:
    one = account(town(line(*range(8)), heads=FEDERATED), *groups_of(whole(labels)))
    changes = Changes(one, one)
    assert ints((changes.moved, changes.schools, changes.links)) == (0, (), ())
    assert {change.kind for change in changes.partnerships} <= {"the same"}
    comparison = compared(one, one)
    assert not [figure for figure in comparison.figures if figure.differs]
    assert comparison.cautions == ()


@given(PLANS, PLANS)
def test_every_school_is_told_that_is_not_with_the_partnership_that_continues_its_own(
    one: Sequence[int], other: Sequence[int]
) -> None:
    before, after = (account(town(line(*range(8))), *groups_of(labels)) for labels in (one, other))
    changes = Changes(before, after)
    there_and_back = Changes(after, before)
    assert there_and_back.moved - changes.moved == sum(map(len, groups_of(other))) - sum(map(len, groups_of(one)))
    stayed = sum(len(change.stayed) for change in changes.partnerships)
    lost = len(changes.of_kind("moved")) + len(changes.of_kind("no longer placed"))
    assert stayed + lost == sum(map(len, groups_of(one)))  # each school is one head here
    assert changes.moved == lost


# Who moved, from where to where -----------------------------------------------------------------------------


def test_schools_moved_newly_placed_and_no_longer_placed_are_named() -> None:
    """3 goes over to 4 and 5; 6 leaves; 7 comes in."""
    area = town(line(0, 1, 2, 3, 4, 5, 6))
    changes = Changes(account(area, [1, 2, 3], [4, 5, 6]), account(area, [1, 2], [3, 4, 5, 7]))
    assert ints([(c.urn, c.name, c.kind, c.before, c.after) for c in changes.schools]) == [
        (3, "School 3", "moved", 1, 2),
        (6, "School 6", "no longer placed", 2, None),
        (7, "School 7", "newly placed", None, 2),
    ]
    assert [(c.was, c.becomes) for c in changes.schools] == [
        ("placed", "placed"),
        ("placed", "unplaced"),
        ("unplaced", "placed"),
    ]
    assert ints([(c.kind, c.stayed, c.left, c.joined) for c in changes.partnerships]) == [
        ("changed", (1, 2), (3,), ()),
        ("changed", (4, 5), (6,), (3, 7)),
    ]
    assert changes.moved == 2


def test_plans_of_different_numbers_of_partnerships_tell_of_the_new_and_the_ended() -> None:
    area = town(line(0, 1, 2, 3, 4, 5))
    one, two = account(area, [1, 2], [3, 4], [5, 6]), account(area, [1, 2, 3], [4, 5, 6])
    assert ints([(c.kind, c.left, c.joined) for c in Changes(one, two).partnerships]) == [
        ("changed", (), (3,)),
        ("ended", (3, 4), ()),
        ("changed", (), (4,)),
    ]
    assert ints([(c.kind, c.joined) for c in Changes(two, one).partnerships]) == [
        ("changed", ()),
        ("changed", ()),
        ("new", (3, 4)),
    ]


def test_a_school_that_closed_is_no_longer_placed_but_no_head_of_the_new_plan_moved() -> None:
    before = account(town(line(0, 1, 2)), [1, 2, 3])
    after = account(town("to 1 2\n1 0 1\n2 1 0"), [1, 2])
    changes = Changes(before, after)
    assert ints([(c.urn, c.kind, c.becomes) for c in changes.schools]) == [(3, "no longer placed", "absent")]
    assert changes.moved == 0
    back = Changes(after, before)
    assert ints([(c.urn, c.kind, c.was) for c in back.schools]) == [(3, "newly placed", "absent")]


def test_two_heads_who_become_one_count_as_one() -> None:
    """2 and 3 were in two partnerships; now one head leads both, so one head moves, and school 2 with it."""
    before = account(town(line(0, 1, 2, 3)), [1, 2], [3, 4])
    after = account(town(line(0, 1, 2, 3), heads={2: "Fed", 3: "Fed"}), [2, 3, 4])
    changes = Changes(before, after)
    assert changes.moved == 1  # 1 is left alone; the head of 2 and 3 is with 4 as 3 was
    assert ints([(c.urn, c.kind) for c in changes.schools]) == [(1, "no longer placed"), (2, "moved")]


# Figures ----------------------------------------------------------------------------------------------------


def test_every_cost_and_figure_stands_side_by_side() -> None:
    """1 2 3 | 4 5 6 a minute apart; then 1 2 | 5 6, so 3 and 4 are out. One link inside, one across."""
    area = town(
        SIX,
        pupils=[10, 20, 30, 40, 50, 60],
        links=[Link(urn_a=1, urn_b=2), Link(urn_a=3, urn_b=5)],
        today={"Fen": [1, 2, 3]},
    )
    comparison = compared(account(area, [1, 2, 3], [4, 5, 6]), account(area, [1, 2], [5, 6]))
    figures = told(comparison)
    assert figures["Partnerships"] == (2, 2)
    assert figures["Heads placed"] == figures["Small schools placed"] == (6, 4)
    assert ints(figures["Small schools not yet placed"]) == (0, 2)
    assert ints(figures["Pupils in partnerships"]) == (210, 140)
    assert figures["Longest drive between bases"] == (2, 1)
    assert figures["Median drive between bases"] == (1, 1)
    # rotate: three in a row drive (1+1+2) x 2 x 2 / 3 a meeting, two drive 1 x 2; six meetings; two partnerships
    assert figures["Heads' travel a year"] == pytest.approx((6 * 16 / 3 * 2 / 60, 6 * 2 * 2 / 2 / 60 * 2 / 1))
    assert ints(figures["Broken links, as priced"]) == (1, 1)
    assert figures["Change, as priced"] == (0, 8)  # 3 is parted from 1 and 2: 240 minutes each
    assert figures["Priced in all"] == pytest.approx(
        tuple(sum(row) for row in zip(figures["Heads' travel a year"], (1, 1), (0, 8), strict=True))
    )
    assert ints((figures["Working links kept"], figures["Working links broken"])) == ((1, 1), (1, 1))
    assert ints(figures["Heads who move from today"]) == (0, 1)
    assert ints(figures["Heads who move from A"]) == (0, 2)
    assert figures["Grant in the first year"] == (2600 + 60, 2400 + 40)
    assert figures["Grant in each later year"] == (2600, 2400)
    # a post for 100 pupils, by tenths, one at most: 60 and 150 pupils are 0.6 and 1, 30 and 110 are 0.3 and 1
    assert figures["Shared posts a year"] == (64_000, 52_000)
    assert "Associates joined in" not in figures and "Balance of pupils, as priced" not in figures
    assert "Least it could cost" not in figures  # nothing was solved
    differences = {figure.what: figure.differences for figure in comparison.figures}
    assert differences["Pupils in partnerships"] == (-70,)
    assert differences["Grant in each later year"] == (-200,)


def test_a_solved_plan_brings_its_bound_and_gap() -> None:
    problem = Problem(town(SIX), [HeadsPer(3, 3)])
    run = solve(problem, Limits(workers=1))
    assert run.plan is not None
    figures = told(compared(Account(problem, run.plan, run=run), account(town(SIX), [1, 2], [5, 6])))
    assert figures["Least it could cost"] == (figures["Priced in all"][0], None)
    assert figures["Gap to that"] == (0, None)


def test_three_plans_are_each_compared_with_the_first() -> None:
    area = town(SIX)
    first, second, third = account(area, [1, 2, 3], [4, 5, 6]), account(area, [1, 2], [4, 5, 6]), account(area, [3, 4])
    comparison = compared(first, second, third)
    assert ints(told(comparison)["Heads who move from A"]) == (0, 1, 5)
    assert ints([changes.moved for changes in comparison.changes]) == [1, 5]
    assert ints([f.differences for f in comparison.figures if f.what == "Partnerships"]) == [(0, -1)]


@pytest.mark.parametrize("count", [0, 1, 27])
def test_one_plan_or_too_many_are_no_comparison(count: int) -> None:
    option = Option(letter="A", name="One", account=account(town(SIX), [1, 2]))
    with pytest.raises(ValueError, match="give from 2 to 26"):
        Comparison([option] * count)


def test_criteria_that_differ_are_told_and_shared_ones_are_not() -> None:
    area = town(SIX)
    one = account(area, [1, 2], rules=[HeadsPer(2, 3)])
    two = account(area, [1, 2], rules=[HeadsPer(2, 4)])
    assert compared(one, two).criteria == (("2 to 3 heads",), ("2 to 4 heads",))


def test_what_does_not_compare_like_with_like_is_said() -> None:
    one = account(town(SIX), [1, 2])
    minutes = "to 1 2 7\n1 0 2 5\n2 2 0 5\n7 5 5 0"
    problem = Problem(town(minutes, pupils=[90, 100, 100]), (), Preferences(meet="host", meetings_per_year=6))
    cautions = compared(one, Account(problem, problem.plan([[1, 2]]))).cautions
    assert cautions == (
        "Priorities differ (meet: rotate in A, host in B): costs weigh different things.",
        "4 schools are among the schools of A only.",
        "1 school is among the schools of B only.",
        "Numbers on roll differ at 1 school between A and B.",
        "A and B place different numbers of schools: travel counts for those placed only.",
    )


def test_costs_in_km_and_in_minutes_have_no_difference() -> None:
    one = account(town(SIX), [1, 2])
    prices = {"minutes_per_link": 0, "minutes_per_separation": 0}
    problem = Problem(town(SIX), (), Preferences(measure="km", **prices))  # type: ignore[arg-type]
    comparison = compared(one, Account(problem, problem.plan([[1, 2]])))
    (travel,) = (figure for figure in comparison.figures if figure.what == "Heads' travel a year")
    assert travel.units == ("hours", "km") and travel.differences == (None,)


# For papers -------------------------------------------------------------------------------------------------

HOSTILE = ["=1+1", "+A1", "-2", "@SUM(A1)", "<script>alert(1)</script>", "a|b [x](javascript:alert(1)) *c*\r\nd"]


def hostile(*groups: Sequence[int]) -> Account:
    area = town(SIX, links=[Link(urn_a=1, urn_b=2), Link(urn_a=4, urn_b=5)])
    return account(Area(**{**vars(area), "names": tuple(HOSTILE)}), *groups)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_csv_has_the_figures_as_numbers_and_the_schools_by_name() -> None:
    area = town(SIX)
    files = csv_files(compared(account(area, [1, 2, 3], [4, 5, 6]), account(area, [1, 2], [3, 4, 5, 6])))
    assert sorted(files) == ["compare_figures.csv", "compare_partnerships.csv", "compare_schools.csv"]
    figures = {row[0]: row[1:] for row in rows(files["compare_figures.csv"])}
    assert figures["figure"] == ["unit", "A: Now", "B: Then", "B less A"]
    assert figures["Longest drive between bases"] == ["minutes", "2.0", "10.0", "8.0"]
    assert figures["Pupils in partnerships"] == ["", "600", "600", "0"]
    assert rows(files["compare_schools.csv"])[1:] == [["B", "3", "School 3", "moved", "1 2", "2 4"]]
    changed = ["B", "changed", "1", "2", "1", "1", "School 3", ""]  # partnerships are named after their venues
    assert rows(files["compare_partnerships.csv"])[1][:8] == changed


def test_no_cell_of_a_csv_is_a_formula_and_numbers_stay_numbers() -> None:
    comparison = compared(hostile([1, 2, 3], [4, 5, 6]), hostile([5, 6]), names=["=one", "@two"])
    files = csv_files(comparison, internal=True)
    cells = [cell for text in files.values() for row in rows(text) for cell in row]
    assert {"'=1+1", "'+A1", "'-2", "'@SUM(A1)"} <= {cell.split(",")[0] for cell in cells}
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))] == []
    assert all(float(cell) < 0 for cell in cells if cell.startswith("-"))
    assert "-4" in cells  # heads in partnerships, less


def test_markdown_keeps_names_as_text() -> None:
    comparison = compared(hostile([1, 2, 3], [4, 5, 6]), hostile([1, 2, 5], [3, 4]), names=["<b>one</b>", "two"])
    text = markdown(comparison, "# Title", "Modelling, not a proposal")
    assert "<script" not in text and "<b>" not in text and "&lt;script&gt;" in text
    assert r"a\|b \[x\](javascript:alert(1)) \*c\* d" in text
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert ints({line.replace(r"\|", "").count("|") for line in table[:12]}) == {5}
    assert "**Modelling, not a proposal**" in text


def test_internal_papers_say_so_and_name_links_and_public_ones_name_none() -> None:
    comparison = compared(hostile([1, 2, 3], [4, 5, 6]), hostile([1, 3], [4, 5]))
    public = [markdown(comparison, "T", ""), *csv_files(comparison).values()]
    assert not any(INTERNAL in text or "kept, was" in text or "broken, was" in text for text in public)
    files = csv_files(comparison, internal=True)
    assert all(INTERNAL in text for text in [markdown(comparison, "T", "", internal=True), *files.values()])
    assert rows(files["compare_links.csv"])[1] == ["B", "1", "'=1+1", "2", "'+A1", "broken, was kept"]
    assert "=1+1 and +A1: broken, was kept" in markdown(comparison, "T", "", internal=True)


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "words"),
    [
        (None, 1, False, "–"),
        (-0.01, 1, True, "0.0"),
        (1234.56, 1, True, "+1,234.6"),
        (-3, 0, True, "−3"),
        (0, 0, True, "0"),
        (2.5, 1, False, "2.5"),
    ],
)
def test_figures_in_words(value: float | None, decimals: int, signed: bool, words: str) -> None:
    figure = Figure(what="x", units=("", ""), values=(0, 0), decimals=decimals)
    assert figure_words(figure, value, signed=signed) == words
