"""A partnership named by people, in the plan's own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.storage.plan_file import Stored


def write_name(plan: Path, partnership: int, name: str) -> Stored:
    """Give a partnership a name, which later plans keep, and return what the plan file then holds.

    Parameters
    ----------
    plan
        The plan file, which is sealed again and replaced in one step.
    partnership
        The number of the partnership in the plan.
    name
        The name, of at most 60 letters, which no other partnership of the plan has.

    Returns
    -------
    Stored
        The content of the file, with the name before in the column `was`.

    Raises
    ------
    ValueError
        For a name that cannot be; the message is what to do about it.
    BadData
        Where the file is not as this program wrote it.

    Examples
    --------
    >>> import partition as p
    >>> stored = p.write_name(Path("named.gpkg"), 1, "Wolds Edge")
    >>> stored.tables["partnerships"]["name"][0]
    'Wolds Edge'
    """
    from partition.storage.naming import name_partnership

    return name_partnership(plan, partnership, name)
