"""What is kept for the next run: networks and minutes, by what made them; and never anything that could do harm."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from towns import Town, road, write_layer, write_pbf

from geodata import cache
from geodata.roads import reading
from geodata.roads.reading import read_network
from geodata.roads.speeds import OUR_TABLE, read_speeds
from geodata.roads.travel import RoadTravel

TOWN = Town({"A": (0.0, 0.0), "B": (900.0, 0.0), "C": (1700.0, 900.0)}, (road("AB"), road("BC", "primary")))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    monkeypatch.setenv("PARTNERSHIPS_CACHE", str(folder))
    return folder


@pytest.fixture
def extract(tmp_path):
    return write_pbf(TOWN, tmp_path / "town.osm.pbf")


def never(*_, **__):
    raise AssertionError("was done again")


def same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in type(one).__slots__)


def test_a_network_is_read_once_and_comes_back_as_it_was(extract, kept, monkeypatch):
    first = read_network(extract)
    monkeypatch.setattr(reading, "_read_ways", never)
    again = read_network(extract)
    assert same(first, again) and again.source == first.source and again.attribution == first.attribution
    assert [path.suffix for path in kept.iterdir()] == [".npz"]


def test_another_content_name_or_table_is_read_anew(extract, kept, tmp_path):
    read_network(extract)
    other = tmp_path / "mine.toml"
    other.write_text(OUR_TABLE.read_text(encoding="utf-8").replace("kph = 4.8", "kph = 4"), encoding="utf-8")
    assert read_network(extract, read_speeds(other)).walk_kph == 4
    write_pbf(Town(TOWN.corners, TOWN.roads[:1]), extract)
    assert read_network(extract).edges == 1
    assert len(list(kept.iterdir())) == 3


def test_without_the_cache_nothing_is_looked_up_or_kept(extract, kept):
    read_network(extract, use_cache=False)
    assert not kept.exists()


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"\x93NUMPY rubbish", b"rubbish"])
def test_what_is_damaged_is_made_again(extract, kept, damage):
    first = read_network(extract)
    (path,) = kept.iterdir()
    path.write_bytes(damage)
    assert same(read_network(extract), first) and path.stat().st_size > 1000


def test_a_bit_turned_anywhere_gives_what_was_kept_or_nothing(kept):
    arrays = {"a": np.arange(40), "b": np.ones((3, 2), dtype=bool)}
    cache.store("whole", arrays)
    content = (kept / "whole.npz").read_bytes()
    for place in range(len(content)):
        (kept / "bad.npz").write_bytes(
            content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :]
        )
        found = cache.load("bad")
        assert found is None or all(np.array_equal(found[name], arrays[name]) for name in found), place


def test_a_pickle_is_never_opened(kept):
    kept.mkdir()
    np.savez(kept / "bad.npz", things=np.array([{"a": 1}], dtype=object))
    assert cache.load("bad") is None


def test_runs_that_race_leave_one_whole_file(extract, kept):
    def run(_):
        return read_network(extract)

    with ThreadPoolExecutor(8) as runs:
        networks = list(runs.map(run, range(24)))
    assert all(same(networks[0], network) for network in networks)
    (path,) = kept.iterdir()
    assert cache.load(path.stem) is not None


def test_a_directory_that_cannot_be_made_is_no_fault(extract, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PARTNERSHIPS_CACHE", str(tmp_path / "file" / "below"))
    assert read_network(extract).edges == 1


def test_the_least_lately_used_go_when_all_is_too_much(kept, monkeypatch):
    for age, name in enumerate(("new", "middle", "old")):
        cache.store(name, {"a": np.zeros(1000)})
        os.utime(kept / f"{name}.npz", (1_000_000 - age, 1_000_000 - age))
    monkeypatch.setattr(cache, "KEPT_BYTES_MAX", 3 * (kept / "new.npz").stat().st_size)
    cache.store("newest", {"a": np.zeros(1000)})
    assert sorted(path.stem for path in kept.iterdir()) == ["middle", "new", "newest"]


# Minutes


def drive(network, metres_east=(0.0, 450.0, 900.0), snap_metres_max=500.0, use_cache=True):
    """Schools beside the road from A to B."""
    east = 480_000 + np.array(metres_east)
    urns = np.arange(len(east))
    return RoadTravel(
        network, urns, east, np.full(len(east), 310_010.0), snap_metres_max=snap_metres_max, use_cache=use_cache
    )


def told(travel, horizon_centiminutes=None):
    reach = travel.within(horizon_centiminutes)
    return [getattr(reach, name).tolist() for name in ("origin", "destination", "centiminutes", "metres")]


@pytest.fixture
def network(extract, kept):
    return read_network(extract)


def minutes_kept(kept):
    return sorted(kept.glob("minutes-*"))


@pytest.mark.parametrize("horizon_centiminutes", [60, 2000, None])
def test_minutes_are_searched_for_once_and_come_back_as_they_were(network, kept, monkeypatch, horizon_centiminutes):
    first = told(drive(network), horizon_centiminutes)
    searched = told(drive(network, use_cache=False), horizon_centiminutes)
    monkeypatch.setattr("geodata.roads.travel.dijkstra", never)
    assert told(drive(network_as_kept(kept)), horizon_centiminutes) == first == searched
    with pytest.raises(AssertionError, match="done again"):
        drive(network, use_cache=False).within(horizon_centiminutes)


def network_as_kept(kept):
    """From the file that is kept, not the one at hand."""
    (path,) = kept.glob("roads-*")
    return reading.network_from_arrays(cache.load(path.stem))


def test_other_roads_speeds_places_snapping_or_horizons_are_searched_for_anew(network, kept, extract, tmp_path):
    drive(network).within(1000)
    drive(network).within(1000)
    assert len(minutes_kept(kept)) == 1
    drive(network).within(1001)
    drive(network).within(None)
    drive(network, (0.0, 451.0, 900.0)).within(1000)
    drive(network, snap_metres_max=499.0).within(1000)
    other = tmp_path / "mine.toml"
    other.write_text(OUR_TABLE.read_text(encoding="utf-8").replace("kph = 4.8", "kph = 4"), encoding="utf-8")
    slower = drive(read_network(extract, read_speeds(other)))
    assert told(slower, 1000) != told(drive(network), 1000)
    write_pbf(Town(TOWN.corners, TOWN.roads[:1]), extract)
    drive(read_network(extract)).within(1000)
    assert len(minutes_kept(kept)) == 7


def test_minutes_of_pairs_asked_for_one_by_one_are_the_same_kept_or_not(network, kept, monkeypatch):
    everywhere = np.arange(3)
    first = [part.tolist() for part in drive(network).between(everywhere[:, None], everywhere)]
    way = drive(network).path(0, 2)
    monkeypatch.setattr(RoadTravel, "_look", never)
    again = drive(network)
    assert [part.tolist() for part in again.between(everywhere[:, None], everywhere)] == first
    assert again.path(0, 2).tolist() == way.tolist()


@pytest.mark.parametrize(
    "change",
    [
        b"",
        b"PK",
        lambda arrays: {"reached": arrays["reached"]},
        lambda arrays: arrays | {"weight": arrays["weight"][1:]},
        lambda arrays: arrays | {"reached": arrays["reached"][1:]},
    ],
)
def test_damaged_minutes_are_searched_for_again(network, kept, change):
    first = told(drive(network))
    (path,) = minutes_kept(kept)
    if isinstance(change, bytes):
        path.write_bytes(change)
    else:
        np.savez(path, **change(cache.load(path.stem)))
    assert told(drive(network)) == first
    assert len(cache.load(path.stem)["reached"]) == 3


def test_searches_that_race_leave_one_whole_file(network, kept):
    with ThreadPoolExecutor(8) as runs:
        found = list(runs.map(lambda _: told(drive(network)), range(24)))
    assert all(one == found[0] for one in found)
    (path,) = minutes_kept(kept)
    assert cache.load(path.stem) is not None
    assert not list(kept.glob(".*"))


def test_a_shapefile_is_told_by_all_its_files(kept, tmp_path):
    """Only the table beside it was changed: the class of its roads."""
    path = tmp_path / "roads.shp"
    line = [(480_000, 310_000), (481_000, 310_000)]
    slow = read_network(write_layer(path, [line], "roads", road_class=["residential"]))
    fast = write_layer(tmp_path / "fast.shp", [line], "fast", road_class=["trunk"])
    fast.with_suffix(".dbf").replace(path.with_suffix(".dbf"))
    assert read_network(path).forward_ms.sum() < slow.forward_ms.sum()
