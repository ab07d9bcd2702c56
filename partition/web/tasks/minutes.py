"""Minutes between schools for their own sake: from one to all others, and the table of all pairs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from geodata.urns import Urn
from partition.web.tasks.order import Order, Tell, load_case

if TYPE_CHECKING:
    import pandas as pd

    from partition.model.area import Area


def minutes(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """How far everybody is from the school `given["urn"]`: a map where minutes are from roads, and tables."""
    from geodata.roads.travel import RoadTravel
    from partition.actions.minutes import measure_minutes
    from partition.web.findings import keep_finding

    case, urn = load_case(order, tell), Urn(order.given["urn"])
    area = case.problem.area
    tell("doing", words="measuring how far each school is")
    measured = measure_minutes(case, urn, draws=isinstance(area.travel, RoadTravel))
    pairs, page = measured.pairs, measured.page
    if page:
        tell("doing", words="drawing the map")
    with tempfile.TemporaryDirectory() as temporary:
        written = sorted(map(Path, measured.write(Path(temporary)).values()))
        contents = {path.name: path.read_bytes() for path in written}
    told_as = {"name": area.name_of(urn), "page": page, "travel": area.travel.words, "rows": _rows(area, pairs, urn)}
    number = keep_finding(Path(order.project).parent, contents, what="minutes", scenario=order.scenario, **told_as)
    return {"go": f"/found/{number}"}


def _rows(area: Area, pairs: pd.DataFrame, urn: Urn) -> list[list[str | int]]:
    """Every other school, the nearest first: name, URN, minutes there and back and km there, in words."""
    there = pairs[pairs["urn_from"] == urn].set_index("urn_to")
    there["back"] = pairs[pairs["urn_to"] == urn].set_index("urn_from")["minutes"]
    ordered = there.sort_values("minutes", kind="stable")  # no way at the end
    told = ordered[["minutes", "back", "km"]].round({"minutes": 0, "back": 0, "km": 1})
    rows = zip(ordered.index.tolist(), told.to_numpy().tolist(), strict=True)
    return [[area.name_of(other), other, *(_told(figure) for figure in figures)] for other, figures in rows]


def _told(figure: float) -> str:
    return "no way" if figure != figure else f"{figure:g}"
