"""Rutland's real roads: against another router on the graph as it is, and against what OSRM's car profile says."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from telling import real

from geodata.doubts import suspicious
from geodata.roads import network as network_module
from geodata.roads.earth import metres_per_degree, step_metres
from geodata.roads.osm import read_extract
from geodata.roads.reading import read_network
from geodata.roads.speeds import read_speeds
from geodata.roads.travel import RoadTravel
from geodata.schools import read_schools

pytestmark = pytest.mark.real_data

# Minutes by OSRM 26.10's car profile on the same extract, from and to every school by URN.
OSRM_MINUTES = """
0.0 15.0 15.1 14.6 16.1 19.2 18.3 19.2 7.3 24.2 22.1 4.3 13.4 13.4 8.5 12.9 16.0
15.1 0.0 3.3 14.2 4.3 7.9 24.0 11.7 20.2 12.9 15.0 14.6 12.4 19.2 12.1 12.3 3.9
15.2 3.4 0.0 14.2 3.9 6.2 24.0 11.3 20.2 11.2 14.7 14.6 12.5 19.2 12.1 12.4 3.5
14.7 13.9 14.0 0.0 13.7 17.1 30.0 20.5 15.7 22.1 23.9 15.6 19.9 25.2 19.5 3.4 13.3
16.5 4.0 3.8 13.5 0.0 5.5 22.5 8.9 18.7 10.5 12.3 13.9 10.9 17.7 10.6 11.6 1.2
19.3 7.8 6.2 16.8 5.5 0.0 25.4 11.8 21.6 5.9 15.2 17.2 13.8 20.5 13.4 14.9 5.4
18.3 24.0 24.1 29.7 22.6 25.6 0.0 19.1 14.6 30.6 22.0 17.5 19.8 5.9 13.7 27.9 22.4
19.4 11.7 11.5 20.4 9.1 12.2 20.8 0.0 21.7 13.6 5.1 18.7 9.8 16.0 13.5 18.5 9.0
7.2 19.8 19.9 15.4 18.4 21.5 14.8 20.6 0.0 26.5 23.6 9.6 15.6 10.0 10.8 13.6 18.3
24.4 13.0 11.3 21.9 10.6 5.9 30.5 13.5 26.7 0.0 16.9 22.3 18.9 25.6 18.5 20.0 10.5
22.6 15.2 15.0 23.9 12.6 15.7 23.9 5.4 24.8 17.2 0.0 21.8 12.9 19.1 16.6 22.0 12.5
4.2 14.7 14.8 15.7 14.5 17.8 17.4 18.2 9.4 22.8 21.2 0.0 12.4 12.5 7.6 13.9 14.1
13.6 12.4 12.5 19.7 11.0 14.1 19.7 9.8 15.8 19.1 12.8 12.9 0.0 14.8 7.7 17.9 10.9
13.4 19.0 19.1 24.8 17.6 20.7 5.8 14.1 9.7 25.7 17.0 12.6 14.9 0.0 8.7 23.0 17.5
8.7 12.0 12.1 19.3 10.6 13.6 13.8 13.6 10.9 18.7 16.5 8.0 7.8 8.9 0.0 17.5 10.5
12.7 11.9 12.0 3.6 11.7 15.1 28.1 18.5 13.7 20.1 21.9 13.7 17.9 23.2 17.5 0.0 11.3
17.0 4.7 4.6 14.3 2.1 6.0 23.1 9.5 19.2 11.1 12.8 14.7 11.5 18.2 11.1 12.4 0.0
"""


@pytest.fixture(scope="module")
def schools():
    return read_schools(real("gias_rutland_2025-07.csv"), local_authority="857").frame


@pytest.fixture(scope="module")
def travel(schools):
    network = read_network(real("rutland_2022-07.osm.pbf"), use_cache=False)
    places = schools.geometry
    return RoadTravel(
        network, schools.index.to_numpy(), places.x.to_numpy(), places.y.to_numpy(), names=list(schools["name"])
    )


def test_every_school_is_within_150_metres_of_a_road_on_the_one_network(travel):
    assert len(travel.kerbs) == 17
    assert max(kerb.walk_metres for kerb in travel.kerbs) < 60
    assert {int(travel.network.part[kerb.edge]) for kerb in travel.kerbs} == {0}


def test_our_minutes_against_osrm(travel):
    osrm = np.array([[float(minutes) for minutes in line.split()] for line in OSRM_MINUTES.split("\n") if line])
    reach = travel.within(None)
    ours, theirs = reach.centiminutes / 100, osrm[reach.origin, reach.destination]
    assert len(reach) == 17 * 16
    assert 0.92 <= np.median(ours / theirs) <= 1.08
    assert np.corrcoef(ours, theirs)[0, 1] >= 0.99


def test_ten_pairs_against_networkx_on_the_graph_as_it_is(travel):
    """Uncontracted, unrounded, from the tags' own nodes; schools put in by looking at every segment there is."""
    roads = Uncontracted(real("rutland_2022-07.osm.pbf"))
    for place, (longitude, latitude) in enumerate(travel._degrees):
        roads.put_in(place, longitude, latitude)
    pairs = [(0, 16), (16, 0), (2, 7), (6, 12), (12, 6), (15, 8), (3, 9), (9, 14), (5, 11), (13, 1)]
    for origin, destination in pairs:
        expected = networkx.dijkstra_path_length(roads.graph, ("school", origin), ("school", destination))
        assert travel.between(origin, destination)[0] / 100 == pytest.approx(expected, abs=0.02), (origin, destination)


class Uncontracted:
    """Every node of every way, each segment an edge there and one back where allowed, minutes as weights."""

    def __init__(self, path):
        speeds = read_speeds()
        ways = read_extract(path, speeds)
        segments, node = network_module._segments(ways)
        segments = network_module._at_speed(segments, ways, speeds)
        label = network_module._strong_parts(segments, len(node))
        self.segments = segments.keep(label[segments.tail] == label[segments.head])
        self.times = network_module._times(self.segments, node, ways, speeds)
        self.ways, self.speeds, self.label = ways, speeds, label
        self.graph = networkx.DiGraph()
        for at in range(len(self.segments.at)):
            tail, head = int(self.segments.tail[at]), int(self.segments.head[at])
            for one, other, driving, wait in (
                (tail, head, self.times.forward[at], self.times.forward_wait[at]),
                (head, tail, self.times.backward[at], self.times.backward_wait[at]),
            ):
                if driving >= 0:
                    self.link(one, other, float(driving + wait) / 60e6)

    def link(self, one, other, minutes):
        if not self.graph.has_edge(one, other) or self.graph.edges[one, other]["weight"] > minutes:
            self.graph.add_edge(one, other, weight=minutes)

    def put_in(self, place, longitude, latitude):
        at = self.segments.at
        per = np.array([float(metres) for metres in metres_per_degree(latitude)])
        points = np.column_stack([self.ways.longitude, self.ways.latitude])
        near, far = (points[at] - (longitude, latitude)) * per, (points[at + 1] - (longitude, latitude)) * per
        along = far - near
        share = np.clip(-(near * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)
        metres = np.hypot(*(near + share[:, None] * along).T)
        main = np.bincount(self.label[self.segments.tail]).argmax()
        metres[self.label[self.segments.tail] != main] = np.inf
        nearest = int(np.argmin(metres))
        walk, part = float(metres[nearest]) / 80, float(share[nearest])
        tail, head = int(self.segments.tail[nearest]), int(self.segments.head[nearest])
        times = self.times
        leave, arrive = ("school", place), ("school", place)
        if times.forward[nearest] >= 0:
            self.link(leave, head, walk + (times.forward[nearest] * (1 - part) + times.forward_wait[nearest]) / 60e6)
            self.link(tail, arrive, walk + times.forward[nearest] * part / 60e6)
        if times.backward[nearest] >= 0:
            self.link(leave, tail, walk + (times.backward[nearest] * part + times.backward_wait[nearest]) / 60e6)
            self.link(head, arrive, walk + times.backward[nearest] * (1 - part) / 60e6)


def test_paths_are_the_roads_that_were_timed(travel):
    for origin, destination in ((0, 16), (6, 12), (15, 8)):
        way = travel.path(origin, destination)
        metres = step_metres(way[:, 0], way[:, 1])
        assert metres.sum() == pytest.approx(float(travel.between(origin, destination)[1]), abs=4)
        assert metres.max() < 1500


def test_no_pair_of_rutlands_is_absurd(travel, schools):
    doubts = suspicious(travel, schools.geometry.x, schools.geometry.y)
    assert doubts.pairs_checked > 100 and doubts.pairs == 0 and doubts.worst == ()
