"""`stage` and `name`: how far each partnership has come, and what people call it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.cli.options import AsJson, Quiet
from partition.cli.shared import refusing, say

if TYPE_CHECKING:
    from partition.scheme.stages import Log
    from partition.storage.plan_file import Stored


def stage(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg that keeps the log.")],
    partnership: Annotated[
        str | None, typer.Argument(help="Number or name of the partnership; none: list them all.")
    ] = None,
    to: Annotated[str | None, typer.Argument(metavar="[STAGE]", help="Stage it comes to; none: show its log.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the decision, such as 2027-03-01.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What was decided; anybody with the plan can read it.")] = "",
    costs: Annotated[
        int | None, typer.Option("--costs", min=0, help="Costs of the business plan, as approved, in pounds.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Set or show how far partnerships have come: proposed, negotiated, ..., active, left."""
    with refusing(as_json):
        from partition.actions.stage import write_decision
        from partition.scheme.kept import log_of
        from partition.scheme.stages import Decision
        from partition.storage.plan_file import read_plan

        stored = read_plan(plan)
        number = None if partnership is None else _number(stored, partnership)
        if to is not None and number is not None:
            if on is None:
                raise typer.BadParameter("give the day of the decision, such as 2027-03-01", param_hint="--date")
            try:
                taken = Decision(partnership=number, stage=to, day=f"{on:%Y-%m-%d}", note=note, costs_pounds=costs)  # type: ignore[arg-type]
            except ValueError as wrong:
                raise typer.BadParameter(str(wrong), param_hint="STAGE") from None
            stored = write_decision(plan, taken)
        elif on is not None or note or costs is not None:
            raise typer.BadParameter("name the partnership and the stage it comes to", param_hint="STAGE")
        log = log_of(stored)
        say(_facts(stored, log, number), _lines(stored, log, number), as_json, quiet)


def name(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg, which keeps the name.")],
    partnership: Annotated[str, typer.Argument(help="Number or name of the partnership.")],
    to: Annotated[str, typer.Argument(metavar="NAME", help="What people call it, such as a village.")],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Give a partnership the name that people chose; later plans keep it."""
    with refusing(as_json):
        from partition.actions.name import write_name
        from partition.storage.plan_file import read_plan

        stored = read_plan(plan)
        number, before = _number(stored, partnership), _names(stored)
        try:
            stored = write_name(plan, number, to)
        except ValueError as wrong:
            raise typer.BadParameter(str(wrong), param_hint="NAME") from None
        facts = {"number": number, "name": to, "was": before[number]}
        lines = [f"{number} {to} (was {before[number]})", f"next: partnerships map {plan}, to draw it with the name"]
        say(facts, lines, as_json, quiet)


def _number(stored: Stored, wanted: str) -> int:
    """A partnership's number by number or name."""
    names = _names(stored)
    found = [number for number, name in names.items() if wanted == str(number) or wanted.casefold() == name.casefold()]
    if len(found) != 1:
        there = ", ".join(f"{number} {name}" for number, name in names.items())
        raise typer.BadParameter(f"{wanted!r} is not one of them; there are: {there}", param_hint="PARTNERSHIP")
    return found[0]


def _names(stored: Stored) -> dict[int, str]:
    rows = stored.tables["partnerships"].sort_values("number")[["number", "name"]].itertuples(index=False)
    return {int(number): str(name) for number, name in rows}


def _facts(stored: Stored, log: Log, number: int | None) -> dict[str, Any]:
    from dataclasses import asdict

    shown = {n: name for n, name in _names(stored).items() if number in (None, n)}
    return {
        "partnerships": [{"number": n, "name": name, "stage": log.stage(n)} for n, name in shown.items()],
        "log": [asdict(one) for one in log.decisions if one.partnership in shown],
    }


def _lines(stored: Stored, log: Log, number: int | None) -> list[str]:
    names = _names(stored)
    if number is None:
        return [f"{n:>3} {name:32} {log.stage(n)}" for n, name in names.items()]
    lines = [f"{number} {names[number]}: {log.stage(number)}"]
    for one in log.of(number):
        costs = "" if one.costs_pounds is None else f"; business plan's costs £{one.costs_pounds:,}"
        carried = f" (then {one.carried})" if one.carried else ""
        lines.append(f"  {one.day}  {one.stage}{carried}{costs}{': ' * bool(one.note)}{one.note}")
    return lines
