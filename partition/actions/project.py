"""Plans kept in a project file, and taken out of it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.settings.scenario import Scenario
    from partition.storage.project_file import Kept, Project

OWNER_ONLY = 0o600
FIRST_FILES = ("plan.gpkg", "map.html", "search.jsonl", "scenario.toml")  # told by their stems


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRequest:
    """How a plan is to be kept.

    Attributes
    ----------
    scenario
        What was asked for, as it is to be read again.
    name
        What people call the plan; empty: what its maps are headed.
    note
        What to remember of it.
    internal
        Whether what is kept may name who works with whom.
    asked
        The number under which the project notes the question that the plan answers; None: there is no such note.
    log
        The record of its search, one JSON line an event; empty: there is none.
    """

    scenario: Scenario
    name: str = ""
    note: str = ""
    internal: bool = False
    asked: int | None = None
    log: bytes = b""


def keep_plan(
    project: Project,
    case: Case,
    account: Account,
    request: KeepRequest,
    written: Mapping[str, str] | None = None,
) -> int:
    """Keep a plan with the files that pages show, and return its number.

    Parameters
    ----------
    project
        The project file.
    case, account
        The plan, and what it was made from.
    request
        How it is to be kept.
    written
        Its files where they are written already, as `PlanMade.write` returns them; None: they are made now.

    Examples
    --------
    >>> import partition as p
    >>> from partition.storage.project_file import Project
    >>> scenario, project = p.read_scenario("county.toml"), Project("kept.partnerships")
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), scenario)
    >>> p.keep_plan(project, over.case, over.account, p.KeepRequest(scenario=scenario, note="first try"))
    1
    >>> sorted(p.take_plan(project, project.plan(1), Path("taken")))
    ['map', 'plan', 'scenario']
    """
    from partition.scenario.text import text_of
    from partition.storage.project_file import SEARCH

    files = _made(case, account, request.internal) if written is None else _read(written)
    if request.log:
        files[SEARCH] = request.log
    return project.keep(
        case,
        account,
        files,
        scenario=text_of(request.scenario, project.folder),
        name=request.name,
        note=request.note,
        internal=request.internal,
        asked=request.asked,
    )


def _made(case: Case, account: Account, internal: bool) -> dict[str, bytes]:
    from partition.actions.plan import write_plan_and_map

    with TemporaryDirectory() as folder:
        return _read(write_plan_and_map(case, account, Path(folder), internal=internal))


def _read(written: Mapping[str, str]) -> dict[str, bytes]:
    from partition.storage.project_file import MAP, PLAN

    return {PLAN: Path(written["plan"]).read_bytes(), MAP: Path(written["map"]).read_bytes()}


def take_plan(project: Project, plan: Kept, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write a kept plan's files into a folder, each replaced in one step, and return their paths.

    The scenario names its files as seen from the project's folder.

    Parameters
    ----------
    project
        The project file.
    plan
        The plan, as `Project.plan` returns it.
    out
        The folder, which is made where it is missing.
    internal
        Whether to write a public plan's private files and settings too; an internal plan is always written complete.
        Files of a complete plan are readable by their owner only.

    Returns
    -------
    dict[str, str]
        The path of each file; by "plan", "map", "search" and "scenario", and by name for all others.

    Raises
    ------
    BadData
        Where a file is not as it was kept.
    """
    from geodata.files import replacing
    from partition.storage.handout import handed_out

    contents = handed_out(project, plan, internal=internal)
    for name, content in contents.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        with replacing(out / name) as temporary:
            temporary.write_bytes(content)
        if internal or plan.internal:
            (out / name).chmod(OWNER_ONLY)
    return {Path(name).stem if name in FIRST_FILES else name: str(out / name) for name in contents}
