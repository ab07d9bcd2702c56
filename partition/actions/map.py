"""A plan's map drawn again, with how far each partnership has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.maps.content import Atlas
    from partition.plans.account import Account
    from partition.scenario.case import Background
    from partition.storage.plan_file import Stored


def draw_again(
    stored: Stored, background: Background, account: Account, *, internal: bool = False, tiles: str = ""
) -> Atlas:
    """Draw a plan's map from its file, which holds the log of decisions.

    Parameters
    ----------
    stored
        The plan file.
    background, account
        The plan over its data (`PlanOverData.case` and `account`), or as its file alone tells it (`read_back`).
    internal
        Whether the map may show who works with whom; every page then says so.
    tiles
        The address of a tile server, which is asked once a reader ticks its box.

    Examples
    --------
    >>> import partition as p
    >>> stored = p.read_plan("plan.gpkg")
    >>> back = p.read_back(stored)
    >>> p.write_map(p.draw_again(stored, back, back.account), "again.html")
    """
    from partition.formats.language import language_of
    from partition.maps.atlas import draw_atlas
    from partition.scheme.kept import log_of

    language = language_of(background.language)
    return draw_atlas(background, account, internal=internal, tiles=tiles, log=log_of(stored), language=language)
