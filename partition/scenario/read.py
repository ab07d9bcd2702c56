"""A scenario: data, rules and preferences in one TOML file, strictly read.

`extends` names another scenario to start from, or a preset that comes with the program ("preset:scheme-2012"): paths
mean what they mean in the file that states them, tables merge, lists replace. Any key may be set to "off". Settings
given on the command line are read as the last file of all.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, model_validator

from geodata import toml_text
from geodata.faults import BadData, Fault
from partition.settings.scheme import Advisers, Effects, Money, Posts, Report, Review, Training, Venues
from partition.settings.types import (
    Count,
    FilePath,
    Heads,
    Minutes,
    Names,
    Percentage,
    ServerAddress,
    Table,
    Weight,
    changed,
)

COMMAND_LINE, SCENARIO = "--set", "scenario.toml"
HERE_ONLY = ("127.0.0.1", "localhost", "::1")
CHAIN_MAX = 10  # of scenarios that extend one another
NAME_LENGTH_MAX = 255  # of a file or folder, on every system
SHOWN_MAX = 60  # signs of a value in a fault
PRESET, PRESETS = "preset:", Path(__file__).parent / "presets"  # scenarios to extend, or to give as they are
ADDRESS = re.compile(r"\b(\w+://)[^\s'\"\\]*")
AN_ADDRESS = re.compile(r"\w{2,}:/")  # "http://..." once it is seen from a folder; a drive has one letter
GIAS_HEADSHIPS: dict[Literal["column"], str] = {"column": "Federations (name)"}


class Data(Table):
    """What is read."""

    schools: FilePath | None = Field(None, description="GIAS extract, or CSV, XLSX or GeoPackage")
    local_authority: str | list[str] | None = Field(None, description='GIAS: a code, a list of them, or "all"')
    phases: list[str] = Field(["Primary", "Middle deemed primary"], description='GIAS: phases selected, or ["all"]')
    only: dict[str, str] = Field(
        default_factory=dict, description="only schools with this value in a column (column = value)"
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="headings where they differ: urn, name, easting, northing, latitude, longitude, pupils, town",
    )
    opening: list[FilePath] = Field(
        default_factory=list, description="further files of schools, such as one that opens: CSV, XLSX or GeoPackage"
    )
    join: list[FilePath] = Field(default_factory=list, description="further tables, joined by urn")
    areas: dict[str, FilePath] = Field(
        default_factory=dict,
        description="polygons by column name: each school gets the name of the one it lies in",
    )
    headships: FilePath | dict[Literal["column"], str] | None = Field(
        default=GIAS_HEADSHIPS,
        description="schools led by one head: a file of urn, headship; or a column (this one, where the file has it)",
    )
    shared_heads: list[list[int]] = Field(
        default_factory=list,
        description="schools (URNs) that come to share one head, as when a head leaves; on top of headships",
    )
    bases: list[int] = Field(
        default_factory=list,
        description="schools (URN) a head travels from, where not the headship's largest",
    )
    links: FilePath | None = Field(None, description="file of urn_a, urn_b, and if wanted weight, kind, source, agreed")
    links_from: dict[str, Annotated[float, Field(gt=0, le=1000, strict=True)]] = Field(
        default_factory=dict,
        description="a link between every two schools with the same value in a column, such as a trust: its weight, by "
        "column; priced as working links are, never binding",
    )
    existing: FilePath | dict[Literal["column"], str] | None = Field(
        None, description='today\'s partnerships: a file of urn, partnership; an earlier plan.gpkg; or {column = "..."}'
    )
    answers: FilePath | None = Field(
        None,
        description="what schools said: a file of urn, answer (yes, no, undecided, none), and if wanted partners, date",
    )
    pupils_column: str | None = Field(
        None, description="column to take the number on roll from, such as a forecast; shown in every output as such"
    )
    pupils: dict[int, Count] = Field(
        default_factory=dict, description="corrected numbers on roll by URN, shown in every output as such"
    )
    missing_pupils: Literal["fault", "leave out"] = Field("fault", description="what to do where the count is blank")


class CrowMinutes(Table):
    """Crow-fly minutes."""

    start: Minutes = Field(3.4, description="minutes before the first km")
    per_km: Minutes = Field(1.21, description="minutes a km in a straight line")


class TravelTable(Table):
    """How minutes are come by."""

    matrix: FilePath | None = Field(
        None, description="file of urn_from, urn_to, minutes, and if known km (CSV or Parquet)"
    )
    crow_minutes: CrowMinutes = Field(
        CrowMinutes(), description="without a matrix: start + per_km x km, as fitted on Rutland's roads"
    )
    roads: FilePath | None = Field(
        None, description="road file: OpenStreetMap extract, OS Open Roads, OSMnx GraphML, or lines with class or speed"
    )
    speeds: FilePath | None = Field(None, description="table of speeds in place of our own (geodata/roads/speeds.toml)")
    engine: Literal["own", "osrm"] = Field(
        "own", description="what works out minutes on an OpenStreetMap extract: this program, or OSRM's where installed"
    )
    server: ServerAddress | None = Field(None, description="running OSRM server, such as http://127.0.0.1:5000")
    snap_metres_max: Minutes = Field(500, description="a school further than this from any road is a fault")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        files = [key for key in ("matrix", "roads", "speeds") if AN_ADDRESS.search(getattr(self, key) or "")]
        if files:
            raise ValueError(f"{' and '.join(files)} must name a file; an OSRM server's address goes into server")
        given = [key for key in ("matrix", "roads", "server") if getattr(self, key) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are given; keep one, and set the others to off")
        if self.engine == "osrm" and self.roads is None:
            raise ValueError("engine osrm needs roads: an OpenStreetMap extract")
        return self


class Rules(Table):
    """Criteria: what a partnership, and a plan, must keep to."""

    school_pupils_max: Count | None = Field(200, description="a school is small up to this number on roll")
    except_in: list[int] = Field(default_factory=list, description="schools over the limit that are treated as small")
    except_out: list[int] = Field(default_factory=list, description="small schools that do not take part")
    associates: list[int] = Field(
        default_factory=list,
        description="schools that may join without being placed for their own sake, nor drawing grant: larger ones, or "
        "of other phases, such as a secondary or special school",
    )
    except_reasons: dict[int, str] = Field(
        default_factory=dict, description="why, by URN, of except_in, except_out and associates; internal papers only"
    )
    heads_min: Heads | None = Field(4, description="fewest heads in a partnership")
    heads_min_for: dict[int, Heads] = Field(
        default_factory=dict, description="the same by URN: a partnership may use the lowest of its schools' own"
    )
    heads_max: Heads | None = Field(7, description="most heads in a partnership")
    schools_min: Count | None = Field(None, description="fewest schools in a partnership, associates included")
    schools_max: Count | None = Field(None, description="most schools in a partnership, associates included")
    pupils_min: Count | None = Field(None, description="fewest pupils in a partnership, associates' included")
    pupils_max: Count | None = Field(None, description="most pupils in a partnership, associates' included")
    robust: Annotated[list[str], Field(max_length=20)] = Field(
        default_factory=list,
        description="columns of rolls, such as forecasts by year: by each of them too a partnership keeps pupils_min, "
        "pupils_max and a small school; who takes part is settled by the present roll",
    )
    minutes_max: Minutes | None = Field(
        20, description="longest drive between two schools of different heads, by the slower way"
    )
    minutes_max_for: dict[int, Minutes] = Field(
        default_factory=dict, description="the same by URN: a pair may use the longer of its ends' limits"
    )
    km_max: Minutes | None = Field(None, description="longest way in km between two schools of different heads")
    host_minutes_max: Minutes | None = Field(None, description="longest drive to the meeting venue")
    partnerships_min: Count | None = Field(None, description="fewest partnerships in the plan")
    partnerships_max: Count | None = Field(None, description="most partnerships in the plan")
    together: list[list[int]] = Field(
        default_factory=list, description="schools that share a partnership, or are all not yet placed"
    )
    together_kinds: list[str] = Field(
        default_factory=list,
        description='kinds of working links, such as "shared post", whose two schools are together, or not yet placed',
    )
    apart: list[list[int]] = Field(default_factory=list, description="schools no two of which share a partnership")
    same: list[str] = Field(default_factory=list, description="columns whose value all schools of a partnership share")
    distinct_max: dict[str, Count] = Field(
        default_factory=dict, description="most different values of a column in a partnership"
    )
    at_least_one: dict[str, str] = Field(
        default_factory=dict, description="a value of a column that some school of a partnership has"
    )
    associates_max: Count | None = Field(None, description="most associates in a partnership")
    locked: list[str] = Field(default_factory=list, description="today's partnerships kept exactly as they are")
    open_locked: list[str] = Field(default_factory=list, description="today's partnerships kept, that others may join")
    accepted: list[str] = Field(
        default_factory=list,
        description="as locked, since all their schools said yes; public outputs name none of them",
    )
    keep: Literal["all"] | None = Field(
        None, description="all: open_locked for every one of today's partnerships that breaks no rule by itself"
    )
    moved_max: Count | None = Field(None, description="most headships of today's partnerships that may move")
    links_broken_max: Weight | None = Field(
        None, description="most existing working links that the plan may break, each by its weight"
    )
    grant_max: Count | None = Field(
        None, description="most that the year's grant may come to, in pounds; needs [money]"
    )

    @model_validator(mode="after")
    def _least_to_most(self) -> Self:
        for what in ("heads", "schools", "pupils", "partnerships"):
            least, most = getattr(self, f"{what}_min"), getattr(self, f"{what}_max")
            if least is not None and most is not None and least > most:
                raise ValueError(f"{what}_min is {least} and {what}_max {most}; swap them or change one")
        if self.heads_min_for and self.heads_min is None:
            raise ValueError("heads_min_for has exceptions to heads_min, which is off; set it, or take them out")
        if self.minutes_max_for and self.minutes_max is None:
            raise ValueError("minutes_max_for has exceptions to minutes_max, which is off; set it, or take them out")
        return self


class PreferencesTable(Table):
    """Priorities, in heads' minutes a year."""

    meetings_per_year: Minutes = Field(6, description="meetings in person")
    meet: Literal["rotate", "host", "pairs"] = Field(
        "rotate", description="meetings go round all schools, or are at the best one, or are visits in pairs"
    )
    measure: Literal["minutes", "km"] = Field("minutes", description="what travel is counted in")
    minutes_per_link: Minutes = Field(60, description="price of breaking a working link of weight 1")
    minutes_per_separation: Minutes = Field(240, description="price of parting two heads who are together today")
    minutes_per_pupil_off_target: Minutes = Field(0.0, description="price of each pupil off pupils_target")
    pupils_target: Count = Field(500, description="pupils a partnership should have, if that is priced")


class SolveTable(Table):
    """How long to look."""

    seconds: Annotated[float, Field(gt=0)] = Field(60, description="stop after this long with the best plan so far")
    gap: Percentage = Field(0.0, description="stop when no plan can be cheaper by more than this share (0: proof)")
    seed: Count = Field(1, description="of the search's own draws")
    workers: Count = Field(0, description="processor cores; 0 for all. They never change the answer")


class MapTable(Table):
    """What the map shows besides the plan."""

    title: str | None = Field(None, description="heading of the map; off: named after the authority, if one is known")
    status: str = Field("Modelling, not a proposal", description="what every page says of itself")
    base: list[FilePath] = Field(
        default_factory=list, description="GeoJSON or GeoPackage drawn beneath: land, water, districts, roads"
    )
    attribution: list[str] = Field(default_factory=list, description="whom else to credit, such as for boundaries")


class Scenario(Table):
    """Everything that is asked, checked as far as it can be without the data."""

    data: Data = Field(Data(), description="what is read")
    travel: TravelTable = Field(TravelTable(), description="how minutes are come by")
    rules: Rules = Field(Rules(), description="criteria")
    preferences: PreferencesTable = Field(PreferencesTable(), description="priorities")
    solve: SolveTable = Field(SolveTable(), description="how long to look")
    money: Money = Field(
        Money(), description="the scheme's money: what grant_max counts, what starts it, what travel costs"
    )
    venues: Venues = Field(Venues(), description="the Lead Strategic Group's meetings")
    advisers: Advisers = Field(Advisers(), description="who advises whom")
    posts: Posts = Field(Posts(), description="posts that a partnership shares")
    review: Review = Field(Review(), description="peer review in trios")
    training: Training = Field(Training(), description="joint training days")
    report: Report = Field(Report(), description="what papers show")
    effects: Effects = Field(Effects(), description="did it work? Off unless results, a survey or activity are given")
    map: MapTable = Field(MapTable(), description="what the map shows besides the plan")


def read_scenario(path: Path | str | None = None, settings: Sequence[str] = ()) -> Scenario:
    """The scenario of a file, if any, with `table.key=value` settings over it. Raises BadData with every fault."""
    if path is None:
        return _scenario([], settings)
    path = Path(path)
    return _scenario(_read(_preset(path.name) if path.name.startswith(PRESET) else path, (), None), settings)


def read_scenario_text(text: str, folder: Path, name: str = SCENARIO, settings: Sequence[str] = ()) -> Scenario:
    """The scenario that a text states, its paths as seen from a folder; `settings` ("rules.minutes_max=25") over it.

    Raises BadData with every fault.
    """
    return _scenario(_layers(text, name, folder, (), None), settings)


def read_within(text: str, folder: Path, settings: Sequence[str] = ()) -> Scenario:
    """What a text states that may have come from anybody: it may name what is in the folder only.

    Raises BadData, before anything else is read, where it names a file or a server elsewhere, or a file that it extends
    does; and with every fault that reading finds.
    """
    return _scenario(_layers(text, SCENARIO, folder, (), folder), settings, folder)


def refuse_outside(text: str, folder: Path) -> None:
    """Refuse a scenario that `read_within` would not so much as look into, whatever else is wrong with it."""
    _layers(text, SCENARIO, folder, (), folder)


def _scenario(layers: Layers, settings: Sequence[str] = (), within: Path | None = None) -> Scenario:
    """What all layers, and settings over them, come to."""
    faults: list[Fault] = []
    for setting in settings:
        try:
            layers.append((COMMAND_LINE, _resolve(_parse_setting(setting), COMMAND_LINE, Path(), within)))
        except BadData as bad:
            faults += bad.faults
    given: dict[str, Any] = {}
    for _, tables in layers:
        given = _merge(given, tables)
    try:
        scenario = Scenario.model_validate(given)
    except ValidationError as wrong:
        told = [_fault(_stated_in(layers, error["loc"]), error) for error in wrong.errors()]
        faults += {fault.column: fault for fault in told}.values()
    if faults:
        raise BadData(faults)
    return scenario


def _preset(name: str) -> Path:
    """The file of a preset that comes with the program, such as "preset:scheme-2012"."""
    found = PRESETS / f"{name.removeprefix(PRESET)}.toml"
    if found not in set(PRESETS.glob("*.toml")):
        there = ", ".join(f"{PRESET}{preset.stem}" for preset in sorted(PRESETS.glob("*.toml")))
        raise BadData(
            [Fault(file="scenario", column="extends", value=_shown(name), fix=f"no such preset; there are: {there}")]
        )
    return found


Layers = list[tuple[str, dict[str, Any]]]  # what each file states, and each setting, by what it is called


def _stated_in(layers: Layers, place: Sequence[object]) -> str:
    """The last layer that states a key."""

    def states(tables: Any, place: Sequence[object]) -> bool:
        if not place or not isinstance(tables, dict):
            return True
        return str(place[0]) in tables and states(tables[str(place[0])], place[1:])

    return next((name for name, tables in reversed(layers) if states(tables, place)), layers[-1][0])


def _read(path: Path, seen: tuple[Path, ...], within: Path | None) -> Layers:
    """A file's tables, after those of the one it extends."""
    text = toml_text.read(path)
    place = path.resolve()
    if place in seen:
        raise BadData([Fault(file=path.name, column="extends", fix="scenarios extend each other in a ring; break it")])
    if len(seen) >= CHAIN_MAX:
        fix = f"over {CHAIN_MAX} scenarios extend one another; write some of them into one"
        raise BadData([Fault(file=path.name, column="extends", fix=fix)])
    return _layers(text, path.name, path.parent, (*seen, place), within)


def _layers(text: str, name: str, folder: Path, seen: tuple[Path, ...], within: Path | None) -> Layers:
    """A text's tables, after those of the file it extends."""
    given = toml_text.parse(text, name)
    base = given.pop("extends", None)
    given = _resolve(given, name, folder, within)
    if base is None:
        return [(name, given)]
    if not isinstance(base, str):
        raise BadData([Fault(file=name, column="extends", value=_shown(base), fix="name one scenario file")])
    if base.startswith(PRESET):
        return [*_read(_preset(base), seen, None), (name, given)]
    if fix := _unfit(base, folder, within):
        raise BadData([Fault(file=name, column="extends", value=_shown(base), fix=fix)])
    return [*_read(folder / base, seen, within), (name, given)]


def _resolve(given: dict[str, Any], name: str, folder: Path, within: Path | None) -> dict[str, Any]:
    """Paths as seen from where they were written. Raises BadData where one is none, or may not be named here."""
    faults = []
    for key, path in _named(given, Names.FILE):
        if fix := _unfit(path, folder, within):
            faults.append(Fault(file=name, column=key, value=_shown(path), fix=fix))
    if within is not None and any(not _is_here(server) for _, server in _named(given, Names.SERVER)):
        fix = "pages ask a server on this machine only; use the command line for another"
        faults.append(Fault(file=name, column="travel.server", fix=fix))
    if faults:
        raise BadData(faults)
    return with_paths(given, lambda path: str(folder / path))


def _named(given: Mapping[str, Any], what: Names) -> Iterator[tuple[str, str]]:
    """Every file, or server, that tables name, by its setting."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    for table, settings in given.items():
        for key, value in settings.items() if isinstance(settings, dict) else ():
            changed(Scenario, {table: {key: value}}, what, note)
            yield from ((f"{table}.{key}", text) for text in found)
            found.clear()


def _unfit(path: str, folder: Path, within: Path | None) -> str:
    """Why a path may not be named here; "" where it may."""
    if "\x00" in path or any(len(part) > NAME_LENGTH_MAX for part in re.split(r"[/\\]", path)):
        return "this is no file's name; check it"
    if within is None:
        return ""
    place = Path(os.path.realpath(folder / path))  # links followed to their end, wherever on the way they stand
    if not place.is_relative_to(os.path.realpath(within)):
        return "this file lies outside the project's folder, and pages read nothing there; add the file to the project"
    try:
        return "" if stat.S_ISREG(place.stat().st_mode) else "it cannot be read: it is no plain file; name a file"
    except FileNotFoundError:
        return ""  # its reader will say so
    except OSError as wrong:
        return f"it cannot be read: {wrong.strerror}; check the name and the folder"


def _is_here(server: str) -> bool:
    try:
        return urlsplit(server).hostname in HERE_ONLY
    except ValueError:
        return False


def with_paths(given: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """A scenario's tables with every path in them changed."""
    return dict(changed(Scenario, given, Names.FILE, change))


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _parse_setting(setting: str) -> dict[str, Any]:
    """`rules.minutes_max=25` as a table; a value that is no TOML is taken as text."""
    key, equals, text = setting.partition("=")
    if not equals or "." not in key:
        fix = "write table.key=value, such as rules.minutes_max=25"
        raise BadData([Fault(file=COMMAND_LINE, value=_shown(setting), fix=fix)])
    try:
        value = toml_text.parse(f"value = {text.strip()}", COMMAND_LINE)["value"]
    except BadData:
        value = text.strip()
    nested: Any = value
    for part in reversed([part.strip() for part in key.split(".", 2)]):
        nested = {part: nested}
    return dict(nested)


def _fault(file: str, error: Any) -> Fault:
    """One of pydantic's errors in our words."""
    place = [str(part) for part in error["loc"] if str(part) not in {"str", "list[str]"} and "[" not in str(part)]
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        return Fault(file=file, column=key, value=_shown(error["input"]), fix=_did_you_mean(place))
    if error["type"] == "value_error":
        return Fault(file=file, column=key, fix=str(error["ctx"]["error"]))
    value = "off" if error["input"] is None else _shown(error["input"])
    return Fault(file=file, column=key, value=value, fix=f"{error['msg'][0].lower()}{error['msg'][1:]}")


def _shown(value: object) -> object:
    """A value that may be told: not all of a long one; of an address only how it begins, as it may hold a password."""
    text = str(value)
    if "://" in text:
        value = text = ADDRESS.sub(r"\1...", text)
    if len(text) > SHOWN_MAX:
        return f"{text[:SHOWN_MAX]} ..."
    return value


def _did_you_mean(place: list[str]) -> str:
    table: Any = Scenario
    for part in place[:-1]:
        field = table.model_fields.get(part)
        table = field.annotation if field is not None else Scenario
    near = difflib.get_close_matches(place[-1], table.model_fields, 1)
    where = "a table" if len(place) == 1 else "a setting"
    return f"it is not {where}" + (
        f"; did you mean {near[0]}?" if near else f"; there are {', '.join(table.model_fields)}"
    )


def template() -> str:
    """Every key of the scenario file with its default and what it means, as TOML to start from."""
    lines = ['# Every setting, at its default. Take out what you do not change; any key can be set to "off".']
    lines += ['# extends = "base.toml"  # start from another scenario, or "preset:scheme-2012"', ""]
    for name, table in Scenario.model_fields.items():
        lines += [f"[{name}]  # {table.description}", *_keys(table.annotation), ""]
    return "\n".join(lines)


def _keys(table: Any) -> Iterator[str]:
    for key, field in table.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, BaseModel):
            inside = ", ".join(f"{k} = {_toml(v)}" for k, v in default.model_dump().items())
            yield f"{key} = {{{inside}}}  # {field.description}"
            yield from (f"#   {inner}: {told.description}" for inner, told in type(default).model_fields.items())
        elif default is None:
            yield f'{key} = "off"  # {field.description}{_choices(field.annotation)}'
        else:
            yield f"{key} = {_toml(default)}  # {field.description}{_choices(field.annotation)}"


def _choices(annotation: Any) -> str:
    options = [option for option in get_args(annotation) if isinstance(option, str)]
    return f" ({', '.join(options)})" if options else ""


def _toml(value: object) -> str:
    match value:
        case None:
            return '"off"'
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    return str(value)
