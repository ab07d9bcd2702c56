"""Things that take a while to make, kept for pages that answer at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Place(Generic[V]):
    """Where one thing stands, or None before it is made."""

    def __init__(self) -> None:
        self.thing: V | None = None
        self.lock = Lock()
        self.holders = 0


class Shelf(Generic[K, V]):
    """The last few things by their keys. One who waits for a thing to be made waits for no other thing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._places: OrderedDict[K, Place[V]] = OrderedDict()

    @contextmanager
    def hold(self, key: K) -> Iterator[Place[V]]:
        """The place of a thing, to look at or to put it there, for one thread at a time."""
        with self._lock:
            place = self._places.setdefault(key, Place())
            self._places.move_to_end(key)
            place.holders += 1
        try:
            with place.lock:
                yield place
        finally:
            with self._lock:
                place.holders -= 1
                self._make_room()

    def at_hand(self, key: K) -> V | None:
        """A thing if it is there already."""
        place = self._places.get(key)
        return None if place is None else place.thing

    def _make_room(self) -> None:
        """Let go of what was asked for longest ago, and is in nobody's hands."""
        spare = [key for key, place in self._places.items() if not place.holders]
        for key in spare[: max(len(self._places) - self._most, 0)]:
            del self._places[key]
