"""The log of decisions as a plan file keeps it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from geodata.faults import BadData
from geodata.tables import read_head
from partition.account import Account
from partition.scheme.stages import HEADINGS, Decision, Log, carried_over
from partition.session import Case
from partition.store import Stored, read_plan
from partition.stored import stored_plan

SQLITE = b"SQLite format 3\x00"


def frame_of(log: Log) -> pd.DataFrame:
    """A row a decision."""
    frame = pd.DataFrame([asdict(one) for one in log.decisions], columns=list(HEADINGS))
    frame["costs_pounds"] = frame["costs_pounds"].astype("Int64")
    return frame


def log_of(stored: Stored) -> Log:
    """The decisions in a plan file; none where none were taken. Raises ValueError where a stage or day is none."""
    if "stages" not in stored.tables:
        return Log()
    rows = stored.tables["stages"][list(HEADINGS)].to_dict("records")
    return Log(
        Decision(
            partnership=int(row["partnership"]),
            stage=row["stage"],
            day=row["day"],
            note=row["note"] or "",
            costs_pounds=None if pd.isna(row["costs_pounds"]) else int(row["costs_pounds"]),
            carried=row["carried"] or "",
        )
        for row in rows
    )


def log_going_on(case: Case, account: Account) -> Log:
    """The log of the earlier plan that the scenario takes for what exists today, as it goes on in this one."""
    existing = case.scenario.data.existing
    if not isinstance(existing, str) or not read_head(Path(existing)).startswith(SQLITE):
        return Log()
    try:
        stored = read_plan(existing)
    except BadData:  # a GeoPackage of groups that is no plan
        return Log()
    numbers = stored.tables["partnerships"][["number", "name"]].itertuples(index=False)
    old = [partnership.urns for partnership in stored_plan(stored).partnerships]
    return carried_over(log_of(stored), {int(number): name for number, name in numbers}, old, account)
