"""The scheme in a plan file: the log of decisions, the money, the posts, and who advises whom."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from geodata.faults import BadData, Fault
from geodata.opening import read_head
from geodata.parts import file_and_part
from partition.formats.database import MAGIC
from partition.plans.account import Account
from partition.scenario.case import Case
from partition.scheme.advisers import Assignment
from partition.scheme.inputs import Inputs
from partition.scheme.money import MoneyAccount
from partition.scheme.posts import TENTHS, shared_posts
from partition.scheme.stages import HEADINGS, Decision, Log, carried_over
from partition.storage.plan_file import Stored, read_plan
from partition.storage.read_back import stored_plan


def frame_of(log: Log) -> pd.DataFrame:
    """Return the log as a table with a row for each decision."""
    frame = pd.DataFrame([asdict(one) for one in log.decisions], columns=list(HEADINGS))
    frame["costs_pounds"] = frame["costs_pounds"].astype("Int64")
    return frame


def kept_tables(case: Case, account: Account, log: Log) -> dict[str, pd.DataFrame]:
    """Return the tables that a plan file keeps of the scheme, by layer, without advisers; a table may be empty."""
    return {"stages": frame_of(log), "money": _money(case, account), "posts": _posts(case, account)}


def _money(case: Case, account: Account) -> pd.DataFrame:
    """Return a row for each partnership: the amounts due, and at which stage. Payments follow from the log."""
    money = case.scenario.money
    found = MoneyAccount(account, money, Inputs(), Log())
    if not found.is_set:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "partnership": one.number,
            "name": one.name,
            "small_schools": one.small_schools,
            "yearly_pence": one.yearly_pence,
            "yearly_at": money.yearly_at,
            "start_most_pence": one.start_most_pence,
            "start_at": money.start_at,
            "travel_pence": one.travel.pence,
            "source": money.source,
        }
        for one in found.partnerships
    )


def _posts(case: Case, account: Account) -> pd.DataFrame:
    """Return a row for each school and post: days a year there, 0 at a school that keeps its own."""
    return pd.DataFrame(
        {
            "partnership": number,
            "post": post.title,
            "fte": post.fte_tenths / TENTHS,
            "urn": urn,
            "days": days,
            "is_base": urn == post.base_urn,
            "keeps_own": urn in post.keep_own,
        }
        for number, posts in shared_posts(account, case.scenario.posts).items()
        for post in posts
        for urn, days in (*post.days, *((urn, 0) for urn in post.keep_own))
    )


def advisers_frame(account: Account, assigned: Assignment) -> pd.DataFrame:
    """Return a row for each partnership: its adviser ("" for none), and minutes from office to meeting and back."""
    patches = {number: assigned.patches[place] for number, place in assigned.adviser_of.items()}
    return pd.DataFrame(
        {
            "partnership": item.number,
            "name": item.name,
            "adviser": patch.adviser.name if (patch := patches.get(item.number)) else "",
            "office": patch.adviser.office if patch else "",
            "away_minutes": patch.away_minutes.get(item.number) if patch else None,
        }
        for item in account.present
    )


def log_of(stored: Stored) -> Log:
    """Return the decisions in a plan file, none where it has none. Raises BadData where a stage or day is invalid."""
    if "stages" not in stored.tables:
        return Log()
    rows = stored.tables["stages"][list(HEADINGS)].to_dict("records")
    return Log(_decision(stored.name, number, row) for number, row in enumerate(rows, 1))


def _decision(name: str, number: int, row: Mapping[Hashable, Any]) -> Decision:
    try:
        return Decision(
            partnership=int(row["partnership"]),
            stage=row["stage"],
            day=row["day"],
            note=row["note"] or "",
            costs_pounds=None if pd.isna(row["costs_pounds"]) else int(row["costs_pounds"]),
            carried=row["carried"] or "",
        )
    except ValueError as wrong:
        fix = f"it is no decision ({wrong}); fetch the file again as it was written"
        raise BadData([Fault(file=name, row=number, column="stages.stage", value=row["stage"], fix=fix)]) from None


def log_going_on(case: Case, account: Account) -> Log:
    """Return the log that continues in this plan: that of the plan file that the scenario names as today's groups."""
    existing = case.scenario.data.existing
    if not isinstance(existing, str) or not read_head(file := file_and_part(existing)[0]).startswith(MAGIC):
        return Log()
    try:
        stored = read_plan(file)
    except BadData:  # the file holds groups, but no plan
        return Log()
    numbers = stored.tables["partnerships"][["number", "name"]].itertuples(index=False)
    old = [partnership.urns for partnership in stored_plan(stored).partnerships]
    return carried_over(log_of(stored), {int(number): name for number, name in numbers}, old, account)
