"""The national register of schools (Get Information About Schools): its headings, and the selection of its schools."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from geodata.cells import listed, whole_number
from geodata.faults import BadData, Fault
from geodata.urns import Urn

AUTHORITY, AUTHORITY_NAME = "LA (code)", "LA (name)"
STATUS, PHASE, TYPE, TYPE_GROUP = (
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (name)",
)
SELECTING = (AUTHORITY, AUTHORITY_NAME, STATUS, PHASE, TYPE_GROUP)

FIELDS = {
    "urn": "URN",
    "name": "EstablishmentName",
    "pupils": "NumberOfPupils",
    "easting": "Easting",
    "northing": "Northing",
    "town": "Town",
}
ATTRIBUTES = (
    "LA (name)",
    "PhaseOfEducation (name)",
    "TypeOfEstablishment (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "Diocese (name)",
    "Trusts (name)",
    "Federations (name)",
    "ReligiousCharacter (name)",
    "DistrictAdministrative (name)",
    "ParliamentaryConstituency (name)",
    "UrbanRural (name)",
    "Town",
    "Locality",
)
ATTRIBUTION = (
    "Contains Department for Education data (Get Information About Schools), "
    "licensed under the Open Government Licence v3.0"
)

OPEN = ("Open", "Open, but proposed to close")
ALL_PHASES = "all"
STATE_SPECIAL = ("Community special school", "Foundation special school")  # their group has independent schools too
RESOURCED, RESOURCE_BASE = "TypeOfResourcedProvision (name)", "special_resource"
STATE_FUNDED = ("Local authority maintained schools", "Academies", "Free Schools")
PHASES = (
    "Nursery",
    "Primary",
    "Middle deemed primary",
    "Middle deemed secondary",
    "Secondary",
    "All-through",
    "16 plus",
    "Not applicable",
)


WORDS = {
    "Trusts (name)": "trust",
    "Diocese (name)": "diocese",
    "Federations (name)": "federation",
    "DistrictAdministrative (name)": "district",
}


def column_words(heading: str) -> str:
    """Return a heading as people say: "trust" for the register's "Trusts (name)"; any other heading unchanged."""
    return WORDS.get(heading, heading)


def is_register(headings: Sequence[str]) -> bool:
    """Return whether these headings are those of the register's extract."""
    return {FIELDS["urn"], FIELDS["name"], *SELECTING} <= set(headings)


def select(
    rows: pd.DataFrame,
    file: str,
    local_authority: str | Sequence[str] | None,
    phases: Sequence[str],
    also: Collection[Urn] = (),
) -> pd.DataFrame:
    """Return the rows of open, state-funded schools of the phases, in the authorities ("all", a code, or several).

    One of the phases may be "all". Schools in `also` are chosen whatever their phase. Without an authority the file
    must hold one only.

    Raises BadData, listing the authorities or phases of the file, for one that the file lacks, and where no school is
    left.
    """
    wanted, faults = _authorities(rows, file, local_authority)
    there = sorted(set(rows[PHASE]) - {""})
    known = {phase.casefold() for phase in (*PHASES, *there, ALL_PHASES)}
    faults += [
        Fault(file=file, column=PHASE, value=phase, fix=f"no such phase; the file has {listed(there)}")
        for phase in phases
        if phase.casefold() not in known
    ]
    if faults:
        raise BadData(faults)
    funded = _is_one_of(rows[TYPE_GROUP], STATE_FUNDED)
    if TYPE in rows:
        funded |= _is_one_of(rows[TYPE], STATE_SPECIAL)
    named = rows[FIELDS["urn"]].isin({str(urn) for urn in also})
    of_phase = _is_one_of(rows[PHASE], phases) | named | (ALL_PHASES in {phase.casefold() for phase in phases})
    chosen = rows[rows[AUTHORITY].isin(wanted) & of_phase & _is_one_of(rows[STATUS], OPEN) & funded]
    if chosen.empty:
        fix = f"no open state-funded school of phase {' or '.join(phases)} here; the file has {listed(there)}"
        raise BadData([Fault(file=file, column=PHASE, fix=fix)])
    return chosen


def resource_base(resourced: pd.Series) -> pd.Series:
    """Return "yes" or "no" for a resourced provision or an SEN unit of schools; "" where the register is silent."""
    words = resourced.str.casefold()
    says_yes = words.str.contains("resourced provision|sen unit")
    return resourced.mask(says_yes, "yes").mask(~says_yes & (words != ""), "no")


def predecessor(rows: pd.DataFrame, row: int, fields: Mapping[str, str]) -> tuple[Urn, int] | None:
    """Return URN and pupils of the last closed school in the row's authority with its name or place, if there is one.

    "Last" is the highest URN; closed schools without a count are passed over.
    """
    school, name = rows.loc[row], fields["name"]
    closed = rows[(rows[STATUS] == "Closed") & (rows[AUTHORITY] == school[AUTHORITY])]
    alike = closed[name].str.casefold() == school[name].casefold()
    if {"easting", "northing"} <= fields.keys() and school[fields["easting"]]:
        place = [fields["easting"], fields["northing"]]
        alike |= (closed[place] == school[place]).all(axis="columns")
    counted = [
        (Urn(urn_text), pupils)
        for urn_text, pupils_text in closed.loc[alike, [fields["urn"], fields["pupils"]]].itertuples(index=False)
        if urn_text and (pupils := whole_number(pupils_text))
    ]
    return max(counted, default=None)


def _authorities(
    rows: pd.DataFrame, file: str, local_authority: str | Sequence[str] | None
) -> tuple[set[str], list[Fault]]:
    """Return the codes of the authorities wanted, and the faults."""
    names = dict(zip(rows[AUTHORITY], rows[AUTHORITY_NAME], strict=True))
    there = ", ".join(f"{code} ({names[code]})" for code in sorted(names) if code)
    if local_authority is None:
        if len(names) > 1:
            fix = f'say which authority, as in --set data.local_authority=CODE, or "all"; the file has {there}'
            return set(), [Fault(file=file, column=AUTHORITY, fix=fix)]
        return set(names), []
    codes = [local_authority] if isinstance(local_authority, str) else list(local_authority)
    if codes == ["all"]:
        return set(names), []
    return set(codes), [
        Fault(file=file, column=AUTHORITY, value=code, fix=f"no such authority here; the file has {there}")
        for code in codes
        if code not in names
    ]


def _is_one_of(texts: pd.Series, words: Sequence[str]) -> pd.Series:
    return texts.str.casefold().isin({word.casefold() for word in words})
