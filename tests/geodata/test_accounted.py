"""Over all readers of tables: a file is refused, or everything in it is accounted for. Nothing is lost in silence."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import openpyxl
import osmium
import pandas as pd
import pyogrio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from open_sheets import save_open_sheets
from osmium.osm.mutable import Node, Way

from geodata.answers import read_answers
from geodata.faults import BadData
from geodata.groups import read_groups
from geodata.labels import folded
from geodata.links import read_links
from geodata.matrix import read_matrix
from geodata.readings import Reading
from geodata.roads.extract import PBF, XML
from geodata.roads.osm import read_extract
from geodata.roads.speeds import OUR_TABLE, read_speeds
from geodata.rows import COUNT, Column, count, read_rows
from geodata.schools import read_schools
from geodata.urns import Urn, urns_of

URNS = {*urns_of([900_001, 900_002, 900_003, 900_004])}
SELECTED = URNS - {Urn(900_004)}
BLANKS = ("", "n/a", "nan")
HEADINGS = ["urn", "name", "pupils", "easting", "northing"]

Read = tuple[Reading, set[Any]]
"""What was read, and a fact of each row that was used."""


def of_schools(path: str) -> Read:
    read = read_schools(path, missing_pupils="leave out")
    facts = {(urn, folded(name), pupils) for urn, name, pupils in read.frame[["name", "pupils"]].itertuples()}
    return read.readings[0], facts | {(urn, folded(name), None) for urn, name, _ in read.left_out}


def of_joined(path: str) -> Read:
    good = Path(path).with_name("good.csv")
    lines = [f"{urn},S {urn},50,50{n}000,340000" for n, urn in enumerate(sorted(URNS))]
    good.write_text("\n".join([",".join(HEADINGS), *lines]), encoding="utf-8")
    read = read_schools(good, join=[path], keep=["area"])
    texts = read.frame["area"].items() if "area" in read.frame else ()
    return read.readings[1], {(urn, folded(text)) for urn, text in texts if text}


def of_links(path: str) -> Read:
    read = read_links(path, URNS, SELECTED)
    return read.reading, {*map(frozenset, read.graph.edges), *map(frozenset, read.out_of_reach)}


def of_groups(path: str) -> Read:
    read = read_groups(path, label="partnership", known_urns=URNS, selected_urns=SELECTED)
    return read.reading, {(urn, folded(label)) for urn, label in (*read.labels.items(), *read.out_of_reach)}


def of_answers(path: str) -> Read:
    read = read_answers(path, URNS, SELECTED)
    return read.reading, {(urn, answer.said) for urn, answer in read.by_urn.items()}


def of_rows(path: str) -> Read:
    read = read_rows(path, {"deficit": Column(parse=count, fix=COUNT, blank=True)}, URNS)
    return read.reading, {(urn, row["deficit"]) for urn, row in read.rows}


@dataclass(frozen=True)
class Reader:
    """A reader, the headings and rows of a good file, and the fact of a row: None for one that may be left."""

    read: Callable[[str], Read]
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    fact: Callable[[dict[str, str]], Any]


def number(text: str) -> int | None:
    """Return a whole number as a person reads it; None for a blank."""
    return None if text.casefold() in BLANKS else int(float(text.replace(" ", "")))


def name(row: dict[str, str]) -> str:
    """Return a school's name; one without is called by its URN."""
    return folded(f"School {Urn(row['urn'])}" if row["name"].casefold() in (*BLANKS, "0") else row["name"])


READERS = {
    "schools": Reader(
        of_schools,
        HEADINGS,
        [(900_001, "Ash", 61, 500_000, 340_000), (900_002, "Elm", 90, 503_000, 341_000)],
        lambda row: (Urn(row["urn"]), name(row), number(row["pupils"])),
    ),
    "join": Reader(
        of_joined,
        ["urn", "area"],
        [(900_001, "North"), (900_002, "South"), (900_003, "")],
        lambda row: (Urn(row["urn"]), folded(row["area"])) if row["area"] else None,
    ),
    "links": Reader(
        of_links,
        ["urn_a", "urn_b", "weight"],
        [(900_001, 900_002, 1), (900_002, 900_003, 2), (900_001, 900_004, 1)],
        lambda row: frozenset([Urn(row["urn_a"]), Urn(row["urn_b"])]),
    ),
    "groups": Reader(
        of_groups,
        ["urn", "partnership"],
        [(900_001, "Fens"), (900_002, "fens"), (900_004, "Wolds")],
        lambda row: (Urn(row["urn"]), folded(row["partnership"])),
    ),
    "answers": Reader(
        of_answers,
        ["urn", "answer"],
        [(900_001, "yes"), (900_002, "no"), (900_004, "")],
        lambda row: (
            (Urn(row["urn"]), "none" if row["answer"].casefold() in BLANKS else row["answer"].casefold())
            if Urn(row["urn"]) in SELECTED
            else None
        ),
    ),
    "rows": Reader(
        of_rows,
        ["urn", "deficit"],
        [(900_001, 5_000), (900_002, 0), (900_003, "")],
        lambda row: (Urn(row["urn"]), number(row["deficit"])),
    ),
}

CELLS = (
    *("", " ", "0", "n/a", "#N/A", "#REF!", "no", "yes", "12", "12.0", "900001", "900003", "900004", "Fens", "FENS "),
    *("1e3", "-4", "Total", "1 000", "x" * 50, "=1+1", "NaN", "TRUE", "Fens\u200b", "fëns"),
)


@st.composite
def tables(draw: st.DrawFn, reader: Reader) -> tuple[list[list[str]], list[list[str]], int]:
    """Draw rows above the headings, and a table of which a few cells, rows and columns are as people leave them."""
    headings = [str(heading) for heading in reader.headings]
    rows = [[str(cell) for cell in row] for row in reader.rows]
    for _ in range(draw(st.integers(0, 2))):
        row, column = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, len(headings) - 1))
        rows[row][column] = draw(st.sampled_from(CELLS))
    if draw(st.integers(0, 5)) == 0:
        rows.append(list(rows[draw(st.integers(0, len(rows) - 1))]))
    if draw(st.integers(0, 3)) == 0:
        rows.insert(draw(st.integers(0, len(rows))), [""] * len(headings))
    if draw(st.integers(0, 5)) == 0:
        rows.append([draw(st.sampled_from(["Total", "Source: census", "* provisional"])), *[""] * (len(headings) - 1)])
    if draw(st.integers(0, 3)) == 0:
        headings, rows = [*headings, "note"], [[*row, "x" if any(row) else ""] for row in rows]
    if draw(st.integers(0, 3)) == 0:
        order = draw(st.permutations(range(len(headings))))
        headings, rows = [headings[n] for n in order], [[row[n] for n in order] for row in rows]
    above = [["A title"], [""], ["as of October"]][: draw(st.integers(0, 3))]
    return [*above, headings], rows, len(above) + 1


def save(path: Path, rows: Sequence[Sequence[str]], sheet: str, delimiter: str) -> None:
    if path.suffix == ".csv":
        width = max(map(len, rows))
        with path.open("w", encoding="utf-8", newline="") as stream:
            padded = [[*row, *[""] * (width - len(row))] for row in rows]
            csv.writer(stream, delimiter=delimiter).writerows(padded)
        return
    if path.suffix in (".parquet", ".gpkg"):
        headings, *below = rows
        frame = pd.DataFrame(below, columns=headings, dtype=object)
        if path.suffix == ".gpkg":
            pyogrio.write_dataframe(frame, path, layer=sheet, driver="GPKG")
        else:
            frame.to_parquet(path)
        return
    if path.suffix == ".ods":
        cells = [[int(cell) if cell.isascii() and cell.isdigit() else cell for cell in row] for row in rows]
        save_open_sheets(path, {sheet: cells, "notes": [["read me"]]})
        return
    book = openpyxl.Workbook()
    book.active.title = sheet
    for n, row in enumerate(rows, 1):
        for m, cell in enumerate(row, 1):
            if cell:
                book.active.cell(n, m, int(cell) if cell.isascii() and cell.isdigit() else cell)
    book.create_sheet("notes").append(["read me"])
    book.save(path)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".ods", ".parquet", ".gpkg"])
def test_a_row_with_nothing_but_a_note_is_a_row_in_every_format(suffix: str, tmp_path: Path) -> None:
    rows = [["urn", "partnership", "note"], ["900002", "Fens", ""], ["", " ", "and one more"]]
    save(tmp_path / f"t{suffix}", rows, "data", ",")
    with pytest.raises(BadData) as refusal:
        READERS["groups"].read(str(tmp_path / f"t{suffix}"))
    assert {(fault.row, fault.column) for fault in refusal.value.faults} == {(3, "urn"), (3, "partnership")}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".ods", ".parquet", ".gpkg"])
@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_table_is_refused_or_everything_in_it_is_accounted_for(
    name: str, suffix: str, tmp_path: Path, data: st.DataObject
) -> None:
    reader = READERS[name]
    above, rows, headings_row = data.draw(tables(reader))
    if suffix in (".parquet", ".gpkg"):  # whose headings are the columns' own names
        above, headings_row = above[-1:], 1
    path = tmp_path / f"t{suffix}"
    path.unlink(missing_ok=True)
    save(path, [*above, *rows], "data", data.draw(st.sampled_from(",;\t|")))
    try:
        reading, facts = reader.read(str(path))
    except BadData as bad:
        assert bad.faults and all(fault.fix and fault.file == path.name for fault in bad.faults)
        return
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert reading.headings_row == headings_row
    assert reading.rows == len(filled) == reading.rows_used + sum(reading.left.values())
    assert {*reading.columns.values(), *reading.unused} >= {*reader.headings} & {*above[-1]}
    expected = [reader.fact(dict(zip(above[-1], [cell.strip() for cell in row], strict=True))) for row in filled]
    assert facts == set(expected) - {None}


WANTED = sorted(SELECTED)
MINUTES = {
    "10": 1000,
    " 12.5 ": 1250,
    "7.001": 701,
    "": -1,
    "n/a": -1,
    "00:12:30": 1250,
    "x": None,
    "-3": None,
    "1e9": None,
}
"""Cells of minutes, and the hundredths of a minute that each says: -1 for no way, None for one to refuse."""


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_matrix_is_refused_or_every_pair_has_the_minutes_of_its_row(
    suffix: str, tmp_path: Path, data: st.DataObject
) -> None:
    """Rows of a school and itself, and of a known school that is not wanted, are left out; their number is said."""
    pairs = [(str(a), str(b)) for a, b in product(WANTED, repeat=2)]
    rows = [[a, b, "0" if a == b else "9"] for a, b in pairs if a != b or data.draw(st.booleans())]
    for _ in range(data.draw(st.integers(0, 3))):
        rows[data.draw(st.integers(0, len(rows) - 1))][2] = data.draw(st.sampled_from(sorted(MINUTES)))
    extra = data.draw(st.sampled_from([[], [["900004", "900001", "5"]], [["900009", "900001", "5"]], [rows[0]]]))
    spared = data.draw(st.integers(0, 9))
    rows = [row for n, row in enumerate(rows) if n != spared - 8] + extra
    path = tmp_path / f"minutes{suffix}"
    path.unlink(missing_ok=True)
    save(path, [["urn_from", "urn_to", "minutes"], *rows], "data", ",")
    try:
        matrix = read_matrix(path, WANTED, URNS)
    except BadData as bad:
        assert bad.faults and all(fault.fix and fault.file == path.name for fault in bad.faults)
        return
    said = {(a, b): cell for a, b, cell in rows if a != b and {a, b} <= {*map(str, WANTED)}}
    assert len(said) == len(WANTED) * (len(WANTED) - 1)
    for (a, b), cell in said.items():
        found = matrix.between([WANTED.index(Urn(a))], [WANTED.index(Urn(b))])[0]
        assert found.tolist() == [{**MINUTES, "9": 900}[cell]], (a, b, cell)
    selves, others = sum(a == b for a, b, _ in rows), sum("900004" in row for row in rows)
    told = " ".join(matrix.reading)
    assert not selves or f"{selves} row{'s' * (selves != 1)} of a school and itself" in told, told
    assert not others or f"{others} row{'s' * (others != 1)} of schools that are not selected" in told, told


SPOTS = [(-0.70 + 0.01 * n, 52.6) for n in range(6)]


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_way_of_an_extract_is_used_or_counted_as_lost(suffix: str, tmp_path: Path, data: st.DataObject) -> None:
    """A way is lost where no two of its nodes in a row are there; paths for walkers are no roads."""
    there = data.draw(st.sets(st.integers(0, 5), min_size=1), label="nodes that are there")
    road = st.tuples(st.lists(st.integers(0, 5), min_size=2, max_size=4), st.sampled_from(["tertiary", "footway"]))
    ways = data.draw(st.lists(road, min_size=1, max_size=6))
    path = tmp_path / f"roads{suffix}"
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for n in sorted(there):
            writer.add_node(Node(id=n + 1, location=SPOTS[n]))
        for n, (nodes, kind) in enumerate(ways, 1):
            writer.add_way(Way(id=n, nodes=[node + 1 for node in nodes], tags={"highway": kind}))
    driven = [nodes for nodes, kind in ways if kind == "tertiary"]
    cut = [nodes for nodes in driven if not there.issuperset(nodes)]
    lost = [nodes for nodes in cut if not any({*pair} <= there for pair in pairwise(nodes))]
    try:
        (told,) = read_extract(path, read_speeds(OUR_TABLE), XML if suffix == ".osm" else PBF).reading
    except BadData as bad:
        assert all(fault.file == path.name for fault in bad.faults)
        assert len(driven) == len(lost)
        return
    expected = f"{path.name}: {len(driven)} ways that a car may drive"
    if cut:
        expected += f", {len(cut)} of them without some of their nodes ({len(lost)} left out)"
    assert told == expected
