"""The national register of schools (Get Information About Schools): its headings, and the selection of its schools."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from geodata.cells import find_heading, listed
from geodata.faults import BadData, Fault
from geodata.urns import Urn

AUTHORITY, AUTHORITY_NAME = "LA (code)", "LA (name)"
STATUS, PHASE, TYPE, TYPE_GROUP = (
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (name)",
)
FEDERATIONS = "Federations (name)"
NUMBER, OPENED, CLOSED_ON, WHY_CLOSED = (
    "EstablishmentNumber",
    "OpenDate",
    "CloseDate",
    "ReasonEstablishmentClosed (name)",
)
HISTORY = (NUMBER, OPENED, CLOSED_ON, WHY_CLOSED)  # by which a school is known again under another URN
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
PRIMARY = ("Primary", "Middle deemed primary")
STATE_SPECIAL = ("Community special school", "Foundation special school")  # their group has independent schools too
RESOURCED, RESOURCE_BASE = "TypeOfResourcedProvision (name)", "special_resource"
STATE_FUNDED = ("Local authority maintained schools", "Academies", "Free Schools")
STATUSES = (*OPEN, "Closed", "Proposed to open")
CHOSEN_BY = {AUTHORITY: "authority", STATUS: "status", PHASE: "phase", TYPE: "type", TYPE_GROUP: "type group"}
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
OF_A_COPY = {  # what a copy of the register may be chosen by: other headings, and the register's words by word or code
    STATUS: (
        ("EstablishmentStatus (code)", "EstablishmentStatus", "School status", "Status"),
        {"1": "Open", "2": "Closed", "3": OPEN[1], "4": STATUSES[3], **{word: word for word in STATUSES}},
    ),
    PHASE: (
        ("PhaseOfEducation (code)", "PhaseOfEducation", "Phase of education", "School phase", "Phase"),
        {
            **{"0": "Not applicable", "1": "Nursery", "2": "Primary", "3": "Middle deemed primary", "4": "Secondary"},
            **{"5": "Middle deemed secondary", "6": "16 plus", "7": "All-through"},
            **{word: word for word in PHASES},
        },
    ),
    TYPE_GROUP: (
        ("EstablishmentTypeGroup (code)",),
        {"4": STATE_FUNDED[0], "10": STATE_FUNDED[1], "11": STATE_FUNDED[2], "3": "Independent schools"},
    ),
}

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


def of_a_copy(headings: Sequence[str]) -> dict[str, str]:
    """Return the columns of a copy of the register by which its schools are chosen: register's heading, and the copy's.

    A copy holds some of the register's columns, under its own headings or others.
    """
    found = {
        column: heading
        for column, (others, _) in OF_A_COPY.items()
        if (heading := find_heading(headings, column, *others)) is not None
    }
    return {**found, **{column: column for column in (AUTHORITY, AUTHORITY_NAME, TYPE) if found and column in headings}}


def select(
    rows: pd.DataFrame,
    file: str,
    local_authority: str | Sequence[str] | None,
    phases: Sequence[str],
    also: Collection[Urn] = (),
    urn: str = FIELDS["urn"],
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows of open, state-funded schools of the phases, in the authorities ("all", a code, or several).

    One of the phases may be "all". Schools in `also` are chosen whatever their phase. Without an authority the file
    must hold one only. Of a copy with some of the register's columns, those that are there decide; `urn` is the heading
    of its URNs. Also returned is the number of rows not chosen, by the first reason.

    Raises BadData, listing the authorities or phases of the file, for one that the file lacks, and where no school is
    left.
    """
    nothing: tuple[set[str], list[Fault]] = (set(), [])
    wanted, faults = _authorities(rows, file, local_authority) if AUTHORITY in rows else nothing
    there = sorted(set(rows[PHASE]) - {""}) if PHASE in rows else []
    known = {phase.casefold() for phase in (*PHASES, *there, ALL_PHASES)}
    faults += [
        Fault(file=file, column=PHASE, value=phase, fix=f"no such phase; the file has {listed(there)}")
        for phase in phases
        if phase.casefold() not in known
    ]
    if faults:
        raise BadData(faults)
    kept = pd.Series(True, index=rows.index)
    left: dict[str, int] = {}
    for reason, fits in _criteria(rows, wanted, phases, {str(urn) for urn in also}, urn):
        if out := int((kept & ~fits).sum()):
            left[reason] = out
        kept &= fits
    chosen = rows[kept]
    if chosen.empty:
        fix = f"no open state-funded school of phase {' or '.join(phases)} here; the file has {listed(there)}"
        raise BadData([Fault(file=file, column=PHASE, fix=fix)])
    return chosen, left


def _criteria(
    rows: pd.DataFrame, authorities: set[str], phases: Sequence[str], also: set[str], urn: str
) -> Iterator[tuple[str, pd.Series]]:
    """Yield why a school is not chosen, and which rows fit, for each column that there is."""
    if AUTHORITY in rows:
        yield "of other authorities", rows[AUTHORITY].isin(authorities)
    if STATUS in rows:
        yield "not open", _is_one_of(rows[STATUS], OPEN)
    if TYPE_GROUP in rows:
        funded = _is_one_of(rows[TYPE_GROUP], STATE_FUNDED)
        yield "not state-funded", funded | _is_one_of(rows[TYPE], STATE_SPECIAL) if TYPE in rows else funded
    if PHASE in rows and ALL_PHASES not in {phase.casefold() for phase in phases}:
        yield "of other phases", _is_one_of(rows[PHASE], phases) | rows[urn].isin(also)


def as_register(rows: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a copy with the columns it is chosen by in the register's words, under its headings.

    `columns` are those of `of_a_copy`. A column with other words than the register's is not one of them.
    """
    own = {}
    for column, heading in columns.items():
        by_code = heading.casefold().endswith("(code)")
        meanings = OF_A_COPY.get(column, ((), {}))[1].items()
        words = {word.casefold(): meaning for word, meaning in meanings if word.isdecimal() == by_code}
        said = rows[heading].str.casefold()
        if heading == column:
            own[column] = rows[heading]
        elif said[said != ""].isin(words).all() and (said != "").any():
            own[column] = said.map(words).fillna("")
    return rows.assign(**own)


def are_closed(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are of schools that have closed; none where the table does not say."""
    closed = rows[STATUS].str.casefold() == STATUSES[2].casefold() if STATUS in rows else None
    return pd.Series(False, index=rows.index) if closed is None else closed


def resource_base(resourced: pd.Series) -> pd.Series:
    """Return "yes" or "no" for a resourced provision or an SEN unit of schools; "" where the register is silent."""
    words = resourced.str.casefold()
    says_yes = words.str.contains("resourced provision|sen unit")
    return resourced.mask(says_yes, "yes").mask(~says_yes & (words != ""), "no")


def _authorities(
    rows: pd.DataFrame, file: str, local_authority: str | Sequence[str] | None
) -> tuple[set[str], list[Fault]]:
    """Return the codes of the authorities wanted, and the faults."""
    names = dict(zip(rows[AUTHORITY], rows[AUTHORITY_NAME if AUTHORITY_NAME in rows else AUTHORITY], strict=True))
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
