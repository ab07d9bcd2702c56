"""Published p-median instances: are they read as meant? A plain model finds the published optima; and the engine?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pmedian import FOLDER, OPEN, PUBLISHED, Instance, Published, read_instance
from pmedian_engine import solved
from pmedian_wide import solved_wide

files = pytest.mark.real_data
SOLVED_PLAINLY = ("cpmp01.txt", "cpmp02.txt", "p1250-1.txt")  # in seconds, and of both formats


@pytest.fixture(scope="module")
def readme() -> str:
    return (FOLDER / "README.md").read_text(encoding="utf-8")


@files
def test_best_known_are_as_published(readme: str) -> None:
    told = [re.findall(r"[\d.]+", optima) for optima in re.findall(r"optima ([\d., ]+\d)", readme)]
    assert [float(figure) for row in told for figure in row] == [known.best for known in PUBLISHED]


@files
def test_best_known_of_the_large_are_as_published(readme: str) -> None:
    told = re.search(r"best known ([\d., ]+\d)", readme)
    assert told and [float(figure.replace(",", "")) for figure in told.group(1).split(", ")] == [
        known.best for known in OPEN
    ]


@files
def test_quoted_seconds_are_as_published(readme: str) -> None:
    quoted = re.search(r"needed ([\d.]+), ([\d.]+) and ([\d.]+) s", readme)
    least = re.search(r"took (\d+) to over \d+ s", readme)
    assert quoted and least
    assert [known.quoted_seconds for known in PUBLISHED[7:10]] == [float(seconds) for seconds in quoted.groups()]
    assert {known.quoted_seconds for known in PUBLISHED[10:]} == {float(least.group(1))}


@files
@pytest.mark.parametrize("published", [*PUBLISHED, *OPEN], ids=lambda known: known.file)
def test_an_instance_is_sound(readme: str, published: Published) -> None:
    instance = read_instance(published)
    assert instance.distances.shape == (instance.points, instance.points)
    assert (instance.distances.diagonal() == 0).all() and (instance.distances == instance.distances.T).all()
    assert instance.demands.min() > 0 and instance.demands.max() <= instance.capacities.min()
    assert instance.demands.sum() <= np.sort(instance.capacities)[-instance.hosts :].sum()
    assert instance.whole == (published.decimals == 0)


@files
def test_a_file_cut_short_is_refused(readme: str, tmp_path: Path) -> None:
    text = (FOLDER / "cpmp01.txt").read_text(encoding="ascii")
    (tmp_path / "cpmp01.txt").write_text(text.rstrip().rsplit(maxsplit=1)[0], encoding="ascii")
    with pytest.raises(ValueError, match=r"cpmp01.txt: 199 figures follow, but 50 points need 200 or 2600"):
        read_instance(PUBLISHED[0], tmp_path)


def test_places_may_have_decimals_and_loads_may_not(tmp_path: Path) -> None:
    (tmp_path / "three.dat").write_text("3 1\n 0.50 0.00 9 4\n 3.50 4.00 9 5\n 0.50 4.00 9 1\n", encoding="ascii")
    instance = read_instance(Published("three.dat", 7), tmp_path)
    assert instance.distances.tolist() == [[0, 5, 4], [5, 0, 3], [4, 3, 0]] and instance.demands.tolist() == [4, 5, 1]
    (tmp_path / "three.dat").write_text("3 1\n 0.50 0.00 9 4.5\n 3.50 4.00 9 5\n 0 4 9 1\n", encoding="ascii")
    with pytest.raises(ValueError, match=r"three.dat: a demand or a capacity is not a whole number"):
        read_instance(Published("three.dat", 7), tmp_path)


def drawn(seed: int, points: int = 10, hosts: int = 3) -> Instance:
    """Points at random, some of them far out, with room for all in groups of three or four and little to spare."""
    draws = np.random.default_rng(seed)
    places = draws.uniform(0, 100, (points, 2)) * np.where(np.arange(points) % 5 == 0, 3, 1)[:, None]
    demands = draws.integers(1, 10, points)
    across = places[:, None] - places[None]
    return Instance(
        published=Published("drawn", 0),
        hosts=hosts,
        demands=demands,
        capacities=np.full(points, -(-int(demands.sum()) // hosts) + 6),
        distances=np.sqrt((across**2).sum(axis=2)),
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("nearest", [1, 3, 9])
def test_a_bound_of_the_engine_with_a_horizon_holds_without_it(seed: int, nearest: int) -> None:
    """The plain model knows no horizon. With everybody in reach, what the engine finds is the optimum, and proven."""
    instance = drawn(seed)
    optimum = instance.cost(plain_optimum(instance))
    answer = solved_wide(instance, 120, nearest=nearest)
    assert answer.bound is None or answer.bound <= optimum + 1e-9
    assert answer.host_of is not None and instance.broken(answer.host_of) == []
    cost = instance.cost(answer.host_of)
    assert cost >= optimum - 1e-9
    if nearest == 9:
        assert cost == pytest.approx(optimum) and answer.bound is not None
        assert answer.bound_within == pytest.approx(optimum, abs=0.02)


def test_a_horizon_can_keep_the_best_plan_out_and_only_the_bound_within_says_otherwise() -> None:
    """Without this the test above could not fail: in some town the bound within the horizon is above the optimum."""
    above = 0
    for seed in range(8):
        instance = drawn(seed)
        answer, optimum = solved_wide(instance, 120, nearest=1), instance.cost(plain_optimum(instance))
        assert answer.bound_within is not None
        above += answer.bound_within > optimum + 0.02
    assert above > 0


def test_broken_says_what_is_wrong() -> None:
    instance = Instance(
        published=Published("two.txt", 3),
        hosts=1,
        demands=np.array([2, 2]),
        capacities=np.array([4, 3]),
        distances=np.array([[0.0, 3.0], [3.0, 0.0]]),
    )
    assert instance.broken([0, 0]) == [] and instance.matches_best(instance.cost([0, 0]))
    assert instance.broken([0]) == ["1 points have a host, of 2"]
    assert instance.broken([0, 1]) == ["2 hosts, not 1"]
    assert instance.broken([1, 1]) == ["host 1 has 4 to carry, and room for 3"]
    assert instance.broken([1, 0]) == ["2 hosts, not 1", "0 is a host, but goes to 1", "1 is a host, but goes to 0"]


@files
@pytest.mark.parametrize("published", [known for known in PUBLISHED if known.file in SOLVED_PLAINLY], ids=str)
def test_a_plain_model_finds_the_published_optimum(readme: str, published: Published) -> None:
    instance = read_instance(published)
    host_of = plain_optimum(instance)
    assert instance.broken(host_of) == []
    assert instance.matches_best(instance.cost(host_of)), instance.cost(host_of)


def plain_optimum(instance: Instance) -> list[int]:
    """The host of every point, by the compact model as it stands in the papers, on HiGHS."""
    from ortools.math_opt.python import mathopt

    model, everyone = mathopt.Model(), range(instance.points)
    goes = [[model.add_binary_variable() for _ in everyone] for _ in everyone]
    for point in everyone:
        model.add_linear_constraint(sum(goes[point]) == 1)
        for host in everyone:
            if host != point:
                model.add_linear_constraint(goes[point][host] <= goes[host][host])
    for host in everyone:
        carried = sum(int(instance.demands[point]) * goes[point][host] for point in everyone)
        model.add_linear_constraint(carried <= int(instance.capacities[host]) * goes[host][host])
    model.add_linear_constraint(sum(goes[host][host] for host in everyone) == instance.hosts)
    model.minimize(sum(float(instance.distances[a, b]) * goes[a][b] for a in everyone for b in everyone))
    exactly = mathopt.SolveParameters(relative_gap_tolerance=0.0, absolute_gap_tolerance=0.0)
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=exactly)
    assert result.termination.reason == mathopt.TerminationReason.OPTIMAL
    chosen = [[result.variable_values(goes[point][host]) for host in everyone] for point in everyone]
    return [int(host) for host in np.array(chosen).argmax(axis=1)]


@files
@pytest.mark.parametrize("published", PUBLISHED, ids=lambda known: known.file)
def test_the_engine_on(published: Published, rows: dict[str, Mapping[str, object]]) -> None:
    """What it finds is an answer, and no bound is above the published best. Whether it gets there is in the table."""
    instance = read_instance(published)
    answer = solved(instance, published.seconds_max)
    cost = None if answer.host_of is None else instance.cost(answer.host_of)
    rows[f"p-median: {published.file}"] = {"cost": cost, "bound": answer.bound, "seconds": answer.seconds}
    assert answer.host_of is None or instance.broken(answer.host_of) == []
    assert answer.bound is None or answer.bound <= published.best + 10**-published.decimals


@files
@pytest.mark.parametrize("published", OPEN, ids=lambda known: known.file)
def test_the_engine_on_a_large_one(published: Published, rows: dict[str, Mapping[str, object]]) -> None:
    """The same of instances whose best known is not said to be optimal: no bound is above it."""
    instance = read_instance(published)
    answer = solved_wide(instance, published.seconds_max)
    cost = None if answer.host_of is None else instance.cost(answer.host_of)
    rows[f"p-median: {published.file}"] = {"cost": cost, "bound": answer.bound, "seconds": answer.seconds}
    assert answer.host_of is None or instance.broken(answer.host_of) == []
    assert answer.bound is None or answer.bound <= published.best + 10**-published.decimals
