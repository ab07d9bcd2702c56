"""Usual headings of the columns of a file of schools, in the languages of several countries' school statistics.

Of each field, `OWN` are the names that this program documents and the register's, the first that is there counts;
`USUAL` are others, of which only one may be there: of two that fit, people say which.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SHAPEFILE_LETTERS = 10  # of a heading, in a shapefile

WORDS: dict[str, str] = {
    "urn": "School’s unique reference number (URN)",
    "name": "Name",
    "pupils": "Number on roll",
    "easting": "Easting",
    "northing": "Northing",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "town": "Town",
}
"""What each field is called on screens: these are headings too."""
MEANING: dict[str, str] = {
    "urn": "the school's own number in the register; no two schools have the same",
    "name": "the school's name",
    "pupils": "how many pupils are on roll, a whole number; leave it blank where it is not known",
    "easting": "metres east on the national grid; or give latitude and longitude instead, of all schools",
    "northing": "metres north on the national grid",
    "latitude": "degrees north, such as 52.6781; leave easting and northing blank then",
    "longitude": "degrees east, such as -0.6682 (west is negative)",
    "town": "the village or town, for names on the map; may be left blank",
}

OWN: dict[str, tuple[str, ...]] = {
    "urn": ("urn", WORDS["urn"]),
    "name": ("name", "EstablishmentName", "school name", "school"),
    "pupils": ("pupils", "NumberOfPupils", WORDS["pupils"]),
    "easting": ("easting",),
    "northing": ("northing",),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "town": ("town",),
}
USUAL: dict[str, tuple[str, ...]] = {
    "urn": (
        *("unique reference number", "school urn", "school id", "school code", "school number", "school no"),
        *("seed code", "deni ref", "deni reference", "deni reference number", "de ref", "de reference number"),
        *("institution reference number", "institution number", "institution code", "roll number", "roll no"),
        *("laestab", "dfe number", "moe number", "nces school id", "nces id", "ncessch", "acara id", "acara sml id"),
        *("uai", "code uai", "numero uai", "numero_uai", "rne", "brin", "brinnummer", "brin nummer"),
        *("schulnummer", "schul nr", "codice scuola", "codigo de centro", "codigo centro", "numer rspo", "rspo"),
        *("school ref", "school reference", "dfe no", "dfe ref", "establishment number", "rhif ysgol", "uimhir rolla"),
        *("kod szkoly", "kod skoly", "schulkennziffer", "skolkod", "matricula"),
        *("oppilaitostunnus", "oppilaitosnumero", "koulunumero", "skolenhetskod", "organisasjonsnummer"),
        *("institutionsnummer", "identifiant de l etablissement", "identifiant_de_l_etablissement"),
    ),
    "name": (
        *("name of school", "school title", "establishment name", "establishment", "institution name"),
        *("official name", "official school name", "name of institution", "org name", "organisation name", "sch name"),
        *(
            "enw r ysgol",
            "enw ysgol",
            "enw",
            "ainm na scoile",
            "ainm scoile",
            "ainm",
            "koulu",
            "skola",
            "skole",
            "schule",
        ),
        *("escola", "escuela", "scuola", "ecole", "szkola"),
        *("nom", "nom de l etablissement", "nom etablissement", "appellation officielle", "schulname"),
        *("name der schule", "denominazione", "denominazione scuola", "denominacion", "nombre", "nombre del centro"),
        *("koulun nimi", "oppilaitoksen nimi", "nimi", "skolenhetsnamn", "skolans namn", "namn", "skolens navn"),
        *("institutionsnavn", "navn", "nazwa", "nazwa szkoly", "naam", "schoolnaam", "instellingsnaam"),
    ),
    "pupils": (
        *("number on roll nor", "nor", "roll", "on roll", "pupil roll", "school roll", "total roll", "roll total"),
        *("total school roll", "total pupils", "pupils total", "number of pupils", "no of pupils", "pupil numbers"),
        *("pupil count", "pupil number", "total number of pupils", "headcount of pupils", "enrolment", "enrolments"),
        *("total enrolment", "total enrolments", "enrollment", "total enrollment", "students", "total students"),
        *("number of students", "student count", "effectif", "effectifs", "nombre d eleves", "nb eleves"),
        *("nombre total d eleves", "schulerzahl", "schuelerzahl", "anzahl schuler", "schuler", "schulerinnen"),
        *("alumnos", "numero de alumnos", "alunni", "numero alunni", "oppilaat", "oppilaita", "oppilasmaara"),
        *("antal elever", "elever", "elevtal", "elevtall", "antall elever", "liczba uczniow", "uczniowie"),
        *("leerlingen", "aantal leerlingen", "disgyblion", "nifer y disgyblion", "nifer disgyblion", "daltai"),
        *("lion daltai", "rollu"),
    ),
    "easting": (
        *("eastings", "x", "x coordinate", "x coord", "xcoord", "coord x", "grid reference easting", "itm easting"),
        *("nztm easting", "itm e", "easting itm", "rechtswert", "point x", "geo x", "coordonnee x", "coordenada x"),
        *("etrs tm35fin e", "tm35fin e", "e koordinaatti", "itakoordinaatti", "dwyreiniad", "dwyreiniaeth", "east"),
    ),
    "northing": (
        *("northings", "y", "y coordinate", "y coord", "ycoord", "coord y", "grid reference northing"),
        *("itm northing", "nztm northing", "itm n", "northing itm", "hochwert", "point y", "geo y", "coordonnee y"),
        *("coordenada y", "etrs tm35fin n", "tm35fin n", "n koordinaatti", "pohjoiskoordinaatti", "gogleddiad"),
        *("gogleddiaeth", "north"),
    ),
    "latitude": ("breitengrad", "latitud", "latitudine", "leveysaste", "breddegrad", "szerokosc geograficzna"),
    "longitude": ("long", "langengrad", "longitud", "longitudine", "pituusaste", "lengdegrad", "dlugosc geograficzna"),
    "town": ("post town", "town or city", "town city", "city"),
}
POSTCODES = ("postcode", "post code", "post_code", "eircode", "zip", "lzip", "zip code", "zipcode")
USEFUL = re.compile("urn|code|name|pupil|roll|enrol|student|east|north|^lat|^lon|coord|speed|limit|status|phase|clos")
DATED = re.compile(r"\([^)]*\)|\[[^]]*\]|\b(19|20)\d\d([/-]\d{2,4})?\b|\b(as at|census|spring|summer|autumn)\b", re.I)
CUT_ALIKE = {"establishm"}  # begins several of the register's headings


def plain(heading: str) -> str:
    """Return a heading in small letters and figures alone, without accents: "Seed Code", "seed_code" are one."""
    parted = unicodedata.normalize("NFKD", heading.casefold().replace("ł", "l").replace("ß", "ss").replace("ø", "o"))
    return re.sub(r"[\W_]+", "", "".join(sign for sign in parted if not unicodedata.combining(sign)))


def headings_of(field: str, headings: Sequence[str]) -> list[str]:
    """Return the headings that usually hold a field: one, none, or several for people to choose from."""
    by_plain: dict[str, list[str]] = {}
    for heading in headings:
        if heading:
            by_plain.setdefault(plain(heading), []).append(heading)
    for name in OWN[field]:
        if plain(name) in by_plain:
            return by_plain[plain(name)]
    usual = [heading for name in USUAL[field] for heading in by_plain.get(plain(name), ())]
    return list(dict.fromkeys(usual)) or _cut(field, by_plain) or _dated(field, headings)


def looks_useful(heading: str) -> bool:
    """Return whether a column that was not used may be one that people meant to be used."""
    return bool(USEFUL.search(plain(heading)))


def _dated(field: str, headings: Sequence[str]) -> list[str]:
    """Return the headings that are a usual name with a date or a note in brackets: "Number on roll (Jan 2025)"."""
    usual = {plain(name) for name in (*OWN[field], *USUAL[field])}
    return [heading for heading in headings if DATED.search(heading) and plain(DATED.sub(" ", heading)) in usual]


def _cut(field: str, by_plain: dict[str, list[str]]) -> list[str]:
    """Return the headings that are a usual name cut short, as a shapefile cuts them."""
    whole = (plain(name) for name in (*OWN[field], *USUAL[field]))
    cut = {name[:SHAPEFILE_LETTERS] for name in whole if len(name) > SHAPEFILE_LETTERS} - CUT_ALIKE
    return [
        heading for short in sorted(cut) for heading in by_plain.get(short, ()) if len(heading) == SHAPEFILE_LETTERS
    ]
