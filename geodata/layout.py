"""The layout of a school file: the column of each field, and the columns kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from geodata import gias
from geodata.cells import find_heading, listed, no_such_heading
from geodata.faults import BadData, Fault
from geodata.people import REASON, is_personal

OWN_FIELDS: dict[str, tuple[str, ...]] = {
    "urn": ("urn",),
    "name": ("name", "EstablishmentName", "school"),
    "pupils": ("pupils", "NumberOfPupils"),
    "easting": ("easting",),
    "northing": ("northing",),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "town": ("town",),
}
OUR_COLUMNS = ("urn", "name", "pupils", "town", "geometry")


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of one file by field, the attributes kept, and the faults of the request."""

    fields: Mapping[str, str]
    attributes: tuple[str, ...]
    is_gias: bool
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]

    def needed(self) -> Collection[str]:
        """Return the headings to read. Raises BadData where the file has no column of URNs or of pupils."""
        if not {"urn", "pupils"} <= set(self.fields):
            raise BadData(self.faults)
        return {*self.fields.values(), *self.attributes, *(gias.SELECTING if self.is_gias else ())}


def lay_out(file: str, headings: Sequence[str], columns: Mapping[str, str], keep: Sequence[str]) -> Layout:
    """Find urn, name, pupils, coordinates and town, by `columns` (field: heading) or by their usual headings."""
    is_gias = gias.is_register(headings)
    fields = _fields(headings, columns, is_gias)
    faults = [*_map_faults(file, headings, columns), *_people_faults(file, [*keep, *columns.values()])]
    faults += [
        Fault(
            file=file,
            row=1,
            column=name,
            fix=f"not among {listed(headings)}; say which it is, as in --set data.columns.{name}=HEADING",
        )
        for name in ("urn", "pupils")
        if name not in fields and name not in columns
    ]
    wanted = [*gias.ATTRIBUTES, *keep] if is_gias else [head for head in headings if head not in fields.values()]
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
    return Layout(fields, attributes, is_gias, tuple(faults), tuple(notices))


def _fields(headings: Sequence[str], columns: Mapping[str, str], is_gias: bool) -> dict[str, str]:
    usual = {name: (heading,) for name, heading in gias.FIELDS.items()} if is_gias else OWN_FIELDS
    fields = {}
    for name in OWN_FIELDS:
        heading = columns.get(name) or find_heading(headings, *usual.get(name, ()))
        if heading and heading in headings and not is_personal(heading):
            fields[name] = heading
    if columns.keys() & {"latitude", "longitude"}:
        for name in {"easting", "northing"} - columns.keys():
            fields.pop(name, None)
    return fields


def _map_faults(file: str, headings: Sequence[str], columns: Mapping[str, str]) -> list[Fault]:
    faults = []
    for name, heading in columns.items():
        if name not in OWN_FIELDS:
            fix = f"{name!r} is not something to map a column to; use {', '.join(OWN_FIELDS)}"
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
