"""Mutations of a Parquet table: types, values, metadata, size."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fuzzing.hostile import TEXTS
from fuzzing.mutations.register import Spoilt, mutation

MANY = 20_000_000  # equal values, which pack to a few kilobytes


def columns(it: Spoilt) -> dict[str, Any]:
    table = pq.read_table(it.path)
    return {name: table.column(name) for name in table.column_names}


@mutation("parquet", "parquet")
def a_column_of_another_type(it: Spoilt) -> None:
    found = columns(it)
    name, count = it.draws.choice(list(found)), len(found["minutes"])
    changes = (
        pa.array([it.draws.choice(TEXTS)] * count),
        pa.array([None] * count),
        pa.array([[1, 2]] * count),
        pa.array([{"a": 1}] * count),
        pa.array([b"\xff\x00"] * count),
        pa.array([float("nan"), float("inf"), 1e308] * (count // 3)),
        pa.array([True] * count),
        pa.array([-1] * count),
        pa.array([2**63 - 1] * count),
        pa.array(np.array(["2027-01-11"] * count, dtype="datetime64[s]")),
        pa.array([1.5] * count),
        pa.array(["9"] * count).dictionary_encode(),
    )
    pq.write_table(pa.table(found | {name: it.draws.choice(changes)}), it.path)


@mutation("parquet")
def metadata_of_another_kind(it: Spoilt) -> None:
    metadata = it.draws.choice(
        (b"no JSON", b"[]", b"{}", json.dumps({"index_columns": ["x"], "columns": [5]}).encode())
    )
    table = pa.table(columns(it))
    pq.write_table(table.replace_schema_metadata({b"pandas": metadata, b"ARROW:schema": metadata}), it.path)


@mutation("parquet")
def columns_renamed(it: Spoilt) -> None:
    found = columns(it)
    names = [it.draws.choice((name, name, name.upper(), "minutes", it.draws.choice(TEXTS))) for name in found]
    pq.write_table(pa.Table.from_arrays(list(found.values()), names=names), it.path)


@mutation("parquet")
def rows_without_end(it: Spoilt) -> None:
    value = it.draws.choice((900_001, 7))
    same = pa.array(np.full(MANY, value, dtype=np.int32))
    pq.write_table(pa.table(dict.fromkeys(("urn_from", "urn_to", "minutes"), same)), it.path)
