"""Minutes and metres are exact integers, the same whichever way they are asked for."""

from __future__ import annotations

from decimal import Decimal, localcontext
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identifiers import ints
from telling import faults_of

from geodata.minutes import CrowFly, Matrix, StoredMinutes, read_matrix

metres = st.integers(0, 700_000)
towns = st.lists(st.tuples(metres, metres), min_size=1, max_size=12)
rates = st.decimals(0, 30, places=3)


def crow(points, **options):
    eastings, northings = zip(*points, strict=True)
    return CrowFly(range(1, len(points) + 1), eastings, northings, **options)


def pairs(reach):
    return list(zip(*(column.tolist() for column in (reach.origin, reach.destination)), strict=True))


def test_crow_fly_minutes_by_hand():
    travel = crow([(0, 0), (3000, 4000), (0, 0), (1, 1)])
    # 5 km: 3.4 + 1.21 x 5 = 9.45; one point: no minutes; root 2 m is 2 m rounded up, and 3.4017 minutes 3.41
    centiminutes, apart_metres = travel.between([0, 0, 0, 1], [1, 2, 3, 1])
    assert centiminutes.tolist() == [945, 0, 341, 0]
    assert apart_metres.tolist() == [5000, 0, 2, 0]
    assert travel.words == "crow-fly: 3.4 minutes + 1.21 per km, as fitted on Rutland's roads"
    assert crow([(0, 0)], start_minutes=2).words == "crow-fly: 2 minutes + 1.21 per km"


@given(towns, rates, rates)
def test_crow_fly_is_rounded_up_from_the_exact_value(points, start, per_km):
    travel = crow(points, start_minutes=start, minutes_per_km=per_km)
    for (i, a), (j, b) in permutations(enumerate(points), 2):
        squared = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
        with localcontext() as context:
            context.prec = 60
            exact = 100 * start + per_km / 10 * Decimal(squared).sqrt()
        centiminutes, far = (int(answer) for answer in travel.between(i, j))
        assert centiminutes == (0 if squared == 0 else exact.to_integral_value("ROUND_CEILING"))
        assert (far - 1) ** 2 < squared <= far**2 or squared == far == 0


@settings(max_examples=60)
@given(towns, st.none() | st.integers(0, 30_000), st.none() | st.integers(0, 300_000))
def test_within_gives_just_what_between_says(points, horizon_centiminutes, horizon_metres):
    travel = crow(points)
    places = np.array(list(permutations(range(len(points)), 2)), dtype=np.int64).reshape(-1, 2)
    minutes, far = travel.between(places[:, 0], places[:, 1])
    fine = np.ones(len(places), dtype=bool)
    if horizon_centiminutes is not None:
        fine &= minutes <= horizon_centiminutes
    if horizon_metres is not None:
        fine &= far <= horizon_metres
    reach = travel.within(horizon_centiminutes, horizon_metres)
    assert pairs(reach) == [tuple(pair) for pair in places[fine].tolist()]
    assert reach.centiminutes.tolist() == minutes[fine].tolist() and reach.metres.tolist() == far[fine].tolist()


def test_a_horizon_holds_the_pair_exactly_on_it():
    travel = crow([(0, 0), (3000, 4000)])
    assert [len(travel.within(horizon)) for horizon in (944, 945)] == [0, 2]
    assert [len(travel.within(None, horizon)) for horizon in (4999, 5000)] == [0, 2]


def test_without_a_price_per_km_the_start_alone_decides():
    travel = crow([(0, 0), (600_000, 0)], start_minutes=3, minutes_per_km=0)
    assert [len(travel.within(horizon)) for horizon in (299, 300)] == [0, 2]


def test_six_thousand_schools_never_meet_all_at_once():
    draws = np.random.default_rng(7)
    points = draws.integers(0, 500_000, (6000, 2))
    reach = CrowFly(np.arange(6000), points[:, 0], points[:, 1]).within(2000)
    assert 0 < len(reach) < 300_000 and reach.centiminutes.max() <= 2000
    assert (np.diff(reach.origin.astype(np.int64) * 6000 + reach.destination) > 0).all()


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        (([2, 1], [0, 0], [0, 0]), {}, "ascend"),
        (([1, 1], [0, 0], [0, 0]), {}, "ascend"),
        (([1], [0.5], [0]), {}, "whole metres"),
        (([1, 2], [0], [0]), {}, "2 URNs but 1 points"),
        (([1], [0], [0]), {"minutes_per_km": -1}, "below 0"),
        (([1], [0], [0]), {"start_minutes": float("nan")}, "nan"),
    ],
)
def test_crow_fly_refuses_what_makes_no_sense(arguments, options, told):
    with pytest.raises(ValueError, match=told):
        CrowFly(*arguments, **options)


FULL = "urn_from,urn_to,minutes,km\n1,2,9.45,5\n2,1,9.451,5.0001\n1,3,,\n3,1,20,12\n2,3,0.1,0\n3,2,0.29,1\n"


@pytest.fixture
def write(tmp_path):
    def write(text, name="m.csv"):
        path = tmp_path / name
        if name.endswith("parquet"):
            lines = [line.split(",") for line in text.splitlines()]
            columns = pd.DataFrame(lines[1:], columns=lines[0]).apply(pd.to_numeric)
            columns.to_parquet(path)
        else:
            path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_a_matrix_is_read_and_rounded_up(write, name):
    travel = read_matrix(write(FULL, name), [1, 2, 3])
    centiminutes, far = travel.between([0, 1, 0, 2, 1, 2, 0], [1, 0, 2, 0, 2, 1, 0])
    assert centiminutes.tolist() == [945, 946, -1, 2000, 10, 29, 0]  # 9.45 x 100 and 0.29 x 100 err as floats
    assert far.tolist() == [5000, 5001, -1, 12000, 0, 1000, 0]
    assert travel.has_km and travel.words == f"minutes from the table {name}"
    assert travel.sources[0].name == name
    assert ints(pairs(travel.within())) == [(0, 1), (1, 0), (1, 2), (2, 0), (2, 1)]
    assert ints(pairs(travel.within(945))) == [(0, 1), (1, 2), (2, 1)]
    assert ints(pairs(travel.within(None, 1000))) == [(1, 2), (2, 1)]


def test_a_matrix_need_not_give_km(write):
    travel = read_matrix(write("urn_from,urn_to,minutes\n1,2,5\n2,1,6\n2,2,0\n9,1,x\n"), [1, 2], known_urns=[9])
    assert not travel.has_km and travel.between([0], [1])[1].tolist() == [-1]
    assert ints(pairs(travel.within(600))) == [(0, 1), (1, 0)]
    with pytest.raises(ValueError, match="no km"):
        travel.within(600, 1000)


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1,77,5,1", "row 8, urn_to = '77"),
        ("1,2,9,1", "row 8, urn_to = '2': repeats a pair above"),
    ],
)
def test_each_fault_of_a_matrix_is_told(write, name, line, told):
    (fault,) = faults_of(read_matrix, write(f"{FULL}{line}\n", name), [1, 2, 3])
    assert told in fault


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2,1,-1,1", "row 3, minutes = '-1': use 0 or more"),
        ("2,1,soon,1", "row 3, minutes = 'soon': use a plain number"),
        ("2,1,nan,1", "row 3, minutes = 'nan': use a plain number"),
        ("2,1,1441,1", "row 3, minutes = '1441': use at most 1,440"),
        ("2,1,inf,1", "row 3, minutes = 'inf': use at most 1,440"),
        ("2,1,5,-2", "row 3, km = '-2': use 0 or more"),
        ("2,1,5,2001", "row 3, km = '2001': use at most 2,000"),
        ("2,1,5,", "row 3, km = '': give km wherever there are minutes"),
        ("2,x,5,1\n2,1,5,1", "row 3, urn_to = 'x': no school has this URN"),
    ],
)
def test_each_fault_of_an_amount_is_told(write, line, told):
    (fault,) = faults_of(read_matrix, write(f"urn_from,urn_to,minutes,km\n1,2,5,1\n{line}\n"), [1, 2])
    assert told in fault


def test_missing_pairs_are_counted_and_the_first_ten_named(write):
    (fault,) = faults_of(read_matrix, write("urn_from,urn_to,minutes\n1,2,5\n2,1,5\n"), range(1, 6))
    assert "18 ordered pairs are missing: 1 to 3, 1 to 4, 1 to 5, 2 to 3" in fault
    assert fault.count(" to ") == 10 and "3 to 5 ...; add them" in fault


def test_a_table_that_is_no_matrix_is_told(write, tmp_path):
    assert "urn_from" in faults_of(read_matrix, write("a,b\n1,2\n"), [1])[0]
    (tmp_path / "m.parquet").write_bytes(b"PAR1 and no more")
    assert "no Parquet that can be read" in faults_of(read_matrix, tmp_path / "m.parquet", [1])[0]


def test_a_matrix_leaves_the_arrays_it_was_given_alone():
    given_centiminutes = np.full((2, 2), 5, dtype=np.int32)
    assert Matrix([1, 2], given_centiminutes, None, words="w").between([0], [0])[0].tolist() == [0]
    assert given_centiminutes.tolist() == [[5, 5], [5, 5]]
    with pytest.raises(ValueError, match="square"):
        Matrix([1, 2, 3], given_centiminutes, None, words="w")


def test_stored_minutes_know_what_was_stored_and_nothing_else():
    travel = StoredMinutes.from_pairs([5, 6, 7], [0, 1, 1], [1, 0, 2], [945, 950, -1], [5000, 5001, -1], "as planned")
    assert [answer.tolist() for answer in travel.between([0, 1, 2], [1, 2, 2])] == [
        [945, -1, 0],
        [5000, -1, 0],
    ]
    assert pairs(travel.within()) == [(0, 1), (1, 0)] and pairs(travel.within(945)) == [(0, 1)]
    assert travel.has_km and travel.words == "as planned"
    with pytest.raises(KeyError, match="from 7 to 5"):
        travel.between([2], [0])
    assert len(StoredMinutes.from_pairs([1], [], [], [], []).within()) == 0
