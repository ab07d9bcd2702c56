"""What was found about the data, and belongs to no plan: settings tried, minutes from a school.

Each has a folder of its own beside the project, with the files that the command line writes, so that it is found there
without this program as well.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from geodata.files import replacing
from partition.storage.project_file import now

FOUND, FACTS = "found", "finding.json"
NUMBER_LENGTH_MAX = 9


class Finding(BaseModel):
    """One of them. `page` is the file to look at, "" if there is none."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    number: int
    what: Literal["sweep", "minutes"]
    name: str
    found_at: str  # UTC
    page: str
    scenario: str
    settings: list[str] = []  # keys that were varied
    headings: list[str] = []  # what they are called
    values: list[list[str | int | float]] = []  # every combination, as a scenario file has it
    travel: str = ""  # whence minutes are
    rows: list[list[str | int]] = []  # every other school: name, URN, minutes there and back, km

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if any(len(values) != len(self.settings) for values in self.values):
            raise ValueError("a combination has a value for each setting")
        return self


def keep_finding(folder: Path, files: Mapping[str, bytes], **facts: Any) -> int:
    """Keep files in a new folder below a project's, with the facts of a `Finding`; its number."""
    for number in count(1):  # the first that nobody has, whoever else keeps something just now
        place = _place(folder, number)
        try:
            place.mkdir(parents=True)
        except FileExistsError:
            continue
        break
    for name, content in files.items():
        (place / name).write_bytes(content)
    told = Finding(number=number, found_at=now(), **facts)
    with replacing(place / FACTS) as temporary:  # last: without it a folder is no finding
        temporary.write_text(told.model_dump_json(), encoding="utf-8")
    return number


def finding(folder: Path, number: int) -> Finding | None:
    """One by its number; None where there is none, or it is not as it was written."""
    try:
        found = Finding.model_validate_json((_place(folder, number) / FACTS).read_bytes())
        return found if found.number == number else None
    except (OSError, ValidationError):
        return None


def findings(folder: Path, what: str) -> list[Finding]:
    """All of a kind, the latest first."""
    there = [path.name for path in (folder / FOUND).glob("*") if _is_number(path.name)]
    known = (finding(folder, number) for number in sorted(map(int, there), reverse=True))
    return [one for one in known if one is not None and one.what == what]


def sizes_of(folder: Path, number: int) -> dict[str, int]:
    """The files of a finding, each with its bytes."""
    there = sorted(path for path in _place(folder, number).iterdir() if path.is_file() and path.name != FACTS)
    return {path.name: path.stat().st_size for path in there if not path.is_symlink()}


def file_of(folder: Path, number: int, name: str) -> bytes | None:
    """One of its files; None where there is none of this name."""
    return (_place(folder, number) / name).read_bytes() if name in sizes_of(folder, number) else None


def remove_finding(folder: Path, number: int) -> None:
    """Remove it with its files."""
    shutil.rmtree(_place(folder, number))


def _place(folder: Path, number: int) -> Path:
    return folder / FOUND / str(number)


def _is_number(name: str) -> bool:
    return re.fullmatch(rf"[1-9]\d{{0,{NUMBER_LENGTH_MAX - 1}}}", name, re.ASCII) is not None
