"""The page of a sweep: small multiples, heat map, table and the schools that tip, with no script and no other file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geodata.faults import BadData
from geodata.files import replacing
from partition.formats.palette import as_css, as_dark_css
from partition.maps import offline
from partition.maps.atlas import draw_atlas
from partition.maps.page import POLICY_MARK, templates, write_map
from partition.maps.plan_layers import plan_layers
from partition.storage.plan_file import write_plan
from partition.studies.sweep.picture import heat_step
from partition.studies.sweep.table import Row, Sweep
from partition.studies.sweep.tasks import Task
from partition.studies.sweep.text import credits_of, headings, tip_words, words
from partition.studies.sweep.work import Result, solved

ENDINGS = {"plan": ".gpkg", "map": "_map.html"}


def solve_and_draw(task: Task) -> Result:
    """Return the result of `solve_task`, with the plan file and the map that `plan` writes, in base 64."""
    try:
        result, case, account = solved(task)
    except BadData as bad:
        return {"key": task["key"], "faults": [fault.as_dict() for fault in bad.faults]}
    if account is not None:
        with TemporaryDirectory() as folder:
            plan, page = Path(folder) / "plan.gpkg", Path(folder) / "map.html"
            atlas = draw_atlas(case, account)
            write_plan(case, account, plan, drawn=plan_layers(atlas))
            write_map(atlas, page)
            contents = {ENDINGS["plan"]: plan.read_bytes(), ENDINGS["map"]: page.read_bytes()}
        result["drawn"] = {ending: b64encode(content).decode() for ending, content in contents.items()}
    return result


def write_sweep(
    sweep: Sweep, path: Path, *, title: str, status: str, pictures: Sequence[Path] = (), maps: Sequence[str] = ()
) -> None:
    """Write the page. `pictures` are SVG files to put inside it; `maps` holds each row's map, as address or ""."""
    page = templates().get_template("sweep.html.j2")
    drawn = {picture.stem: _as_data(picture) for picture in pictures}
    html = page.render(
        sweep=sweep,
        title=title,
        status=status,
        pictures=drawn,
        maps=list(maps),
        headings=headings(sweep),
        rows=[words(row) for row in sweep.rows],
        heat=_heat(sweep),
        tip_words=tip_words,
        told=list(dict.fromkeys(line for row in sweep.rows for line in row.result["told"])),
        credits=credits_of(sweep),
        policy=POLICY_MARK,
        styles=as_css() + as_dark_css() + offline.text_of("sweep.css"),
    )
    with replacing(path) as temporary:
        temporary.write_text(html.replace(POLICY_MARK, offline.policy(html), 1), encoding="utf-8", newline="\n")


def _as_data(picture: Path) -> str:
    return "data:image/svg+xml;base64," + b64encode(picture.read_bytes()).decode()


def _heat(sweep: Sweep) -> list[list[tuple[Row, int | None]]] | None:
    """Return the cells of the heat map, by value of the first setting, each with its shade (None: no plan)."""
    if len(sweep.axes) != 2:
        return None
    row_of = {row.values: row for row in sweep.rows}

    def cell(*values: Any) -> tuple[Row, int | None]:
        row = row_of[values]
        return row, heat_step(sweep, row)

    down, along = sweep.axes
    pairs = [[cell(value, other) for other in along.values] for value in down.values]
    return pairs
