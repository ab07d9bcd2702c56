"""The plan as one GeoPackage: its layers and tables, its seal, and how it is read.

Layers `schools`, `partnerships` and (internal only) `links`; beneath them, as on the map, `ground`, `lines` (roads,
rivers) and `places`, where the plan was drawn; tables `run`, `costs`, `minutes`; of the scheme, where the scenario has
any, `money` and `posts`, once anything is decided `stages`, and if asked for `advisers`; and `layer_styles`, by which
QGIS draws the layers when it opens the file. Costs are integer thousandths, drives integer
centiminutes and metres, so that `verify` can calculate both again exactly. A public plan leaves out links, the cost of
links in each partnership, and the private rules: links name heads who work together, and a small school has one head.
The seal is a hash of all content: it shows accidents, but is no protection against forgery. Styles are not sealed: a
plan stays the same when a user changes the look of a layer.

GDAL writes plan files but does not read them, because a plan file may come from anybody.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely import MultiPoint
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.answers import Answer
from geodata.faults import BadData, Fault
from geodata.files import is_private, replacing
from geodata.grid import BRITISH, Grid
from geodata.identifier import URN
from geodata.minutes import COORDINATE_METRES_MAX
from geodata.opening import Source
from geodata.urns import Urn
from partition.formats.database import read_database
from partition.formats.plan_layout import DRAWN, FORMAT, GEOMETRY, GRID, IDENTIFIER, SHAPES
from partition.formats.plan_tables import PlanFile, Rows, read_plan_file
from partition.model.area import Area
from partition.plans.account import Account
from partition.plans.own_minutes import may_tell_all
from partition.scenario.case import Case
from partition.settings.map import MapTable
from partition.settings.scenario import Scenario
from partition.settings.scheme import Venues
from partition.settings.words import private_keys
from partition.storage import container
from partition.storage import qgis_styles as styles
from partition.storage.container import EPOCH, Container, read_container

TABLES = ("schools", "partnerships", "links", "run", "costs", "minutes", "stages", "money", "posts", "advisers")
LAYERS = (*TABLES, *DRAWN)
SHADE_METRES = 600
ALTERED = "something in the file was altered after it was written"
HEADER = re.compile(rb"GP\x00(?:\x01|\x03(?=.{36}))(.{4})", re.DOTALL)  # of a shape, with the code of its grid

OWN_COLUMNS = ("own_travel", "own_links", "own_change")

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Stored:
    """The content of a plan file: its name, its tables, `run` as a mapping, and the GeoPackage around the tables."""

    name: str
    tables: Mapping[str, pd.DataFrame]
    run: Mapping[str, Any]
    container: Container


def write_plan(
    case: Case,
    account: Account,
    path: Path | str,
    *,
    internal: bool = False,
    kept: Mapping[str, pd.DataFrame] | None = None,
    drawn: Mapping[str, geopandas.GeoDataFrame] | None = None,
) -> None:
    """Write a plan file, which replaces an earlier file in one step; on one machine the same plan gives the same bytes.

    Parameters
    ----------
    case : Case
        The scenario with its data, as `load` returns it: title, status, sources and credits.
    account : Account
        The plan over its problem, with its costs, reasons and breaches.
    path : Path or str
        The file to write, a GeoPackage (`.gpkg`).
    internal : bool, default False
        Whether to write links, answers and private rules too. A file with these is for the office only.
    kept : mapping of str to DataFrame, optional
        Tables of the scheme around the plan, by layer ("stages", "money", "posts", "advisers"), as
        `partition.scheme.kept` makes them. Empty tables are left out.
    drawn : mapping of str to GeoDataFrame, optional
        What the plan's map shows, as `plan_layers` makes it: the areas of "partnerships", by `number`, and the layers
        "ground", "lines" (roads, rivers) and "places". Without it a partnership's area is the hull of its schools.

    Raises
    ------
    Unwritten
        Where the file cannot be written (an OSError, from `geodata.files`).
    """
    tables = _tables(case, account, internal)
    tables |= {layer: frame for layer, frame in (kept or {}).items() if len(frame)}
    tables |= _drawn(tables["partnerships"], drawn or {})
    with replacing(path) as temporary:
        _write(tables, temporary)
        _write({styles.TABLE: styles.layer_styles(tables)}, temporary)
        seal = seal_of(_read_tables(temporary))  # a hash of the values that a reader of the file will get
        _write({"run": pd.DataFrame([{"key": "seal", "value": json.dumps(seal)}])}, temporary)


def _drawn(partnerships: geopandas.GeoDataFrame, drawn: Mapping[str, geopandas.GeoDataFrame]) -> Tables:
    """Return the layers of the plan's map; those of its partnerships keep their figures and take the map's areas."""
    layers: Tables = {layer: drawn[layer] for layer in DRAWN if len(drawn.get(layer, ()))}
    if "partnerships" in drawn and len(partnerships):
        areas = drawn["partnerships"].set_index("number").geometry
        layers["partnerships"] = partnerships.set_geometry(
            areas.loc[partnerships["number"]].to_numpy(), crs=partnerships.crs
        )
    return layers


def add_rows(path: Path, layer: str, rows: pd.DataFrame, *, in_place: bool = False) -> None:
    """Add rows to one of a plan file's tables, or replace its rows (`in_place`), and seal the file again.

    The new file replaces the old one in one step. Raises BadData where the file is not as this program writes it.
    """
    with edited(path) as temporary:
        if in_place and layer in _read_tables(temporary):
            with closing(sqlite3.connect(temporary)) as file, file:
                file.execute(f'DELETE FROM "{layer}"')
        _write({layer: rows}, temporary)


@contextmanager
def edited(path: Path) -> Iterator[Path]:
    """Yield a copy of a plan file to be changed, which is sealed again and replaces the file in one step.

    Raises BadData where the file is not as this program writes it: writing would run foreign triggers, and a new seal
    would hide an alteration.
    """
    content = read_database(path)
    if odd := differences(stored_from(content, path.name)):
        fix = f"nothing can be written into it ({'; '.join(odd)}); take the file as it was written"
        raise BadData([Fault(file=path.name, fix=fix)])
    with replacing(path, private=is_private(path)) as temporary:
        temporary.write_bytes(content)
        yield temporary
        seal = seal_of(_read_tables(temporary))
        with closing(sqlite3.connect(temporary)) as file, file:
            file.execute("UPDATE run SET value = ? WHERE key = 'seal'", (json.dumps(seal),))


def _write(tables: Tables, path: Path) -> None:
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": EPOCH})
    try:
        for layer in (*LAYERS, styles.TABLE):
            if layer in tables:
                made = {"layer_options": {"FID": "id"}} if layer == styles.TABLE else {}
                made |= {"dataset_options": {"VERSION": container.VERSION}} if not path.exists() else {}
                pyogrio.write_dataframe(tables[layer], path, layer=layer, driver="GPKG", append=path.exists(), **made)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _tables(case: Case, account: Account, internal: bool) -> Tables:
    tables: Tables = {
        "schools": _schools(account, internal),
        "partnerships": _partnerships(account),
        "run": pd.DataFrame(
            [{"key": key, "value": json.dumps(value)} for key, value in _run(case, account, internal).items()]
        ),
        "costs": _costs(account, internal),
        "minutes": _minutes(account),
    }
    if internal and account.links:  # links that follow from columns are found again from the schools' facts
        tables["links"] = _links(account)
    return tables


def _answer(answers: Mapping[Urn, Answer], urn: Urn) -> dict[str, str]:
    """Return the cells of a school's answer, for an internal plan."""
    answer = answers.get(urn)
    said = answer or Answer()
    cells = {"answer": answer.said if answer else "", "answered": said.date, "prefers": _list(said.partners)}
    if any(one.wishes or one.not_wanted for one in answers.values()):
        cells |= {"wishes": _list(said.wishes), "not_wanted": _list(said.not_wanted)}
    return cells


def _list(urns: Iterable[Urn]) -> str:
    return "; ".join(map(str, urns))


def _schools(account: Account, internal: bool) -> geopandas.GeoDataFrame:
    area, roster, plan = account.area, account.problem.roster, account.plan
    columns = fact_columns(area.columns)
    labels = {urn: f"{item.number} {item.name}" for item in account.partnerships for urn in item.group.urns}
    answers = area.answers if internal else {}
    everything = may_tell_all(account, internal)
    rows = []
    for position, urn in enumerate(area.urns):
        takes_part = urn in roster.headship_of
        headship = roster.headships[roster.headship_of[urn]] if takes_part else None
        was = area.corrected.get(urn)
        rows.append(
            {
                "urn": urn,
                "name": area.names[position],
                "town": area.towns[position] if area.towns else "",
                "pupils": int(area.pupils[position]),
                "role": account.role(urn),
                "partnership": plan.partnership_of.get(urn),
                "partnership_name": labels.get(urn, ""),
                "headship": area.headship_of.get(urn, ""),
                "is_base": headship is None or headship.base_urn == urn,
                "today": account.today_of.get(urn, ""),
                "corrected": "" if was is None else f"{'blank' if was[0] is None else was[0]} -> {was[1]}",
                "reason": account.reasons.get(urn) or roster.not_taking_part.get(urn, ""),
                "links_kept": account.links_of[urn][0],
                "links_broken": account.links_of[urn][1],
                **_own(account, urn, everything),
                **(_answer(answers, urn) if answers else {}),
                **{column: area.columns[heading][position] for column, heading in columns.items()},
            }
        )
    frame = pd.DataFrame(rows)
    for column in ("partnership", *OWN_COLUMNS):
        if column in frame:
            frame[column] = frame[column].astype("Int64")
    points = [Point(e, n) for e, n in zip(area.eastings.tolist(), area.northings.tolist(), strict=True)]
    return geopandas.GeoDataFrame(frame, geometry=points, crs=area.grid.code)


def _own(account: Account, urn: Urn, everything: bool) -> dict[str, int | None]:
    """Return the cells of what the head has who travels from a school, in thousandths a year; None for other schools.

    A public plan has the travel alone, which follows from its table `minutes`: see `partition.plans.own_minutes`.
    """
    cost = account.own_at(urn)
    terms = OWN_COLUMNS if everything else OWN_COLUMNS[:1]
    return {column: None if cost is None else getattr(cost, column.removeprefix("own_")) for column in terms}


def fact_columns(headings: Iterable[str]) -> dict[str, str]:
    """Return the heading as read, by the column's name in the file.

    SQLite ignores case in names of columns, so that headings which differ in case alone are numbered.
    """
    columns: dict[str, str] = {}
    taken: set[str] = set()
    for heading in sorted(headings):
        names = (f"fact{f' {n}' * (n > 1)}: {heading}" for n in count(1))
        column = next(name for name in names if name.casefold() not in taken)
        taken.add(column.casefold())
        columns[column] = heading
    return columns


def _partnerships(account: Account) -> geopandas.GeoDataFrame:
    area = account.area
    rows, shapes = [], []
    for item in account.partnerships:
        group = item.group
        rows.append(
            {
                "number": item.number,
                "name": item.name,
                "key": item.key,
                "was": item.was,
                "venue_urn": item.venue_urn,
                "heads": len(group.members),
                "schools": len(group.schools),
                "associates": group.associates,
                "pupils": group.pupils,
                "mean_minutes": item.mean_minutes,
                "worst_minutes": item.worst_minutes,
                "links_kept": item.links_kept,
                "links_broken": item.links_broken,
                "breaks": "; ".join(breach.words for breach in item.breaches if not breach.private),
            }
        )
        points = [Point(int(area.eastings[i]), int(area.northings[i])) for i in group.schools]
        shapes.append(MultiPoint(points).convex_hull.buffer(SHADE_METRES, quad_segs=4))
    columns = ["number", "name", "key", "was", "venue_urn", "heads", "schools", "associates", "pupils", "mean_minutes"]
    columns += ["worst_minutes", "links_kept", "links_broken", "breaks"]
    return geopandas.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=shapes, crs=area.grid.code)


def _links(account: Account) -> geopandas.GeoDataFrame:
    area = account.area
    kept = {(a, b): kept for a, b, kept in account.links}
    rows, lines = [], []
    for link in area.working_links:
        pair = link.urn_a, link.urn_b
        row = {
            "urn_a": pair[0],
            "urn_b": pair[1],
            "weight": link.weight,
            "kind": link.kind,
            "source": link.source,
        }
        rows.append(row | {"kept": kept.get(pair)})
        ends = [area.index[urn] for urn in pair]
        lines.append(LineString([(int(area.eastings[i]), int(area.northings[i])) for i in ends]))
    frame = pd.DataFrame(rows)
    frame["kept"] = frame["kept"].astype("boolean")
    return geopandas.GeoDataFrame(frame, geometry=lines, crs=area.grid.code)


def _costs(account: Account, internal: bool) -> pd.DataFrame:
    """Return costs in thousandths a year, by partnership and by headship alone.

    A public plan has the cost of links only where every link follows from columns, which are public, and no cost of
    wishes. Nor has it that of heads' own minutes, of which links are a part. A term that is seldom priced has its
    column only where it is.
    """
    tariff, headships = account.problem.tariff, account.problem.roster.headships
    rows = [("partnership", str(item.number), item.cost) for item in account.partnerships]
    rows += [("alone", str(headships[h].base_urn), tariff.alone(h)) for h in account.problem.alone(account.plan)]
    frame = pd.DataFrame(
        [
            {
                "what": what,
                "which": which,
                **c.amounts,
            }
            for what, which, c in rows
        ],
        columns=["what", "which", *account.problem.preferences.terms],
    )
    public = bool(account.area.links) and not account.area.working_links
    private = [] if internal else ["wishes"] if public else ["links", "wishes", "fairness"]
    return frame.drop(columns=private, errors="ignore")


def _minutes(account: Account) -> pd.DataFrame:
    """Return every drive within a partnership, and between each headship alone and its nearest, both ways."""
    problem, area = account.problem, account.area
    pairs: set[tuple[int, int]] = set()
    for group in problem.groups(account.plan):
        positions = group.schools
        pairs |= {(i, j) for i in positions for j in positions if i != j}
    for h in problem.alone(account.plan):
        headship = problem.roster.headships[h]
        for _, other in problem.roster.nearest(headship, 1):
            pairs |= {(headship.base, other.base), (other.base, headship.base)}
    ordered, urns = sorted(pairs), np.array(area.urns, dtype=object)
    origins, destinations = np.array(ordered, dtype=np.int64).reshape(-1, 2).T
    centiminutes, metres = area.travel.between(origins, destinations)
    return pd.DataFrame(
        {
            "urn_from": urns[origins],
            "urn_to": urns[destinations],
            "centiminutes": centiminutes,
            "metres": metres,
        }
    )


def _run(case: Case, account: Account, internal: bool) -> dict[str, object]:
    run = account.run
    return {
        "format": FORMAT,
        "title": case.title,
        "status_words": case.status,
        "internal": internal,
        "found_by": "judged" if run is None else run.solver,
        "status": "judged" if run is None else run.status,
        "stopped_by": None if run is None else run.stopped_by,
        "gap_asked": None if run is None else run.limits.gap,
        "seed": None if run is None else run.limits.seed,
        "unit": account.unit,
        "cost": {name: round(value * 1000) for name, value in account.cost.terms().items()},
        "bound": None if run is None else run.bound,
        "fewest_bound": None if run is None else run.fewest_bound,
        "unplaced": list(account.unplaced),
        "partnerships": len(account.partnerships),
        "links": {"kept": account.links_kept, "broken": account.links_broken},
        "breaches": [
            [breach.rule, list(breach.urns), breach.words, breach.private]
            for breach in account.breaches
            if internal or not breach.private
        ],
        "breaches_left_out": 0 if internal else sum(breach.private for breach in account.breaches),
        "sureness": account.sureness(),
        "criteria": list(account.criteria),
        "travel": account.area.travel.words,
        "has_km": account.area.travel.has_km,
        "attribution": list(case.attribution),
        "sources": _sources(case, internal),
        "told": list(case.told),
        "left_out": list(_left_out(case.scenario, account, internal)),
        "scenario": _public_scenario(case.scenario, internal),
        "digest": account.plan.digest,
    } | _differing(account.area)


def _differing(area: Area) -> dict[str, object]:
    """Return what a plan states only where it differs from most: the metric system, and the word for identifiers."""
    grid: dict[str, object] = {} if area.grid == BRITISH else {GRID: area.grid.epsg}
    return grid if area.identifier == URN else grid | {IDENTIFIER: list(area.identifier)}


def _sources(case: Case, internal: bool) -> list[list[str]]:
    """Return files and their hashes; in a public plan none for a private file, whose content a hash could betray."""
    private = [[source.name, source.sha256 if internal else ""] for source in case.private_sources]
    return [*([source.name, source.sha256] for source in case.sources), *private]


def _left_out(scenario: Scenario, account: Account, internal: bool) -> Iterator[str]:
    """Yield the keys of all content that a public plan leaves out, for `verify` to report."""
    if internal:
        return
    if account.area.working_links:
        yield "links"
    if account.area.answers:
        yield "answers"
    yield from (f"rules.{key}" for key in private_keys()["rules"] if getattr(scenario.rules, key))


def _public_scenario(scenario: Scenario, internal: bool) -> dict[str, object]:
    """Return the settings that the plan was made with, but no paths or seconds; private rules only if `internal`."""
    rules = scenario.rules.model_dump(mode="json")
    if not internal:
        rules = {key: value for key, value in rules.items() if key not in private_keys()["rules"]}
    return {
        "rules": rules,
        "preferences": scenario.preferences.model_dump(mode="json"),
        "money": scenario.money.model_dump(mode="json", exclude={"lump_sums"}),
        **({"posts": scenario.posts.model_dump(mode="json")} if scenario.posts.are_asked else {}),
        **({"venues": scenario.venues.model_dump(mode="json")} if scenario.venues != Venues() else {}),
        **({"map": {"language": scenario.map.language}} if scenario.map.language != MapTable().language else {}),
        "data": {"bases": scenario.data.bases, "links_from": scenario.data.links_from},
    }


def seal_of(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the SHA-256 of every value of every table, the seal itself left out."""
    digest = hashlib.sha256()
    for layer in LAYERS:
        if layer not in tables:
            continue
        cells = {str(name): list(column) for name, column in tables[layer].items()}
        columns = sorted(cells)
        digest.update(json.dumps([layer, columns]).encode())
        for row in zip(*(cells[column] for column in columns), strict=True):
            if layer == "run" and row[columns.index("key")] == "seal":
                continue
            digest.update(json.dumps([_plain(value) for value in row]).encode())
    return digest.hexdigest()


def _plain(value: Any) -> object:
    """Return a cell as JSON holds it, equal before writing and after reading."""
    if isinstance(value, BaseGeometry):
        return [[round(x, 3), round(y, 3)] for x, y in _points(value)]
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str | bool):
        return value
    return value.item() if hasattr(value, "item") else value


def _points(shape: Any) -> Sequence[tuple[float, float]]:
    from shapely import get_coordinates

    return [(float(x), float(y)) for x, y in get_coordinates(shape)]


def read_plan(path: Path | str) -> Stored:
    """Return the content of a plan file, every cell checked.

    Parameters
    ----------
    path : Path or str
        A plan file, public or internal, as `write_plan` writes it.

    Returns
    -------
    Stored
        The tables, for `verify` and `read_back`. The seal is not checked here: `verify` does so.

    Raises
    ------
    BadData
        Where the file is missing, cannot be read, is no plan file, or holds a cell that cannot be used.
    """
    path = Path(path)
    return stored_from(read_database(path), path.name)


def stored_from(content: bytes, name: str) -> Stored:
    """Return the content of a plan file from its bytes. Raises BadData where the bytes cannot be used as one."""
    file = read_plan_file(content, name)
    return Stored(name, _frames(file), file.run(), read_container(content, name, file.grid()))


def differences(stored: Stored) -> list[str]:
    """Say where a plan file differs from one that this program writes, by its seal and its GeoPackage.

    Styles are not compared.
    """
    odd = [] if stored.run["seal"] == seal_of(stored.tables) else [f"the seal does not fit: {ALTERED}"]
    return odd + [f"it is not as sealed: {words}" for words in container.differences(stored.container, stored.tables)]


def _read_tables(path: Path) -> Tables:
    """Return the tables of a file that is being written, which has no seal yet."""
    return _frames(read_plan_file(read_database(path), path.name))


def _frames(file: PlanFile) -> Tables:
    grid = file.grid()
    return {layer: _frame(file.name, grid, layer, rows) for layer, rows in file.tables.items()}


def _frame(name: str, grid: Grid, layer: str, rows: Rows) -> pd.DataFrame:
    """Return a table with the types that GDAL's reader gives: integers with an empty cell become floats."""
    frame = pd.DataFrame({column: _array(rows.columns[column], cells) for column, cells in rows.cells.items()})
    if layer in SHAPES:
        shapes = _geometries(name, grid, layer, rows.shapes)
        frame = geopandas.GeoDataFrame(frame, geometry=shapes, crs=grid.code)
    return frame


def _array(declared: str, cells: Sequence[Any]) -> np.ndarray:
    kinds = {"INTEGER": np.int64, "MEDIUMINT": np.int32, "REAL": np.float64, "BOOLEAN": np.bool_}
    kind = kinds.get(declared, object)
    return np.array(cells, dtype=np.float64 if kind is not object and None in cells else kind)


def _geometries(name: str, grid: Grid, layer: str, shapes: Sequence[bytes]) -> Any:
    """Return a layer's shapes from a GeoPackage's blobs. Raises BadData at the first shape that is not as written."""
    found: list[Any] = []
    for row, wrapped in enumerate(shapes, 1):
        try:
            shape = shapely.from_wkb(_unwrapped(wrapped, grid))
        except (ValueError, shapely.GEOSException):
            shape = None
        if not _is_as_written(shape, wrapped, SHAPES[layer], found):
            fix = f"give the shapes of {layer} as they were written, or fetch the file again"
            raise BadData([Fault(file=name, row=row, column=f"{layer}.{GEOMETRY}", value="a shape", fix=fix)])
        found.append(shape)
    return found


def _unwrapped(shape: bytes, grid: Grid) -> bytes:
    """Return the well-known binary in a GeoPackage's blob, after its extent. Raises ValueError for another header."""
    header = HEADER.match(shape)
    if header is None or header[1] != struct.pack("<i", grid.epsg):
        raise ValueError("no geometry of a GeoPackage")
    return shape[8 + 32 * (shape[3] == 3) :]


def _is_as_written(shape: Any, wrapped: bytes, kinds: Sequence[str], before: Sequence[Any]) -> bool:
    """Return whether a shape is of one of these kinds, and that of those before, and has the extent its blob states."""
    if shape is None or shape.is_empty or shape.has_z or shape.geom_type.upper() not in kinds:
        return False
    if before and shape.geom_type != before[0].geom_type:
        return False
    west, south, east, north = shape.bounds
    told = struct.unpack("<4d", wrapped[8:40]) if wrapped[3] == 3 else (west, east, south, north)
    near = bool((np.abs(shapely.get_coordinates(shape)) <= COORDINATE_METRES_MAX).all())
    return near and told == (west, east, south, north)


def sources_of(stored: Stored) -> tuple[Source, ...]:
    """Return the files that the plan was made from: base names and hashes, blank where a public plan has no hash."""
    return tuple(Source(name, sha256) for name, sha256 in stored.run["sources"])
