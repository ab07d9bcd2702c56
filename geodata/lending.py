"""What a register keeps in several tables, brought together by identifier: numbers on roll, coordinates, postcodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from geodata.cells import no_such_heading, whole_number
from geodata.faults import BadData, Fault
from geodata.headings import POSTCODES, headings_of
from geodata.labels import is_blank
from geodata.layout import Layout
from geodata.opening import Source
from geodata.parts import SIGN, file_and_part
from geodata.readings import Reading
from geodata.registers import Register
from geodata.tables import Table, parts_in, read_table
from geodata.urns import Urn, read_urns

LENT = ("pupils", "easting", "northing", "latitude", "longitude", "postcode")


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A register's rows with all columns that it keeps elsewhere, and the tables that these came from."""

    frame: pd.DataFrame
    layout: Layout
    sources: tuple[Source, ...] = ()
    readings: tuple[Reading, ...] = ()
    notices: tuple[Fault, ...] = ()


def made_whole(table: Table, layout: Layout, path: Path | str, join: Sequence[Path | str]) -> Whole:
    """Return the rows of a register with its counts added up, and what it lacks taken from the tables beside it.

    These are the sheet that the register has for it, and the tables of `join`. Raises BadData where no table has the
    numbers on roll.
    """
    register = layout.register
    if register is None:
        return Whole(table.frame, layout)
    whole = _added_up(_without_placeholders(Whole(table.frame, layout), register), register)
    for lender in [*_beside(path, register, whole.layout), *join]:
        whole = _with_lent(whole, lender, register)
    if "pupils" not in whole.layout.fields:
        fix = (
            f"{register.words} has the numbers on roll in another table; join it, as in "
            f'data.join = ["FILE"], or say which column it is: --set data.columns.pupils=HEADING'
        )
        raise BadData([Fault(file=file_and_part(path)[0].name, row=1, column="pupils", fix=fix), *layout.faults])
    fix = f'read as {register.words}; if it is not, say data.register_of = "none"'
    said = Fault(file=file_and_part(path)[0].name, column="data.register_of", value=register.key, fix=fix)
    return replace(whole, notices=(said, *whole.notices))


def _without_placeholders(whole: Whole, register: Register) -> Whole:
    """Return the rows with the register's signs for no value as blanks."""
    if not register.no_value:
        return whole
    others = whole.frame.columns.difference([whole.layout.fields["urn"]], sort=False)
    blanked = {
        heading: whole.frame[heading].where(~whole.frame[heading].isin(register.no_value), "") for heading in others
    }
    return replace(whole, frame=whole.frame.assign(**blanked))


def _added_up(whole: Whole, register: Register) -> Whole:
    """Return the rows with a column that adds up counts, where the layout has counts to add up."""
    headings = list(whole.layout.added_up)
    if not headings:
        return whole
    heading = " + ".join(headings)
    sums = [_sum(cells, blank_is_none=register.blank_is_none) for cells in whole.frame[headings].to_numpy().tolist()]
    fields = {**whole.layout.fields, "pupils": heading}
    return replace(whole, frame=whole.frame.assign(**{heading: sums}), layout=replace(whole.layout, fields=fields))


def _sum(cells: Sequence[str], *, blank_is_none: bool) -> str:
    """Return the sum of counts as text: nothing where one is not known, the counts themselves where one is wrong."""
    said = [cell for cell in cells if not is_blank(cell)]
    if not said or (len(said) < len(cells) and not blank_is_none):
        return ""
    counts = [whole_number(cell) for cell in said]
    return " + ".join(said) if None in counts else str(sum(count for count in counts if count is not None))


def _beside(path: Path | str, register: Register, layout: Layout) -> list[str]:
    """Return the register's sheet with the numbers on roll, where the same workbook has it."""
    file = file_and_part(path)[0]
    if (
        not register.beside
        or "pupils" in layout.fields
        or register.beside not in [part.name for part in parts_in(file)]
    ):
        return []
    return [f"{file}{SIGN}{register.beside}"]


def _with_lent(whole: Whole, lender: Path | str, register: Register) -> Whole:
    """Return the rows with the columns that they lack and this table has."""
    lacking = [
        use for use in LENT if use not in whole.layout.fields and not (use == "postcode" and whole.layout.postcode)
    ]
    if not lacking:
        return whole
    file = file_and_part(lender)[0].name

    def choose(headings: Sequence[str]) -> Sequence[str]:
        if identifier_in(headings, register) is None:
            raise BadData([no_such_heading(file, register.identifier[0], headings)])
        return list(_lent(headings, lacking, register).values())

    table = read_table(lender, choose, errors_are_faults=False)
    uses = _lent(table.headings, lacking, register)
    if len(uses) == 1:
        return whole
    urns, faults = read_urns(table.frame[uses["urn"]], table.source.name)
    if faults:
        raise BadData(register.identifier.of_faults(faults))
    lent = table.frame.loc[list(urns)].set_axis(list(urns.values()), axis="index")
    own = [_urn(text) for text in whole.frame[whole.layout.fields["urn"]]]
    fields = dict(whole.layout.fields)
    frame = whole.frame
    for use, heading in uses.items():
        if use == "urn":
            continue
        fields[use] = heading if heading not in frame else f"{heading} ({table.source.name})"
        texts = lent[heading].where(~lent[heading].isin(register.no_value), "")
        frame = frame.assign(**{fields[use]: [texts.get(urn, "") for urn in own]})
    postcode = fields.pop("postcode", whole.layout.postcode)
    return Whole(
        frame,
        replace(whole.layout, fields=fields, postcode=postcode),
        (*whole.sources, table.source),
        (*whole.readings, replace(table.reading, columns=uses)),
        whole.notices,
    )


def _lent(headings: Sequence[str], lacking: Sequence[str], register: Register) -> dict[str, str]:
    """Return the identifier's heading and those of what is lacking."""
    found = {"urn": identifier_in(headings, register)}
    for use in lacking:
        own = register.found(POSTCODES if use == "postcode" else register.fields.get(use, ()), headings)
        usual = [] if use == "postcode" else headings_of(use, headings)
        found[use] = own or (usual[0] if len(usual) == 1 else None)
    return {use: heading for use, heading in found.items() if heading is not None}


def identifier_in(headings: Sequence[str], register: Register) -> str | None:
    """Return the heading of a register's identifier in any of its tables."""
    return register.found(("urn", *register.fields["urn"]), headings)


def _urn(text: str) -> Urn | None:
    try:
        return Urn(text)
    except ValueError:
        return None
