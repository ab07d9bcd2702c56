"""Settings as people fill them in: each has a field, nothing is lost on the way, every fault stands beside its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st
from identifiers import ints
from town import line, town

from geodata.faults import BadData
from partition.model.area import Area, Link
from partition.scenario.form.effects import EFFECTS, Outlook, effects
from partition.scenario.form.fields import TABLES, Field, fields
from partition.scenario.form.form import Entry, Form, filled, form_of
from partition.scenario.read import read_scenario_text
from partition.settings.scenario import Scenario

HERE = Path()
AREA = town(
    line(0, 5, 10, 30),
    pupils=[50, 60, 70, 300],
    columns={
        "district": ["East", "East", "", "West"],
        "base": ["yes", "no", "no", "no"],
        "2030": ["55", "60", "80", "300"],
    },
    links=[Link(urn_a=1, urn_b=2, kind="shared post")],
    today={"Fen": [1, 2], "Wold": [3]},
)
MINE = """# Ours, of spring
extends = "preset:scheme-2013"  # the money

[money]
source = "Cabinet paper"  # which one?

[rules]  # as agreed
heads_min = 3        # one fewer
minutes_max = 25.0
together = [[1, 2]]  # share a post

[advisers]
leaving = ["A3"]
"""


def by_key(form: Form) -> dict[str, Entry]:
    return {entry.field.key: entry for entry in form.entries}


def wrong(form: Form) -> dict[str, str]:
    return {entry.field.key: " | ".join(entry.faults) for entry in form.wrong}


def test_every_criterion_and_priority_has_a_field_with_words_of_its_own() -> None:
    keys = [f"{table}.{name}" for table in TABLES for name in type(getattr(Scenario(), table)).model_fields]
    assert sorted(fields()) == sorted(keys)
    labels = [field.words.label for field in fields().values()]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert EFFECTS.keys() <= fields().keys()
    for field in fields().values():
        options = [one for one in (field.default, *field.choices) if one not in (None, "")]
        assert not field.choices or set(options) == {one for one in field.choices if one}


def test_a_field_shows_what_the_file_states_or_what_it_extends_or_the_default() -> None:
    shown = by_key(form_of(MINE, HERE))
    assert (shown["rules.heads_min"].typed, shown["rules.heads_max"].typed) == ("3", "7")
    assert (shown["rules.minutes_max"].typed, shown["rules.together"].typed) == ("25", "1, 2")
    assert by_key(form_of("[solve]\ngap = 0.015\n", HERE))["solve.gap"].typed == "1.5"
    base = read_scenario_text('extends = "preset:send-cluster"', HERE)
    extended = by_key(form_of('extends = "preset:send-cluster"', HERE))
    assert extended["rules.school_pupils_max"].typed == fields()["rules.school_pupils_max"].shown(
        base.rules.school_pupils_max
    )


def test_what_a_file_adds_to_the_one_it_extends_is_shown_with_that(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("[rules]\nminutes_max_for = {900001 = 25}\nlocked = ['Fen']\n")
    text = "extends = 'base.toml'\n[rules]\nminutes_max_for = {900002 = 30}\nlocked = ['Wold']\n"
    shown = by_key(form_of(text, tmp_path))
    assert shown["rules.minutes_max_for"].typed == "900001 = 25\n900002 = 30"
    assert shown["rules.locked"].typed == "Wold"


def test_a_change_writes_its_own_key_and_leaves_all_else_as_it_was() -> None:
    form = filled(MINE, {"rules.heads_min": "4", "rules.minutes_max": "", "rules.apart": "1, 3\r\n2 3\r\n"}, HERE)
    assert form.may_be_kept
    assert form.text == MINE.replace("heads_min = 3 ", "heads_min = 4 ").replace(
        "minutes_max = 25.0", 'minutes_max = "off"'
    ).replace("# share a post\n", "# share a post\napart = [[1, 3], [2, 3]]\n")
    assert ints(read_scenario_text(form.text, HERE).rules.apart) == [[1, 3], [2, 3]]


def test_what_a_page_has_no_field_for_is_let_be() -> None:
    assert filled(MINE, {"token": "x", "money.source": "y", "rules.no_such": "1"}, HERE).text == MINE


def test_what_is_out_of_bounds_is_said_as_to_somebody_who_fills_in_a_form() -> None:
    wrong = by_key(filled(MINE, {"rules.heads_min": "0", "rules.minutes_max": "-3", "rules.heads_max": "4.5"}, HERE))
    assert wrong["rules.heads_min"].faults == ("0: type 1 or more",)
    assert wrong["rules.minutes_max"].faults == ("-3: type 0 or more",)
    assert not any("input" in fault for entry in wrong.values() for fault in entry.faults)


# Whatever the values ----------------------------------------------------------------------------------------------

NAME = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="="), min_size=1, max_size=6
)
URN = st.integers(1, 10**6)
MINUTES = st.one_of(st.integers(0, 10**6), st.floats(0, 10**6))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "whole": st.integers(1, 10**9),
    "whole or words": st.one_of(st.integers(2, 10**9), st.just("heads_min")),
    "number": st.one_of(st.integers(1, 10**6), st.floats(0.001, 10**6)),
    "percent": st.floats(0, 1),
    "schools": st.lists(URN, max_size=3),
    "lists of schools": st.lists(st.lists(URN, min_size=1, max_size=3), max_size=3),
    "names": st.lists(NAME, max_size=3),
    "numbers by school": st.dictionaries(URN, MINUTES, max_size=3),
    "counts by school": st.dictionaries(URN, st.integers(1, 9), max_size=3),
    "words by school": st.dictionaries(URN, NAME, max_size=3),
    "numbers by name": st.dictionaries(NAME, st.integers(0, 9), max_size=3),
    "prices by name": st.dictionaries(NAME, MINUTES, max_size=3),
    "words by name": st.dictionaries(NAME, NAME, max_size=3),
    "numbers": st.lists(MINUTES, max_size=3),
    "pairs of numbers": st.lists(st.lists(MINUTES, min_size=2, max_size=2), max_size=3),
}


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Tables of a scenario with some of their keys, as a file states them."""
    tables: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
    for key in draw(st.sets(st.sampled_from(sorted(fields())), max_size=12)):
        field, (table, name) = fields()[key], key.split(".")
        value = (
            draw(st.sampled_from([one for one in field.choices if one])) if field.choices else draw(VALUES[field.kind])
        )
        tables[table][name] = "off" if field.may_be_off and draw(st.integers(0, 4)) == 4 else value
    for what in ("heads", "schools", "pupils", "partnerships"):  # the least is no more than the most
        tables["rules"].pop(f"{what}_min" if draw(st.booleans()) else f"{what}_max", None)
    for limit in ("minutes_max", "heads_min"):
        if tables["rules"].get(limit) == "off":
            tables["rules"].pop(f"{limit}_for", None)
    return tables


def text_of(tables: dict[str, dict[str, Any]]) -> str:
    stated = {
        table: {
            name: {str(k): v for k, v in value.items()} if isinstance(value, dict) else value
            for name, value in keys.items()
        }
        for table, keys in tables.items()
    }
    return "# kept\n" + tomlkit.dumps(stated) + "\n[venues]\nmeetings_per_year = 4  # too\n"


def is_sound(text: str) -> bool:
    try:
        read_scenario_text(text, HERE)
    except BadData:
        return False
    return True


@given(tables=scenarios(), others=scenarios())
@settings(max_examples=50)
def test_nothing_is_lost_from_text_to_form_to_text(tables: Any, others: Any) -> None:
    text, other = text_of(tables), text_of(others)
    shown = {entry.field.key: entry.typed for entry in form_of(text, HERE).entries}
    assert filled(text, shown, HERE).text == text
    if not (is_sound(text) and is_sound(other)):
        return
    form = filled(other, shown, HERE)  # the one form filled in as the other is
    asked, found = read_scenario_text(text, HERE), read_scenario_text(form.text, HERE)
    assert [getattr(found, table) for table in TABLES] == [getattr(asked, table) for table in TABLES]
    assert form.may_be_kept
    assert form.text.startswith("# kept\n")
    assert "meetings_per_year = 4  # too\n" in form.text


# Faults -----------------------------------------------------------------------------------------------------------

BAD = {
    "whole": ["many", "-1", "2.5", "1e99"],
    "number": ["far", "-1", "nan", "inf"],
    "percent": ["some", "-1", "101"],
    "choice": ["else"],
    "schools": ["Nowhere School"],
    "lists of schools": ["1, two"],
    "numbers by school": ["1", "1 = far", "1 = 2\n1 = 3", "Nowhere = 3"],
    "counts by school": ["1", "1 = few", "1 = 2.5", "1 = 2\n1 = 3", "Nowhere = 3"],
    "words by school": ["1", "Nowhere = why"],
    "numbers by name": ["district", "district = few", "= 2"],
    "prices by name": ["district", "district = dear", "= 2", "district = -1"],
    "words by name": ["district", "base = "],
    "numbers": ["few", "-1"],
    "pairs of numbers": ["300", "300, much", "1, 2, 3", "300, -1"],
}


@pytest.mark.parametrize("field", fields().values(), ids=lambda field: field.key)
def test_a_bad_value_has_its_fault_beside_its_own_field(field: Field) -> None:
    for bad in [*BAD.get(field.kind, ()), *([] if field.may_be_off or field.lines or field.choices else [""])]:
        form = filled(MINE, {field.key: bad}, HERE, AREA)
        assert list(wrong(form)) == [field.key], bad
        assert by_key(form)[field.key].typed == bad.strip()
        assert form.faults == ()
        assert not form.may_be_kept


def test_every_fault_is_told_at_once_each_beside_its_field() -> None:
    typed = {
        "rules.heads_min": "9",  # over heads_max
        "rules.pupils_min": "nine",
        "rules.schools_min": "9",
        "rules.schools_max": "3",
        "rules.except_in": "1\n99",
        "rules.same": "ward",
        "rules.locked": "Marsh",
        "preferences.measure": "km",
        "solve.seconds": "0",
    }
    told = wrong(filled(MINE, typed, HERE, AREA))
    assert {"rules.heads_max", "preferences.minutes_per_link", "preferences.minutes_per_separation"} < told.keys()
    assert typed.keys() <= told.keys()
    assert told["rules.heads_min"] == "“Fewest heads” is 9 and “Most heads” 7; swap them or change one"
    assert told["rules.except_in"] == "99: no school selected has this URN; correct it or take it out"
    assert told["rules.locked"] == "Marsh: no partnership of today has this name; there are: Fen, Wold"


def test_a_file_that_was_wrong_before_says_so_too() -> None:
    form = form_of("[rules]\nheads_min = 'few'\nheds_max = 3\nminutes_max_for = {900012 = 'far'}\n[roules]\n", HERE)
    assert wrong(form).keys() == {"rules.heads_min", "rules.minutes_max_for"}
    assert wrong(form)["rules.minutes_max_for"].startswith("900012")
    assert [(fault.column, fault.fix.partition("mean")[2]) for fault in form.faults] == [
        ("rules.heds_max", " heads_max?"),
        ("roules", " rules?"),
    ]
    for text in ("[rules", 'extends = "nowhere.toml"'):
        with pytest.raises(BadData):
            form_of(text, HERE)


def test_schools_may_be_typed_by_name() -> None:
    form = filled(MINE, {"rules.except_out": "school 3\n2 School 2, the other"}, HERE, AREA)
    assert ints(read_scenario_text(form.text, HERE).rules.except_out) == [3, 2]


# What a setting does ------------------------------------------------------------------------------------------------


def effect(key: str, area: Area = AREA, **rules: Any) -> str:
    return effects(Outlook(area, Scenario.model_validate({"rules": rules}))).get(f"rules.{key}", "")


def test_effects_are_counted_in_the_schools() -> None:
    assert effect("school_pupils_max") == "3 of 4 schools are small, led by 3 heads; 0 more would be at 220."
    assert effect("school_pupils_max", school_pupils_max=280).endswith("; 1 more would be at 300.")
    needs = "small schools have one other head within 5 minutes, as a partnership of 2 needs."
    assert effect("minutes_max", minutes_max=5, heads_min=2) == f"3 of 3 {needs}"
    assert effect("minutes_max", minutes_max=4, heads_min=2).startswith("0 of 3")
    assert effect("minutes_max", minutes_max=5, heads_min=3).startswith("1 of 3 small schools have two other heads")
    assert effect("heads_min_for", heads_min_for={1: 2, 3: 4, 99: 2}) == (
        "1 school may be in a partnership of fewer than 4 heads."
    )
    assert effect("minutes_max_for", minutes_max=5, minutes_max_for={1: 10}) == (
        "1 pair of heads more may share a partnership."
    )
    assert effect("associates", associates=[4]) == "School 4 (300 pupils)"
    assert effect("same", same=["district"]) == "district has 1 value, blank at 1 school"
    assert effect("keep", heads_min=2) == "1 of 2 partnerships today break no criterion."
    assert effect("robust", robust=["2030"]) == "2030: 195 pupils, now 180."


@pytest.mark.parametrize("key", ["km_max", "host_minutes_max", "minutes_max", "heads_max"])
def test_where_nobody_takes_part_that_is_told(key: str) -> None:
    form = filled("", {"rules.school_pupils_max": "5", f"rules.{key}": "5"}, HERE, AREA)
    assert by_key(form)["rules.school_pupils_max"].effect.startswith("0 of ")
    assert not by_key(form)[f"rules.{key}"].faults


def test_effects_are_told_whatever_is_wrong_with_the_rest() -> None:
    form = filled(MINE, {"rules.except_in": "99", "rules.heads_max": "x"}, HERE, AREA)
    told = by_key(form)
    assert (told["rules.except_in"].effect, told["rules.locked"].effect) == ("", "There are 2 partnerships today.")
    assert told["rules.minutes_max"].effect.startswith("3 of 3 small schools have two other heads within 25 minutes")
    assert by_key(form_of(MINE, HERE))["rules.minutes_max"].effect == ""  # no data, nothing to tell
