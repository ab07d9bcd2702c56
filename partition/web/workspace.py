"""What the pages work on: the project, the files in its folder, and the scenario in hand."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import IO, Any

from geodata import toml_text
from geodata.cells import listed
from geodata.faults import BadData, Fault
from geodata.files import replacing
from geodata.parts import SIGN, file_and_part
from partition.scenario.read import SCENARIO, read_within, refuse_outside
from partition.scenario.text import with_settings
from partition.settings.scenario import Scenario
from partition.storage.project_file import Project
from partition.web.unpacking import PARTS, SHAPE, ZIP, opened

SUFFIXES = (
    *(
        ".csv",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xlsm",
        ".xls",
        ".ods",
        ".gpkg",
        ".geojson",
        ".json",
        ".fgb",
        ".pbf",
        ".graphml",
    ),
    *(".parquet", ".toml"),
)
NAME_LENGTH_MAX = 80
FILES_MAX = 1000  # received into one folder
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # names that Windows keeps to itself
IN_HAND = "scenario in hand"
ROLES = {  # what a file can be: the key that names it, and whether it is one of several there
    "links": ("data.links", False),
    "existing": ("data.existing", False),
    "headships": ("data.headships", False),
    "answers": ("data.answers", False),
    "advisers": ("advisers.people", False),
    "results": ("effects.results", False),
    "survey": ("effects.survey", False),
    "activity": ("effects.activity", False),
    "join": ("data.join", True),
    "postcodes": ("data.postcodes", True),
    "roads": ("travel.roads", False),
    "base": ("map.base", True),
}


class Workspace:
    """A project's folder and the scenario in hand, a TOML file there that the command line reads as well."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @property
    def folder(self) -> Path:
        return self.project.folder

    @property
    def scenario_path(self) -> Path | None:
        """The scenario in hand; None at the start, or where it is gone."""
        name = self.project.setting(IN_HAND)
        path = None if name is None else self.folder / name
        return path if path is not None and path.is_file() and path.resolve().is_relative_to(self.folder) else None

    def scenario(self) -> str | None:
        """Its text. Raises BadData where it is no text."""
        path = self.scenario_path
        return None if path is None else toml_text.read(path)

    def stated(self) -> Scenario | None:
        """What the scenario in hand states; None where there is none, or it needs mending first."""
        text = self.scenario()
        try:
            return None if text is None else read_within(text, self.folder)
        except BadData:
            return None

    def take_in_hand(self, text: str, name: str = SCENARIO) -> None:
        """Begin work with this scenario, in a file of its own. Raises BadData where it names what lies outside."""
        refuse_outside(text, self.folder)
        path = _free(self.folder, name)
        _write(path, text)
        self.project.remember(IN_HAND, path.name)

    def save(self, text: str) -> None:
        """Put another text in place of the scenario in hand, at once. Raises BadData where it names what is outside."""
        refuse_outside(text, self.folder)
        path = self.scenario_path
        if path is None:
            self.take_in_hand(text)
        else:
            _write(path, text)

    def change(self, settings: Mapping[str, object]) -> None:
        """Set keys of the scenario in hand."""
        self.save(with_settings(self.scenario() or "", settings))

    def choose_parts(self, parts: Mapping[str, str]) -> None:
        """Have the scenario in hand name these sheets or layers of its files, by the files' keys."""
        tables = toml_text.parse(self.scenario() or "", SCENARIO)
        named: dict[str, object] = {}
        for key, part in parts.items():
            table, name, *rest = key.split(".", 2)
            section = tables.get(table)
            there = named.get(f"{table}.{name}", section.get(name) if isinstance(section, dict) else None)
            if isinstance(there, list) and rest and rest[0].isdecimal() and int(rest[0]) < len(there):
                at = int(rest[0])
                named[f"{table}.{name}"] = [*there[:at], self._part(there[at], part), *there[at + 1 :]]
            elif rest and isinstance(there, dict) and isinstance(there.get(rest[0]), str):
                named[key] = self._part(there[rest[0]], part)
            elif not rest and isinstance(there, str):
                named[key] = self._part(there, part)
        self.change(named)

    def _part(self, path: str, part: str) -> str:
        """Return how the scenario names this part of a file that it names."""
        file, _ = file_and_part(self.folder / path)
        return f"{os.path.relpath(file, self.folder)}{SIGN}{part}".replace(os.sep, "/")

    def receive(self, name: str, content: IO[bytes], role: str = "") -> list[str]:
        """Put a file, or those in an archive, into the folder; their paths as seen from there.

        Raises BadData for a kind that is not read, and for several files where the role takes one.
        """
        if not name.casefold().endswith(ZIP):
            return [self._keep([(safe_name(name), content)])]
        inside = (*(suffix for suffix in SUFFIXES if suffix != ".toml"), SHAPE)
        with opened(name[:NAME_LENGTH_MAX], content, inside) as groups:
            named = [[(safe_name(one, (*inside, *PARTS)), stream) for one, stream in group] for group in groups]
            if len(named) > 1 and not (role in ROLES and ROLES[role][1]):
                names = listed([group[0][0] for group in named])
                raise BadData([Fault(file=name[:NAME_LENGTH_MAX], fix=f"holds several files: give one of {names}")])
            return [self._keep(group) for group in named]

    def _keep(self, parts: Sequence[tuple[str, IO[bytes]]]) -> str:
        """Put a file with its parts into the folder, under a name of its own if need be; its path."""
        name = parts[0][0]
        (self.folder / "data").mkdir(exist_ok=True)
        if sum(1 for _ in (self.folder / "data").iterdir()) >= FILES_MAX:
            fix = f"the project's folder data holds {FILES_MAX} files already; move those away that no plan needs"
            raise BadData([Fault(file=name, fix=fix)])
        path = _free(self.folder / "data", name)
        for part, content in parts:
            with replacing(path.with_suffix(Path(part).suffix)) as temporary, temporary.open("wb") as file:
                shutil.copyfileobj(content, file)
        return path.relative_to(self.folder).as_posix()

    def take_received(self, path: str) -> None:
        """Begin work with a scenario that was received; where it is refused, its file goes again. Raises BadData."""
        file = self.folder / path
        try:
            self.take_in_hand(toml_text.read(file), file.name)
        except BadData:
            file.unlink()
            raise

    def use(self, paths: Sequence[str], role: str) -> None:
        """Have the scenario in hand name files that were received, as what they are."""
        key, several = ROLES[role]
        if not several:
            self.change({key: paths[0]})
            return
        table, _, last = key.partition(".")
        there = stated_table(self.scenario() or "", table).get(last, [])
        first = [there] if isinstance(there, str) and there != "off" else []
        self.change({key: [*(there if isinstance(there, list) else first), *paths]})


def stated_table(scenario: str, table: str) -> dict[str, Any]:
    """What a scenario's text states in a table; nothing where it cannot be read."""
    try:
        found = toml_text.parse(scenario, SCENARIO).get(table)
    except BadData:
        return {}
    return found if isinstance(found, dict) else {}


def safe_name(given: str, suffixes: Collection[str] = SUFFIXES) -> str:
    """A file's name without its folder, in signs every system takes. Raises BadData for kinds that are not read."""
    name = re.split(r"[/\\]", given)[-1]
    stem, _, suffix = name.rpartition(".")
    if f".{suffix.casefold()}" not in suffixes:
        fix = f"files of this kind are not read; give one of {', '.join((*SUFFIXES, ZIP))}"
        raise BadData([Fault(file=name[:NAME_LENGTH_MAX], fix=fix)])
    stem = re.sub(r"[^\w .-]", "_", stem, flags=re.ASCII).strip(" .")[:NAME_LENGTH_MAX] or "file"
    if RESERVED.fullmatch(stem):
        stem = f"file {stem}"
    return f"{stem}.{suffix.casefold()}"


def _free(folder: Path, name: str) -> Path:
    """A path of this name that nobody has, numbered if need be; taken at once, so that two pages never share it."""
    for n in count(1):
        path = folder / (name if n == 1 else f"{Path(name).stem} {n}{Path(name).suffix}")
        try:
            path.open("x").close()
        except FileExistsError:
            continue
        return path
    raise AssertionError("unreachable")


def _write(path: Path, text: str) -> None:
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
