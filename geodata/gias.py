"""The national register of schools (Get Information About Schools): its headings, and whom to choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from geodata.cells import listed, whole_number
from geodata.faults import BadData, Fault

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
STATE_SPECIAL = ("Community special school", "Foundation special school")  # of a group that has independent ones too
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
    """A heading as people say it: "trust" for the register's "Trusts (name)", any other as it stands."""
    return WORDS.get(heading, heading)


def is_register(headings: Sequence[str]) -> bool:
    """Whether a table with these headings is the register's extract."""
    return {FIELDS["urn"], FIELDS["name"], *SELECTING} <= set(headings)


def select(
    rows: pd.DataFrame,
    file: str,
    local_authority: str | Sequence[str] | None,
    phases: Sequence[str],
    also: Collection[int] = (),
) -> pd.DataFrame:
    """The rows of open, state-funded schools of the phases, in the authorities ("all", a code, or several).

    One of the phases may be "all". Schools in `also` are chosen whatever their phase.

    With no authority the file must hold one only. Raises BadData for an authority or phase that is not there,
    with those that are, and if nobody is left.
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
    """Whether schools have a resourced provision or an SEN unit: yes or no, blank where the register does not say."""
    words = resourced.str.casefold()
    says_yes = words.str.contains("resourced provision|sen unit")
    return resourced.mask(says_yes, "yes").mask(~says_yes & (words != ""), "no")


def predecessor(rows: pd.DataFrame, row: int, fields: Mapping[str, str]) -> tuple[int, int] | None:
    """URN and pupils of the latest closed school of a row's authority with its name or place, if counted."""
    school, name = rows.loc[row], fields["name"]
    closed = rows[(rows[STATUS] == "Closed") & (rows[AUTHORITY] == school[AUTHORITY])]
    alike = closed[name].str.casefold() == school[name].casefold()
    if {"easting", "northing"} <= fields.keys() and school[fields["easting"]]:
        place = [fields["easting"], fields["northing"]]
        alike |= (closed[place] == school[place]).all(axis="columns")
    counted = [
        (urn, pupils)
        for urn_text, pupils_text in closed.loc[alike, [fields["urn"], fields["pupils"]]].itertuples(index=False)
        if (urn := whole_number(urn_text)) and (pupils := whole_number(pupils_text))
    ]
    return max(counted, default=None)


def _authorities(
    rows: pd.DataFrame, file: str, local_authority: str | Sequence[str] | None
) -> tuple[set[str], list[Fault]]:
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
