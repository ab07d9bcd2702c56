"""The registers of schools that are known by their headings: one declaration each.

Of a register, its own headings, its words for open and for primary, and its coordinates are known. A heading is found
whatever its case, spaces and underscores. Of an edition, all headings that tell it must be there ("a|b": either).
England's has more to it, in `gias`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geodata import gias
from geodata.headings import plain
from geodata.identifier import URN, IdentifierWords
from geodata.labels import folded

OGL = "licensed under the Open Government Licence v3.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One country's register: what tells its editions, its headings by meaning, and which of its schools are chosen."""

    key: str
    """What `data.register_of` calls it."""
    words: str
    country: str
    identifier: IdentifierWords
    """What people call a school's identifier, and several of them."""
    editions: tuple[tuple[str, ...], ...]
    fields: Mapping[str, tuple[str, ...]]
    attribution: str
    added_up: tuple[tuple[str, ...], ...] = ()
    """Headings of counts that make up the number on roll, where no column has the sum."""
    blank_is_none: bool = False
    """Whether a blank among those counts means that a school has no such department."""
    crs: str | None = None
    """System of its eastings and northings, where it is not Great Britain's."""
    authority: tuple[str, ...] = ()
    authority_name: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    open_words: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    primary_words: tuple[str, ...] = ()
    primary_where: tuple[str, ...] = ()
    """Columns with a value where a school has primary pupils, of a register without phases."""
    funding: tuple[str, ...] = ()
    private_words: tuple[str, ...] = ("private", "independent")
    """How the words for schools begin that the state does not pay for."""
    no_value: tuple[str, ...] = ()
    """Texts that stand for nothing in this register."""
    sheet: str = ""
    """How the name of its sheet begins, where several have the same headings."""
    beside: str = ""
    """The sheet of the same workbook that has the number on roll."""

    def found(self, names: Sequence[str], headings: Sequence[str]) -> str | None:
        """Return the heading that is one of these names, the first name first; None where none is."""
        by_plain = {plain(heading): heading for heading in reversed(headings) if heading}
        return next((by_plain[plain(name)] for name in names if plain(name) in by_plain), None)

    def is_told_by(self, headings: Sequence[str]) -> bool:
        """Return whether these headings are those of one of its editions."""
        there = {plain(heading) for heading in headings if heading}
        return any(
            all(there & {plain(name) for name in either.split("|")} for either in edition) for edition in self.editions
        )

    def counts(self, headings: Sequence[str]) -> list[str]:
        """Return the headings of the counts to add up; none where not all of one edition's are there."""
        for names in self.added_up:
            there = [self.found([name], headings) for name in names]
            if all(there):
                return [heading for heading in there if heading]
        return []


GIAS = Register(
    key="gias",
    words="the register of schools in England (GIAS)",
    country="England",
    identifier=URN,
    editions=((gias.FIELDS["urn"], gias.FIELDS["name"], *gias.SELECTING),),
    fields={name: (heading,) for name, heading in gias.FIELDS.items()},
    attribution=gias.ATTRIBUTION,
)
WALES = Register(
    key="wales",
    words="the school list of Wales",
    country="Wales",
    identifier=IdentifierWords("School number", "School numbers"),
    editions=(
        ("School Number", "School Name", "LA Code", "Sector", "School Type", "Postcode"),
        ("school_code", "school_name", "la_code", "sector", "wm_code"),
    ),
    fields={
        "urn": ("School Number", "school_code"),
        "name": ("School Name",),
        "pupils": ("Pupils",),
        "town": ("Town", "Address 3"),
    },
    authority=("LA Code",),
    authority_name=("Local Authority",),
    phase=("Sector",),
    primary_words=("Primary", "Infants", "Juniors", "Infant", "Junior", "Primary (3-11)"),
    sheet="Maintained",
    attribution=f"Contains Welsh Government data (address list of schools), {OGL}",
)
SCOTLAND = Register(
    key="scotland",
    words="the school list of Scotland",
    country="Scotland",
    identifier=IdentifierWords("Seed code", "Seed codes"),
    editions=(
        ("Seed Code", "LA Name", "School Name", "Post Code", "Centre Type"),
        ("SeedCode", "SchoolName", "LAName", "GridRefEasting|GridReferenceEasting"),
    ),
    fields={
        "urn": ("Seed Code",),
        "name": ("School Name",),
        "pupils": ("Total Pupils", "TotalPupils", "Pupil rolls: Total"),
        "easting": ("GridRefEasting", "GridReferenceEasting"),
        "northing": ("GridRefNorthing", "GridReferenceNorthing"),
        "town": ("Address 3", "Town"),
    },
    added_up=(
        ("Pupil rolls: Primary", "Pupil rolls: Secondary", "Pupil rolls: Special"),
        ("PriPupils", "SecPupils", "SpePupils"),
        ("PriPupils", "SecPupils"),
    ),
    blank_is_none=True,
    authority=("LA Code", "LACode"),
    authority_name=("LA Name",),
    primary_where=("School type: Primary", "PriPupils"),
    funding=("Centre Type",),
    sheet="Open at",
    attribution=f"Contains Scottish Government data (school contact details), {OGL}",
)
NORTHERN_IRELAND = Register(
    key="northern-ireland",
    words="the school data of Northern Ireland",
    country="Northern Ireland",
    identifier=IdentifierWords("DENI ref", "DENI refs"),
    editions=(
        ("DENI ref", "School name", "Postcode", "School Type", "Management Type"),
        ("DE_REF|DE Ref", "Postcode", "Latitude|Easting|X", "Longitude|Northing|Y"),
        ("Reference", "Postcode", "Latitude|Easting|X", "Longitude|Northing|Y", "School Type|Institution Type|Type"),
    ),
    fields={
        "urn": ("DENI ref", "DE_REF", "Reference"),
        "name": ("School name", "Institution name", "Name"),
        "pupils": ("Total enrolment", "Total enrolments"),
        "easting": ("Easting", "X"),
        "northing": ("Northing", "Y"),
        "town": ("Town",),
    },
    crs="EPSG:29903",
    authority=("District Council (2014)", "District Council"),
    phase=("School Type", "Institution Type", "Type"),
    primary_words=("Primary",),
    sheet="Reference",
    beside="Enrolments",
    attribution=f"Contains Department of Education (Northern Ireland) data, {OGL}",
)
IRELAND = Register(
    key="ireland",
    words="the list of primary schools of Ireland",
    country="Ireland",
    identifier=IdentifierWords("Roll number", "Roll numbers"),
    editions=(
        (
            "Roll Number|Roll No.",
            "Official Name|Official School Name|School Name",
            "County Description|County Name|County",
            "Eircode",
        ),
    ),
    fields={
        "urn": ("Roll Number", "Roll No."),
        "name": ("Official Name", "Official School Name", "School Name"),
        "pupils": ("Total", "Total Pupils", "Total Enrolment"),
        "easting": ("ITM Easting", "Easting", "X"),
        "northing": ("ITM Northing", "Northing", "Y"),
        "town": ("Town", "Address (Line 2)", "Address 2"),
    },
    added_up=(("Total Boys", "Total Girls"), ("Boys", "Girls")),
    crs="EPSG:2157",
    authority=("Local Authority Desc", "Local Authority", "County Description", "County Name", "County"),
    attribution="Contains Department of Education (Ireland) data, licensed under CC BY 4.0",
)
NEW_ZEALAND = Register(
    key="new-zealand",
    words="the schools directory of New Zealand",
    country="New Zealand",
    identifier=IdentifierWords("School number", "School numbers"),
    editions=(("School_Id|School_Number", "Org_Name", "Org_Type", "Territorial_Authority"),),
    fields={
        "urn": ("School_Id", "School_Number"),
        "name": ("Org_Name",),
        "pupils": ("Total",),
        "latitude": ("Latitude",),
        "longitude": ("Longitude",),
        "town": ("Add2_City", "Add1_City", "Add1_Suburb"),
    },
    authority=("Territorial_Authority",),
    status=("Status",),
    open_words=("Open",),
    phase=("Org_Type",),
    primary_words=("Full Primary", "Contributing"),
    funding=("Authority",),
    attribution="Contains New Zealand Ministry of Education data (schools directory), licensed under CC BY 4.0",
)
USA = Register(
    key="usa",
    words="the NCES list of schools of the United States",
    country="United States",
    identifier=IdentifierWords("NCES ID", "NCES IDs"),
    editions=(
        ("NCESSCH", "LEAID", "NAME", "LAT", "LON"),
        ("NCESSCH", "SCH_NAME", "LATCOD", "LONCOD"),
    ),
    fields={
        "urn": ("NCESSCH",),
        "name": ("SCH_NAME", "NAME"),
        "pupils": ("TOTAL", "MEMBER"),
        "latitude": ("LATCOD", "LAT"),
        "longitude": ("LONCOD", "LON"),
        "town": ("LCITY", "CITY"),
    },
    authority=("LEAID",),
    authority_name=("LEA_NAME", "NMCNTY"),
    status=("SY_STATUS_TEXT",),
    open_words=(
        *("Open", "New", "Added", "Reopened", "Changed Agency", "Changed Boundary/Agency"),
        *("Currently operational", "Currently Operational"),
    ),
    phase=("SCHOOL_LEVEL", "LEVEL"),
    primary_words=("Elementary", "Primary"),
    no_value=("-1", "-2", "-9", "M", "N", "−1", "−2", "−9"),
    attribution="Contains data of the National Center for Education Statistics (NCES), in the public domain",
)
REGISTERS = (GIAS, WALES, SCOTLAND, NORTHERN_IRELAND, IRELAND, NEW_ZEALAND, USA)
NONE = "none"


def register_of(headings: Sequence[str], stated: str | None = None) -> Register | None:
    """Return the register that is stated, or else told by its headings; None for a file of no register."""
    if stated == NONE:
        return None
    if stated is not None:
        return next(register for register in REGISTERS if register.key == stated)
    return next((register for register in REGISTERS if register.is_told_by(headings)), None)


def words_of(heading: str) -> IdentifierWords:
    """Return what people call identifiers, of a file of no register, by the heading that they stand under."""
    called = (register.identifier for register in REGISTERS)
    return next((words for words in called if plain(words.one) == plain(heading)), URN)


def is_usual_part(name: str, headings: Sequence[str]) -> bool:
    """Return whether a sheet of several with the headings of one register is the one with the schools to plan for."""
    register = register_of(headings)
    return register is not None and bool(register.sheet) and folded(name).startswith(folded(register.sheet))
