"""Why: costs of other partnerships and of rules, held against trying every plan, and the command that tells them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from drawn import problems
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from identifiers import ints
from town import every_plan, line, town, write_town
from typer.testing import CliRunner, Result

from partition.actions.explain import ExplainRequest, find_friends
from partition.cli import app
from partition.model.area import Link
from partition.model.problem import Problem
from partition.model.rules import Apart, HeadsPer, MinutesMax, Rule
from partition.plans.account import Account
from partition.solver import Limits, solve
from partition.studies.explain.explain import Explanation, explain, explaining, loosened, pricing_rules, put_together
from partition.studies.explain.purse import Purse
from partition.studies.explain.text import facts, lines, sections

LIMITS = Limits(seconds=60, workers=1)
PURSE = Purse.without_end(LIMITS)


def account(problem: Problem) -> Account:
    run = solve(problem, LIMITS)
    assert run.plan is not None
    return Account(problem, run.plan, run=run)


def street(*rules: Rule) -> Account:
    """Pairs along a road: 1 with 2, 3 with 4."""
    return account(Problem(town(line(0, 1, 10, 11)), [HeadsPer(2, 2), MinutesMax(12), *rules]))


def test_two_together_cost_what_the_best_plan_with_them_costs() -> None:
    option = put_together(street(), 2, 3, PURSE)  # 1 and 4 are then 11 minutes apart
    assert option.outcome is not None
    assert ints(option.outcome.with_school(2)) == (3,)
    assert option.outcome.fewer_unplaced == 0
    # Six meetings go round two schools: a head drives there and back every other time, 6 x (9 + 11 - 1 - 1) x 2.
    assert option.outcome.extra.total == option.outcome.extra.travel == 6 * 18 * 2 * 1000
    assert option.outcome.sure == "proven"


def test_a_rule_that_forbids_two_together_is_named_with_its_figures() -> None:
    option = put_together(account(Problem(town(line(0, 1, 30, 31)), [MinutesMax(20)])), 1, 4, PURSE)
    assert option.breach is not None
    assert option.breach.words == "School 1 and School 4 are 31.0 minutes apart, over 20"


def test_each_rule_has_its_price() -> None:
    told = account(Problem(town(line(0, 1, 30)), [HeadsPer(2, 3), MinutesMax(26)]))
    *_, costs = pricing_rules(told, limits=LIMITS)
    placed = {price.words: price.outcome.fewer_unplaced for price in costs.rules if price.outcome}
    assert ints(placed) == {"heads_min 2 to 1": 0, "heads_max 3 to 4": 0, "minutes_max 26 to 31": 1}


def test_what_is_private_has_no_row_in_public() -> None:
    told = street(Apart(frozenset({2, 3})))
    assert not any("without" in words for words, _ in loosened(told.problem))
    assert any("School 2 and School 3" in words for words, _ in loosened(told.problem, internal=True))


def test_an_explanation_grows_part_by_part_and_says_what_is_left() -> None:
    heard: list[str] = []
    first, *more = explaining(street(), 2, 3, limits=LIMITS, tell=heard.append)
    assert first.left == tuple(heard) and first.together is None and not first.options and not first.rules
    assert more[0].together is not None and more[0].left == first.left[1:]
    whole = more[-1]
    assert whole.left == () and whole.together is not None and len(more) == len(heard)
    assert len(whole.options) + len(whole.rules) == len(heard) - 1


def crossed(links: Sequence[Link] = ()) -> Account:
    """Pairs twenty minutes apart, though each head has a neighbour a minute away."""
    problem = Problem(town(line(0, 1, 20, 21), links=links), [HeadsPer(2, 2), MinutesMax(30)])
    return Account(problem, problem.plan([[1, 3], [2, 4]]))


def asked_of(told: Account, *, internal: bool = False) -> Explanation:
    """The whole explanation for School 3."""
    request = ExplainRequest(urn=3, internal=internal)
    friends = partial(find_friends, told, request)
    *_, whole = explaining(told, request.urn, limits=LIMITS, friends=friends, internal=internal)
    return whole


def test_a_school_is_told_the_group_that_it_and_its_friends_would_rather_form() -> None:
    told = asked_of(crossed())
    said = dict(sections(told))["Is there a group that School 3 and its friends would rather form?"]
    assert said[:3] == [
        "It may not hold: 1 group of heads with School 3 could leave, and each head there would spend at least 60 "
        "minutes a year less.",
        "Proven: no group of these heads could each gain more than 114 minutes a year by leaving. Every partnership "
        "that the criteria allow was considered.",
        "2 groups would gain something, however little.",
    ]
    assert said[4] == (
        "School 3, School 4 would rather be together, each with at least 114 minutes a year less: School 3: 114.0 less "
        "(120.0, then 6.0); School 4: 114.0 less (120.0, then 6.0). It would leave 1 head of 1 1, alone; "
        "1 head of 2 2, alone."
    )
    assert facts(told)["friends"]["holds"] is False


def test_where_people_named_links_a_school_s_groups_are_told_internally_alone() -> None:
    links = [Link(urn_a=1, urn_b=2, weight=1.0)]
    public = asked_of(crossed(links))
    words = "\n".join(lines(public))
    assert "left out here" in words and "less (" not in words and facts(public)["friends"] is None
    told = asked_of(crossed(links), internal=True)
    assert "School 3, School 4 would rather be together" in "\n".join(lines(told))


def test_a_school_that_fits_says_whom_it_would_leave_out() -> None:
    told = account(Problem(town(line(0, 10, 20)), [HeadsPer(2, 2), MinutesMax(10)]))
    (alone,) = told.unplaced
    why = explain(told, alone, limits=LIMITS).not_placed
    assert why is not None and why.clash is None and why.instead is not None
    kinds = {change.urn: change.kind for change in why.instead.changes.schools}
    assert kinds[alone] == "newly placed"
    assert "no longer placed" in kinds.values()


@settings(max_examples=25, deadline=None)
@given(problems(6), st.data())
def test_two_together_are_the_best_of_all_plans_that_have_them(problem: Problem, data: st.DataObject) -> None:
    fine = list(every_plan(problem))
    urns = sorted(problem.roster.headship_of)
    assume(fine and len(urns) >= 2)
    urn, other = data.draw(st.permutations(urns).map(lambda drawn: drawn[:2]))
    assume(problem.roster.headship_of[urn] != problem.roster.headship_of[other])
    told = account(problem)
    option = put_together(told, urn, other, PURSE)
    both = [
        (unplaced, cost.total)
        for plan, unplaced, cost in fine
        if urn in plan.partnership_of and plan.partnership_of[urn] == plan.partnership_of.get(other)
    ]
    if option.already:
        assert (len(told.unplaced), told.cost.total) in both
    elif option.outcome is None:
        assert both == []
        assert option.breach is not None or option.clash is not None
    else:
        found = len(told.unplaced) - option.outcome.fewer_unplaced, told.cost.total + option.outcome.extra.total
        assert found == min(both)


# The command ------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


RULES = "[rules]\nheads_min = 2\nheads_max = 3\nminutes_max = 12\napart = [[900001, 900003]]\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain")
    path = write_town(folder, 0, 1, 10, 11, 40, settings=RULES, names=["A|1", "Two", "Three", "Four", "Far"])
    assert run("plan", path, "--out", folder).exit_code == 0
    return folder


def test_the_command_tells_it_in_text_json_and_markdown(made: Path, tmp_path: Path) -> None:
    given = ("explain", made / "plan.gpkg", made / "town.toml", "--school", "900005", "--out", tmp_path)
    done = run(*given)
    assert done.exit_code == 0, done.output
    assert "Way out: allow 30 minutes for Far (--set 'rules.minutes_max_for={900005 = 30}'); it " in done.stdout
    assert "Way out: accept it unplaced" in done.stdout
    told: dict[str, Any] = json.loads(run(*given, "--json").stdout)
    assert told["not_placed"]["clash"] == ["no two schools more than 12 minutes apart (the drives of Far)"]
    assert [rule["change"] for rule in told["rules"]] == [
        "heads_min 2 to 1",
        "heads_max 3 to 4",
        "minutes_max 12 to 17",
    ]
    assert (tmp_path / "explain_900005.md").read_text(encoding="utf-8").startswith("# Far (900005)\n")


def test_who_is_kept_apart_is_told_only_internally(made: Path, tmp_path: Path) -> None:
    given = ("explain", made / "plan.gpkg", made / "town.toml", "--school", "900001", "--with", "900003")
    public = run(*given, "--out", tmp_path)
    paper = (tmp_path / "explain_900001.md").read_text(encoding="utf-8")
    for text in (public.stdout, paper):
        assert "cannot be; a criterion that is not for publication." in text
        assert "kept apart" not in text and "are together." not in text and "Internal" not in text
    assert r"# A\|1 (900001)" in paper
    internal = run(*given, "--out", tmp_path, "--internal")
    paper = (tmp_path / "explain_900001.md").read_text(encoding="utf-8")
    assert "Internal: not for publication" in internal.stdout and "Internal: not for publication" in paper
    assert "without: A|1 and Three kept apart" in internal.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["town.toml", "--school", 7], 3, "no school selected has this URN"),
        (["town.toml", "--school", "900001", "--with", "900001"], 3, "name another school"),
        (["--school", "900001"], 2, "give the scenario"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    arguments: list[object], code: int, words: str, made: Path, tmp_path: Path
) -> None:
    given = [made / one if one == "town.toml" else one for one in arguments]
    done = run("explain", made / "plan.gpkg", *given, "--out", tmp_path / "none")
    assert done.exit_code == code
    assert words in done.output
    assert not (tmp_path / "none").exists()


def test_a_scenario_with_no_plan_says_what_clashes_and_the_ways_out(tmp_path: Path) -> None:
    settings = '[rules]\nheads_min = 2\nminutes_max = 20\nlocked = ["Far"]\n'
    path = write_town(tmp_path, 0, 5, 50, today={"Far": ["900001", "900003"]}, settings=settings)
    done = run("plan", path, "--out", tmp_path / "out")
    assert done.exit_code == 4
    assert (
        "these cannot all be kept: no two schools more than 20 minutes apart (the drives of School 900003); "
        in done.stderr
    )
    assert "; School 900001 and School 900003 are 50.0 minutes apart, over 20 (" in done.stderr
    assert (
        "Way out: Far kept as now dropped" in done.stderr
        and "Way out: allow 50 minutes for School 900003" in done.stderr
    )
    told = json.loads(run("plan", path, "--out", tmp_path / "out", "--json").stdout)
    assert told["irreducible"] and len(told["ways_out"]) == 2


def test_one_alone_and_a_pocket_of_three_are_named_with_their_ways_out(tmp_path: Path) -> None:
    """Four together, three more in a pocket, and one far from everybody; four heads are needed."""
    settings = "[rules]\nheads_min = 4\nminutes_max = 20\n"
    path = write_town(tmp_path, 0, 5, 10, 15, 60, 65, 70, 150, settings=settings)
    assert run("plan", path, "--out", tmp_path).exit_code == 0
    given = ("explain", tmp_path / "plan.gpkg", path, "--out", tmp_path, "--json", "--school")
    pocket = run(*given[:-2], "--school", "900006").stdout
    assert "these keep every other head from it but 2: School 900005; School 900007." in pocket
    told = json.loads(run(*given, "900006").stdout)["not_placed"]
    assert told["schools"] == ["900006"] and told["irreducible"]
    assert [way["change"] for way in told["ways_out"]] == [
        "let School 900006 join as one of 3",
        "allow 65 minutes for School 900006",
    ]
    alone = json.loads(run(*given, "900008").stdout)["not_placed"]
    assert alone["clash"] == ["no two schools more than 20 minutes apart (the drives of School 900008)"]
    assert alone["ways_out"][0]["change"] == "allow 90 minutes for School 900008"


def test_hostile_names_stay_text_on_the_page(tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "Two", "Three", "Four", "Far"]
    path = write_town(tmp_path, 0, 1, 10, 11, 40, settings=RULES, names=names)
    assert run("plan", path, "--out", tmp_path).exit_code == 0
    assert run("explain", tmp_path / "plan.gpkg", path, "--school", "900001", "--out", tmp_path).exit_code == 0
    page = (tmp_path / "explain_900001.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
