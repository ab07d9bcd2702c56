"""A plan by hand: every edit judged as any plan is, undone and redone, and what it means for a search from here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identifiers import ints
from town import line, town, write_csv, write_town

from geodata.faults import BadData
from geodata.urns import Urn
from partition.model.area import Area, Link
from partition.model.costs import Cost
from partition.plans.judge import judge
from partition.scenario.build import problem_of
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.settings.scenario import Scenario
from partition.studies.hand_edits.draft import Draft, improving
from partition.studies.hand_edits.edits import (
    AN_EDIT,
    Edit,
    Keep,
    KeepMany,
    Log,
    Move,
    MoveMany,
    Note,
    Pair,
    TakePart,
    is_private,
)

# 1 2 3 near each other, 4 5 6 half an hour on; 6 is larger. Links 2-3 and 3-4; today 1 2 3 are Fen, 4 5 Wold.
AREA = town(
    line(0, 1, 2, 30, 31, 32),
    pupils=[50, 60, 70, 80, 90, 260],
    links=[Link(urn_a=2, urn_b=3), Link(urn_a=3, urn_b=4)],
    today={"Fen": [1, 2, 3], "Wold": [4, 5]},
)
TODAY = [("Fen", [1, 2, 3]), ("Wold", [4, 5])]


def case_of(area: Area = AREA, **rules: Any) -> Case:
    scenario = Scenario.model_validate({"rules": {"heads_min": 2, "heads_max": 3, **rules}})
    return Case(
        scenario=scenario,
        stated=scenario,
        problem=problem_of(scenario, area),
        notices=(),
        links_out_of_reach=(),
        groups_out_of_reach=(),
        left_out=(),
        known_urns=frozenset(area.index),
        sources=(),
        private_sources=(),
        attribution=(),
    )


def draft_of(*edits: Edit, groups: Sequence[tuple[str, Sequence[int]]] = TODAY, **rules: Any) -> Draft:
    return Draft.begin(case_of(**rules), groups, edits)


def groups(draft: Draft) -> str:
    return " ".join("".join(map(str, one.urns)) for one in draft.plan.partnerships)


def refusal(do: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(BadData) as bad:
        do()
    (fault,) = bad.value.faults
    return fault.column, fault.fix


def test_a_school_is_moved_and_the_change_told_term_by_term() -> None:
    draft = draft_of()
    told = draft.change(Move(urn=3, to=2))
    # Six meetings at each of n schools in turn, there and back: 24 (the sum over pairs) / n minutes a year. 1 2 3: 32,
    # 1 2: 12, 4 5: 12, 3 4 5: 464. The link 2-3 breaks and 3-4 is mended; 3 is parted from 1 and 2.
    assert told.cost == Cost(travel=(12_000 + 464_000) - (32_000 + 12_000), links=0, change=2 * 240_000)
    assert [breach.words for breach in told.broken] == [
        "School 3 and School 4 are 28.0 minutes apart, over 20",
        "School 3 and School 5 are 29.0 minutes apart, over 20",
    ]
    assert (groups(draft), groups(draft.after(Move(urn=3, to=2)))) == ("123 45", "12 345")


def test_a_school_is_taken_out_and_put_into_a_new_partnership() -> None:
    out = draft_of(Move(urn=3, to="none"))
    assert ints((groups(out), out.weighed.unplaced, out.since_begun.placed)) == ("12 45", (3,), -1)
    alone = out.after(Move(urn=3, to="new"))
    assert [breach.rule for breach in alone.weighed.breaches] == ["needs_heads", "heads_min"]
    pair = alone.after(Move(urn=2, to=3))
    assert (groups(pair), pair.drawn.names[3]) == ("1 23 45", "New partnership 3")
    assert pair.account.partnerships[1].name == "New partnership 3"


def test_a_rule_broken_otherwise_is_neither_new_nor_mended_twice() -> None:
    crowded = draft_of(groups=[("Fen", [1, 2, 3, 4])], minutes_max=60)
    assert [breach.words for breach in crowded.weighed.breaches] == ["4 heads, more than 3"]
    more = crowded.change(Move(urn=5, to=1))
    assert ([breach.words for breach in more.broken], more.mended) == (["5 heads, more than 3"], ())
    assert [breach.words for breach in crowded.change(Move(urn=4, to="none")).mended] == ["4 heads, more than 3"]


def test_heads_go_with_all_their_schools() -> None:
    area = town(line(0, 1, 2, 3), heads={1: "Both", 4: "Both"})
    draft = Draft.begin(case_of(area), [("A", [1, 2]), ("B", [3, 4])])
    assert groups(draft) == "124 3"  # as judged: where the head's base is
    assert groups(Draft.begin(case_of(area), [("A", [2, 3]), ("B", [4])])) == "14 23"  # or where any of the schools is
    assert groups(draft.after(Move(urn=4, to=2))) == "134 2"
    assert refusal(lambda: draft.after(Pair(urns=(1, 4), how="apart")))[0] == "urns"


def test_larger_schools_join_as_associates_and_small_ones_need_not_take_part() -> None:
    draft = draft_of()
    column, fix = refusal(lambda: draft.after(Move(urn=6, to=2)))
    assert (column, "260 pupils" in fix) == ("urn", True)
    joined = draft.after(TakePart(urn=6, role="associate")).after(Move(urn=6, to=2))
    assert (groups(joined), joined.account.role(6)) == ("123 456", "associate")
    small = joined.after(TakePart(urn=6, role="small"))
    assert (groups(small), small.account.role(6)) == ("123 456", "placed")
    assert groups(small.after(TakePart(urn=6, role="out"))) == "123 45"
    without = draft.after(TakePart(urn=3, role="out"))
    assert ints((groups(without), without.since_begun.cost.links, without.since_begun.cost.change)) == (
        "12 45",
        -60_000,
        0,
    )
    assert without.after(TakePart(urn=3, role="associate")).account.role(3) == "associate alone"
    assert ints(without.after(TakePart(urn=3, role="small")).weighed.unplaced) == (3,)


def test_what_is_kept_as_now_is_a_rule_from_then_on() -> None:
    kept = draft_of(Keep(partnership=1, how="closed"))
    assert next(breach.words for breach in kept.change(Move(urn=3, to=2)).broken) == "Fen is not kept as now"
    assert [breach.rule for breach in kept.change(Move(urn=3, to="none")).broken] == ["locked", "locked"]
    opened = kept.after(Keep(partnership=1, how="open"))
    assert "open_locked" not in [breach.rule for breach in opened.change(Move(urn=4, to=1)).broken]
    assert kept.after(Keep(partnership=1, how="free")).change(Move(urn=3, to="none")).broken == ()


def test_two_are_together_or_apart_from_then_on() -> None:
    apart = draft_of(Pair(urns=(2, 1), how="apart"))
    assert [breach.words for breach in apart.weighed.breaches] == ["School 1 and School 2 are together"]
    together = apart.after(Pair(urns=(1, 2), how="together"))
    assert together.weighed.breaches == ()
    assert [breach.rule for breach in together.change(Move(urn=2, to="none")).broken] == ["together"]
    assert together.after(TakePart(urn=2, role="out")).weighed.breaches == ()  # who is out can be with nobody


def test_edits_that_do_not_fit_are_refused_with_what_to_do() -> None:
    draft = draft_of()
    assert refusal(lambda: draft.after(Move(urn=99, to=1))) == (
        "urn",
        "no school selected has this URN; choose one from the list",
    )
    assert refusal(lambda: draft.after(Move(urn=1, to=9)))[0] == "to"
    assert refusal(lambda: draft.after(Move(urn=1, to=1)))[1] == "it is so already"
    assert refusal(lambda: draft.after(Keep(partnership=9, how="open")))[0] == "partnership"
    assert refusal(lambda: draft.after(Pair(urns=(1, 6), how="together")))[0] == "urns"


def test_choices_come_by_what_they_break_then_whom_they_place_then_what_they_cost() -> None:
    draft = draft_of(groups=[("Fen", [1, 2]), ("Wold", [4, 5])])
    (best, told), *others = draft.choices(3)
    assert ints((best, told.placed, told.broken)) == (Move(urn=3, to=1), 1, ())
    assert told.cost == Cost(travel=20_000, links=-60_000, change=-480_000)
    assert ints([(move.to, {breach.rule for breach in told.broken}) for move, told in others]) == [
        (2, {"minutes_max"}),
        ("new", {"needs_heads", "heads_min"}),
    ]
    assert ints([move.to for move, _ in draft.choices(1)]) == ["new", 2, "none"]  # any leaves 2 behind, alone
    assert ints([move.to for move, _ in draft.after(Move(urn=3, to="new")).choices(3)]) == [1, 2, "none"]


def test_undo_and_redo_walk_the_log_and_an_edit_forgets_what_was_undone() -> None:
    draft = draft_of()
    moved = draft.after(Move(urn=3, to="none")).after(Move(urn=3, to=2))
    assert groups(moved.undo()) == "12 45"
    assert moved.undo().undo().plan == draft.plan
    assert draft.undo() is draft
    assert moved.undo().redo().plan.digest == moved.plan.digest
    assert moved.undo().after(Move(urn=1, to="none")).redo() == moved.undo().after(Move(urn=1, to="none"))
    assert moved.redo() is moved


def test_what_was_undone_is_told_though_it_speaks_of_a_partnership_that_is_not_there() -> None:
    there = draft_of().after(Move(urn=3, to="new")).after(Move(urn=4, to=3))
    gone = there.undo().undo()
    told = ["School 3 moved to a new partnership", "School 4 moved to New partnership 3"]
    assert [gone.words(edit) for edit in gone.undone] == told == [there.words(edit) for edit in there.done]
    assert gone.redo().redo().plan == there.plan
    log = gone.log.model_copy(update={"undone": (Move(urn=3, to=9),)})  # as an altered project file has it
    assert draft_of().replayed(log).undone == () != draft_of().replayed(gone.log).undone


def test_a_log_is_kept_as_json_and_strictly_read() -> None:
    edits = (
        Move(urn=3, to="none"),
        TakePart(urn=6, role="associate"),
        Keep(partnership=2, how="open"),
        Pair(urns=(1, 2), how="together"),
    )
    log = Log(done=edits[:3], undone=edits[3:])
    assert Log.model_validate_json(log.model_dump_json()) == log
    for wrong in ({"kind": "move", "urn": "", "to": 1}, {"kind": "move", "urn": 3, "to": "away"}, {"kind": "sell"}):
        with pytest.raises(ValueError):
            Log.model_validate_json(json.dumps({"done": [wrong]}))
    said = [draft_of().words(edit) for edit in edits]
    assert said == [
        "School 3 taken out of its partnership",
        "School 6 may join as an associate",
        "Wold kept as now, others may join",
        "School 1 and School 2 kept together",
    ]


# Any edits at all ---------------------------------------------------------------------------------------------------

URNS = st.integers(1, 6)
EDITS: st.SearchStrategy[Any] = st.one_of(
    st.builds(Move, urn=URNS, to=st.sampled_from([1, 2, 3, "new", "none"])),
    st.builds(TakePart, urn=URNS, role=st.sampled_from(["small", "associate", "out"])),
    st.builds(Keep, partnership=st.integers(1, 3), how=st.sampled_from(["closed", "open", "free"])),
    st.builds(Pair, urns=st.tuples(URNS, URNS), how=st.sampled_from(["together", "apart", "free"])),
)
FEDERATED = town(
    [[abs(a - b) + (a > b) for b in (0, 1, 2, 30, 31, 32)] for a in (0, 1, 2, 30, 31, 32)],
    pupils=[50, 60, 230, 80, 90, 260],
    heads={3: "Federation", 4: "Federation"},
    links=[Link(urn_a=2, urn_b=3), Link(urn_a=1, urn_b=4, weight=0.5)],
    today={"Fen": [1, 2, 3], "Wold": [4, 5]},
)
CASES = [
    case_of(),
    case_of(FEDERATED, locked=["Wold"], moved_max=2),
    case_of(FEDERATED, pupils_max=300, links_broken_max=1, partnerships_max=2, associates=[6]),
]


@given(case=st.sampled_from(CASES), steps=st.lists(st.one_of(EDITS, st.sampled_from(["undo", "redo"])), max_size=12))
@settings(max_examples=150)
def test_whatever_is_done_the_draft_is_judged_as_any_plan_and_hangs_on_its_log_alone(
    case: Case, steps: list[Any]
) -> None:
    draft = begun = Draft.begin(case, TODAY)
    for step in steps:
        if step in ("undo", "redo"):
            draft = getattr(draft, step)()
            continue
        try:
            told = draft.change(step)
            after = draft.after(step)
        except BadData:
            continue
        assert told.after == after.weighed
        draft = after
    again = Draft.begin(case, TODAY, draft.done)
    assert (again.plan.digest, again.weighed) == (draft.plan.digest, draft.weighed)
    labels = {urn: draft.drawn.label(number) for urn, number in draft.drawn.place.items()}
    judged = judge(draft.problem, labels)
    assert (judged.plan, judged.cost, judged.breaches) == (draft.plan, draft.weighed.cost, draft.weighed.breaches)
    assert len({labels[urn] for urn in labels}) == len(draft.drawn.groups)
    assert {item.name for item in draft.account.partnerships} == {draft.drawn.names[n] for n in draft.drawn.groups}
    back = draft
    while back.done:
        back = back.undo()
        assert all(back.words(edit) for edit in (*back.done, *back.undone))
    assert back.plan.digest == begun.plan.digest
    assert begun.replayed(back.log).undone == back.undone
    while back.undone:
        back = back.redo()
    assert back.plan.digest == Draft.begin(case, TODAY, back.done).plan.digest


# Improve from here ------------------------------------------------------------------------------------------------


def test_what_edits_mean_for_a_search_from_here() -> None:
    draft = draft_of(
        Keep(partnership=1, how="open"),
        Pair(urns=(4, 5), how="together"),
        TakePart(urn=6, role="associate"),
        locked=["Wold"],
    )
    found = improving(draft, 5)
    assert ints(found.groups) == {1: "Fen", 2: "Fen", 3: "Fen", 4: "Wold", 5: "Wold"}
    assert ints(found.rules) == {
        "associates": [6],
        "together": [[4, 5]],
        "open_locked": ["Fen"],
        "moved_max": 5,
        "keep": None,
    }


def test_what_is_kept_as_now_must_still_be_so() -> None:
    draft = draft_of(Move(urn=3, to=2), locked=["Fen"])
    column, fix = refusal(lambda: improving(draft, 5))
    assert column == "keep"
    assert fix.startswith("Fen is kept as now")
    assert improving(draft.undo(), None).rules == {"keep": None}  # Fen is locked there already


def test_what_is_kept_as_now_though_it_breaks_a_rule_is_told_before_any_search() -> None:
    draft = draft_of(Move(urn=4, to=1), locked=[], minutes_max=20, heads_max=4).after(Keep(partnership=1, how="closed"))
    column, fix = refusal(lambda: improving(draft, 5))
    assert column == "keep"
    assert fix == (
        "Fen is kept as now, but breaks a criterion: School 1 and School 4 are 30.0 minutes apart, over 20, "
        "and School 2 and School 4 are 29.0 minutes apart, over 20, "
        "and School 3 and School 4 are 28.0 minutes apart, over 20; "
        "allow 30 minutes for School 4 in the settings, or keep it no longer"
    )
    assert improving(draft, None).rules["locked"] == ["Fen"]  # as it is, it may be kept all the same


def test_improving_keeps_to_the_moves_and_to_what_is_kept(tmp_path: Path) -> None:
    from partition.solver import solve

    path = write_town(tmp_path, *range(8), today={"A": [], "B": []}, settings="[rules]\nheads_min = 2\nheads_max = 4\n")
    case = load(read_scenario(path, ["data.existing=off"]))
    urns = [900_001 + n for n in range(8)]
    draft = Draft.begin(case, [("Odd", urns[::2]), ("Even", urns[1::2])], [Pair(urns=(urns[0], urns[2]), how="apart")])
    found = improving(draft, 2)
    problem = found.problem(case)
    run = solve(problem)
    assert run.plan is not None
    moved = Draft.begin(case, [("Odd", urns[::2]), ("Even", urns[1::2])])
    assert run.plan != moved.plan
    by_hand = write_csv(tmp_path / "by_hand.csv", ["urn", "partnership"], found.groups.items())
    read = load(found.scenario(case.scenario, str(by_hand)))
    assert read.problem.criteria == problem.criteria
    assert solve(read.problem).plan == run.plan  # the same from files as without


# Several at once, notes, and the history ------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5]), min_size=1, max_size=5), st.sampled_from([1, 2, "new", "none"]))
def test_several_moved_at_once_are_where_they_would_be_one_after_the_other(urns: list[int], to: Any) -> None:
    asked = tuple(urns)
    by_one = draft_of()
    place: Any = to
    for urn in sorted(set(urns), key=urns.index):
        if by_one.drawn.place.get(Urn(urn)) == (None if place == "none" else place):
            continue
        by_one = by_one.after(Move(urn=urn, to=place))
        place = 3 if to == "new" else to
    if by_one.done:
        at_once = draft_of(MoveMany(urns=asked, to=to))
        assert (at_once.plan, at_once.drawn) == (by_one.plan, by_one.drawn)
        assert at_once.undo().plan == draft_of().plan
    else:
        with pytest.raises(BadData, match="it is so already"):
            draft_of(MoveMany(urns=asked, to=to))


def test_every_place_of_several_is_judged_as_the_whole_plan_then_is() -> None:
    draft = draft_of()
    choices = draft.choices_of_many([1, 2])
    assert {move.to for move, _ in choices} == {2, "new", "none"}
    for move, found in choices:
        after = draft.after(move)
        assert found.after == after.weighed
        again = judge(after.problem, {urn: str(number) for urn, number in after.drawn.place.items()})
        assert (again.plan, again.cost) == (after.plan, after.weighed.cost)
    assert draft.choices_of_many([]) == ()
    assert "new" not in {move.to for move, _ in draft.choices_of_many([1, 2, 3])}  # they are by themselves already


def test_several_are_kept_as_now_and_released_at_once() -> None:
    kept = draft_of(KeepMany(partnerships=(1, 2), how="closed", what="East Fen"))
    assert kept.drawn == draft_of(Keep(partnership=1, how="closed"), Keep(partnership=2, how="closed")).drawn
    assert kept.words(kept.done[0]) == "East Fen (2 partnerships): kept as now"
    assert kept.after(KeepMany(partnerships=(1, 2), how="free")).drawn == draft_of().drawn
    assert kept.after(KeepMany(partnerships=(2, 1), how="open")).words(KeepMany(partnerships=(1,), how="free"))
    with pytest.raises(BadData, match="there is no partnership of this number"):
        draft_of(KeepMany(partnerships=(1, 9), how="closed"))


def test_a_note_changes_no_plan_and_is_private() -> None:
    draft = draft_of(Note(urn=1, words=" leaves in July "), Note(partnership=2, words="asked twice"))
    assert draft.drawn.notes == {Urn(1): "leaves in July", 2: "asked twice"}
    assert (draft.plan, draft.weighed.cost) == (draft_of().plan, draft_of().weighed.cost)
    assert all(map(is_private, draft.done))
    assert [draft.words(edit) for edit in draft.done] == ["Note on School 1", "Note on Wold"]
    assert draft.after(Note(urn=1, words=" ")).drawn.notes == {2: "asked twice"}
    assert improving(draft, 5) == improving(draft_of(), 5)
    for wrong in ({"urn": 9, "words": "x"}, {"partnership": 9, "words": "x"}):
        with pytest.raises(BadData):
            draft.after(Note.model_validate(wrong))
    for unread in ('{"kind":"note","words":"x"}', '{"kind":"note","urn":"1","partnership":1,"words":"x"}'):
        with pytest.raises(ValueError, match="which school or which partnership"):
            AN_EDIT.validate_json(unread)


def test_the_history_is_gone_through_to_any_place_in_it() -> None:
    edits = (Move(urn=3, to=2), Keep(partnership=1, how="closed"), Note(urn=1, words="x"), Move(urn=3, to=1))
    draft = draft_of(*edits)
    for count in (0, 3, 1, 4, 2):
        draft = draft.at(count)
        assert (draft.done, draft.undone) == (edits[:count], edits[count:])
        assert draft.drawn == draft_of(*edits[:count]).drawn
    assert (draft.at(-1).done, draft.at(99).done) == ((), edits)
    assert draft.begun.drawn == draft_of().drawn and draft.begun.log == Log()


def test_a_version_is_that_of_the_edits_alone() -> None:
    once = draft_of(Move(urn=3, to=2))
    assert once.log.version == draft_of(Move(urn=3, to=2)).log.version != draft_of().log.version
    assert once.undo().log.version not in (once.log.version, draft_of().log.version)  # it can be done again
    assert once.undo().redo().log.version == once.log.version
    read = Log.model_validate_json(draft_of(MoveMany(urns=(1, 2), to=2)).log.model_dump_json())
    assert read.version == draft_of(MoveMany(urns=(1, 2), to=2)).log.version
