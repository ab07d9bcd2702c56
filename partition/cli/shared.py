"""What the commands share: exit codes, the scenario asked for, refusing, writing and printing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from partition.scenario import Scenario
    from partition.session import Case

FOUND, DISAGREES, WRONG_USAGE, BAD_DATA, NO_PLAN, NO_TIME, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


def scenario_asked(
    path: Path | None,
    schools: Path | None,
    la: Sequence[str] | None,
    settings: Sequence[str] | None,
    out: Path,
) -> Scenario:
    """The scenario asked for; with neither a scenario nor schools, the sample county, written beside the answer."""
    from partition.scenario import read_scenario

    if path is None and schools is None:
        read_scenario(None, settings or ())  # a wrong setting must leave nothing behind
        path = write_sample(out / "sample", 280, 1)
    given = []
    if schools is not None:
        given.append(f"data.schools={json.dumps(str(schools))}")
    if la:
        given.append(f"data.local_authority={json.dumps(list(la))}")
    return read_scenario(path, [*given, *(settings or ())])


def write_sample(folder: Path, size: int, seed: int) -> Path:
    from partition.sample import make_county, write_county

    folder.mkdir(parents=True, exist_ok=True)
    return write_county(make_county(size, seed), folder)


@contextmanager
def refusing(as_json: bool) -> Iterator[None]:
    """Bad data or a bad scenario ends in every fault told, and exit code 3."""
    from geodata.faults import BadData

    try:
        yield
    except BadData as bad:
        if as_json:
            typer.echo(json.dumps({"faults": [fault.as_dict() for fault in bad.faults]}, ensure_ascii=False))
        else:
            for fault in bad.faults:
                typer.echo(str(fault), err=True)
            count = len(bad.faults)
            typer.echo(f"{count} fault{'s' * (count != 1)}; nothing was written", err=True)
        raise typer.Exit(BAD_DATA) from None


def say(facts: dict[str, Any], lines: Sequence[str], as_json: bool, quiet: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
    elif not quiet:
        typer.echo("\n".join(lines))


def read_labels(case: Case, path: Path) -> dict[int, str]:
    """Groups drawn by hand: URN to the group's name, from a file of urn, partnership."""
    from geodata.groups import read_groups

    selected = set(case.problem.area.urns.tolist())
    return dict(read_groups(path, label="partnership", known_urns=case.known_urns, selected_urns=selected).labels)
