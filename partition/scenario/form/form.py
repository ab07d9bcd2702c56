"""The form of a scenario's criteria and priorities, and the scenario's text from a filled form.

Nothing is lost in either direction: an unchanged field changes nothing, a changed field changes its own key alone, and
tables, comments and paths stay as written. All faults are shown at once, each beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata import toml_text
from geodata.faults import BadData, Fault
from partition.model.area import Area
from partition.scenario.build import problem_of, settle
from partition.scenario.form.effects import Outlook, effects
from partition.scenario.form.fields import TABLES, Field, fields
from partition.scenario.form.schools import SchoolFinder
from partition.scenario.read import read_within
from partition.scenario.text import with_settings
from partition.settings.scenario import Scenario
from partition.settings.sections import SECTIONS

SAID = (  # messages of pydantic, and the same for people who fill in a form
    (r"input should be greater than or equal to (\S+)", r"type \1 or more"),
    (r"input should be less than or equal to (\S+)", r"type \1 or less"),
    (r"input should be greater than (\S+)", r"type more than \1"),
    (r"input should be less than (\S+)", r"type less than \1"),
    (r"input should be a valid integer", "type a whole number"),
    (r"input should be a valid number", "type a number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A field with its typed text, the faults of that text, and the effect of the setting on this county."""

    field: Field
    typed: str
    faults: tuple[str, ...]
    effect: str  # "" where there is no effect to state, or no data

    @property
    def id(self) -> str:
        """Return the identifier of the field in the page."""
        return self.field.key.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of the form."""

    title: str
    help: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form to be shown. `text` is the scenario with all typed values that could be read."""

    text: str
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...]  # beside no field

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries of all parts, in order."""
        return tuple(entry for part in self.parts for entry in part.entries)

    @property
    def wrong(self) -> tuple[Entry, ...]:
        """Return the entries with a fault."""
        return tuple(entry for entry in self.entries if entry.faults)

    @property
    def may_be_kept(self) -> bool:
        """Return whether the form has no fault."""
        return not self.faults and not self.wrong


def form_of(text: str, folder: Path, area: Area | None = None) -> Form:
    """Return the form of a scenario's text, with paths relative to `folder`; with an area, checked against its schools.

    Raises BadData where the text is no TOML, or extends a file that cannot be read; there is no form then.
    """
    return _form(text, _shown(text, folder), {}, folder, area)


def filled(text: str, typed: Mapping[str, str], folder: Path, area: Area | None = None) -> Form:
    """Return the form as people filled it in; `typed` is text by key ("rules.heads_min"), other keys stay unchanged.

    Raises BadData where the text is no TOML, or extends a file that cannot be read.
    """
    was = _shown(text, folder)
    now = was | {key: _tidy(said) for key, said in typed.items() if key in was}
    find = SchoolFinder(area)
    settings, unread = {}, {}
    for key, said in now.items():
        if said == was[key]:
            continue
        try:
            settings[key] = fields()[key].typed(said, find)
        except ValueError as wrong:
            unread[key] = str(wrong)
    return _form(with_settings(text, settings), now, unread, folder, area)


def _form(text: str, typed: Mapping[str, str], unread: Mapping[str, str], folder: Path, area: Area | None) -> Form:
    """Return the form of a text: typed values, faults beside their fields, and effects where there is an area."""
    faults, scenario = _faults(text, folder)
    told: Mapping[str, str] = {}
    if area is not None:
        more, sound = _faults_with(scenario, area)
        faults += more
        told = effects(Outlook(area, sound)) if sound is not None else {}
    beside: dict[str, list[str]] = {key: [said] for key, said in unread.items()}
    elsewhere = []
    for fault in faults:
        keys = [key for key in _keys(fault) if key in typed]
        for key in keys:
            beside.setdefault(key, []).append(_beside(fault, key))
        elsewhere += [] if keys else [fault]
    parts = tuple(
        Part(
            title=section.title,
            help=section.help,
            entries=tuple(
                Entry(
                    field=field,
                    typed=typed[key],
                    faults=tuple(dict.fromkeys(beside.get(key, ()))),
                    effect="" if key in beside else told.get(key, ""),
                )
                for key, field in fields().items()
                if field.words.section == section.title
            ),
        )
        for section in SECTIONS
    )
    return Form(text=text, parts=parts, faults=tuple(elsewhere))


def _shown(text: str, folder: Path) -> dict[str, str]:
    """Return the text of every field, from the scenario's text, else the scenario that it extends, else the default."""
    own = toml_text.parse(text, "scenario")
    under = _extended(own, folder)
    return {key: _tidy(field.shown(_effective(own, under, key))) for key, field in fields().items()}


def _extended(own: Mapping[str, Any], folder: Path) -> Scenario:
    """Return the scenario that the text extends; the defaults where there is none."""
    if "extends" not in own:
        return Scenario()
    return read_within(with_settings("", {"extends": own["extends"]}), folder)


def _effective(own: Mapping[str, Any], under: Scenario, key: str) -> object:
    """Return the value of a key in a text over the scenario that the text extends: tables merge, all else replaces."""
    table, name = key.split(".")
    beneath = getattr(getattr(under, table), name)
    stated = own.get(table)
    if not isinstance(stated, dict) or name not in stated:
        return beneath
    if isinstance(beneath, dict) and isinstance(stated[name], dict):
        return {str(inner): value for inner, value in beneath.items()} | stated[name]
    return stated[name]


def _tidy(said: str) -> str:
    """Return a typed text with uniform line ends, without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in said.splitlines()).strip()


# Faults ------------------------------------------------------------------------------------------------------------


def _faults(text: str, folder: Path) -> tuple[list[Fault], Scenario]:
    """Return every fault of a scenario's text, and the scenario without the keys at fault.

    A fault can hide others, so the keys at fault are taken out and the rest is read again.
    """
    found: dict[str, Fault] = {}
    while True:
        try:
            return list(found.values()), read_within(text, folder)
        except BadData as bad:
            keys = {key for fault in bad.faults for key in _keys(fault)}
            new = {str(fault): fault for fault in bad.faults if str(fault) not in found}
            shorter = _without(text, keys)
            found |= new
            if not new or shorter == text:
                return list(found.values()), Scenario()
            text = shorter


def _without(text: str, keys: Iterable[str]) -> str:
    """Return the text without these keys, or tables."""
    import tomlkit

    document = toml_text.document(text, "scenario")
    for key in keys:
        table, _, name = key.partition(".")
        inside: Any = document.get(table)
        if not name:
            document.pop(table, None)
        elif isinstance(inside, dict):
            inside.pop(name, None)
    return tomlkit.dumps(document)


def _keys(fault: Fault) -> Iterator[str]:
    """Yield the settings that a fault is about: the one in its place, or those of its table that the fix names."""
    table, _, rest = fault.column.partition(".")
    if rest:
        yield f"{table}.{rest.split('.')[0].split(',')[0]}"
    elif table in TABLES:
        named = [key for key in fields() if key.startswith(f"{table}.") and re.search(rf"\b{_name(key)}\b", fault.fix)]
        yield from named or [table]
    elif table:
        yield table


def _name(key: str) -> str:
    return key.partition(".")[2]


def _beside(fault: Fault, key: str) -> str:
    """Return the words of a fault beside its field."""
    if fault.column == key or "." not in fault.column:
        value = fault.value
        told = "" if value is None or isinstance(value, list | dict) or str(value) in fault.fix else f"{value}: "
        return f"{told}{_in_words(fault.fix)}"
    inside = fault.column.removeprefix(key).strip(".,[] ")
    return f"{inside}: {_in_words(fault.fix)}"


def _in_words(fix: str) -> str:
    """Return an instruction with the labels of fields in place of the names of settings."""
    for checked, said in SAID:
        fix = re.sub(checked, said, fix)
    for key, field in fields().items():
        fix = re.sub(rf"\b{_name(key)}\b", f"“{field.words.label}”", fix) if "_" in key else fix
    return fix


def _faults_with(scenario: Scenario, area: Area) -> tuple[list[Fault], Scenario | None]:
    """Return the faults of a scenario over the schools, and the scenario without the settings at fault.

    Settings at fault are set to their defaults and the rest is tried again; None in place of a scenario where that does
    not help.
    """
    found: dict[str, Fault] = {}
    while True:
        try:
            problem_of(settle(scenario, area), area)
            return list(found.values()), scenario
        except BadData as bad:
            found |= {str(fault): fault for fault in bad.faults}
            keys = {key for fault in bad.faults for key in _keys(fault)} & fields().keys()
            simpler = _by_default(scenario, keys)
            if simpler == scenario:
                return list(found.values()), None
            scenario = simpler


def _by_default(scenario: Scenario, keys: Iterable[str]) -> Scenario:
    """Return the scenario with these keys at their defaults."""
    for key in keys:
        table, name = key.split(".")
        changed = getattr(scenario, table).model_copy(update={name: fields()[key].default})
        scenario = scenario.model_copy(update={table: changed})
    return scenario
