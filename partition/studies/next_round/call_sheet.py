"""The call sheet: which schools to talk to next. Text from files is never a formula."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geodata.files import together
from geodata.sheets import Cell, write_csv, write_workbook
from partition.formats.marks import INTERNAL
from partition.plans.account import Account
from partition.plans.amounts import amount
from partition.studies.next_round.plan_again import Matter

CALLS = (
    "place",
    "urns",
    "school",
    "answer",
    "partnership",
    "a no leaves unplaced",
    "a no costs the others",
    "in words",
    "proven",
)


def write_calls(account: Account, matters: Sequence[Matter], out: Path) -> dict[str, str]:
    """Write the call sheet as a workbook and as CSV, and return the paths.

    Both files are internal, and only the user may read them.
    """
    unit = "km a year" if account.unit == "km" else "heads' minutes a year"
    headings = [f"{heading}, {unit}" if heading == "a no costs the others" else heading for heading in CALLS]
    rows = [_call(account, place, matter) for place, matter in enumerate(matters, 1)]
    last: list[Sequence[Cell]] = [[INTERNAL, *[None] * (len(CALLS) - 1)]]
    files = {"call_sheet": out / "calls.xlsx", "call_table": out / "calls.csv"}
    with together(private=True):
        write_workbook(files["call_sheet"], headings, [*rows, *last], sheet="Talk to next", header=INTERNAL)
        write_csv(files["call_table"], [headings, *rows, *last])
    return {what: str(path) for what, path in files.items()}


def _call(account: Account, place: int, matter: Matter) -> list[Cell]:
    headship = matter.question.headship
    costs = None if matter.thousandths is None else matter.thousandths / 1000
    return [
        place,
        "; ".join(map(str, headship.urns)),
        "; ".join(account.area.name_of(urn) for urn in headship.urns),
        matter.question.said,
        matter.question.partnership,
        matter.unplaced,
        costs,
        cost_words(account, matter),
        "yes" if matter.proven else "no: time ran out",
    ]


def cost_words(account: Account, matter: Matter) -> str:
    """Return in words what a no means for the others: first schools, then cost."""
    if matter.unplaced is None or matter.thousandths is None:
        return "no plan was found after a no"
    many = f"{abs(matter.unplaced)} other school{'s' * (abs(matter.unplaced) != 1)}"
    words = {True: f"a no leaves {many} not placed", False: f"a no makes room for {many}"}[matter.unplaced > 0]
    hours = amount(abs(matter.thousandths), account.unit)
    if not matter.thousandths:
        costs = "costs the other heads nothing"
    elif matter.thousandths > 0:
        costs = f"costs the other heads {hours} a year"
    else:
        costs = f"spares the other heads {hours} a year"
    told = f"{words}, and {costs}" if matter.unplaced else f"a no {costs}"
    return told if matter.proven else f"{told} (not proven)"
