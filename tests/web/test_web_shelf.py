"""Things made once and kept, by several threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from partition.web.shelf import Shelf

SECONDS = 60


def test_one_who_waits_for_a_thing_waits_for_no_other():
    shelf, begun, ready = Shelf[str, str](2), Event(), Event()

    def slow() -> str:
        with shelf.hold("slow") as place:
            begun.set()
            assert ready.wait(SECONDS)
            place.thing = "made"
            return "first"

    def again() -> str | None:
        with shelf.hold("slow") as place:
            return place.thing

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(slow)
        assert begun.wait(SECONDS)
        second = threads.submit(again)
        with shelf.hold("other") as place:  # at once
            place.thing = "other"
        assert shelf.at_hand("slow") is None and not second.done()
        ready.set()
        assert (first.result(SECONDS), second.result(SECONDS)) == ("first", "made")


def test_what_was_asked_for_longest_ago_goes_and_never_what_is_in_hand():
    shelf = Shelf[int, int](2)
    for key in (1, 2, 1, 3):
        with shelf.hold(key) as place:
            place.thing = place.thing or key
    assert [shelf.at_hand(key) for key in (1, 2, 3)] == [1, None, 3]
    with shelf.hold(1) as first, shelf.hold(4), shelf.hold(5):
        first.thing = 100
    assert shelf.at_hand(1) == 100 and len(shelf._places) == 2
