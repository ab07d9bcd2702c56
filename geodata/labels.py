"""What a cell of text says: nothing, an error of a spreadsheet, or a label; and labels that differ in spelling only.

Every reader asks here, so that the same cell means the same in every file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from geodata.cells import listed, told_briefly
from geodata.faults import Fault

if TYPE_CHECKING:
    import pandas as pd

NO_VALUES = frozenset(
    (
        *("", "-", "--", "–", "—", ".", "?", "n/a", "n.a.", "na", "<na>", "n/k", "nan", "nat", "nil", "none", "null"),
        *("unknown", "not known", "not recorded", "not available", "not applicable", "does not apply"),
        *("not under a federation", "not supported by a trust", "no federation", "not federated", "(blank)", "(none)"),
    )
)
ZERO = re.compile(r"0+([.,]0+)?")  # what a lookup of an empty cell gives
ERROR = re.compile(
    r"#[¡¿]?[^\W\d]+(/0)?[!?]|#[^\W\d]/[^\W\d]+|#NV|#BRAK|#YOK|#HIÁNYZIK|#SAKNAS|#NENÍ_K_DISPOZICI"
    r"|#GETTING_DATA|#{2,}|Err:\d{3}",
    re.IGNORECASE,
)
"""Errors of spreadsheets, in the languages that translate them, and a cell saved as it was shown: too narrow."""
SAME_SIGNS = str.maketrans(
    {**dict.fromkeys("‘’‚‛ʼ`´′", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—−", "-")}
)


def is_blank(text: str) -> bool:
    """Return whether a cell holds nothing, or words that say so, such as "Not applicable"."""
    return text.strip().casefold() in NO_VALUES


def is_value(text: str) -> bool:
    """Return whether a cell holds a label; blanks, "Not applicable" and the like are none, nor is 0."""
    return not is_blank(text) and not is_zero(text)


def is_zero(text: str) -> bool:
    """Return whether a cell holds 0, which is no label."""
    return ZERO.fullmatch(text.strip()) is not None


def is_error(text: str) -> bool:
    """Return whether a cell holds an error of a spreadsheet, such as #N/A."""
    return text[:1] in "#Ee" and ERROR.fullmatch(text) is not None


def error_faults(cells: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for each cell that holds an error of a spreadsheet; rows are numbered by the index."""
    faults = []
    for heading in cells.columns:
        wrong = {text for text in cells[heading].unique() if is_error(text)}
        if not wrong:
            continue
        found = cells[heading][cells[heading].isin(wrong)]
        fix = "the spreadsheet could not work this cell out; mend its formula, or type the value"
        faults += told_briefly(
            [
                Fault(file=file, row=row, column=str(heading), value=text, fix=fix)
                for row, text in zip(found.index.tolist(), found, strict=True)
            ],
            f"cells of {heading} that could not be worked out",
        )
    return faults


def without_errors(rows: pd.DataFrame, used: Collection[str], file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the rows with errors of a spreadsheet as blanks in the columns that nothing uses, and a notice of each."""
    notices = []
    for heading in rows.columns.difference(list(used), sort=False):
        if wrong := [text for text in rows[heading].unique() if is_error(text)]:
            fix = f"errors of a spreadsheet ({listed(wrong, 3)}) read as blanks, as nothing uses this column"
            notices.append(Fault(file=file, column=str(heading), value=wrong[0], fix=fix))
            rows = rows.assign(**{str(heading): rows[heading].where(~rows[heading].isin(wrong), "")})
    return rows, notices


def folded(text: str) -> str:
    """Return a label without what people do not see: case, spaces, the kind of quotes, how accents are stored."""
    plain = unicodedata.normalize("NFKC", text.translate(SAME_SIGNS))
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", " ".join(seen.split()).casefold())


def first_spellings(texts: Iterable[str]) -> dict[str, str]:
    """Return each text and the first spelling of the same label; texts that are no labels stay as they are."""
    first: dict[str, str] = {}
    return {text: first.setdefault(folded(text), text) if is_value(text) else text for text in dict.fromkeys(texts)}


def spelling_notices(spelt: Mapping[str, str], file: str, column: str) -> list[Fault]:
    """Return a notice for each label that is written in several ways."""
    ways: dict[str, list[str]] = {}
    for text, first in spelt.items():
        if text != first:
            ways.setdefault(first, []).append(text)
    return [
        Fault(file=file, column=column, value=first, fix=f"also written {' and '.join(map(repr, others))}: read as one")
        for first, others in ways.items()
    ]
