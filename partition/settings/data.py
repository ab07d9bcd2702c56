"""What is read: the table [data]."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from geodata.identifier import identifier_words
from partition.settings.declare import setting
from partition.settings.types import Column, Count, FilePath, Table, Urn


def _named(given: dict[Literal["column"], str]) -> dict[Literal["column"], str]:
    if not given:
        raise ValueError('name a column, as in {column = "Partnership"}')
    return given


ByColumn = Annotated[dict[Literal["column"], Column], AfterValidator(_named)]
"""A column of the schools' own file, as in {column = "Federations (name)"}."""
GIAS_HEADSHIPS: dict[Literal["column"], str] = {"column": "Federations (name)"}


RegisterKey = Literal["gias", "wales", "scotland", "northern-ireland", "ireland", "new-zealand", "usa", "none"]


def _words(stated: list[str]) -> list[str]:
    """Return the words for identifiers. Raises ValueError for text that can be none."""
    identifier_words(stated)
    return stated


class Data(Table):
    """What is read."""

    schools: FilePath | None = setting(
        None,
        "GIAS extract, or a table: CSV, XLSX, Parquet, GeoPackage, GeoJSON, FlatGeobuf or shapefile; of several sheets "
        'or layers (in every table) the one after a #: "schools.xlsx#Schools"',
    )
    header_row: Annotated[int, Field(ge=1, le=30, strict=True)] | None = setting(
        None, "row of the headings in the file of schools; off: the first row that has them, and said"
    )
    register_of: RegisterKey | None = setting(
        None, "national register that the file of schools is of; off: told by its headings, and said"
    )
    local_authority: str | list[str] | None = setting(None, 'a register: a code, a list of them, or "all"')
    phases: list[str] = setting(
        ["Primary", "Middle deemed primary"],
        'a register: phases selected, or ["all"]; the default stands for the primary ones of each',
    )
    only: dict[Column, str] = setting({}, "only schools with this value in a column (column = value)")
    columns: dict[str, str] = setting(
        {}, "headings where they differ: urn, name, easting, northing, latitude, longitude, pupils, town"
    )
    crs: str | None = setting(
        None, 'system of the coordinates, such as "EPSG:2157"; off: GB grid, or degrees, as the columns or the file say'
    )
    postcodes: FilePath | list[FilePath] | None = setting(
        None,
        "points by postcode, for schools without coordinates: Code-Point Open, ONS Postcode Directory, GeoNames, or a "
        "table of postcode and coordinates; a file, several, or a folder of CSV files",
    )
    outlying: dict[Urn, bool] = setting(
        {}, "schools (URN = true) that do lie far from all others, or beyond the border"
    )
    opening: list[FilePath] = setting([], "further files of schools, such as one that opens")
    join: list[FilePath] = setting([], "further tables, joined by urn")
    areas: dict[str, FilePath] = setting({}, "polygons by column name: each school gets the name of the one it lies in")
    area_names: dict[str, str] = setting(
        {}, "column that names the areas in a file of areas, by column name; off: the one that tells them apart"
    )
    successors: dict[Urn, Urn] = setting(
        {},
        "what a school of an earlier year goes by today, by its URN then, which confirms it once: 120386 = 151275; "
        '"closed" where no school continues it',
    )
    register_links: FilePath | None = setting(
        None, "the register's table of links (URN, LinkURN, LinkType), which says what schools go by today"
    )
    headships: FilePath | ByColumn | None = setting(
        GIAS_HEADSHIPS,
        "schools led by one head: a file of urn, headship; or a column (this one, where the file has it)",
    )
    shared_heads: list[list[Urn]] = setting(
        [], "schools (URNs) that come to share one head, as when a head leaves; on top of headships"
    )
    bases: list[Urn] = setting([], "schools (URN) a head travels from, where not the headship's largest")
    links: FilePath | None = setting(
        None, "file of urn_a, urn_b, and if wanted weight, kind, source, agreed", private=True
    )
    links_from: dict[Column, Annotated[float, Field(gt=0, le=1000, strict=True)]] = setting(
        {},
        "a link between every two schools with the same value in a column, such as a trust: its weight, by "
        "column; priced as working links are, never binding",
    )
    existing: FilePath | ByColumn | None = setting(
        None, 'today\'s partnerships: a file of urn, partnership; an earlier plan.gpkg; or {column = "..."}'
    )
    answers: FilePath | None = setting(
        None,
        "what schools said: a file of urn, answer (yes, no, undecided, none), and if wanted partners, date",
        private=True,
    )
    pupils_column: Column | None = setting(
        None, "column to take the number on roll from, such as a forecast; shown in every output as such", name="rolls"
    )
    pupils: dict[Urn, Count] = setting({}, "corrected numbers on roll by URN, shown in every output as such")
    identifier_words: Annotated[list[str], AfterValidator(_words)] | None = setting(
        None,
        'what screens and papers call a school\'s identifier, and if an s does not make it, several: ["Roll number"], '
        '["DENI ref", "DENI refs"]; off: the word of the register, or else URN',
    )
    missing_pupils: Literal["fault", "leave out"] = setting("fault", "what to do where the count is blank")
