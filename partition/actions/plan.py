"""A plan written as people get it: its file, and its map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case

FOUND, JUDGED = ("plan.gpkg", "map.html"), ("judged.gpkg", "judged.html")  # the files' names


def write_plan_and_map(
    case: Case, account: Account, out: Path, names: tuple[str, str] = FOUND, *, internal: bool = False, tiles: str = ""
) -> dict[str, str]:
    """Write both into a folder; they replace their forerunners at once. Decisions go on from the plan of today."""
    from geodata.files import together, writable_folder
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import write_map
    from partition.scheme.kept import kept_tables, log_going_on
    from partition.storage.plan_file import write_plan

    log = log_going_on(case, account)
    stages = log.stages(item.number for item in account.partnerships)
    atlas = draw_atlas(case, account, internal=internal, tiles=tiles, stages=stages)
    writable_folder(out, *names)
    plan_path, map_path = out / names[0], out / names[1]
    with together(private=internal):
        write_plan(case, account, plan_path, internal=internal, kept=kept_tables(case, account, log))
        write_map(atlas, map_path)
    return {"plan": str(plan_path), "map": str(map_path)}
