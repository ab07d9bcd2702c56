"""The different cells of a column, each looked at once however often it stands there."""

from __future__ import annotations

from typing import Any

import pandas as pd
from numpy.typing import NDArray

from geodata.cells import as_text

LETTERS_MAX = 100  # a column may repeat a text of a megabyte a million times


def distinct(cells: pd.Series) -> tuple[NDArray[Any], list[str]]:
    """Return the number of each row's cell among the different cells, and these as text; -1, the last one, is blank.

    Texts too long to be a name or a number are cut, to just over what any such has.
    """
    if isinstance(cells.dtype, pd.CategoricalDtype):
        numbers, different = cells.cat.codes.to_numpy(), list(cells.cat.categories)
    else:
        if cells.dtype == object:
            cells = pd.Series([_cut(cell) for cell in cells], dtype=object)
        numbers, values = pd.factorize(cells)
        different = list(values)
    return numbers, [*(_text(_cut(cell)) for cell in different), ""]


def _cut(cell: object) -> object:
    return cell[: LETTERS_MAX + 1] if isinstance(cell, str) and len(cell) > LETTERS_MAX else cell


def _text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else as_text(cell)
