"""Roads at the size of a county: run by hand with `pytest tests/bench`."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import osmium
import pytest
from scipy.sparse.csgraph import dijkstra

from geodata.opening import Source
from geodata.roads.ends import CENTIMETRES
from geodata.roads.network import build_network
from geodata.roads.osm import read_extract
from geodata.roads.speeds import read_speeds
from geodata.roads.travel import RoadTravel
from geodata.roads.ways import Kind, Ways

SIDE, SCHOOLS, LIMIT_MINUTES = 387, 300, 45  # 387 x 387 = 149,769 junctions
RUTLAND = Path(__file__).parents[2].parent / "shared" / "data" / "rutland_2022-07.osm.pbf"


def county():
    """A crooked lattice of junctions 300 m apart, 116 km across, with faster roads every eighth line."""
    draws = np.random.default_rng(7)
    east, north = (axis.ravel() * 300.0 + draws.uniform(-90, 90, SIDE * SIDE) for axis in np.indices((SIDE, SIDE)))
    number = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    pairs = np.concatenate(
        [np.stack([a.ravel(), b.ravel()], 1) for a, b in ((number[1:], number[:-1]), (number[:, 1:], number[:, :-1]))]
    )
    major = np.concatenate([(number[1:] % SIDE % 8 == 0).ravel(), (number[:, 1:] // SIDE % 8 == 0).ravel()])
    kept = major | (draws.random(len(pairs)) < 0.8)
    pairs, major = pairs[kept], major[kept]
    ends = pairs.ravel()
    return Ways(
        longitude=-1.5 + east[ends] / 67_000,
        latitude=52.3 + north[ends] / 111_200,
        node=ends,
        starts=np.arange(0, len(ends) + 1, 2),
        kind=np.where(major, 0, 1).astype(np.int32),
        kinds=(Kind(road="primary"), Kind(road="unclassified")),
        metres=None,
        seconds={},
        source=Source("county", "0"),
        words="a made-up county's roads",
        attribution=(),
    )


def schools(network):
    """On the grid, near junctions drawn by lot."""
    from geodata.grid import BRITISH

    corners = np.random.default_rng(8).choice(len(network.longitude), SCHOOLS, replace=False)
    grid = BRITISH.whole_metres(network.longitude[corners], network.latitude[corners])
    return RoadTravel(network, np.arange(SCHOOLS), grid[:, 0], grid[:, 1])


def seconds(run, times=3):
    taken = []
    for _ in range(times):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return min(taken)


def main():
    """What the benchmark measures, in a process of its own so that its memory can be told."""
    network = build_network(county(), read_speeds())
    travel = schools(network)
    graph = travel._graph(range(SCHOOLS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def matrix():
        travel._rows.clear()
        travel.within(LIMIT_MINUTES * 100)

    ours = seconds(matrix)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def alone():
        for origin in range(0, SCHOOLS, 50):
            sources = network.junctions + np.arange(origin, origin + 50)
            dijkstra(graph, indices=sources, limit=float(LIMIT_MINUTES * 60_000 * CENTIMETRES))

    print(
        network.junctions,
        network.edges,
        ours,
        seconds(alone),
        before / 1024,
        peak / 1024,
        len(travel.within(LIMIT_MINUTES * 100)),
    )


def test_a_county_of_150_000_junctions():
    told = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True).stdout
    junctions, edges, ours, alone, before_mb, peak_mb, pairs = map(float, told.split())
    print(
        f"\n{junctions:,.0f} junctions, {edges:,.0f} edges, {pairs:,.0f} pairs: {ours:.2f} s, "
        f"scipy alone {alone:.2f} s, {before_mb:.0f} MB before, {peak_mb:.0f} MB at most"
    )
    assert junctions > 120_000 and pairs > 10_000
    assert ours <= 2 * alone
    assert peak_mb < 400


@pytest.mark.real_data
def test_reading_an_extract():
    speeds = read_speeds()

    class Nothing(osmium.SimpleHandler):
        def way(self, way):
            pass

    idle = seconds(lambda: Nothing().apply_file(str(RUTLAND), locations=True), 15)
    reading = seconds(lambda: read_extract(RUTLAND, speeds), 15)
    print(f"\nreading {reading * 1000:.0f} ms, pyosmium alone {idle * 1000:.0f} ms: {reading / idle:.2f} times")
    assert reading <= 1.5 * idle


if __name__ == "__main__":
    main()
