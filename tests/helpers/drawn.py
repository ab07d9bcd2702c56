"""Random little towns with every rule and preference mixed, small enough to try every plan."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from threading import Event
from typing import Any

from hypothesis import strategies as st
from town import every_plan, town

from geodata.answers import Answer
from partition.model.area import Link
from partition.model.costs import Preferences
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.roster import TakesPart
from partition.model.rules import (
    Apart,
    AssociatesMax,
    AtLeastOne,
    Differs,
    DistinctMax,
    GrantMax,
    HeadMinutesMax,
    HeadsPer,
    HostMinutesMax,
    KmMax,
    LinksBrokenMax,
    Locked,
    MinutesMax,
    MovedMax,
    PartnershipsCount,
    PupilsPer,
    Rule,
    Same,
    SchoolsPer,
    SmallByRoll,
    Together,
)
from partition.solver import Limits, Progress, solve


def sometimes(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Rules are drawn sparingly: of many at once, next to nothing would fit together."""
    return st.integers(0, 5).flatmap(lambda n: strategy if n == 5 else st.none())


@st.composite
def problems(draw: st.DrawFn, most: int = 8) -> Problem:
    """Up to `most` headships, minutes that need not be symmetric nor even there.

    Most heads lead one or two schools; now and then one leads two to six, and is a partnership already or not.
    """
    count = draw(st.sampled_from([2, 4, 5, 6, 7, 7, most, most]))
    schools = count + draw(st.integers(0, 2))
    urns = list(range(1, schools + 1))
    minute = st.integers(-1, 25)
    minutes = [[0 if a == b else draw(minute) for b in urns] for a in urns]
    pupils = [draw(st.sampled_from([20, 60, 60, 90, 90, 150, 250, 400])) for _ in urns]
    heads = {urn: f"Head {urn % count}" for urn in urns if urn > count or urn + count in urns}
    if draw(st.booleans()):
        led = draw(st.integers(2, 6))
        heads |= dict.fromkeys(draw(st.permutations(urns))[:led], "Federation")
    half = draw(st.integers(2, 3))
    today = {"North": urns[:half], "South": urns[half : 2 * half]} if draw(st.booleans()) else {}
    links = draw(
        st.lists(
            st.builds(
                lambda a, b, w: Link(urn_a=a, urn_b=b, weight=w),
                st.sampled_from(urns),
                st.sampled_from(urns),
                st.sampled_from([0.5, 1.0, 2.0, 0.333]),
            ).filter(lambda link: link.urn_a != link.urn_b),
            max_size=5,
        )
    )
    columns = {
        "district": [draw(st.sampled_from(["East", "West", ""])) for _ in urns],
        "base": [draw(st.sampled_from(["yes", "no", ""])) for _ in urns],
    }
    columns["base"][0] = "yes"
    columns["district"][:2] = ["East", "West"]
    rolls = st.sampled_from(["20", "60", "90", "150", "250"])
    columns |= {year: [draw(rolls) for _ in urns] for year in ("2030", "2035")}
    area = town(minutes, pupils=pupils, heads=heads, today=today, links=links, columns=columns)
    larger = frozenset(u for u, p in zip(urns, pupils, strict=True) if p > 200)
    who = TakesPart(
        associates=frozenset(draw(st.sets(st.sampled_from(sorted(larger))))) if larger else frozenset(),
        headship_is_partnership_from=draw(st.sampled_from(["heads_min", "heads_min", None, 2, 3, 5])),
    )
    measure = draw(st.sampled_from(["minutes", "minutes", "km"]))
    preferences = Preferences(
        meetings_per_year=draw(st.sampled_from([1, 6, 2.5, 0])),
        meet=draw(st.sampled_from(["rotate", "host", "pairs"])),
        measure=measure,
        minutes_per_link=0 if measure == "km" else draw(st.sampled_from([0, 60, 400, 7.123])),
        minutes_per_separation=0 if measure == "km" else draw(st.sampled_from([0, 240])),
        minutes_per_pupil_off_target=0 if measure == "km" else draw(st.sampled_from([0, 0, 0.7])),
        pupils_target=draw(st.sampled_from([200, 500])),
        **({} if measure == "km" else draw(later_prices())),
    )
    area = replace(area, answers=draw(answers(urns)))
    bare = Problem(area, who=who)
    shared = [headship.name for headship in bare.roster.headships if len(headship.schools) > 1]
    who = replace(
        who, joins_others=frozenset(draw(st.one_of(st.just([]), st.lists(st.sampled_from(["all", *shared])))))
    )
    taking_part = sorted(bare.roster.headship_of)
    rules = draw(rule_sets(taking_part, today, bare))
    apart = [Apart(frozenset(pair)) for pair in refused_both_ways(bare)]
    if measure == "minutes":
        rules += (
            draw(sometimes(st.builds(lambda most: [HeadMinutesMax(most)], st.sampled_from([30, 90, 150, 260])))) or []
        )  # type: ignore[arg-type]
    return Problem(area, [*rules, *apart], preferences, who)


@st.composite
def later_prices(draw: st.DrawFn) -> dict[str, Any]:
    """Prices of unlike heads, of lacks, of wishes and of heads' own minutes, each sparingly."""
    differences, lacks = st.dictionaries(st.sampled_from(["district", "base"]), st.sampled_from([20, 7.3])), {}
    if draw(st.integers(0, 3)) == 3:
        lacks = {"minutes_per_lack": {"base": draw(st.sampled_from([50, 400])), "district": 60}}
        lacks["lack_value"] = {"district": draw(st.sampled_from(["East", "West"]))}
    bands = st.sampled_from([((0, 0.5),), ((40, 0.333), (90.5, 2)), ((100, 1), (150, 2), (200, 7))])
    return {
        "minutes_per_difference": draw(sometimes(differences)) or {},
        "minutes_per_wish": draw(st.sampled_from([(), (60, 30, 15.5), (200,)])),
        "head_minutes_price": draw(sometimes(bands)) or (),
        **lacks,
    }


@st.composite
def answers(draw: st.DrawFn, urns: list[int]) -> dict[Any, Answer]:
    """Now and then, wishes and refusals of some schools."""
    if draw(st.integers(0, 2)) == 0:
        return {}
    several = st.lists(st.sampled_from(urns), max_size=3, unique=True)
    said = st.builds(lambda wishes, refused: Answer(wishes=tuple(wishes), not_wanted=tuple(refused)), several, several)
    return draw(st.dictionaries(st.sampled_from(urns), said, min_size=1, max_size=4))


def refused_both_ways(bare: Problem) -> list[tuple[int, int]]:
    heads = bare.roster.headships
    return [(heads[a].base_urn, heads[b].base_urn) for a, b in bare.roster.refused_both_ways]  # type: ignore[misc]


@st.composite
def shared_out(draw: st.DrawFn, most: int = 8) -> Problem:
    """Four heads or more, links and groups of today, few rules, and one or more of the prices and the limit on each."""
    count = draw(st.sampled_from([*range(4, most), most, most, most]))
    urns = st.integers(1, count)
    minutes = [[0 if a == b else draw(st.integers(1, 20)) for b in range(count)] for a in range(count)]
    pairs = st.tuples(urns, urns).filter(lambda pair: pair[0] != pair[1])
    links = [
        Link(urn_a=a, urn_b=b, weight=draw(st.sampled_from([0.5, 1.0]))) for a, b in draw(st.lists(pairs, max_size=4))
    ]
    columns = {"kind": [draw(st.sampled_from(["A", "B", ""])) for _ in range(count)], "senco": ["yes"] * count}
    columns["senco"] = ["yes", *(draw(st.sampled_from(["yes", "", ""])) for _ in range(count - 1))]
    today = {"Fen": [1, 2, 3]} if draw(st.booleans()) else {}
    several = st.lists(urns, max_size=3, unique=True)
    said = {urn: Answer(wishes=tuple(draw(several)), not_wanted=tuple(draw(several))) for urn in range(1, 4)}  # type: ignore[arg-type]
    area = replace(town(minutes, columns=columns, links=links, today=today), answers=said)
    rules: list[Rule] = [HeadsPer(2, draw(st.integers(3, 5)))]
    if draw(st.booleans()):
        rules.append(HeadMinutesMax(draw(st.sampled_from([40, 70, 100.5, 140, 200]))))
    if draw(st.integers(0, 3)) == 0:
        rules.append(HostMinutesMax(15))
    preferences = Preferences(
        meetings_per_year=draw(st.sampled_from([1, 2.5, 6])),
        meet=draw(st.sampled_from(["rotate", "host", "pairs"])),
        minutes_per_separation=draw(st.sampled_from([0, 50])),
        minutes_per_difference=draw(st.sampled_from([{}, {"kind": 15}])),
        minutes_per_lack=draw(st.sampled_from([{}, {"senco": 80.5}])),
        minutes_per_wish=draw(st.sampled_from([(), (60, 30)])),
        head_minutes_price=draw(st.sampled_from([(), ((0, 0.25), (60, 1.333)), ((80, 3),)])),
    )
    bare = Problem(area)
    return Problem(area, [*rules, *(Apart(frozenset(pair)) for pair in refused_both_ways(bare))], preferences)


def own_leasts(urns: list[int]) -> st.SearchStrategy[dict[int, int]]:
    """Schools whose partnership may have fewer heads."""
    return st.dictionaries(st.sampled_from(urns or [1]), st.sampled_from([1, 2, 3]), max_size=2)


def robust_pupils() -> st.SearchStrategy[PupilsPer]:
    """Limits on pupils in several years: a few that only some of the years meet."""
    least, most = st.sampled_from([None, 150, 180]), st.sampled_from([None, 250, 350, 500])
    return st.builds(PupilsPer, least, most, st.sampled_from([("2030",), ("2035",), ("2030", "2035")]))


@st.composite
def other_plans(draw: st.DrawFn, bare: Problem) -> Plan:
    """Any groups of these headships."""
    labels = [draw(st.integers(0, 2)) for _ in bare.roster.headships]
    groups = [[n for n, label in enumerate(labels) if label == wanted] for wanted in (1, 2)]
    return bare.plan([bare.roster.group(nodes).urns for nodes in groups if len(nodes) > 1])


@st.composite
def rule_sets(draw: st.DrawFn, taking_part: list[int], today: dict[str, list[int]], bare: Problem) -> list[Rule]:
    least = draw(st.sampled_from([1, 2, 2, 3, 4]))
    limit = st.sampled_from([8, 15, 20, 24])
    between = st.sampled_from(["schools", "bases", "nearest"])
    rules: list[object] = [
        HeadsPer(least, draw(st.one_of(st.none(), st.integers(max(2, least), 5))), draw(own_leasts(taking_part))),
        draw(
            sometimes(
                st.builds(
                    MinutesMax,
                    limit,
                    st.dictionaries(st.sampled_from(taking_part or [1]), limit, max_size=2),
                    between,
                )
            )
        ),
        draw(sometimes(st.builds(KmMax, limit, between))),
        draw(sometimes(st.builds(HostMinutesMax, limit))),
        draw(sometimes(st.builds(SchoolsPer, st.integers(1, 3), st.integers(3, 6)))),
        draw(sometimes(st.builds(PupilsPer, st.sampled_from([None, 150]), st.sampled_from([None, 250, 500])))),
        draw(sometimes(robust_pupils())),
        draw(sometimes(st.builds(SmallByRoll, st.sampled_from(["2030", "2035"])))),
        draw(sometimes(st.builds(AssociatesMax, st.integers(0, 1)))),
        draw(sometimes(st.just(Same("district")))),
        draw(sometimes(st.builds(DistinctMax, st.sampled_from(["district", "base"]), st.integers(0, 2)))),
        draw(sometimes(st.just(AtLeastOne("base", "yes")))),
        draw(sometimes(st.builds(PartnershipsCount, st.sampled_from([None, 1, 2]), st.sampled_from([None, 2, 3])))),
        draw(sometimes(st.builds(GrantMax, st.sampled_from([0, 30, 60]), st.just(10), st.just(5)))),
        draw(st.builds(MovedMax, st.integers(0, 4))) if today and draw(st.booleans()) else None,
    ]
    rules.append(draw(sometimes(st.builds(LinksBrokenMax, st.sampled_from([0, 0.5, 1.5, 3])))))
    if taking_part:
        rules.append(draw(sometimes(st.builds(Differs, other_plans(bare), st.integers(1, len(taking_part))))))
    if len(taking_part) >= 2:
        pair = st.frozensets(st.sampled_from(taking_part), min_size=2, max_size=3)
        rules += [draw(sometimes(st.builds(Together, pair))), draw(sometimes(st.builds(Apart, pair)))]
    for name, urns in today.items():
        if set(urns) & set(bare.roster.headship_of) and draw(st.integers(0, 4)) == 0:
            rules.append(Locked(name, frozenset(urns), draw(st.booleans())))
    return [rule for rule in rules if isinstance(rule, Rule)]


def agrees(problem: Problem, workers: int = 1) -> None:
    """The solver's answer is the best of all plans, its bounds are met, and it is what `check` allows."""
    fine = list(every_plan(problem))
    run = solve(problem, Limits(seconds=60, workers=workers))
    if not fine:
        assert run.status == "infeasible", run
        return
    fewest = min(unplaced for _, unplaced, _ in fine)
    least = min(cost.total for _, unplaced, cost in fine if unplaced == fewest)
    assert run.status == "optimal", run
    assert run.plan is not None and run.cost is not None
    assert check(problem, run.plan) == []
    assert (run.unplaced, run.fewest_bound) == (fewest, fewest)
    assert (run.cost.total, run.bound) == (least, least)
    assert problem.cost(run.plan) == run.cost


def every_fine(problem: Problem) -> list[Plan]:
    """Every plan that breaks no rule."""
    return [plan for plan, *_ in every_plan(problem)]


def bounds_hold(problem: Problem, stop_after: int, stop: Event) -> None:
    """Stopped after so many events, a run claims no more than is true of all plans."""
    events = count(1)

    def tell(_: Progress) -> None:
        if next(events) >= stop_after:
            stop.set()

    run = solve(problem, Limits(seconds=60, workers=1), tell, stop)
    fine = list(every_plan(problem))
    if run.plan is not None:
        assert check(problem, run.plan) == []
    if not fine:
        assert run.plan is None
        return
    fewest = min(unplaced for _, unplaced, _ in fine)
    assert run.status != "infeasible"
    assert run.fewest_bound is None or run.fewest_bound <= fewest
    if run.bound is not None and run.unplaced is not None:
        assert run.bound <= min(cost.total for _, unplaced, cost in fine if unplaced <= run.unplaced)
