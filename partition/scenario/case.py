"""A case: the data that a scenario names, read and checked, and their problem. For the command line and the pages."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import geopandas
import numpy as np

from geodata.answers import read_answers
from geodata.boundaries import Region, read_base
from geodata.faults import BadData, Fault, Faults
from geodata.grid import Grid
from geodata.groups import groups_from_column, notices_of_column, read_groups
from geodata.identifier import IdentifierWords, identifier_words
from geodata.links import read_links
from geodata.matrix import read_matrix
from geodata.minutes import CrowFly, Travel
from geodata.opening import Source
from geodata.readings import Reading
from geodata.schools import Schools, read_schools
from geodata.successors import Now, Successors
from geodata.urns import Urn
from partition.formats.language import ENGLISH, Language
from partition.model.area import Area, Existing, Link
from partition.model.problem import Problem
from partition.scenario.adjust import (
    answers_by_headship,
    preferred_links,
    share_heads,
    shared_links,
    with_successors,
)
from partition.scenario.approved import Doubt, doubts, notices_of, with_approved
from partition.scenario.build import problem_of, settle
from partition.scenario.earlier import Earlier, read_earlier
from partition.scenario.forecasts import crossing
from partition.scenario.ground import Ground, in_the_sea, known_ground
from partition.scenario.headships import doubtful_labels
from partition.settings.data import GIAS_HEADSHIPS
from partition.settings.map import LanguageCode
from partition.settings.scenario import Scenario
from partition.settings.scheme import Money, Posts, Venues
from partition.settings.travel import TravelTable
from partition.settings.types import Names, named

if TYPE_CHECKING:
    from partition.solver import Limits


class Background(Protocol):
    """Facts that pages state about a plan besides the plan itself, from its inputs or from its own file."""

    @property
    def title(self) -> str:
        """Return the heading of maps and papers."""
        ...

    def title_in(self, language: Language) -> str:
        """Return the heading in a language, where nobody set another."""
        ...

    @property
    def language(self) -> LanguageCode:
        """Return the code of the language that the map is asked in."""
        ...

    @property
    def status(self) -> str:
        """Return the notice on every page: "Modelling, not a proposal", unless the user states another."""
        ...

    @property
    def told(self) -> tuple[str, ...]:
        """Return notes about the data for readers; no school's links are named."""
        ...

    @property
    def attribution(self) -> tuple[str, ...]:
        """Return the credits to the owners of the data."""
        ...

    @property
    def money(self) -> Money:
        """Return the amounts of grants and other money, in pounds."""
        ...

    @property
    def posts(self) -> Posts:
        """Return the posts that a partnership's schools share."""
        ...

    @property
    def venues(self) -> Venues:
        """Return what is asked of the meetings of a partnership, and who hosts them."""
        ...

    @property
    def base(self) -> Sequence[geopandas.GeoDataFrame]:
        """Return the shapes beneath the map: EPSG:4326, with columns `name` and `kind`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A scenario with its data: the problem, and notes about the data for readers.

    `stated` is the scenario as it was given, before settings that depend on the data were resolved.
    """

    scenario: Scenario
    stated: Scenario
    problem: Problem
    notices: tuple[Fault, ...]
    links_out_of_reach: tuple[tuple[Urn, Urn], ...]  # with an end outside the schools selected; not for publication
    groups_out_of_reach: tuple[tuple[Urn, str], ...]  # schools not selected, and their partnerships of today
    left_out: tuple[tuple[Urn, str, str], ...]
    known_urns: frozenset[Urn]
    sources: tuple[Source, ...]
    private_sources: tuple[Source, ...]  # of links and answers
    attribution: tuple[str, ...]
    successors: Successors = field(default_factory=Successors)  # what schools of earlier years are now
    earlier: Earlier = ()  # partnerships of the plan file that exists today, none of any other file
    doubts: tuple[Doubt, ...] = ()  # what speaks against keeping approved ones; who says no is not for publication
    readings: tuple[Reading, ...] = ()  # what was read of each table; rows and columns, no school
    base: tuple[geopandas.GeoDataFrame, ...] = ()  # shapes beneath the map: EPSG:4326, with name and kind

    @property
    def title(self) -> str:
        """Return the heading of maps and papers: as stated, or made from the places selected or the only authority."""
        return self.title_in(ENGLISH)

    def title_in(self, language: Language) -> str:
        """Return the heading in a language, where none is stated."""
        authorities = set(self.problem.area.columns.get("LA (name)", ()))
        places = list(self.scenario.data.only.values()) or (list(authorities) if len(authorities) == 1 else [])
        if self.scenario.map.title:
            return self.scenario.map.title
        if places:
            return language.phrase("School partnerships in {places}", places=", ".join(places))
        return language.phrase("School partnerships")

    @property
    def language(self) -> LanguageCode:
        """Return the code of the language that the map is asked in, as the scenario states."""
        return self.scenario.map.language

    @property
    def status(self) -> str:
        """Return the notice on every page, as the scenario states."""
        return self.scenario.map.status

    @property
    def money(self) -> Money:
        """Return the scenario's amounts of grants and other money, in pounds."""
        return self.scenario.money

    @property
    def posts(self) -> Posts:
        """Return the posts that the scenario asks for."""
        return self.scenario.posts

    @property
    def venues(self) -> Venues:
        """Return what the scenario asks of the meetings of a partnership."""
        return self.scenario.venues

    @property
    def limits(self) -> Limits:
        """Return the limits of a search: seconds, gap, seed and workers."""
        from partition.solver import Limits

        solve = self.scenario.solve
        return Limits(seconds=solve.seconds, gap=solve.gap, seed=solve.seed, workers=solve.workers)

    @property
    def told(self) -> tuple[str, ...]:
        """Return notes about the data for readers; no school's links are named."""
        told = [str(notice) for notice in self.notices]
        told += [f"{name} ({urn}): {why}, left out" for urn, name, why in self.left_out]
        if outside := len(self.links_out_of_reach) + len(self.groups_out_of_reach):
            told.append(f"{outside} links or groupings have an end outside the schools selected")
        return tuple(told)


def load(scenario: Scenario, *, use_cache: bool = True, keep: Sequence[str] = ()) -> Case:
    """Read everything that a scenario names, and build the problem.

    Parameters
    ----------
    scenario : Scenario
        The settings; `data.schools` must name a file.
    use_cache : bool, default True
        Keep roads that were read, and minutes between all schools, in the user's cache directory for the next run.
    keep : sequence of str, default ()
        Headings of columns to read besides those that the scenario names.

    Returns
    -------
    Case
        The problem over an area of n schools, ordered by URN: arrays `urns`, `pupils`, `eastings` and `northings`
        (metres on its `grid`) of shape (n,), and travel in hundredths of a minute and in metres; with notices, sources
        and credits. Settings that depend on the data are resolved in its `scenario`.

    Raises
    ------
    BadData
        Where the scenario names no file of schools or does not fit the data; where files cannot be used, with every
        fault of the schools and the files joined to them, or else with every fault of all other files.
    """
    if scenario.data.schools is None:
        fix = "name the file of schools, or give --schools; `partnerships plan` with nothing plans the sample county"
        raise BadData([Fault(file="scenario", column="data.schools", fix=fix)])
    schools = _read_schools(scenario, keep)
    with schools.identifier.in_faults():
        return _case_over(schools, with_successors(scenario, schools.successors.now), use_cache, keep)


def _case_over(schools: Schools, scenario: Scenario, use_cache: bool, keep: Sequence[str]) -> Case:
    """Read all other files that a scenario names, and build the problem. Raises BadData as `load` does."""
    successors = schools.successors
    urns = tuple(schools.frame.index)
    selected, known = set(urns), schools.known_urns
    faults = Faults()
    data = scenario.data
    headships = faults.of(lambda: _headships(scenario, schools, selected))
    earlier = faults.of(lambda: read_earlier(scenario.data.existing, successors.now))
    existing = None
    if earlier is not None:  # a malformed plan is told of once
        existing = faults.of(lambda: _labels(data.existing, "partnership", schools, selected))
    links = faults.of(partial(read_links, data.links, known, selected, successors.now)) if data.links else None
    schools_known = (known, selected, schools.identifier, successors.now)
    answers = faults.of(partial(read_answers, data.answers, *schools_known)) if data.answers else None
    travel = faults.of(lambda: _travel(scenario, schools, urns, use_cache))
    near = Region.around(schools.grid, schools.frame.geometry.x, schools.frame.geometry.y)
    drawn = [faults.of(partial(read_base, path, near)) for path in scenario.map.base]
    drawn += [_outlines(faults.of(partial(read_base, path, near))) for path in data.areas.values()]
    faults.found += [*_unknown_bases(scenario, selected), *_strange_areas(scenario), *_year_asked(scenario)]
    if scenario.map.world:
        faults.found += in_the_sea(schools.frame, _outlying(scenario), schools.sources[0].name)
    scenario = faults.of(lambda: with_approved(scenario, earlier or ())) or scenario
    faults.found += successors.questions()
    faults.refuse()
    assert headships is not None and earlier is not None and existing is not None and travel is not None
    base = tuple(frame for frame in drawn if frame is not None)
    ground = known_ground(schools.frame, base, schools.grid) if scenario.map.world else Ground()
    area = Area(
        urns=urns,
        names=tuple(schools.frame["name"]),
        pupils=schools.frame["pupils"].to_numpy(dtype=np.int64),
        eastings=schools.frame.geometry.x.to_numpy().round().astype(np.int64),
        northings=schools.frame.geometry.y.to_numpy().round().astype(np.int64),
        travel=travel,
        towns=tuple(schools.frame["town"]),
        places=ground.places,
        columns=_columns(schools, _of_posts(scenario, keep)),
        headship_of=headships.labels,
        bases=frozenset(data.bases),
        links=tuple(
            Link(urn_a=min(a, b), urn_b=max(a, b), **facts)
            for a, b, facts in sorted(links.graph.edges(data=True), key=lambda edge: sorted(edge[:2]))
        )
        if links
        else (),
        existing=_partnerships(existing.labels),
        corrected=schools.corrected,
        grid=schools.grid,
        identifier=schools.identifier,
    )
    if answers is not None:
        said = answers_by_headship(answers, area, answers.source.name)
        area = replace(area, links=preferred_links(answers.agreed, area.links), answers=said)
    area = replace(area, links=(*area.links, *shared_links(area, data.links_from)))
    settled = settle(scenario, area)
    problem = problem_of(settled, area)
    read_from = [read.source for read in (headships, existing) if read.source is not None]
    tables = [read for read in (headships, existing, links, answers) if read is not None]
    told = [notice for read in tables for notice in read.notices]
    told += crossing(problem.roster, settled.rules.robust)
    told += doubtful_labels(problem.roster)
    asked = doubts(scenario, settled, area, existing.out_of_reach)
    told += notices_of(asked, schools.sources[0].name)
    credited = [*schools.attribution, *travel.attribution, *ground.attribution, *scenario.map.attribution]
    return Case(
        scenario=settled,
        stated=scenario,
        problem=problem,
        notices=schools.identifier.of_faults((*schools.notices, *successors.notices(), *told, *travel.notices)),
        links_out_of_reach=links.out_of_reach if links else (),
        groups_out_of_reach=existing.out_of_reach,
        left_out=schools.left_out,
        known_urns=known,
        successors=successors,
        earlier=earlier,
        doubts=asked,
        sources=(*schools.sources, *read_from, *travel.sources),
        private_sources=tuple(read.source for read in (links, answers) if read is not None),
        attribution=tuple(dict.fromkeys(credited)),
        readings=(*schools.readings, *(read.reading for read in tables if read.reading is not None)),
        base=(*base, *ground.base),
    )


def _outlines(areas: geopandas.GeoDataFrame | None) -> geopandas.GeoDataFrame | None:
    """Return areas as boundaries for the map."""
    return None if areas is None else areas.assign(kind="boundary")


def _outlying(scenario: Scenario) -> list[Urn]:
    return [urn for urn, is_so in scenario.data.outlying.items() if is_so]


def _read_schools(scenario: Scenario, keep: Sequence[str]) -> Schools:
    """Return the schools. Refuse `data.phases` for any file but the register's extract: phases have no effect there."""
    schools = _read_file(scenario, keep)
    if not schools.by_phase and "phases" in scenario.data.model_fields_set and scenario.data.phases != ["all"]:
        fix = "only the national register's extract is chosen from by phase; this file is none: take phases out"
        raise BadData([Fault(file="scenario", column="data.phases", value=scenario.data.phases, fix=fix)])
    return schools


def _stated_words(scenario: Scenario) -> IdentifierWords | None:
    """Return what people call identifiers, where the scenario says so."""
    stated = scenario.data.identifier_words
    return None if stated is None else identifier_words(stated)


def _read_file(scenario: Scenario, keep: Sequence[str]) -> Schools:
    data, criteria = scenario.data, scenario.rules
    assert data.schools is not None
    priced = named(scenario.preferences, Names.COLUMN)
    wanted = [*keep, *named(criteria, Names.COLUMN), *priced, *data.links_from]
    labels = [where for where in (data.headships, data.existing) if isinstance(where, dict)]
    wanted += [data.pupils_column] if data.pupils_column is not None else []
    wanted += [where["column"] for where in labels if where != GIAS_HEADSHIPS]
    return read_schools(
        data.schools,
        register=data.register_of,
        postcodes=[data.postcodes] if isinstance(data.postcodes, str) else data.postcodes or [],
        local_authority=data.local_authority,
        only=data.only,
        phases=data.phases,
        columns=data.columns,
        join=data.join,
        areas=data.areas,
        area_names=data.area_names,
        header_row=data.header_row,
        pupils=data.pupils,
        missing_pupils=data.missing_pupils,
        pupils_column=data.pupils_column,
        opening=data.opening,
        crs=data.crs,
        outlying=_outlying(scenario),
        also=criteria.associates,
        successors=data.successors,
        register_links=data.register_links,
        keep=[column for column in dict.fromkeys(wanted) if column not in data.areas],
        identifier=_stated_words(scenario),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    """Labels by URN, with the notices and the file of their reading."""

    labels: Mapping[Urn, str]
    out_of_reach: tuple[tuple[Urn, str], ...] = ()
    notices: tuple[Fault, ...] = ()
    source: Source | None = None
    reading: Reading | None = None


def _labels(
    where: str | dict[Literal["column"], str] | None, label: str, schools: Schools, selected: set[Urn]
) -> _Labels:
    """Return the label of each school, from a file or from a column of the schools."""
    if where is None:
        return _Labels(labels={})
    if isinstance(where, str):
        read = read_groups(
            where, label=label, known_urns=schools.known_urns, selected_urns=selected, now=schools.successors.now
        )
        return _Labels(
            labels=read.labels,
            out_of_reach=read.out_of_reach,
            notices=read.notices,
            source=read.source,
            reading=read.reading,
        )
    column, file = where["column"], schools.sources[0].name
    labels = groups_from_column(schools.frame, column, file, label)
    return _Labels(labels=labels, notices=tuple(notices_of_column(schools.frame, column, file, label)))


def _headships(scenario: Scenario, schools: Schools, selected: set[Urn]) -> _Labels:
    where = scenario.data.headships
    if where == GIAS_HEADSHIPS and GIAS_HEADSHIPS["column"] not in schools.frame.columns:
        where = None
    read = _labels(where, "headship", schools, selected)
    names = {urn: str(name) for urn, name in schools.frame["name"].items()}
    return replace(read, labels=share_heads(read.labels, scenario.data.shared_heads, names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Points to travel between, by ascending URN; a place that is no school has a number in place of a URN."""

    urns: tuple[Urn, ...]
    names: tuple[str, ...]
    eastings: np.ndarray
    northings: np.ndarray
    grid: Grid


def _travel(scenario: Scenario, schools: Schools, urns: tuple[Urn, ...], use_cache: bool) -> Travel:
    points = schools.frame.geometry
    eastings, northings = (along.round().to_numpy(dtype=np.int64) for along in (points.x, points.y))
    names = tuple(schools.frame["name"])
    places = Places(urns=urns, names=names, eastings=eastings, northings=northings, grid=schools.grid)
    return travel_over(scenario.travel, places, schools.known_urns, use_cache, schools.successors.quietly)


def travel_over(
    given: TravelTable, points: Places, known_urns: Collection[Urn], use_cache: bool = True, now: Now = str
) -> Travel:
    """Return travel between these places, by the scenario's table. Raises BadData where a file or a place is unfit."""
    if given.matrix is not None:
        return read_matrix(
            given.matrix,
            points.urns,
            known_urns,
            eastings_metres=points.eastings,
            northings_metres=points.northings,
            columns={str(name): heading for name, heading in given.columns.items()},
            units=given.units.model_dump(exclude_none=True),
            now=now,
        )
    places = (points.urns, points.eastings, points.northings)
    snapped: dict[str, Any] = {"names": points.names, "snap_metres_max": given.snap_metres_max, "grid": points.grid}
    if given.server is not None:
        from geodata.osrm.server import OsrmServer
        from geodata.osrm.travel import OsrmTravel

        return OsrmTravel(OsrmServer(given.server), *places, **snapped)
    if given.roads is not None and given.engine == "osrm":
        return _by_osrm(given.roads, places, snapped)
    if given.roads is not None:
        from geodata.roads.reading import read_network
        from geodata.roads.speeds import read_speeds
        from geodata.roads.travel import RoadTravel

        speeds = read_speeds(Path(given.speeds)) if given.speeds is not None else None
        network = read_network(given.roads, speeds, use_cache=use_cache)
        return RoadTravel(network, *places, **snapped, use_cache=use_cache)
    crow = given.crow_minutes
    return CrowFly(*places, start_minutes=crow.start, minutes_per_km=crow.per_km)


def _by_osrm(extract: str, places: tuple[Any, ...], snapped: dict[str, Any]) -> Travel:
    """Return travel by OSRM's own programs; their server runs, for the ways, until the travel object is discarded."""
    from geodata.osrm.engine import OsrmEngine
    from geodata.osrm.travel import OsrmTravel

    words = f"drive minutes by OSRM's car profile on {Path(extract).name}"
    with ExitStack() as serving:
        engine = serving.enter_context(OsrmEngine(extract))
        travel = OsrmTravel(engine.server, *places, **snapped, words=words, sources=(engine.source,))
        weakref.finalize(travel, serving.pop_all().close)
    return travel


def _unknown_bases(scenario: Scenario, selected: set[Urn]) -> list[Fault]:
    return [
        Fault(file="scenario", column="data.bases", value=urn, fix="no school selected has this URN; correct it")
        for urn in scenario.data.bases
        if urn not in selected
    ]


def _year_asked(scenario: Scenario) -> Iterator[Fault]:
    """Yield that the amount of a year is to be given, where the scheme pays the rest of one."""
    if scenario.money.lacks_year:
        fix = (
            "rest_of_year pays the rest of a financial year, and the amount of a year is not given; give "
            "per_partnership (pounds a year), or per_school, or rest_of_year = false where no year is paid"
        )
        yield Fault(file="scenario", column="money.per_partnership", value=0, fix=fix)


def _strange_areas(scenario: Scenario) -> list[Fault]:
    fix = "no file of areas has this name in data.areas; correct it"
    names, areas = scenario.data.area_names, scenario.data.areas
    return [Fault(file="scenario", column=f"data.area_names.{name}", fix=fix) for name in names if name not in areas]


def _of_posts(scenario: Scenario, keep: Sequence[str]) -> set[str]:
    """Return the columns that tell of heads' posts, which nothing but `keep`, a criterion or a price makes known."""
    asked = {*keep, *named(scenario.rules, Names.COLUMN), *named(scenario.preferences, Names.COLUMN)}
    return set(scenario.federations.private_columns) - asked


def _columns(schools: Schools, but: set[str]) -> dict[str, tuple[str, ...]]:
    facts = schools.frame.drop(columns=["name", "pupils", "town", "geometry", *(but & set(schools.frame.columns))])
    return {str(heading): tuple(facts[heading].astype(str)) for heading in facts.columns}


def _partnerships(labels: Mapping[Urn, str]) -> tuple[Existing, ...]:
    """Return today's partnerships from labels by URN."""
    urns_by_name: dict[str, list[Urn]] = {}
    for urn, name in sorted(labels.items()):
        urns_by_name.setdefault(name, []).append(urn)
    return tuple(Existing(name=name, urns=tuple(urns)) for name, urns in urns_by_name.items())
