"""Directions of a line, as the columns of many systems write them."""

from __future__ import annotations

from collections.abc import Sequence

FORWARD = ("yes", "y", "true", "1", "ft", "forward", "indirection", "in direction")
BACKWARD = ("-1", "tf", "reverse", "backward", "inoppositedirection", "in opposite direction")
BOTH_WAYS = ("", "no", "n", "false", "0", "b", "both", "bothdirections", "both directions")
SHUT = ("reversible", "alternating")  # nobody knows which way at what hour

Direction = tuple[bool, bool]
"""Whether a car may drive along the line, and against it."""


def read_directions(texts: Sequence[str]) -> tuple[list[Direction | None], str]:
    """Return the direction of each text, None where nobody knows; and what was made of letters that mean two things.

    "F" and "T" are from-to and to-from beside a "B", as in Geofabrik's layers, and otherwise false and true. "N" is
    shut both ways beside "FT" or "TF", as in Esri's, and otherwise no.
    """
    folded = [text.strip().casefold() for text in texts]
    there = set(folded)
    meaning: dict[str, Direction] = {
        **dict.fromkeys(FORWARD, (True, False)),
        **dict.fromkeys(BACKWARD, (False, True)),
        **dict.fromkeys(BOTH_WAYS, (True, True)),
        **dict.fromkeys(SHUT, (False, False)),
    }
    told = []
    if there & {"t", "f"}:
        by_ends = "b" in there
        meaning["f"] = (True, False) if by_ends else (True, True)
        meaning["t"] = (False, True) if by_ends else (True, False)
        told.append("F and T as along and against the line" if by_ends else "T and F as true and false")
    if "n" in there and there & {"ft", "tf"}:
        meaning["n"] = False, False
        told.append("N as shut both ways")
    return [meaning.get(text) for text in folded], ", ".join(told)
