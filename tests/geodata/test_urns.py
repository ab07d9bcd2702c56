"""Identifiers of schools: which texts can be one, and their order."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.urns import STEM, Urn, ascending, in_a_list, of_stem

SIGNS = st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters=",;")


@st.composite
def identifiers(draw: st.DrawFn) -> Urn:
    """Identifiers of any register: digits, letters and what may stand between them."""
    text = draw(st.text("01279AZaz-/.# %é", max_size=8) | st.text(SIGNS, max_size=8))
    try:
        return Urn(draw(st.sampled_from("0179AZz")) + text)
    except ValueError:  # a number that a spreadsheet shortened
        return Urn("7")


@given(identifiers(), identifiers(), identifiers())
def test_the_order_is_total_and_agrees_with_equality(a: Urn, b: Urn, c: Urn) -> None:
    assert [a < b, a == b, a > b].count(True) == 1
    assert (a <= b, a >= b) == (not a > b, not a < b)
    assert not (a < b < c) or a < c
    assert a != b or hash(a) == hash(b)


@given(st.integers(1, 10**14), st.integers(1, 10**14))
def test_plain_numbers_stand_in_the_order_of_their_values(a: int, b: int) -> None:
    assert (Urn(a) < Urn(b)) is (a < b)
    assert Urn(a).plain == a and Urn(a) == str(a)


@given(identifiers())
def test_an_identifier_survives_files_processes_and_names_of_files(urn: Urn) -> None:
    assert Urn(str(urn)) == pickle.loads(pickle.dumps(urn)) == copy.deepcopy(urn) == of_stem(urn.stem) == urn
    assert re.fullmatch(STEM, urn.stem)
    assert Urn(urn.plain) == urn


def test_runs_of_digits_go_by_value_before_other_text_and_ties_by_text() -> None:
    ordered = ["007", "7", "00012/3", "12/20", "35", "123-4567", "20124W", "900012", "A2", "A10", "B1"]
    assert sorted(map(Urn, reversed(ordered))) == ordered


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 900012 ", "900012"),
        ("900012.0", "900012"),
        ("1.23456E5", "123456"),
        ("1.23456E+05", "123456"),
        ("00123", "00123"),
        ("00123.0", "00123.0"),  # no number has leading zeros
        ("1E5", "1E5"),  # no spreadsheet writes a number so
        ("e\u0301cole 1", "école 1"),
        (900012, "900012"),
        ("123456789012", "123456789012"),
    ],
)
def test_a_number_in_the_clothes_of_a_spreadsheet_is_its_digits(typed: object, kept: str) -> None:
    assert Urn(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "give the school's identifier"),
        (" ", "give the school's identifier"),
        ("1.23457E+11", "shortened"),
        ("1E+05", "shortened"),
        ("x" * 41, "at most 40"),
        ("9" * 100_000, "at most 40"),
        ("a\x00b", "cannot be seen"),
        ("a\u200bb", "cannot be seen"),
        ("a\u202eb", "cannot be seen"),
        ("=1+1", "begins with a letter or a digit"),
        ("../x", "begins with a letter or a digit"),
        ("1;2", "no comma or semicolon"),
    ],
)
def test_what_can_be_no_identifier_is_refused_with_what_to_do(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Urn(typed)


def test_spaces_part_a_list_but_no_identifier_that_a_school_has() -> None:
    known = {Urn("AB 12"), Urn("7")}
    assert in_a_list("AB 12; 7, 8 9", known) == ["AB 12", "7", "8", "9"]


def test_identifiers_that_do_not_ascend_are_refused() -> None:
    assert ascending([1, "2", "10"]) == ("1", "2", "10")
    with pytest.raises(ValueError, match="ascend"):
        ascending(["10", "2"])


@pytest.mark.parametrize("text", ["03-01-2025", "31-12-1999", "TRUE", "FALSE"])
def test_what_a_spreadsheet_made_of_an_identifier_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="a spreadsheet took this for a date"):
        Urn(text)
    assert Urn("40-13-2025") == "40-13-2025" and Urn("True") == "True"  # no day, no cell of yes or no
