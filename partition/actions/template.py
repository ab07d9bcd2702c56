"""An empty spreadsheet of schools to fill in, with a sheet that explains each column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.settings.data import RegisterKey

FILE = "schools.xlsx"


def write_template(folder: Path, register: RegisterKey = "gias") -> Path:
    """Write the empty spreadsheet into a folder, and return its path; a file that is there already is left alone.

    Parameters
    ----------
    folder
        Where to write; it is made where it is missing.
    register
        The register whose word for identifiers and whose coordinates the headings use.

    Raises
    ------
    BadData
        Where the folder has a file of this name, which may have been filled in.

    Examples
    --------
    >>> import partition as p
    >>> p.write_template(Path("template"), "scotland").name
    'schools.xlsx'
    """
    from geodata.faults import BadData, Fault
    from geodata.files import writable_folder
    from geodata.registers import GIAS, register_of
    from geodata.to_fill_in import write_to_fill_in

    path = folder / FILE
    writable_folder(folder, FILE)
    if path.exists():
        fix = "there is such a file already, which may have been filled in; give another folder, or move it away"
        raise BadData([Fault(file=FILE, fix=fix)])
    write_to_fill_in(path, register_of((), register) or GIAS)
    return path
