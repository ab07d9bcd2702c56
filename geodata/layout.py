"""The layout of a school file: the column of each field, and the columns kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from geodata import gias
from geodata.cells import find_heading, listed, no_such_heading
from geodata.faults import BadData, Fault
from geodata.headings import OWN, POSTCODES, headings_of
from geodata.people import REASON, is_personal
from geodata.registers import GIAS, Register, register_of

OUR_COLUMNS = ("urn", "name", "pupils", "town", "geometry")
GRID_FIELDS, DEGREE_FIELDS = {"easting", "northing"}, {"latitude", "longitude"}
NEEDED = ("urn", "pupils", "name")


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of one file by field, the attributes kept, and the faults of the request.

    `selecting` are the columns of a copy of England's register by which its schools are chosen. `register` is another
    country's; `added_up` are the counts that make up its number on roll, and `postcode` is the column to place by.
    """

    fields: Mapping[str, str]
    attributes: tuple[str, ...]
    is_gias: bool
    selecting: Mapping[str, str]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    register: Register | None = None
    added_up: tuple[str, ...] = ()
    postcode: str | None = None

    def needed(self) -> Collection[str]:
        """Return the headings to read. Raises BadData where the file has no column of URNs or of pupils."""
        if "urn" not in self.fields or ("pupils" not in self.fields and self.register is None):
            raise BadData(self.faults)
        more = [*self.added_up, *([self.postcode] if self.postcode else [])]
        return {*self.fields.values(), *self.attributes, *self.selecting.values(), *more}


def lay_out(
    file: str, headings: Sequence[str], columns: Mapping[str, str], keep: Sequence[str], stated: str | None = None
) -> Layout:
    """Find urn, name, pupils, coordinates and town, by `columns` (field: heading) or by their usual headings.

    A register has its own headings; `stated` is the one that the file is said to be of.
    """
    register = register_of(headings, stated)
    if register is GIAS and not gias.is_register(headings):
        register = None  # a copy of some of its columns
    is_gias = register is GIAS
    fields, faults = _fields(file, headings, columns, register)
    added_up = register.counts(headings) if register and "pupils" not in fields else []
    register = None if register is GIAS else register
    if register is not None:
        faults = [fault for fault in faults if fault.column != "pupils"]  # told once all tables are read
    faults = [*_map_faults(file, headings, columns), *_people_faults(file, [*keep, *columns.values()]), *faults]
    usual = set(fields.values()) - set(keep)
    wanted = [*gias.ATTRIBUTES, *keep] if is_gias else [head for head in headings if head not in usual]
    if is_gias and gias.RESOURCE_BASE in keep:
        wanted.append(gias.RESOURCED)  # special_resource is made from this column
    there = [heading for heading in headings if heading in wanted and heading]
    personal = [heading for heading in there if is_personal(heading)]
    replaced = [heading for heading in there if heading in OUR_COLUMNS]
    notices = [Fault(file=file, row=1, column=heading, fix=f"not read: {REASON}") for heading in personal]
    notices += [
        Fault(file=file, row=1, column=heading, fix="not read: another column was named to take its place")
        for heading in replaced
    ]
    attributes = tuple(heading for heading in there if heading not in (*personal, *replaced))
    selecting = (
        {heading: heading for heading in (*gias.SELECTING, gias.TYPE) if heading in headings}
        if is_gias
        else gias.of_a_copy(headings)
        if register is None
        else {}
    )
    return Layout(
        fields,
        attributes,
        is_gias,
        selecting,
        tuple(faults),
        tuple(notices),
        register,
        tuple(added_up),
        columns.get("postcode") or find_heading(headings, *POSTCODES),
    )


def _fields(
    file: str, headings: Sequence[str], columns: Mapping[str, str], register: Register | None
) -> tuple[dict[str, str], list[Fault]]:
    """Return the heading of each field, as mapped or by usual names; and a fault where none or several could be it."""
    readable = [heading for heading in headings if not is_personal(heading)]
    fields: dict[str, str] = {}
    faults = []
    for name in OWN:
        own = None if register is None else register.found(register.fields.get(name, ()), readable)
        if name in columns:
            there = [columns[name]]
        elif own is not None:
            there = [own]
        elif register is GIAS or (register is not None and name == "pupils" and register.counts(headings)):
            there = []
        else:
            there = headings_of(name, readable)
        there = [heading for heading in there if heading in readable and heading not in _taken(columns, name)]
        if len(there) > 1:
            fix = f"{listed(there)} could be it; say which, as in --set data.columns.{name}=HEADING"
            faults.append(Fault(file=file, row=1, column=name, fix=fix))
        elif there:
            fields[name] = there[0]
        elif name in NEEDED and name not in columns:
            fix = f"not among {listed(headings)}; say which it is, as in --set data.columns.{name}=HEADING"
            faults.append(Fault(file=file, row=1, column=name, fix=fix))
    for named, others in ((DEGREE_FIELDS, GRID_FIELDS), (GRID_FIELDS, DEGREE_FIELDS)):
        if columns.keys() & named:  # people said which coordinates to read
            for name in others - columns.keys():
                fields.pop(name, None)
    return fields, faults


def _taken(columns: Mapping[str, str], name: str) -> set[str]:
    """Return the headings that people mapped to other fields; the URNs may be mapped as names too."""
    if name in columns:
        return set()
    also = {"name"} if name == "urn" else set()
    return {heading for field, heading in columns.items() if field in OWN and field not in also}


def _map_faults(file: str, headings: Sequence[str], columns: Mapping[str, str]) -> list[Fault]:
    faults = []
    for name, heading in columns.items():
        if name not in (*OWN, "postcode"):
            fix = f"{name!r} is not something to map a column to; use {', '.join(OWN)}, postcode"
            faults.append(Fault(file=file, row=1, column=heading, value=name, fix=fix))
        elif heading not in headings:
            faults.append(no_such_heading(file, heading, headings))
    return faults


def _people_faults(file: str, asked: Sequence[str]) -> list[Fault]:
    return [
        Fault(file=file, row=1, column=heading, fix=f"cannot be used: {REASON}")
        for heading in dict.fromkeys(asked)
        if is_personal(heading)
    ]
