"""A partnership of a plan file under another name, which people chose."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

from geodata.labels import is_value
from partition.storage.plan_file import Stored, edited, read_plan

NAME_LETTERS_MAX = 60
SHAPE_FUNCTIONS = ("IsEmpty", "MinX", "MaxX", "MinY", "MaxY")  # named by a GeoPackage's triggers on shapes


def refused(stored: Stored, number: int, name: str) -> str:
    """Return why a partnership cannot have this name, "" where it can."""
    others = stored.tables["partnerships"]
    taken = {str(one).casefold() for at, one in zip(others["number"], others["name"], strict=True) if at != number}
    if not is_value(name) or name != name.strip():
        return "give a name"
    if len(name) > NAME_LETTERS_MAX or any(unicodedata.category(letter).startswith("C") for letter in name):
        return f"give a name of at most {NAME_LETTERS_MAX} letters on one line"
    if not any(letter.isalpha() for letter in name):
        return "give a name with a letter: numbers are those of the plan"
    if name.casefold() in taken:
        return "another partnership has this name"
    return ""


def name_partnership(path: Path, number: int, name: str) -> Stored:
    """Give a partnership of a plan file a name, keep the one before as `was`, and return what the file then holds.

    The file is sealed again and replaced in one step. Raises ValueError for a name that cannot be, and BadData where
    the file is not as this program writes it.
    """
    if why := refused(read_plan(path), number, name):
        raise ValueError(why)
    with edited(path) as temporary, closing(sqlite3.connect(temporary)) as file, file:
        for function in SHAPE_FUNCTIONS:  # no shape changes, but SQLite wants to know every function by its name
            file.create_function(f"ST_{function}", 1, lambda shape: None)
        _write(file, number, name)
    return read_plan(path)


def _write(file: sqlite3.Connection, number: int, name: str) -> None:
    columns = {column for _, column, *_ in file.execute("PRAGMA table_info(partnerships)")}
    for column in {"key", "was"} - columns:  # a plan of an earlier version
        file.execute(f"ALTER TABLE partnerships ADD COLUMN {column} TEXT")
        file.execute(f"UPDATE partnerships SET {column} = ''")
    file.execute("UPDATE partnerships SET was = name WHERE number = ? AND name != ?", (number, name))
    file.execute("UPDATE partnerships SET name = ? WHERE number = ?", (name, number))
    label = f"{number} {name}"
    file.execute("UPDATE schools SET partnership_name = ? WHERE partnership = ?", (label, number))
    tables = {table for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in sorted({"money", "advisers"} & tables):
        file.execute(f"UPDATE {table} SET name = ? WHERE partnership = ?", (name, number))
