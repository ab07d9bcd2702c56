"""The code of a fault: which passage of the guide tells about its kind.

A fault is told in words that say what to do, and those words make its kind: this table has the part of them that all of
a kind share. A code never changes; its passage is in `notebooks/faults.md`, and an example of it in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from geodata.faults import Fault

KINDS: dict[str, str] = {  # the first that fits counts
    "unknown-setting": r"it is not a (setting|table)|is no setting|no such preset|write table\.key=",
    "setting-value": r"^input should be|^value should|keep one, and set the other|swap them|which is off;",
    "no-school-file": r"name the file of schools",
    "no-file": r"there is no such file",
    "cannot-write": r"the disk is full|it may not be written or read|is in the way|the name is too long",
    "damaged-file": r"cut short|it is damaged|cannot be read as|it is not a plan|is not TOML|TOML|not GeoJSON",
    "which-column": r"no such column|data\.columns\.|could be it|could each be it|say which (column|it is)",
    "wrong-count": r"no school has a count|^use a whole number from 0",
    "blank-count": r"data\.pupils\.\S+=NUMBER|missing_pupils",
    "repeated-row": r"repeats? (of )?row|is in row .* already|has this school already|named twice|delete the repeat",
    "unknown-school": r"no school (selected )?has this|not among the schools selected",
    "which-school": r"data\.successors|URNs of today",
    "which-authority": r"say which authority|no such authority",
    "which-phase": r"no such phase|no open .*school",
    "no-coordinates": r"give the school's coordinates|no columns of coordinates|no coordinates, but postcodes",
    "wrong-place": r"data\.outlying|correct (its|their) points?|lies outside|nowhere on earth",
    "coordinate-system": r"coordinate system|data\.crs",
    "far-from-road": r"from any road|nearest road|no road near",
    "no-roads": r"is no road file|no road that can be driven|roads, but not the nodes|no column says how fast",
    "missing-minutes": r"pairs are missing|minutes in one direction only; fill|no pair of schools has minutes",
    "answer-words": r"blank is none: no answer yet|agree on one|write the day it answered",
    "unknown-partnership": r"no partnership of (today|this plan) has|no approved partnership",
    "no-groups-of-today": r"no groups to judge|no partnerships of today to keep|nobody is grouped today",
    "no-links": r"no two schools that take part under different heads work together",
    "data-changed": r"the data are not as they were when this plan was made",
    "missing-extra": r"pip install '",
    "paper-incomplete": r"a final paper needs it",
}
_KINDS = {code: re.compile(pattern) for code, pattern in KINDS.items()}
SHOWN_MOST = 3  # codes under a list of faults


def code_of(fault: Fault) -> str | None:
    """Return the code of a fault; None for one whose own words say all there is to say."""
    return next((code for code, pattern in _KINDS.items() if pattern.search(fault.fix)), None)


def codes_of(faults: Iterable[Fault]) -> list[str]:
    """Return the codes of faults, each once, in the order of the faults."""
    return list(dict.fromkeys(code for fault in faults if (code := code_of(fault)) is not None))
