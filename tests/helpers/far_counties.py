"""Made-up counties of other countries as a stranger would bring them: a file of schools, and one of postcodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
from open_sheets import save_open_sheets
from registers_made import SCHOOLS, at, ireland, save_csv

PUPILS = 40


@dataclass(frozen=True)
class FarCounty:
    """A county's files, a place that its map should name, and what its first school's identifier is."""

    schools: Path
    longitude: float
    latitude: float
    town: str
    first: str
    postcodes: Path | None = None


def laois(folder: Path) -> FarCounty:
    """Ireland: roll numbers that end in a letter, in metres of Irish Transverse Mercator."""
    return FarCounty(ireland(folder)[0], -7.4, 53.0, "Portlaoise", "15000A")


def causeway(folder: Path) -> FarCounty:
    """Northern Ireland: references with dashes, on the Irish Grid."""
    rows = [
        (f"201-6{place:03d}", f"Bann {place}", "BT51 1AA", "Primary", PUPILS, *at(29903, -6.66, 55.08, place))
        for place in range(SCHOOLS)
    ]
    headings = ("DE_REF", "Name", "Postcode", "Type", "Total enrolment", "EASTING", "NORTHING")
    return FarCounty(save_csv(folder / "ni.csv", headings, *rows), -6.66, 55.08, "Coleraine", "201-6000")


def canterbury(folder: Path) -> FarCounty:
    """New Zealand: a GeoPackage in New Zealand Transverse Mercator."""
    points = [at(2193, 171.7, -43.95, place) for place in range(SCHOOLS)]
    frame = geopandas.GeoDataFrame(
        {
            "School_Id": [3700 + place for place in range(SCHOOLS)],
            "Org_Name": [f"Kura {place}" for place in range(SCHOOLS)],
            "Total": PUPILS,
        },
        geometry=geopandas.points_from_xy(*zip(*points, strict=True)),
        crs=2193,
    )
    frame.rename(columns={"School_Id": "school id", "Total": "total school roll"}).to_file(folder / "nz.gpkg")
    return FarCounty(folder / "nz.gpkg", 171.7, -43.95, "Ashburton", "3700")


def keski_suomi(folder: Path) -> FarCounty:
    """Finland: an OpenDocument sheet under Finnish headings, with leading zeros, in ETRS-TM35FIN."""
    headings = ("Oppilaitosnumero", "Koulun nimi", "Oppilaita", "ETRS-TM35FIN E", "ETRS-TM35FIN N")
    rows: list[Sequence[object]] = [
        (f"0{4300 + place}", f"Mäkelän koulu {place}", PUPILS, *at(3067, 25.7, 62.2, place)) for place in range(SCHOOLS)
    ]
    path = save_open_sheets(folder / "koulut.ods", {"Koulut": [["Koulut 2025"], headings, *rows], "Ohje": [["?"]]})
    return FarCounty(path, 25.7, 62.2, "Jyväskylä", "04300")


def ford(folder: Path) -> FarCounty:
    """The United States: identifiers of twelve digits, and ZIP codes for want of coordinates."""
    schools = [(f"20000{place:07d}", f"Oak {place}", f"67{801 + place}", PUPILS) for place in range(SCHOOLS)]
    spots = [
        ("US", f"67{801 + place}", "Dodge City", *[""] * 6, *at(4326, -100.05, 37.72, place)[::-1], 4)
        for place in range(SCHOOLS)
    ]
    path = save_csv(folder / "ks.csv", ("NCES School ID", "School Name", "ZIP", "Total Students"), *schools)
    postcodes = save_csv(folder / "US.txt", *spots, delimiter="\t")
    return FarCounty(path, -100.05, 37.72, "Dodge City", "200000000000", postcodes)


FAR_COUNTIES = {
    "Ireland": laois,
    "Northern Ireland": causeway,
    "New Zealand": canterbury,
    "Finland": keski_suomi,
    "United States": ford,
}
