"""`project`: what a project file keeps, and taking a plan out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.cli.options import AsJson, OutFolder, Quiet
from partition.cli.shared import refusing, say

if TYPE_CHECKING:
    from partition.storage.project_file import Kept


def project(
    file: Annotated[Path, typer.Argument(help="The project file.")],
    take: Annotated[
        int | None,
        typer.Option(
            "--take",
            metavar="NUMBER",
            help="Take this plan out, with its map and scenario; of a public plan nothing private.",
        ),
    ] = None,
    remove: Annotated[
        int | None, typer.Option("--remove", metavar="NUMBER", help="Remove this plan and all about it, for good.")
    ] = None,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="With --take: all that is kept, with private settings and internal papers; only you may read it.",
        ),
    ] = False,
    out: OutFolder = Path("out"),
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """List the plans that a project file keeps, the latest first; take one out as it was kept, or remove one."""
    if internal and take is None:
        raise typer.BadParameter("it says what is taken out; give --take too", param_hint="--internal")
    if take is not None and remove is not None:
        raise typer.BadParameter("take a plan out or remove one, in two steps", param_hint="--remove")
    with refusing(as_json):
        from geodata.faults import BadData, Fault
        from partition.actions.project import take_plan
        from partition.storage.project_file import Project

        kept, number = Project(file, make=False), remove if take is None else take
        plans = kept.plans() if number is None else [plan for plan in (kept.plan(number),) if plan is not None]
        if number is not None and not plans:
            fix = f"it keeps no plan {number}; `partnerships project {file.name}` lists them"
            raise BadData([Fault(file=file.name, fix=fix)])
        files = {} if take is None else take_plan(kept, plans[0], out, internal=internal)
        if remove is not None:
            kept.remove(remove)
        facts = {"plans": [_facts(plan) for plan in plans], "removed": remove is not None, "files": files}
        lines = [*(["Removed:"] if remove is not None else []), *(line for plan in plans for line in _lines(plan))]
        say(facts, [*lines, *_where(files)], as_json, quiet)


def refuse_wrong_project(path: Path) -> None:
    """Raises BadData where no project can be kept; makes none."""
    from geodata.faults import BadData, Fault
    from geodata.files import writable_folder
    from partition.storage.project_file import Project

    if not path.parent.is_dir():
        raise BadData([Fault(file=path.name, fix=f"there is no folder {path.parent}; make it, or name another")])
    writable_folder(path.parent, path.name)
    try:
        path.stat()  # which fails for a link to itself, where `exists` says that there is nothing
    except FileNotFoundError:
        return
    Project(path)  # which refuses what is no file
    with path.open("rb+"):  # where it may be read only, that is told now
        pass


def _facts(plan: Kept) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in type(plan).__slots__ if name != "sources"} | {
        "sources": [{"name": name, "sha256": sha256} for name, sha256 in plan.sources]
    }


def _lines(plan: Kept) -> Iterator[str]:
    marks = " (internal)" * plan.internal
    yield f"{plan.id:4}  {plan.kept_at[:16].replace('T', ' ')}  {plan.name}{marks}{': ' * bool(plan.note)}{plan.note}"
    placed = f"{plan.schools_placed} of {plan.schools_small} small schools placed"
    together = f"{plan.partnerships} partnership{'s' * (plan.partnerships != 1)} of several heads"
    yield f"      {placed}, {together}. {plan.sureness}"


def _where(files: Mapping[str, str]) -> Iterator[str]:
    if files:
        yield ""
        yield from (f"{what}: {path}" for what, path in files.items())
