"""Made-up files in the schema of each country's register: twelve small primaries around a place, and others beside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
from pyproj import Transformer

Row = Sequence[object]
SCHOOLS = 12
PUPILS = 40


def at(epsg: int, longitude: float, latitude: float, place: int) -> tuple[float, float]:
    """x and y of the school in this place: three in a row, 3 km apart."""
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(longitude, latitude)
    spot = (x + place % 3 * 4_000, y + place // 3 * 4_000)
    east, north = Transformer.from_crs(3857, epsg, always_xy=True).transform(*spot)
    return (round(east, 6), round(north, 6)) if epsg == 4326 else (round(east), round(north))


def save_csv(path: Path, *rows: Row, delimiter: str = ",") -> Path:
    """A text of these rows."""
    lines = (delimiter.join(str(cell) for cell in row) for row in rows)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def save_sheets(path: Path, **sheets: Sequence[Row]) -> Path:
    """A workbook of these sheets; an underscore in a name stands for a space."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name.replace("_", " "))
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


def postcode(start: str, place: int) -> str:
    """A postcode for the school in this place."""
    return f"{start} {place % 9 + 1}{'ABD'[place // 9]}A"


def code_point(folder: Path, start: str, longitude: float, latitude: float) -> Path:
    """Code-Point Open's CSV, which has no headings, for the schools around a place."""
    rows = [
        (f'"{postcode(start, place).replace(" ", "")}"', 10, *at(27700, longitude, latitude, place), *["E92000001"] * 6)
        for place in range(SCHOOLS)
    ]
    return save_csv(folder / "cp.csv", *rows)


def wales(folder: Path) -> tuple[Path, dict[str, object]]:
    """The address list: sheets alike of maintained, independent and PRU schools, and no coordinates."""
    headings = (
        *("LA Code", "Local Authority", "School Number", "School Name", "Sector", "Governance - see notes"),
        *(
            "Welsh Medium Type - see notes",
            "School Type",
            "Address 1",
            "Address 2",
            "Postcode",
            "Phone Number",
            "Pupils",
        ),
    )

    def school(place: int, sector: str = "Primary") -> Row:
        at_home = (f"Ysgol {place}", sector, "Community", "Welsh medium", sector, "Heol", "Llan")
        return (660, "Ynys", 6602000 + place, *at_home, postcode("LL77", place % SCHOOLS), "01248", PUPILS)

    path = save_sheets(
        folder / "address-list.xlsx",
        Notes=[("Notes",), ("1", "a note")],
        Maintained=[headings, *map(school, range(SCHOOLS)), school(90, "Secondary")],
        Independent=[headings, school(91)],
        PRU=[headings, school(92)],
    )
    return path, {"postcodes": str(code_point(folder, "LL77", -4.3, 53.25))}


def scotland(folder: Path) -> tuple[Path, dict[str, object]]:
    """The contact details: title rows, headings of two storeys, and rolls by department."""
    upper = (*[""] * 7, "School type", "", "", "Pupil rolls", "", "")
    lower = ("Seed Code", "LA Code", "LA Name", "School Name", "Address 1", "Post Code", "Centre Type")
    departments = ("Primary", "Secondary", "Special")

    def school(place: int, kind: Row = ("Primary", "", ""), rolls: Row = (PUPILS, "", "")) -> Row:
        return (5_100_000 + place, 100, "Strath", f"Glen {place}", "Main St", postcode("AB31", place % SCHOOLS),
                "Local Authority", *kind, *rolls)  # fmt: skip

    rows = [
        ("Schools",), ("Open",), ("a",), ("b",), ("c",), upper, (*lower, *departments, *departments),
        *map(school, range(SCHOOLS - 1)), school(11, ("Primary", "Secondary", ""), (30, 10, "")),
        school(90, ("", "Secondary", ""), ("", 100, "")),
    ]  # fmt: skip
    path = save_sheets(folder / "contacts.xlsx", Open_at_30_Sept=rows, Closed=[("x", "y")])
    return path, {"postcodes": str(code_point(folder, "AB31", -2.6, 57.1))}


def northern_ireland(folder: Path) -> tuple[Path, dict[str, object]]:
    """The school-level data: two sheets joined by DENI ref, and a GeoNames file for the postcodes."""
    headings = (
        "DENI ref",
        "School name",
        "Postcode",
        "Town",
        "School Type",
        "Management Type",
        "District Council (2014)",
    )
    schools = [
        (f"101-6{place:03d}", f"Bann {place}", postcode("BT51", place), "Bann", "Primary", "Controlled", "Causeway")
        for place in range(SCHOOLS)
    ]
    rolls = [(school[0], school[1], PUPILS) for school in schools]
    path = save_sheets(
        folder / "ni.xlsx",
        Reference_Data=[("Title",), ("Note",), headings, *schools],
        Enrolments=[("Title",), ("DENI ref", "School name", "Total enrolment"), *rolls],
    )
    spots = [
        ("GB", postcode("BT51", place), "Bann", *[""] * 6, *at(4326, -6.6, 55.1, place)[::-1], 6)
        for place in range(SCHOOLS)
    ]
    return path, {"postcodes": str(save_csv(folder / "GB_full.txt", *spots, delimiter="\t"))}


def ireland(folder: Path) -> tuple[Path, dict[str, object]]:
    """The list of primary schools, with boys and girls and no total."""
    headings = (
        *("Roll Number", "Official Name", "Address (Line 1)", "County Description", "Eircode", "Local Authority Desc"),
        *("Total Boys", "Total Girls", "DEIS (Y/N)", "Island (Y/N)", "Principal Name", "ITM Easting", "ITM Northing"),
    )
    rows = [
        (f"{15000 + place}{'ABCDEFGHIJKL'[place]}", f"Scoil {place}", "Baile", "Laois", f"R32 AB{place:02d}", "Laois",
         PUPILS // 2, PUPILS // 2, "N", "N", "Ann Smith", *at(2157, -7.4, 53.0, place))
        for place in range(SCHOOLS)
    ]  # fmt: skip
    return save_csv(folder / "ie.csv", headings, *rows), {}


def new_zealand(folder: Path) -> tuple[Path, dict[str, object]]:
    """The schools directory, with a closed school, a private one and a secondary."""
    headings = ("School_Id", "Org_Name", "Telephone", "Contact1_Name", "Org_Type", "Authority", "Add2_City",
                "Territorial_Authority", "Latitude", "Longitude", "Total", "Status")  # fmt: skip

    def school(place: int, kind: str = "Full Primary", authority: str = "State", status: str = "Open") -> Row:
        x, y = at(4326, 170.5, -45.5, place % SCHOOLS)
        return (
            3700 + place,
            f"Kura {place}",
            "03",
            "Ann Smith",
            kind,
            authority,
            "Otago",
            "Clutha",
            y,
            x,
            PUPILS,
            status,
        )

    others = (
        school(90, "Secondary (Year 9-15)"),
        school(91, authority="Private: Fully Registered"),
        school(92, status="Closed"),
    )
    return save_csv(folder / "nz.csv", headings, *map(school, range(SCHOOLS)), *others), {}


def usa(folder: Path) -> tuple[Path, dict[str, object]]:
    """The locations by EDGE, and the numbers on roll in a table joined by NCES ID."""
    headings = ("NCESSCH", "LEAID", "NAME", "CITY", "STATE", "ZIP", "NMCNTY", "LAT", "LON")
    rows = [
        (
            f"01000{place:07d}",
            "0100005",
            f"Oak {place}",
            "-1",
            "KS",
            "67001",
            "Ford County",
            *at(4326, -99.9, 37.7, place)[::-1],
        )
        for place in range(SCHOOLS)
    ]
    rolls = [("NCESSCH", "SCH_NAME", "MEMBER"), *((row[0], row[2], PUPILS) for row in rows)]
    return save_csv(folder / "edge.csv", headings, *rows), {"join": [str(save_csv(folder / "ccd.csv", *rolls))]}


MADE = {
    "wales": wales,
    "scotland": scotland,
    "northern-ireland": northern_ireland,
    "ireland": ireland,
    "new-zealand": new_zealand,
    "usa": usa,
}
