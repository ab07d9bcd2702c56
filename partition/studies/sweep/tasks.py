"""One scenario of a sweep as plain data for a worker, and the name under which its result is kept.

The name is a hash of everything that the result depends on: the settings, and the content of the files that they name.
So an existing result need not be calculated again, and a result of other files or another version is never used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from geodata.faults import BadData, Fault
from geodata.opening import source_of
from geodata.parts import file_and_part
from partition.scenario.read import with_paths
from partition.settings.scenario import Scenario

FORMAT = 1  # of results
Task = dict[str, Any]
"""`key`, `scenario` (its tables), `files` (hash by path), `workers`, `use_cache`, `draws`."""


class Tasks:
    """A maker of tasks, which hashes each file once."""

    def __init__(self, *, workers: int, use_cache: bool = True, draws: bool = False) -> None:
        self.workers, self.use_cache, self.draws = workers, use_cache, draws
        self._sha256 = cache(file_sha256)

    @cached_property
    def _version(self) -> str:
        return version("school-partnerships")

    def task(self, scenario: Scenario) -> Task:
        """Return the task of a scenario. Raises BadData where a file cannot be read."""
        given = json.loads(scenario.model_dump_json(exclude_unset=True))
        tables = with_paths(given, lambda path: str(Path(path).resolve()))
        files = {path: self._sha256(path) for path in dict.fromkeys(_paths(tables))}
        return {
            "key": self._key(scenario, files),
            "scenario": tables,
            "files": files,
            "workers": scenario.solve.workers or self.workers,
            "use_cache": self.use_cache,
            "draws": self.draws,
        }

    def _key(self, scenario: Scenario, files: Mapping[str, str]) -> str:
        whole = json.loads(scenario.model_dump_json())
        del whole["solve"]["workers"]  # the number of workers never changes the answer
        if not self.draws:
            del whole["map"]
        meaning = with_paths(whole, lambda path: files[str(Path(path).resolve())] + file_and_part(path)[1])
        content = json.dumps([FORMAT, self._version, self.draws, meaning], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def _paths(tables: Mapping[str, Any]) -> Iterator[str]:
    found: list[str] = []

    def note(path: str) -> str:
        found.append(path)
        return path

    with_paths(tables, note)
    yield from found


def file_sha256(path: str) -> str:
    """Return the SHA-256 of a file's content. Raises BadData where there is no such file, or no regular one."""
    return source_of(file_and_part(path)[0]).sha256


def refuse_other_files(task: Task) -> None:
    """Refuse a task whose files are different on this machine. Raises BadData."""
    faults = []
    for path, sha256 in task["files"].items():
        try:
            if file_sha256(path) != sha256:
                fix = "a worker sees another file under this name; share the folder, or copy the file there"
                faults.append(Fault(file=Path(path).name, fix=fix))
        except BadData as bad:
            faults += bad.faults
    if faults:
        raise BadData(faults)
