"""What if: a setting at several values, or two settings together, each combination a search of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, product
from math import prod
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.faults import BadData
from partition.scenario.form.fields import Field, fields
from partition.scenario.form.schools import SchoolFinder
from partition.scenario.read import read_within
from partition.scenario.text import with_settings
from partition.settings.scenario import Scenario
from partition.settings.words import heading_of
from partition.studies.sweep.axes import Axis, combinations
from partition.web.context import desk_of, follow
from partition.web.findings import findings
from partition.web.forms import GET, NAME_MAX, POST, SECONDS_MAX, go, posted, text_in
from partition.web.pages.start import check_of
from partition.web.render import page
from partition.web.tasks.order import Order

if TYPE_CHECKING:
    from partition.model.area import Area
    from partition.web.context import Desk

SETTINGS_MOST, SEARCHES_MOST = 2, 200
VALUES_LENGTH_MAX = 300
NUMBER = r"(-?[0-9]{1,9}(?:\.[0-9]{1,6})?)"
SPAN = re.compile(rf"{NUMBER}\s*to\s*{NUMBER}\s*by\s*{NUMBER}", re.IGNORECASE)
FIELDS = ("key-1", "values-1", "key-2", "values-2", "seconds")
RESULTS = (
    "Not yet placed",
    "Partnerships",
    "Cost, {} a year",
    "Longest drive between bases, minutes",
    "How sure",
)  # as tasks.sweeps tells
EVENTS = {  # what may happen to a school, as the list says it
    "closes": "closes",
    "no": "says no, and takes no part",
    "leaves": "loses its head, and comes to share another school’s",
    "opens": "opens: it is new",
}
Typed = Mapping[str, str]


@dataclass(frozen=True)
class Varied:
    """A setting and its values, as a scenario file has them."""

    field: Field
    values: tuple[str | int | float, ...]


def what_if(request: Request) -> Response:
    return show_page(request, {}, {})


def show_page(request: Request, typed: Typed, faults: Typed, status: int = 200) -> Response:
    """The page; with what was typed, and what is wrong with it by its field."""
    desk = desk_of(request)
    scenario = desk.workspace.stated()
    return page(
        request,
        "what_if.html",
        status,
        in_hand=desk.workspace.scenario_path,
        sections=[] if scenario is None else list(_offered(scenario)),
        typed=typed,
        faults=faults,
        seconds=typed.get("seconds") or (60 if scenario is None else scenario.solve.seconds),
        seconds_max=SECONDS_MAX,
        searches_most=SEARCHES_MOST,
        tried=findings(desk.workspace.folder, "sweep"),
        events=EVENTS,
        schools=[]
        if scenario is None
        else sorted((row[1], row[0]) for row in check_of(desk).seen().told.get("rows", ())),
    )


def in_hand_with_schools(desk: Desk) -> Area | None:
    """Return the schools in hand, to choose from; None where there are none, or their data need mending."""
    scenario = desk.workspace.stated()
    return None if scenario is None else desk.cases.area(scenario)


def numeric() -> dict[str, Field]:
    """Return the settings that are numbers, and change what is asked."""
    numeric = {key: field for key, field in fields().items() if field.kind in ("whole", "number")}
    return {key: field for key, field in numeric.items() if not key.startswith("solve.")}  # which change no question


def _offered(scenario: Scenario) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The sections of settings with what can be varied in each: its key, and its words with its value now."""
    for title, inside in groupby(numeric().items(), lambda item: item[1].words.section):
        offered = []
        for key, field in inside:
            table, _, name = key.partition(".")
            value, words = field.shown(getattr(getattr(scenario, table), name)), field.words
            offered.append((key, f"{words.label}: now {f'{value} {words.unit}'.strip() if value else 'not applied'}"))
        yield title, offered


def ask(request: Request, form: FormData) -> Response:
    """Have every combination tried; where the form is not right, it is shown again with what is wrong."""
    desk = desk_of(request)
    text = desk.workspace.scenario()
    if text is None:
        return go("/what-if")
    typed = {key: text_in(form, key, VALUES_LENGTH_MAX) for key in FIELDS}
    faults: dict[str, str] = {}
    varied = [found for n in range(1, SETTINGS_MOST + 1) if (found := _varied(typed, n, faults)) is not None]
    _look_at_all(typed, varied, faults)
    if not faults:
        text = with_settings(text, {"solve.seconds": int(typed["seconds"])})
        _try_reading(desk, text, varied, faults)
    if faults:
        return show_page(request, typed, faults, 422)
    return follow(desk, _order(desk, text, varied, form))


def _varied(typed: Typed, n: int, faults: dict[str, str]) -> Varied | None:
    """One setting with its values; None where nothing was chosen and nothing typed, or it is wrong."""
    key, text = typed[f"key-{n}"], typed[f"values-{n}"]
    if not key and not text and n > 1:
        return None
    field = numeric().get(key)
    if field is None:
        faults[f"key-{n}"] = "Choose a setting from the list."
        return None
    try:
        values = [_value(field, part) for part in _parts(text)]
    except ValueError as wrong:
        faults[f"values-{n}"] = f"{str(wrong)[0].upper()}{str(wrong)[1:]}."
        return None
    if len(set(values)) < len(values):
        faults[f"values-{n}"] = "A value is there twice; take one out."
    return Varied(field, tuple(values))


def _parts(text: str) -> list[str]:
    """The values between commas; of "15 to 40 by 5" every one, the last included. Raises ValueError."""
    span = SPAN.fullmatch(text)
    if span is None:
        return [part.strip() for part in re.split(r"[,;]", text)]
    try:
        first, last, step = (Decimal(number) for number in span.groups())
        many = int((last - first) / step)
    except ArithmeticError:
        raise ValueError("type the first and the last value and the step, such as 15 to 40 by 5") from None
    if not 0 <= many < SEARCHES_MOST:
        raise ValueError(f"these steps lead nowhere, or to more than {SEARCHES_MOST} values; take others")
    return [f"{first + number * step:f}" for number in range(many + 1)]


def _value(field: Field, part: str) -> str | int | float:
    """A value as a scenario file has it. Raises ValueError, saying what to type."""
    if part.casefold() == "off":
        if not field.may_be_off:
            raise ValueError("this setting cannot be off; type numbers")
        return "off"
    if not part:
        raise ValueError("type its values, such as 15, 20, 25; or 15 to 40 by 5")
    number = field.typed(part, SchoolFinder(None))
    assert isinstance(number, int | float), "its kind is a number"
    return number


def _look_at_all(typed: Typed, varied: list[Varied], faults: dict[str, str]) -> None:
    """What is wrong with the settings together, and with the time."""
    if not re.fullmatch(r"\d{1,6}", typed["seconds"], re.ASCII) or not 1 <= int(typed["seconds"]) <= SECONDS_MAX:
        faults["seconds"] = f"Give whole seconds, 1 to {SECONDS_MAX:,}."
    if len({one.field.key for one in varied}) < len(varied):
        faults["key-2"] = "Choose another setting than the first."
    if (many := prod(len(one.values) for one in varied)) > SEARCHES_MOST:
        faults["values-1"] = f"These make {many:,} searches; take fewer values, {SEARCHES_MOST} searches at most."


def _try_reading(desk: Desk, text: str, varied: list[Varied], faults: dict[str, str]) -> None:
    """What a scenario refuses of them, such as fewer than no heads."""
    axes = [Axis(one.field.key, tuple(map(str, one.values))) for one in varied]
    try:
        combinations(lambda given: read_within(text, desk.workspace.folder, given), axes)
    except BadData as bad:
        for fault in bad.faults:
            n = next((n for n, axis in enumerate(axes, 1) if fault.column.startswith(axis.key)), 1)
            faults.setdefault(f"values-{n}", f"{fault.value}: {fault.fix}.".removeprefix(": "))


def _order(desk: Desk, text: str, varied: list[Varied], form: FormData) -> Order:
    """What is to be done, with the table's rows as the page shows them meanwhile."""
    measure = read_within(text, desk.workspace.folder).preferences.measure
    given: dict[str, Any] = {
        "settings": [one.field.key for one in varied],
        "axes": [list(one.values) for one in varied],
        "headings": [heading_of(one.field.key).capitalize() for one in varied],
        "results": [heading.format("hours" if measure == "minutes" else "km") for heading in RESULTS],
        "values": [list(values) for values in product(*(one.values for one in varied))],
    }
    name = text_in(form, "name", NAME_MAX)
    return Order(what="sweep", project=str(desk.project.path), scenario=text, name=name, given=given)


ROUTES = [
    Route("/what-if", what_if, methods=GET),
    Route("/what-if", posted(ask), methods=POST),
]
