"""What a plan costs, each term worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from identifiers import ints
from town import line, partitions, town

from geodata.answers import Answer
from geodata.faults import BadData
from partition.model.area import Area, Link
from partition.model.costs import Cost, Preferences, half_price
from partition.model.problem import Problem
from partition.model.roster import TakesPart
from partition.model.rules import HostMinutesMax

FREE: dict[str, Any] = {"minutes_per_link": 0, "minutes_per_separation": 0}
ONE_WAY_STREETS = """
    to  1   2   3
    1   0   5   8
    2  11   0   9
    3   7   6   0
"""


def cost(area: Area, *groups: list[int], who: TakesPart | None = None, **preferences: object) -> Cost:
    problem = Problem(area, preferences=Preferences(**preferences), who=who)  # type: ignore[arg-type]
    return problem.cost(problem.plan(groups))


# Travel -----------------------------------------------------------------------------------------------------


def test_rotate_is_the_mean_over_venues_of_all_drives_there_and_back() -> None:
    """On a road at 0, 5, 15: venues cost 2 x (20, 15, 25), their mean is 40, and they meet six times."""
    assert cost(town(line(0, 5, 15)), [1, 2, 3], meet="rotate") == Cost(travel=240_000)


def test_host_is_the_drives_to_the_best_venue() -> None:
    """To the school at 5: 5 + 10 there, as much back."""
    assert cost(town(line(0, 5, 15)), [1, 2, 3], meet="host") == Cost(travel=6 * 30_000)


def test_pairs_are_each_pairs_mean_way_once() -> None:
    assert cost(town(line(0, 5, 15)), [1, 2, 3], meet="pairs") == Cost(travel=6 * 30_000)


OF_EACH = pytest.mark.parametrize(
    ("meet", "thousandths"),
    [
        ("rotate", 30_667),  # all six drives come to 46: twice that, over three venues
        ("host", 30_000),  # at 3: 8 + 9 there, 7 + 6 back; at 1 or 2 it would be 31
        ("pairs", 23_000),  # (5 + 11) / 2 + (8 + 7) / 2 + (9 + 6) / 2
    ],
)


@OF_EACH
def test_what_each_head_drives_adds_up_to_what_all_drive(meet: str, thousandths: int) -> None:
    problem = Problem(town(ONE_WAY_STREETS), [], Preferences(meet=meet, meetings_per_year=1))  # type: ignore[arg-type]
    group = problem.roster.group([0, 1, 2])
    shares = [problem.tariff.own_travel(group, head) for head in group.members]
    assert sum(shares) == pytest.approx(thousandths, abs=len(shares))  # each is rounded


@OF_EACH
def test_there_and_back_may_differ(meet: str, thousandths: int) -> None:
    assert cost(town(ONE_WAY_STREETS), [1, 2, 3], meet=meet, meetings_per_year=1).travel == thousandths


@pytest.mark.parametrize("meet", ["rotate", "host", "pairs"])
def test_travel_goes_with_the_number_of_meetings(meet: str) -> None:
    once, often = (cost(town(ONE_WAY_STREETS), [1, 2], meet=meet, meetings_per_year=n) for n in (1, 2.5))
    assert often.travel == Fraction(5, 2) * once.travel
    assert cost(town(ONE_WAY_STREETS), [1, 2], meet=meet, meetings_per_year=0) == Cost()


def test_a_head_travels_from_the_base_alone() -> None:
    """Head of 1 and 2 sets out from 2, the larger: only 2 and 3 are apart."""
    area = town(line(0, 5, 15), heads={1: "Federation", 2: "Federation"}, pupils=[50, 90, 100])
    assert cost(area, [1, 2, 3], meetings_per_year=1).travel == 20_000


def test_km_are_priced_as_minutes_are() -> None:
    """Two km a minute: 10 km there and 10 back."""
    area = town(line(0, 5), km_per_minute=2)
    assert cost(area, [1, 2], measure="km", meetings_per_year=6, **FREE) == Cost(travel=6 * 20_000)


def test_km_and_minutes_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="minutes and km do not add up"):
        Preferences(measure="km")


def test_without_km_there_is_no_price_in_km() -> None:
    with pytest.raises(BadData, match=r"preferences.*needs km"):
        cost(town(line(0, 5), km_per_minute=None), measure="km", **FREE)


NO_NUMBER = ("meet", "measure", "lack_value", "minutes_per_wish", "head_minutes_price")


@pytest.mark.parametrize("name", [name for name in Preferences.__dataclass_fields__ if name not in NO_NUMBER])
def test_no_priority_is_below_nothing(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is -1; use 0 or more"):
        Preferences(**{name: -1})  # type: ignore[arg-type]


# Rounding ---------------------------------------------------------------------------------------------------


def test_a_partnerships_travel_is_rounded_once_not_drive_by_drive() -> None:
    """One drive of 0.01 minutes, counted twice over three venues, is 0.00667 minutes a meeting."""
    area = town([[0, 0.01, 0], [0, 0, 0], [0, 0, 0]])
    assert cost(area, [1, 2, 3], meetings_per_year=1).travel == 7
    assert cost(area, [1, 2, 3], meetings_per_year=6).travel == 40  # and not 6 x 7


def test_half_a_thousandth_is_rounded_up() -> None:
    """0.01 there and 0 back, in pairs: 0.005 x 0.1 meetings is half a thousandth."""
    area = town([[0, 0.01], [0, 0]])
    assert cost(area, [1, 2], meet="pairs", meetings_per_year=0.1).travel == 1


def test_a_price_is_the_decimal_that_was_written() -> None:
    """0.1 x 3 is 0.3 and not a hair more, as it would be in floats."""
    assert half_price(0.1, 3) == 150
    assert half_price(60) == 30_000


def test_each_half_is_rounded_alike_so_that_two_make_the_whole() -> None:
    area = town(line(0, 5), links=[Link(urn_a=1, urn_b=2)])
    broken_link = cost(area, minutes_per_link=7.123)
    assert broken_link.links == 2 * half_price(7.123) == 7_124


# Links and change -------------------------------------------------------------------------------------------

LINKED = town(
    line(0, 5, 10, 15),
    links=[Link(urn_a=1, urn_b=2), Link(urn_a=2, urn_b=3, weight=2.5), Link(urn_a=3, urn_b=4)],
)


def test_a_link_inside_a_partnership_costs_nothing() -> None:
    assert cost(LINKED, [1, 2, 3, 4]).links == 0


def test_a_broken_link_costs_its_weight_half_at_each_end() -> None:
    problem = Problem(LINKED)
    ends = [problem.tariff.cost(problem.roster.group(members)).links for members in ([0, 1], [2, 3])]
    assert ends == [75_000, 75_000]
    assert cost(LINKED, [1, 2], [3, 4]).links == 150_000


def test_a_headship_alone_carries_its_halves() -> None:
    problem = Problem(LINKED)
    assert [problem.tariff.alone(h) for h in range(4)] == [
        Cost(links=30_000),
        Cost(links=105_000),
        Cost(links=105_000),
        Cost(links=30_000),
    ]


def test_all_alone_breaks_every_link_once() -> None:
    assert cost(LINKED) == Cost(links=60_000 + 150_000 + 60_000)


def test_an_associate_not_joined_carries_its_halves_too() -> None:
    area = town(line(0, 5, 10), pupils=[50, 60, 300], links=[Link(urn_a=1, urn_b=3)])
    who = TakesPart(associates=frozenset({3}))
    assert cost(area, [1, 2], who=who).links == 60_000
    assert cost(area, [1, 2, 3], who=who).links == 0


def test_a_link_with_an_end_that_does_not_take_part_costs_nothing() -> None:
    area = town(line(0, 5, 10), pupils=[50, 60, 300], links=[Link(urn_a=1, urn_b=3)], today={"Fen": [1, 3]})
    assert cost(area, [1, 2]) == Cost(travel=60_000)


def test_a_link_between_two_schools_of_one_head_cannot_break() -> None:
    area = town(line(0, 5, 10), heads={1: "Federation", 2: "Federation"}, links=[Link(urn_a=1, urn_b=2)])
    assert cost(area) == Cost()


def test_links_between_two_headships_add_up() -> None:
    area = town(
        line(0, 5, 10),
        heads={1: "Federation", 2: "Federation"},
        links=[Link(urn_a=1, urn_b=3), Link(urn_a=2, urn_b=3)],
    )
    assert cost(area).links == 120_000


TODAY = town(line(0, 5, 10, 15), today={"Fen": [1, 2, 3]})


def test_each_pair_together_today_and_parted_costs_once() -> None:
    """1 is parted from 2 and from 3; 2 and 3 stay together."""
    assert cost(TODAY, [2, 3, 4]).change == 2 * 240_000
    assert cost(TODAY, [1, 2, 3, 4]).change == 0
    assert cost(TODAY).change == 3 * 240_000


def test_change_falls_half_on_each_end() -> None:
    problem = Problem(TODAY)
    assert problem.tariff.cost(problem.roster.group([1, 2])).change == 240_000  # two half pairs
    assert problem.tariff.alone(0).change == 240_000
    assert problem.tariff.alone(3).change == 0


def test_a_head_has_its_own_drives_and_its_halves() -> None:
    """Head 3 drives 10 and 5, both ways, over three venues; its link to 4 and its tie to 4 of today are cut in half."""
    area = town(line(0, 5, 10, 15), links=[Link(urn_a=3, urn_b=4), Link(urn_a=1, urn_b=3)], today={"Fen": [3, 4]})
    problem = Problem(area, preferences=Preferences(meetings_per_year=1))
    group = problem.roster.group([0, 1, 2])
    assert problem.tariff.own(group, 2) == Cost(travel=10_000, links=30_000, change=120_000)
    own = [problem.tariff.own(group, head) for head in group.members]
    assert sum(part.links for part in own) == problem.tariff.cost(group).links
    assert sum(part.change for part in own) == problem.tariff.cost(group).change


def test_two_heads_are_parted_once_however_many_schools_they_have() -> None:
    area = town(line(0, 5, 10), heads={1: "Federation", 2: "Federation"}, today={"Fen": [1, 2, 3]})
    assert cost(area).change == 240_000


def test_links_kept_are_counted_each_and_not_by_weight() -> None:
    problem = Problem(LINKED)
    assert problem.tariff.links_kept([0, 1, 2]) == 2


# Balance ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pupils", "balance"), [(250, 35_000), (350, 35_000), (300, 0)])
def test_each_pupil_off_the_target_costs_above_it_as_below(pupils: int, balance: int) -> None:
    area = town(line(0, 5), pupils=[150, pupils - 150])
    assert cost(area, [1, 2], minutes_per_pupil_off_target=0.7, pupils_target=300).balance == balance


def test_who_is_alone_is_off_no_target() -> None:
    assert cost(town(line(0, 5)), minutes_per_pupil_off_target=1) == Cost()


# The venue --------------------------------------------------------------------------------------------------


def venue(area: Area, group: list[int], host_minutes_max: float | None = None, **preferences: object) -> int:
    rules = [] if host_minutes_max is None else [HostMinutesMax(host_minutes_max)]
    problem = Problem(area, rules, Preferences(**preferences))  # type: ignore[arg-type]
    (group_,) = problem.groups(problem.plan([group]))
    return problem.tariff.venue(group_)


@pytest.mark.parametrize("meet", ["rotate", "host", "pairs"])
def test_the_venue_is_the_base_all_reach_most_cheaply(meet: str) -> None:
    assert ints(venue(town(line(0, 15, 5)), [1, 2, 3], meet=meet)) == 3


def test_a_tie_for_the_venue_goes_to_the_lower_urn() -> None:
    assert ints(venue(town(line(0, 5, 10, 15)), [1, 2, 3, 4])) == 2
    assert ints(venue(town(line(10, 0)), [1, 2])) == 1


def test_a_tie_goes_by_the_bases_urn_and_not_the_headships_lowest() -> None:
    """Heads: 1 and 4, who sets out from 4; 2, who sets out from 2."""
    area = town(line(0, 5, 10, 10), heads={1: "Federation", 4: "Federation"}, pupils=[20, 60, 90, 100])
    assert ints(venue(area, [1, 2, 4])) == 2


FAR_END = """
    to  1   2   3   4   5
    1   0   1   1  10  20
    2   1   0   1  11  20
    3   1   1   0  11  20
    4  10  11  11   0  10
    5  20  20  20  10   0
"""


def test_a_dearer_venue_is_taken_where_the_cheapest_is_too_far_for_one() -> None:
    """Five meet at 1 most cheaply, but 5 is 20 away; all reach 4 in 11."""
    area = town(FAR_END)
    assert ints(venue(area, [1, 2, 3, 4, 5])) == 1
    assert ints(venue(area, [1, 2, 3, 4, 5], 11)) == 4


def test_host_prices_the_venue_within_the_limit() -> None:
    area = town(FAR_END)
    for limit, minutes in ((None, 64), (11, 84)):
        rules = [] if limit is None else [HostMinutesMax(limit)]
        problem = Problem(area, rules, Preferences(meet="host", meetings_per_year=1))
        assert problem.cost(problem.plan([[1, 2, 3, 4, 5]])).travel == minutes * 1000


# The whole plan ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("meet", ["rotate", "host", "pairs"])
def test_a_plans_cost_is_the_sum_of_its_parts_whatever_the_plan(meet: str) -> None:
    area = town(line(0, 5, 15, 35), links=LINKED.links, today={"Fen": [1, 2, 3]}, pupils=[50, 60, 70, 80])
    preferences = Preferences(meet=meet, minutes_per_pupil_off_target=0.3)  # type: ignore[arg-type]
    problem = Problem(area, preferences=preferences)
    for groups in partitions([1, 2, 3, 4]):
        together = [group for group in groups if len(group) > 1]
        plan = problem.plan(together)
        parts = [problem.tariff.cost(group) for group in problem.groups(plan)]
        parts += [problem.tariff.alone(h) for h in problem.alone(plan)]
        whole = problem.cost(plan)
        assert whole == sum(parts, Cost())
        assert whole.total == whole.travel + whole.links + whole.change + whole.balance


def test_terms_are_shown_in_minutes_to_three_decimals() -> None:
    assert Cost(travel=1_234_567, links=60_000, change=1).terms() == {
        "total": 1294.568,
        "travel": 1234.567,
        "links": 60.0,
        "change": 0.001,
        "balance": 0.0,
    }


# Likeness, lacks, wishes, fairness ----------------------------------------------------------------------------

LATER: dict[str, dict[str, object]] = {
    "minutes_per_difference": {"district": 20},
    "minutes_per_lack": {"base": 50},
}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"minutes_per_wish": [60, -1]}, "minutes_per_wish is -1; use 0 or more"),
        ({"minutes_per_difference": {"district": -1}}, "minutes_per_difference is -1; use 0 or more"),
        ({"minutes_per_lack": {"base": -1}}, "minutes_per_lack is -1; use 0 or more"),
        ({"head_minutes_price": [[300, -1]]}, r"head_minutes_price has \[300, -1\]; use 0 or more"),
        ({"head_minutes_price": [[300, 0]]}, "head_minutes_price begins with .*; use a price above 0"),
        ({"head_minutes_price": [[300, 1], [200, 2]]}, "head_minutes_price goes from .*; more minutes at a higher"),
        ({"head_minutes_price": [[300, 1], [400, 0.5]]}, "head_minutes_price goes from .*; more minutes at a higher"),
        ({"lack_value": {"base": "no"}}, "lack_value names base, which minutes_per_lack gives no price; give one"),
        ({"measure": "km", "minutes_per_link": 0, "minutes_per_separation": 0, **LATER}, "minutes and km do not add"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Preferences(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"minutes_per_difference": {"diocese": 1}}, "minutes_per_difference names diocese, and the schools have no"),
        ({"minutes_per_lack": {"bursar": 1}}, "minutes_per_lack names bursar, and the schools have no such column"),
        ({"minutes_per_lack": {"base": 1}, "lack_value": {"base": "maybe"}}, "no school has maybe in base"),
    ],
)
def test_a_price_names_a_column_and_a_value_of_the_schools(given: dict[str, object], told: str) -> None:
    area = town(line(0, 5), columns={"base": ["yes", "no"]})
    with pytest.raises(BadData, match=told):
        Problem(area, preferences=Preferences(**given))  # type: ignore[arg-type]


def test_each_pair_of_unlike_heads_costs_and_a_blank_is_like_nothing() -> None:
    """1 and 2 are alike; 3 differs from both; 4 and 5 are blank, and unlike each other too: 1 of 10 pairs is alike."""
    area = town(line(0, 1, 2, 3, 4), columns={"district": ["East", "East", "West", "", "Not applicable"]})
    by_pair = cost(area, [1, 2, 3, 4, 5], minutes_per_difference={"district": 20})
    assert by_pair.likeness == 9 * 20_000
    assert cost(area, [1, 2], minutes_per_difference={"district": 20}).likeness == 0


def test_a_head_whose_own_schools_differ_is_like_nobody() -> None:
    area = town(line(0, 1, 2), heads={1: "Fed", 2: "Fed"}, columns={"district": ["East", "West", "East"]})
    assert cost(area, [1, 2, 3], minutes_per_difference={"district": 20}).likeness == 20_000


def test_a_partnership_without_one_costs_and_a_head_alone_lacks_nothing() -> None:
    area = town(line(0, 1, 2, 3, 4), columns={"senco": ["yes", "", "no", "part", ""]})
    prices: dict[str, object] = {"minutes_per_lack": {"senco": 120}}
    assert cost(area, [1, 2], [3, 4], **prices).lacks == 120_000
    assert cost(area, [1, 2], [3, 4], lack_value={"senco": "part"}, **prices).lacks == 120_000
    assert cost(area, [1, 4], [2, 3], lack_value={"senco": "part"}, **prices).lacks == 120_000


def test_a_wish_not_met_costs_the_head_who_wishes_by_its_rank() -> None:
    """1 wishes for 2, then 3; 3 for 1. With 1 and 3 together, only the first wish of 1 is not met."""
    answers = {1: Answer(wishes=(2, 3)), 3: Answer(wishes=(1,))}  # type: ignore[arg-type, dict-item]
    area = replace(town(line(0, 1, 2, 3)), answers=answers)
    prices: dict[str, object] = {"minutes_per_wish": [60, 30]}
    assert cost(area, [1, 3], [2, 4], **prices).wishes == 60_000
    assert cost(area, [1, 2], [3, 4], **prices).wishes == 30_000 + 60_000
    assert cost(area, [2, 3], **prices).wishes == 60_000 + 30_000 + 60_000  # 1 is alone, and carries both of its own
    assert cost(area, [1, 2], [3, 4], minutes_per_wish=[60]).wishes == 60_000  # second wishes cost nothing


def test_a_refusal_by_one_head_costs_as_a_first_wish_not_met() -> None:
    """2 does not want 1, who wishes for 2: together the one is met and the other is not. Alone nobody is refused."""
    answers = {1: Answer(wishes=(2,)), 2: Answer(not_wanted=(1, 3))}  # type: ignore[arg-type, dict-item]
    area = replace(town(line(0, 1, 2, 3), heads={3: "Fed", 4: "Fed"}), answers=answers)
    prices: dict[str, object] = {"minutes_per_wish": [60, 30]}
    assert cost(area, [1, 2], **prices).wishes == 60_000
    assert cost(area, [1, 3, 4], **prices).wishes == 60_000  # 1's own wish; 2 is alone
    assert cost(area, [2, 3, 4], **prices).wishes == 60_000 + 60_000  # 1 is alone with its wish, 2 is with 3
    assert cost(area, [1, 2, 3, 4], **prices).wishes == 2 * 60_000
    assert cost(area, [2, 3, 4]).wishes == 0  # where wishes have no price, nor have refusals


def test_wishes_count_once_for_a_head_at_the_dearest_rank() -> None:
    """One head leads 1 and 2, whose wishes for 3 are of ranks 2 and 1; the wish of 1 for 2 is for its own school."""
    answers = {1: Answer(wishes=(2, 3)), 2: Answer(wishes=(3,))}  # type: ignore[arg-type, dict-item]
    area = replace(town(line(0, 1, 2, 3), heads={1: "Fed", 2: "Fed"}), answers=answers)
    assert cost(area, [3, 4], minutes_per_wish=[60, 30]).wishes == 60_000


def test_each_of_a_heads_own_minutes_costs_by_the_band_it_is_in() -> None:
    """At the best venue (2) the heads of 1 and 3 drive 10 and 40 minutes; 3 pays 10 at a half and 10 at 2."""
    area = town(line(0, 5, 25))
    prices: dict[str, object] = {"meet": "host", "meetings_per_year": 1, "head_minutes_price": [[20, 0.5], [30, 2]]}
    paid = cost(area, [1, 2, 3], **prices)
    assert (paid.travel, paid.fairness) == (50_000, 5_000 + 20_000)


def test_the_terms_of_prices_that_are_off_are_not_told() -> None:
    assert list(Cost(travel=1000).terms()) == ["total", "travel", "links", "change", "balance"]
    assert Cost(travel=1000, wishes=500).terms()["wishes"] == 0.5
    assert Cost(fairness=5) - Cost(fairness=2, links=1) == Cost(fairness=3, links=-1)
    assert Preferences().terms == ("travel", "links", "change", "balance")
    assert Preferences(minutes_per_wish=(60,), minutes_per_lack={"base": 0}).terms[4:] == ("wishes",)
