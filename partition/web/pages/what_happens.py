"""What if something happens to a school, or one limit is another: an answer chosen, a search, and what it changes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.faults import BadData
from geodata.files import replacing
from partition.scenario.form.schools import SchoolFinder
from partition.scenario.read import read_within
from partition.scenario.text import with_settings
from partition.web.context import desk_of
from partition.web.forms import NAME_MAX, POST, go, posted, text_in
from partition.web.pages.what_if import in_hand_with_schools, numeric, show_page
from partition.web.pages.work import ask_for
from partition.web.path import standing_of
from partition.web.schools import Named, chosen_school
from partition.web.workspace import stated_table

if TYPE_CHECKING:
    from geodata.urns import Urn
    from partition.model.area import Area
    from partition.web.context import Desk

NAMES = {  # how a plan is called after what happens
    "closes": "If {school} closes",
    "no": "If {school} takes no part",  # a name of a plan is public: who said no is not
    "leaves": "If {school} shares the head of {partner}",
    "opens": "If {school} opens",
}
PUPILS_MAX, FIRST_NUMBER, BRITISH = 9_999, 999_001, 27700
ABSENT = "is none of the schools in the data"


@dataclass
class Asked:
    """What somebody asked, as it is read: what was typed, and what is wrong with it by its field."""

    desk: Desk
    area: Area
    text: str
    typed: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def schools(self) -> list[Named]:
        """Return every school by name."""
        return sorted((self.area.name_of(urn), urn) for urn in self.area.urns)

    def school(self, key: str) -> Urn | None:
        """Return the school chosen in a field; what is wrong goes to the faults."""
        wrong: list[str] = []
        typed = self.typed[key]
        found = chosen_school(typed, self.schools, ABSENT, wrong) if typed else None
        if found is None:
            self.faults[key] = wrong[0] if wrong else "Choose a school from the list."
        return found


def ask_event(request: Request, form: FormData) -> Response:
    """Have partnerships found as if something had happened to a school."""
    keys = ("event", "school", "partner", "new", "pupils", "beside")
    asked = _asked(request, form, keys)
    if asked is None:
        return go("/what-if")
    settings = MAKES[asked.typed["event"]](asked) if asked.typed["event"] in MAKES else None
    if settings is None:
        if not asked.faults:
            asked.faults["event"] = "Choose what happens from the list."
        return show_page(request, asked.typed, asked.faults, 422)
    names = {key: _name(asked, key) for key in ("school", "partner")}
    if asked.typed["event"] == "opens":
        names["school"] = asked.typed["new"]
    return _find(asked, request, settings, NAMES[asked.typed["event"]].format(**names), "event")


def ask_limit(request: Request, form: FormData) -> Response:
    """Have partnerships found as if one limit were another."""
    asked = _asked(request, form, ("limit", "value"))
    if asked is None:
        return go("/what-if")
    setting, said = numeric().get(asked.typed["limit"]), asked.typed["value"]
    if setting is None:
        asked.faults["limit"] = "Choose a limit from the list."
        return show_page(request, asked.typed, asked.faults, 422)
    try:
        value = setting.typed("" if said.casefold() == "off" else said, SchoolFinder(None))
    except ValueError as wrong:
        asked.faults["value"] = f"{str(wrong)[:1].upper()}{str(wrong)[1:]}."
        return show_page(request, asked.typed, asked.faults, 422)
    told = "not applied" if value == "off" else f"{said} {setting.words.unit}".strip()
    return _find(asked, request, {setting.key: value}, f"If {setting.words.label}: {told}", "value")


def _asked(request: Request, form: FormData, keys: tuple[str, ...]) -> Asked | None:
    desk = desk_of(request)
    text, area = desk.workspace.scenario(), in_hand_with_schools(desk)
    if text is None or area is None:
        return None
    return Asked(desk, area, text, {key: text_in(form, key, NAME_MAX) for key in keys})


def _name(asked: Asked, key: str) -> str:
    urn = chosen_school(asked.typed[key], asked.schools, ABSENT, []) if asked.typed[key] else None
    return "" if urn is None else asked.area.name_of(urn)


def _find(asked: Asked, request: Request, settings: Mapping[str, object], name: str, key: str) -> Response:
    """Have partnerships found; the scenario in hand stays as it is. What is refused is told beside the field."""
    text = with_settings(asked.text, settings)
    try:
        read_within(text, asked.desk.workspace.folder)
    except BadData as bad:
        told = "; ".join(f"{fault.value}: {fault.fix}".removeprefix("None: ") for fault in bad.faults)
        asked.faults[key] = f"{told[:1].upper()}{told[1:]}."
        return show_page(request, asked.typed, asked.faults, 422)
    standing = standing_of(asked.desk)
    beside = {"beside": standing.plan} if standing.is_found else {}
    return ask_for(asked.desk, "plan", text, name=name[:NAME_MAX], note="", internal=False, given=beside)


def _takes_no_part(asked: Asked) -> Mapping[str, object] | None:
    urn = asked.school("school")
    if urn is None:
        return None
    out = _stated_list(asked, "rules", "except_out")
    return {"rules.except_out": [*out, *([urn] if str(urn) not in map(str, out) else [])]}


def _shares_head(asked: Asked) -> Mapping[str, object] | None:
    urn, partner = asked.school("school"), asked.school("partner")
    if urn is None or partner is None:
        return None
    if urn == partner:
        asked.faults["partner"] = "Choose another school than the one whose head leaves."
        return None
    return {"data.shared_heads": [*_stated_list(asked, "data", "shared_heads"), [urn, partner]]}


def _opens(asked: Asked) -> Mapping[str, object] | None:
    """A file with the one school that opens, beside the others; its place is that of a school there is."""
    beside, name, pupils = asked.school("beside"), asked.typed["new"], asked.typed["pupils"]
    if not name:
        asked.faults["new"] = "Type what it is called."
    if not pupils.isdecimal() or not 0 < int(pupils[:9]) <= PUPILS_MAX:
        asked.faults["pupils"] = f"Type how many pupils it has, 1 to {PUPILS_MAX:,}."
    if asked.area.grid.epsg != BRITISH:
        asked.faults["event"] = "Outside Britain, add a file with the school that opens on the data page."
    if asked.faults or beside is None:
        return None
    at = asked.area.index[beside]
    there = set(map(str, asked.area.urns))
    number = next(str(n) for n in range(FIRST_NUMBER, FIRST_NUMBER + len(there) + 1) if str(n) not in there)
    place = {"easting": int(asked.area.eastings[at]), "northing": int(asked.area.northings[at])}
    row = {"urn": number, "name": name, "pupils": int(pupils), **place}
    named = stated_table(asked.text, "data").get("columns", {})
    folder = asked.desk.workspace.folder
    (folder / "data").mkdir(exist_ok=True)
    path = next(path for n in range(1, 10_000) if not (path := folder / "data" / f"opens {n}.csv").exists())
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([[named.get(key, key) for key in row], row.values()])
    return {"data.opening": [*_stated_list(asked, "data", "opening"), f"data/{path.name}"]}


def _stated_list(asked: Asked, table: str, name: str) -> list[object]:
    stated = stated_table(asked.text, table).get(name, [])
    return list(stated) if isinstance(stated, list) else []


MAKES: Mapping[str, Callable[[Asked], Mapping[str, object] | None]] = {
    "closes": _takes_no_part,
    "no": _takes_no_part,
    "leaves": _shares_head,
    "opens": _opens,
}

ROUTES = [
    Route("/what-if/school", posted(ask_event), methods=POST),
    Route("/what-if/limit", posted(ask_limit), methods=POST),
]
