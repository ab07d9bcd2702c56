"""Why not: clashes that are right and as few as clash at all, and ways out that are plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from drawn import problems
from hypothesis import given, settings
from hypothesis import strategies as st
from identifiers import ints
from town import every_plan, line, town

from geodata.urns import Urn
from partition.model.area import Area, Link
from partition.model.problem import Problem, check
from partition.model.roster import TakesPart
from partition.model.rules import (
    Apart,
    AssociatesMax,
    AtLeastOne,
    DistinctMax,
    GrantMax,
    HeadMinutesMax,
    HeadsPer,
    HostMinutesMax,
    KmMax,
    LinkedTogether,
    LinksBrokenMax,
    Locked,
    MinutesMax,
    MovedMax,
    PartnershipsCount,
    Placed,
    PupilsPer,
    Rule,
    Same,
    SchoolsPer,
    SmallByRoll,
    Together,
)
from partition.solver import Limits
from partition.studies.explain.conflicts import Clash, find_clash, placed, told
from partition.studies.explain.drive_limits import DrivesOf
from partition.studies.explain.purse import Purse
from partition.studies.explain.ways_out import Wanted, ways_out

LIMITS = Limits(seconds=60, workers=1)
PURSE = Purse.without_end(LIMITS)
TODAY = town(
    line(0, 5, 10, 50),
    today={"Fen": [1, 2], "Far": [3, 4]},
    columns={"district": ["East", "West", "West", "West"], "base": ["no", "no", "no", "yes"]},
)
FEN, FAR = Locked("Fen", frozenset({1, 2})), Locked("Far", frozenset({3, 4}))
POCKET = town(line(0, 100, 105, 110, 200, 205, 210, 215))  # one alone, three in a pocket, four more
TWENTY = MinutesMax(20)
CROSS = """
    to  1   2   3   4
    1   0  15  15  15
    2  15   0  30  30
    3  15  30   0  30
    4  15  30  30   0
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A town, its rules, the school asked for (if one), and what clashes and what would do, in words."""

    area: Area
    rules: list[Rule]
    who: TakesPart = field(default_factory=TakesPart)
    asked: int | None = None
    clash: set[str]
    ways: set[str] = field(default_factory=set)
    schools: list[int] = field(default_factory=list)  # at which a limit on drives bites


CASES = {
    "one alone": Case(
        area=POCKET,
        rules=[HeadsPer(4, 7), TWENTY],
        asked=1,
        clash={"no two schools more than 20 minutes apart"},  # not even a pair is near enough
        ways={"allow 110 minutes for School 1"},
        schools=[1],
    ),
    "a pocket of three": Case(
        area=POCKET,
        rules=[HeadsPer(4, 7), TWENTY],
        asked=3,
        clash={"at least 4 heads", "no two schools more than 20 minutes apart"},
        # A drive of 105 minutes would do, but the best plan then is another.
        ways={"let School 3 join as one of 3", "allow 110 minutes for School 3"},
        schools=[3],
    ),
    "a lock and minutes": Case(
        area=TODAY,
        rules=[FAR, TWENTY, HeadsPer(2, 7)],
        clash={"Far kept as now", "no two schools more than 20 minutes apart"},
        ways={"Far kept as now dropped", "allow 40 minutes for School 4"},
        schools=[4],
    ),
    "a lock and km": Case(
        area=TODAY,
        rules=[FAR, KmMax(38)],
        clash={"Far kept as now", "no two schools more than 38 km apart"},
        ways={"Far kept as now dropped", "km_max 38 to 43"},
        schools=[4],
    ),
    "a lock and apart": Case(
        area=TODAY,
        rules=[FEN, Apart(frozenset({1, 2})), TWENTY],
        clash={"Fen kept as now", "School 1 and School 2 kept apart"},
        ways={"Fen kept as now dropped", "School 1 and School 2 kept apart dropped"},
    ),
    "a lock and together": Case(
        area=TODAY,
        rules=[FEN, Together(frozenset({1, 3}))],
        clash={"Fen kept as now", "School 1 and School 3 kept together"},
        ways={"Fen kept as now dropped", "School 1 and School 3 kept together dropped"},
    ),
    "a lock and a column": Case(
        area=TODAY,
        rules=[Same("district"), FEN, FAR],
        clash={"Fen kept as now", "one district in a partnership"},
        ways={"Fen kept as now dropped", "one district in a partnership dropped"},
    ),
    "too few pupils": Case(
        area=town(line(0, 5, 24), pupils=50),
        rules=[PupilsPer(120, 500), TWENTY, HeadsPer(2, 7)],
        asked=1,
        clash={"at least 120 pupils", "no two schools more than 20 minutes apart"},
        ways={"pupils_min 120 to 97", "allow 24 minutes for School 1"},
        schools=[1],
    ),
    "too few schools": Case(
        area=town(line(0, 5)),
        rules=[SchoolsPer(3, 6)],
        asked=1,
        clash={"at least 3 schools"},
        ways={"schools_min 3 to 2"},
    ),
    "a venue": Case(
        area=town(line(0, 8)),
        rules=[HostMinutesMax(5), TWENTY],
        asked=1,
        clash={"a meeting venue that every head reaches in 5 minutes"},
        ways={"host_minutes_max 5 to 10"},
    ),
    "too many minutes of one head": Case(
        area=town(line(0, 20)),  # 40 minutes there and back, at every second of 6 meetings
        rules=[HeadMinutesMax(100)],
        asked=1,
        clash={"no head with more than 100 minutes a year of its own"},
        ways={"head_minutes_max 100 to 121"},
    ),
    "nobody near has what is wanted": Case(
        area=TODAY,
        rules=[AtLeastOne("base", "yes"), TWENTY],
        asked=1,
        clash={"at least one school with base = yes", "no two schools more than 20 minutes apart"},
        ways={"at least one school with base = yes dropped", "allow 50 minutes for School 1"},
        schools=[1],
    ),
    "no values allowed": Case(
        area=TODAY,
        rules=[DistinctMax("district", 0), TWENTY],
        asked=2,
        clash={"at most 0 different values of district"},
        ways={"distinct_max of district 0 to 1"},
    ),
    "more partnerships than schools allow": Case(
        area=TODAY,
        rules=[PartnershipsCount(2, 3), TWENTY],
        clash={"at least 2 partnerships", "no two schools more than 20 minutes apart"},
        ways={"partnerships_min 2 to 1", "allow 40 minutes for School 4"},
        schools=[4],  # the drives of the others could be as long as they like
    ),
    "locks and a grant": Case(
        area=TODAY,
        rules=[FEN, FAR, GrantMax(190, 100, 0)],
        clash={"Fen kept as now", "Far kept as now", "a grant of at most £190 a year"},
        ways={"Fen kept as now dropped", "Far kept as now dropped", "grant_max 190 to 209"},
    ),
    "two rules that only clash together": Case(
        area=town(line(0, 10, 20, 60)),
        rules=[HeadsPer(3, 7), TWENTY, Apart(frozenset({1, 3}))],
        asked=2,  # with 1, or with 3, and a third within 20 minutes there is not
        clash={"at least 3 heads", "no two schools more than 20 minutes apart", "School 1 and School 3 kept apart"},
        ways={
            "let School 2 join as a pair",
            "allow 40 minutes for School 3, and 50 minutes for School 2",  # whoever else joins must drive as far
            "School 1 and School 3 kept apart dropped",
        },
        schools=[2],
    ),
    "a crowd that will not fit together": Case(
        area=town(CROSS),
        rules=[HeadsPer(3, 7), TWENTY],
        asked=1,  # three others are within 20 minutes of it, but no two of these of each other
        clash={"at least 3 heads", "no two schools more than 20 minutes apart"},
        ways={"let School 1 join as a pair", "allow 30 minutes for School 2"},
        schools=[2, 3],  # the drives to School 1 itself could be as long as they like
    ),
    "too many pupils by itself": Case(
        area=town(line(0, 5, 10), pupils=[190, 50, 50]),
        rules=[PupilsPer(None, 200), HeadsPer(2, 7)],
        asked=1,
        clash={"at most 200 pupils"},
        ways={"pupils_max 200 to 242"},
    ),
    "together and apart": Case(
        area=town(line(0, 5, 10)),
        rules=[Together(frozenset({1, 2})), Apart(frozenset({1, 2})), HeadsPer(2, 7)],
        asked=1,
        clash={"School 1 and School 2 kept together", "School 1 and School 2 kept apart"},
        ways={"School 1 and School 2 kept apart dropped"},  # kept together no longer, 1 would still be left out
    ),
    "too many heads moved": Case(
        area=TODAY,
        rules=[MovedMax(1), Apart(frozenset({1, 2})), HeadsPer(2, 7)],
        clash={"at most 1 headships move", "School 1 and School 2 kept apart"},  # 1 has nobody else to go on with
        ways={"moved_max 1 to 6", "School 1 and School 2 kept apart dropped"},
    ),
    "larger schools that a lock holds": Case(
        area=town(line(0, 5, 10), pupils=[100, 300, 400], today={"Fen": [1, 2, 3]}),
        who=TakesPart(associates=frozenset({2, 3})),
        rules=[Locked("Fen", frozenset({1, 2, 3})), AssociatesMax(1)],
        clash={"Fen kept as now", "at most 1 associates"},
        ways={"Fen kept as now dropped", "associates_max 1 to 2"},
    ),
    "more heads than may meet": Case(
        area=TODAY,
        rules=[HeadsPer(2, 2), Together(frozenset({1, 2})), Together(frozenset({2, 3}))],
        asked=2,
        clash={"at most 2 heads", "School 1 and School 2 kept together", "School 2 and School 3 kept together"},
        ways={
            "heads_max 2 to 3",
            "School 1 and School 2 kept together dropped",
            "School 2 and School 3 kept together dropped",
        },
    ),
    "more schools than a partnership may have": Case(
        area=town(line(0, 5, 10), heads={1: "One", 2: "One"}),
        rules=[SchoolsPer(1, 2)],
        asked=1,
        clash={"at most 2 schools"},
        ways={"schools_max 2 to 3"},
    ),
    "more partnerships kept than there may be": Case(
        area=TODAY,
        rules=[FEN, FAR, PartnershipsCount(None, 1), Apart(frozenset({1, 3}))],
        clash={"Fen kept as now", "Far kept as now", "at most 1 partnerships"},
        ways={"Fen kept as now dropped", "Far kept as now dropped", "partnerships_max 1 to 2"},
    ),
    "a working link that no drive allows": Case(
        area=town(line(0, 50), links=[Link(urn_a=1, urn_b=2)]),
        rules=[LinksBrokenMax(0), TWENTY],
        clash={"at most 0 working links broken", "no two schools more than 20 minutes apart"},
        ways={"links_broken_max 0 to 5", "allow 50 minutes for School 1"},
        schools=[1],
    ),
    "a shared post across a column": Case(
        area=town(line(0, 5, 10), columns={"district": ["East", "West", "East"]}),
        rules=[LinkedTogether(frozenset({1, 2}), "shared post"), Same("district")],
        asked=1,
        clash={"School 1 and School 2 kept together", "one district in a partnership"},
        ways={"School 1 and School 2 kept together dropped", "one district in a partnership dropped"},
    ),
    "nobody small by a forecast": Case(
        area=town(line(0, 5, 50), columns={"2030": ["210", "250", "90"]}),
        rules=[SmallByRoll("2030"), TWENTY],
        asked=1,
        clash={"every partnership has a small school by 2030", "no two schools more than 20 minutes apart"},
        ways={"every partnership has a small school by 2030 dropped", "allow 50 minutes for School 1"},
        schools=[1],
    ),
    "two clashes at once need two changes": Case(
        area=TODAY,
        rules=[HeadsPer(3, 7), FEN, MinutesMax(40), PartnershipsCount(3, None)],
        clash={"at least 3 partnerships"},  # of 4 schools, whatever the drives
        ways={
            "at least 3 partnerships dropped, and Fen kept as now dropped",
            "at least 3 partnerships dropped, and allow partnerships of 2 heads (heads_min 3 to 2)",
        },
    ),
}


def test_every_kind_of_rule_clashes_somewhere_here() -> None:
    told = {type(rule).__name__ for case in CASES.values() for rule in case.rules}
    assert told == {kind.__name__ for kind in every_kind(Rule) if kind.keys}


def every_kind(kind: type[Rule]) -> Iterator[type[Rule]]:
    yield kind
    for below in kind.__subclasses__():
        yield from every_kind(below)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_clashes_is_named_with_what_would_do(case: Case) -> None:
    problem = Problem(case.area, case.rules, who=case.who)
    asked = [] if case.asked is None else [placed(problem, case.asked)]
    clash = find_clash(problem, PURSE, asked)
    assert clash is not None and clash.irreducible
    assert {told(problem, rule, internal=True) for rule in clash.rules} == case.clash
    assert irreducible(problem, clash, asked)
    assert ints(list(clash.schools)) == case.schools
    assert needed(problem, clash, asked)
    ways = ways_out(problem, clash, Wanted(purse=PURSE, asked=asked, internal=True))
    assert {way.words for way in ways} == case.ways
    for way in ways:
        assert way.run.plan is not None and check(way.problem, way.run.plan) == []
        assert case.asked is None or case.asked in ints(way.run.plan.partnership_of)


def irreducible(problem: Problem, clash: Clash, asked: list[Placed]) -> bool:
    """By trying every plan: none keeps all of it, and without any one of its rules some plan does."""

    def any_plan(rules: list[Rule]) -> bool:
        return next(every_plan(problem.under([*asked, *rules])), None) is not None

    rules = list(clash.rules)
    return not any_plan(rules) and all(any_plan(rules[:n] + rules[n + 1 :]) for n in range(len(rules)))


def needed(problem: Problem, clash: Clash, asked: list[Placed]) -> bool:
    """By trying every plan: limits on drives to and from these schools alone clash, and with any one let off do not."""

    def any_plan(schools: tuple[int, ...]) -> bool:
        urns = frozenset(one for urn in schools for one in head_of(problem, urn))
        limits = [rule for rule in clash.rules if isinstance(rule, MinutesMax | KmMax)]
        rules = [rule for rule in clash.rules if rule not in limits] + [DrivesOf(limit, urns) for limit in limits]
        return next(every_plan(problem.under([*asked, *rules])), None) is not None

    if not clash.schools:
        return not any(isinstance(rule, MinutesMax | KmMax) for rule in clash.rules)
    return not any_plan(clash.schools) and all(
        any_plan(tuple(urn for urn in clash.schools if urn != let_off)) for let_off in clash.schools
    )


def head_of(problem: Problem, urn: int) -> tuple[int, ...]:
    return problem.roster.headships[problem.roster.headship_of[urn]].urns


@settings(max_examples=25, deadline=None)
@given(problems(6), st.data())
def test_a_clash_is_irreducible_and_found_where_there_is_one(problem: Problem, data: st.DataObject) -> None:
    urns = sorted(problem.roster.headship_of)
    asked = [placed(problem, data.draw(st.sampled_from(urns)))] if urns else []
    clash = find_clash(problem, PURSE, asked)
    fine = next(every_plan(problem.under([*problem.rules, *asked])), None)
    assert (clash is None) == (fine is not None)
    if clash is not None:
        assert clash.irreducible
        assert irreducible(problem, clash, asked)
        assert needed(problem, clash, asked)


def test_a_federation_that_is_a_partnership_already_is_placed_whoever_it_is_to_be_with() -> None:
    """1 and 5 have one head; with 2 it would join others, which is not asked: 2 stays unplaced, and nothing clashes."""
    problem = Problem(town(line(0, 1, 2, 3, 4), heads={1: "Fed", 5: "Fed"}), [HeadsPer(1), Together(frozenset({1, 2}))])
    assert find_clash(problem, PURSE, [placed(problem, Urn(1))]) is None
    assert find_clash(problem, PURSE, [placed(problem, Urn(2))]) is not None


def test_who_is_kept_apart_is_for_heads_only() -> None:
    problem = Problem(TODAY, [FEN, Apart(frozenset({1, 2}))])
    clash = find_clash(problem, PURSE)
    assert clash is not None
    assert [told(problem, rule) for rule in clash.rules] == [
        "Fen kept as now",
        "a criterion that is not for publication",
    ]
    ways = ways_out(problem, clash, Wanted(purse=PURSE))
    assert ("a criterion that is not for publication dropped", True) in [(way.words, way.private) for way in ways]
    assert not any("School 1" in way.words for way in ways)


def test_rules_that_do_not_clash_are_not_said_to() -> None:
    assert find_clash(Problem(TODAY, [FEN, TWENTY]), PURSE) is None
