"""The criteria and priorities of a scenario as a form, and the form as the scenario's text again.

Neither loses what the other has: a field that is left as it was changes nothing, one that is changed changes its own
key alone, and tables, comments and paths stay as they were written. Every fault at once, beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from geodata import toml_text
from geodata.faults import BadData, Fault
from partition.model.area import Area
from partition.scenario.build import problem_of, settle
from partition.scenario.form.effects import Outlook, effects
from partition.scenario.form.fields import TABLES, Field, fields
from partition.scenario.read import read_within
from partition.scenario.text import with_settings
from partition.settings.scenario import Scenario
from partition.settings.sections import SECTIONS

SAID = (  # what a check of types and bounds says, as one says it to somebody who fills in a form
    (r"input should be greater than or equal to (\S+)", r"type \1 or more"),
    (r"input should be less than or equal to (\S+)", r"type \1 or less"),
    (r"input should be greater than (\S+)", r"type more than \1"),
    (r"input should be less than (\S+)", r"type less than \1"),
    (r"input should be a valid integer", "type a whole number"),
    (r"input should be a valid number", "type a number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A field with what stands in it, what is wrong with that, and what it does to this county."""

    field: Field
    typed: str
    faults: tuple[str, ...]
    effect: str  # "" where there is nothing to tell, or no data

    @property
    def id(self) -> str:
        """What the page calls it."""
        return self.field.key.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of the form."""

    title: str
    help: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form as it is to be shown. `text` is the scenario with all that could be read of what was typed."""

    text: str
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...]  # beside no field

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for part in self.parts for entry in part.entries)

    @property
    def wrong(self) -> tuple[Entry, ...]:
        """The fields with a fault."""
        return tuple(entry for entry in self.entries if entry.faults)

    @property
    def may_be_kept(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and not self.wrong


def form_of(text: str, folder: Path, area: Area | None = None) -> Form:
    """The form of a scenario's text, its paths seen from `folder`; with an area, held against its schools.

    Raises BadData where the text is no TOML, or extends what cannot be read: then there is no form.
    """
    return _form(text, _shown(text, folder), {}, folder, area)


def filled(text: str, typed: Mapping[str, str], folder: Path, area: Area | None = None) -> Form:
    """The form as people filled it in: what was typed by key ("rules.heads_min"); keys not there stay as they are.

    Raises BadData where the text is no TOML, or extends what cannot be read.
    """
    was = _shown(text, folder)
    now = was | {key: _tidy(said) for key, said in typed.items() if key in was}
    find = partial(_urn_of, area)
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
    """What every field shows of a scenario: what its text states, else what that extends, else the default."""
    own = toml_text.parse(text, "scenario")
    under = _extended(own, folder)
    return {key: _tidy(field.shown(_effective(own, under, key))) for key, field in fields().items()}


def _extended(own: Mapping[str, Any], folder: Path) -> Scenario:
    """What the text starts from."""
    if "extends" not in own:
        return Scenario()
    return read_within(with_settings("", {"extends": own["extends"]}), folder)


def _effective(own: Mapping[str, Any], under: Scenario, key: str) -> object:
    """What a text states of a key, over what it extends: tables merge, all else replaces."""
    table, name = key.split(".")
    beneath = getattr(getattr(under, table), name)
    stated = own.get(table)
    if not isinstance(stated, dict) or name not in stated:
        return beneath
    if isinstance(beneath, dict) and isinstance(stated[name], dict):
        return {str(inner): value for inner, value in beneath.items()} | stated[name]
    return stated[name]


def _tidy(said: str) -> str:
    """What was typed, whatever a browser makes of line ends."""
    return "\n".join(line.rstrip() for line in said.splitlines()).strip()


def _urn_of(area: Area | None, name: str) -> int:
    """The school of this name. Raises ValueError where it is not one."""
    found = [] if area is None else [i for i, one in enumerate(area.names) if one.casefold() == name.casefold()]
    if area is None or len(found) != 1:
        why = "several schools have this name" if found else "no school selected has this name"
        raise ValueError(f"“{name}”: {why}; type its URN, the register’s number")
    return int(area.urns[found[0]])


# Faults ------------------------------------------------------------------------------------------------------------


def _faults(text: str, folder: Path) -> tuple[list[Fault], Scenario]:
    """Every fault of a scenario's text, and what it is without those keys that have one.

    A fault hides those that are looked for once it is mended, so it is taken out and the rest read again.
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
    """The text without these keys, or tables."""
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
    """The settings a fault is about: the one it names, or those of a table that its words name."""
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
    """A fault as it reads beside its field."""
    if fault.column == key or "." not in fault.column:
        value = fault.value
        told = "" if value is None or isinstance(value, list | dict) or str(value) in fault.fix else f"{value}: "
        return f"{told}{_in_words(fault.fix)}"
    inside = fault.column.removeprefix(key).strip(".,[] ")
    return f"{inside}: {_in_words(fault.fix)}"


def _in_words(fix: str) -> str:
    """A fix that names settings, in the fields' own words."""
    for checked, said in SAID:
        fix = re.sub(checked, said, fix)
    for key, field in fields().items():
        fix = re.sub(rf"\b{_name(key)}\b", f"“{field.words.label}”", fix) if "_" in key else fix
    return fix


def _faults_with(scenario: Scenario, area: Area) -> tuple[list[Fault], Scenario | None]:
    """What in a scenario does not fit the schools, and what is left of it without that; None where nothing sound is.

    What has a fault is taken out and the rest tried again, as above.
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
    """The scenario with these keys as they are where nothing is said."""
    for key in keys:
        table, name = key.split(".")
        changed = getattr(scenario, table).model_copy(update={name: fields()[key].default})
        scenario = scenario.model_copy(update={table: changed})
    return scenario
