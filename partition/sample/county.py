"""The made-up county as a whole, and the function that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geodata.urns import Urn
from partition.model.area import Existing, Link
from partition.sample import alliances, sheet
from partition.sample.advisers import Adviser, advisers
from partition.sample.districts import district_of, districts, planning_areas
from partition.sample.network import Stretch, road_network
from partition.sample.roads import Road, numbered_roads
from partition.sample.schools import School, open_schools
from partition.sample.settlements import Settlement, settle
from partition.sample.terrain import Terrain

FEWEST_SCHOOLS, MOST_SCHOOLS = 30, 12_000


@dataclass(frozen=True, kw_only=True)
class County:
    """A county: land, places, roads, schools in ascending order of URN, links and partnerships of today.

    Geometry is in EPSG:27700 metres. `district_of` and `planning_area_of` have one name for each item of `schools`;
    `federation_of` and `trust_of` are by URN, without schools that have no federation or trust.
    """

    title: str
    size: int
    seed: int
    terrain: Terrain
    places: tuple[Settlement, ...]
    roads: tuple[Road, ...]
    minor_roads: tuple[Road, ...]
    districts: tuple[tuple[str, shapely.Geometry], ...]
    schools: tuple[School, ...]
    district_of: tuple[str, ...]
    planning_area_of: tuple[str, ...]
    federation_of: Mapping[Urn, str]
    trust_of: Mapping[Urn, str]
    links: tuple[Link, ...]
    existing: tuple[Existing, ...]
    advisers: tuple[Adviser, ...]

    @cached_property
    def network(self) -> tuple[Stretch, ...]:
        """All roads of the county, down to the streets at the gates of schools."""
        return road_network(self.terrain, self.places, self.schools, self.roads, self.minor_roads, self.seed)


def make_county(size: int = 280, seed: int = 1) -> County:
    """Return a made-up county; the same `size` and `seed` give the same county.

    Parameters
    ----------
    size
        The number of primary schools, from 30 to 12,000. A larger county covers more land, at the same density.
    seed
        The seed of all random draws.

    Returns
    -------
    County
        The county; about 59 in 100 of its schools have at most 200 pupils.

    Raises
    ------
    ValueError
        For fewer than 30 schools or more than 12,000.

    Examples
    --------
    >>> from partition import make_county
    >>> county = make_county(40, seed=3)
    >>> county.title, len(county.schools)
    ('Thurlshire', 40)
    """
    if not FEWEST_SCHOOLS <= size <= MOST_SCHOOLS:
        raise ValueError(f"size is {size}; a sample county has {FEWEST_SCHOOLS} to {MOST_SCHOOLS:,} schools")
    terrain = Terrain.drawn(size, seed)
    places = settle(terrain, size, seed)
    schools = open_schools(terrain, places, seed)
    main_roads, minor_roads = numbered_roads(terrain, places)
    near = alliances.Neighbourhood(terrain, schools)
    federation_of = alliances.federations(schools, near, seed)
    areas = districts(terrain, seed)
    points = np.array([(school.easting, school.northing) for school in schools], dtype=np.float64)
    return County(
        title=sheet.COUNTY,
        size=size,
        seed=seed,
        terrain=terrain,
        places=places,
        roads=main_roads,
        minor_roads=minor_roads,
        districts=areas,
        schools=schools,
        district_of=tuple(district_of(areas, points)),
        planning_area_of=tuple(planning_areas(terrain, places, schools)),
        federation_of=federation_of,
        trust_of=alliances.trusts(schools, near, federation_of, seed),
        links=alliances.links(schools, near, federation_of, seed),
        existing=alliances.partnerships_today(schools, near, federation_of, seed),
        advisers=advisers(places, size, seed),
    )
