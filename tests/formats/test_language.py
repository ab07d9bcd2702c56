"""A language: messages with values, numbers, and forms for so many."""

from __future__ import annotations

import pytest

from partition.formats.language import ENGLISH, language_of

WELSH = language_of("cy")


def test_english_says_the_message_itself():
    assert language_of("en") is ENGLISH and ENGLISH.tag == "en-GB" and ENGLISH.is_reviewed
    assert ENGLISH.phrase("{a} before {b}", b=2, a=1) == "1 before 2"
    assert [ENGLISH.counted(n, "{n} head", "{n} heads") for n in (0, 1, 2)] == ["0 heads", "1 head", "2 heads"]
    assert ENGLISH.number(1234.56, ",.1f") == "1,234.6"
    assert ENGLISH.messages_in('say("Close")') == {}


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 pennaeth"),
        (1, "1 pennaeth"),
        (2, "2 bennaeth"),
        (3, "3 phennaeth"),
        (6, "6 phennaeth"),
        (7, "7 o benaethiaid"),
    ],
)
def test_welsh_has_six_forms(n: int, said: str):
    assert WELSH.counted(n, "{n} head", "{n} heads") == said


def test_a_value_is_never_read_as_a_message():
    assert WELSH.phrase("In the group {group}.", group="{schools} {0}") == "Yn y grŵp {schools} {0}."
    assert WELSH.known("{schools} of our own {0}") == "{schools} of our own {0}" and WELSH.known("") == ""
    assert WELSH.known("federation") == "ffederasiwn"


def test_a_script_is_given_the_messages_among_its_texts():
    script = (
        """const a = phrase("Close", {}); const b = counted(n, "{n} head", "{n} heads"); el("div", { class: "Key" })"""
    )
    assert WELSH.messages_in(script, "approved") == {
        "Close": "Cau",
        "Key": "Allwedd",
        "{n} head": [
            "{n} pennaeth",
            "{n} pennaeth",
            "{n} bennaeth",
            "{n} phennaeth",
            "{n} phennaeth",
            "{n} o benaethiaid",
        ],
        "approved": "cymeradwywyd",
    }
