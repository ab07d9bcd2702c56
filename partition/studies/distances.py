"""Minutes between schools without a plan: a matrix, its summary, and drives that look wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.doubts import Doubts, suspicious
from geodata.faults import BadData, Fault
from geodata.files import replacing
from geodata.urns import Urn
from partition.model.area import Area
from partition.model.roster import CENTIMINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Drives between all selected schools, each way; the minutes are those of pairs that a road joins."""

    pairs: int
    unreachable: int
    median_minutes: float | None
    worst_minutes: float | None
    worst_pair: tuple[Urn, Urn] | None


def matrix(area: Area) -> pd.DataFrame:
    """Return every ordered pair of schools as columns `urn_from`, `urn_to`, `minutes` and `km`.

    `minutes` is NaN where no road leads, `km` where unknown. `attrs["attribution"]` lists whom to credit; Parquet files
    keep the list.
    """
    count, urns = len(area), np.array(area.urns, dtype=object)
    origin, destination = np.divmod(np.arange(count * count), max(count, 1))
    apart = origin != destination
    origin, destination = origin[apart], destination[apart]
    centiminutes, metres = area.travel.between(origin, destination)
    pairs = pd.DataFrame(
        {
            "urn_from": urns[origin],
            "urn_to": urns[destination],
            "minutes": np.where(centiminutes < 0, np.nan, centiminutes / CENTIMINUTES),
            "km": np.where(metres < 0, np.nan, metres / 1000),
        }
    )
    pairs.attrs["attribution"] = list(area.travel.attribution)
    return pairs


def summary(pairs: pd.DataFrame) -> Summary:
    """Return the counts of a matrix, and its median and longest drive."""
    reached = pairs.dropna(subset="minutes")
    worst = None if reached.empty else reached.nlargest(1, "minutes").iloc[0]
    return Summary(
        pairs=len(pairs),
        unreachable=len(pairs) - len(reached),
        median_minutes=None if reached.empty else float(reached["minutes"].median()),
        worst_minutes=None if worst is None else float(worst["minutes"]),
        worst_pair=None if worst is None else (Urn(worst["urn_from"]), Urn(worst["urn_to"])),
    )


def write_matrix(pairs: pd.DataFrame, path: Path) -> None:
    """Write a matrix as CSV, or as Parquet if the name ends so; a scenario reads either file as `travel.matrix`."""
    with replacing(path) as temporary:
        if path.suffix.casefold() == ".parquet":
            pairs.to_parquet(temporary, index=False)
        else:
            pairs.to_csv(temporary, index=False, encoding="utf-8-sig", lineterminator="\n")


def doubts(area: Area) -> Doubts:
    """Return pairs whose minutes do not fit the straight line: roads cut off, an island, a missing bridge."""
    return suspicious(area.travel, area.eastings, area.northings)


def doubt_words(area: Area, found: Doubts) -> list[str]:
    """Return the doubtful pairs as lines, the worst ones by name; empty where no pair is doubtful."""
    if not found.pairs:
        return []
    lines = [
        f"{found.schools} schools could be affected: {found.pairs} of {found.pairs_checked} near pairs take "
        "absurdly long by road (a file cut at the county's edge, a missing bridge, or a real estuary). The worst:"
    ]
    for doubt in found.worst:
        names = f"{area.names[doubt.origin]} - {area.names[doubt.destination]}"
        by_road = "no road" if doubt.minutes is None else f"{doubt.minutes:.0f} minutes by road"
        lines.append(f"  {names}: {by_road}, {doubt.crow_km:.1f} km as the crow flies")
    return lines


def worst_facts(area: Area, found: Doubts) -> list[dict[str, object]]:
    """Return the worst pairs as facts for JSON: URNs, minutes by road (None: no road), km in a straight line."""
    return [
        {
            "urns": [area.urns[doubt.origin], area.urns[doubt.destination]],
            "minutes": doubt.minutes,
            "crow_km": doubt.crow_km,
        }
        for doubt in found.worst
    ]


def position_of(area: Area, urn: Urn) -> int:
    """Return a school's position in the area. Raises BadData where the school is not among those selected."""
    if urn not in area.index:
        fix = f"no school selected has this {area.identifier.one}"
        raise BadData([Fault(file="command", column="--from", value=urn, fix=fix)])
    return area.index[urn]
