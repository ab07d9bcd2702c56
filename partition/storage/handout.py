"""The files of a kept plan that may leave the office: for a public plan nothing private; or all, marked as internal.

The scenarios in a project are complete: schools kept apart, reasons for exceptions, and files with schools' answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit

from geodata import toml_text
from geodata.faults import BadData
from partition.settings.words import private_keys
from partition.storage.project_file import compared_in

if TYPE_CHECKING:
    from partition.storage.project_file import Kept, Project

SCENARIO = "scenario.toml"
INTERNAL = "internal "  # the start of the name of every internal file, or folder of files, beside a plan
MARK = "# Internal: not for publication\n"


def handed_out(project: Project, plan: Kept, *, internal: bool = False) -> dict[str, bytes]:
    """Return a kept plan's public files and its scenario, by name; or all its files, if the plan or `internal` says so.

    Raises BadData where a file is not as it was kept.
    """
    everything = internal or plan.internal
    names = plan.files if everything else public_files(project, plan)
    scenario = marked(plan.scenario) if everything else public_text(plan.scenario)
    return {name: project.file(plan.id, name) or b"" for name in names} | {SCENARIO: scenario.encode()}


def public_files(project: Project, plan: Kept) -> list[str]:
    """Return the names of a plan's files that are not internal, and do not compare the plan with an internal plan."""
    public = {kept.id for kept in project.plans() if not kept.internal}
    return [name for name in plan.files if not name.startswith(INTERNAL) and compared_in(name) <= public]


def public_text(text: str) -> str:
    """Return a scenario's text without comments and private settings; the first line names the settings left out."""
    try:
        given = toml_text.parse(text, SCENARIO)
    except BadData:
        return "# Its settings cannot be read, so that none of them are here.\n"
    left_out = _private(given)
    tables = {name: _without(table, private_keys().get(name, ())) for name, table in given.items()}
    kept = {name: table for name, table in tables.items() if table != {}}
    note = f"# Left out, as the plan is public: {', '.join(left_out)}. Ask for the internal files to have them.\n"
    return note * bool(left_out) + tomlkit.dumps(kept)


def marked(text: str) -> str:
    """Return a scenario's text, with a mark above it if the scenario holds anything private."""
    try:
        is_private = bool(_private(toml_text.parse(text, SCENARIO)))
    except BadData:
        is_private = True
    return MARK * (is_private and not text.startswith(MARK)) + text


def _private(given: dict[str, Any]) -> list[str]:
    return [
        f"{name}.{key}"
        for name, keys in private_keys().items()
        for key in keys
        if isinstance(given.get(name), dict) and key in given[name]
    ]


def _without(table: Any, keys: tuple[str, ...]) -> Any:
    return {key: value for key, value in table.items() if key not in keys} if isinstance(table, dict) else table
