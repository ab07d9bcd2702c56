"""Published p-median instances: are they read as meant? A plain model finds the published optima; and the engine?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import highspy
import numpy as np
import pytest
from pmedian import FOLDER, PUBLISHED, Instance, Published, read_instance
from pmedian_engine import solved

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
def test_quoted_seconds_are_as_published(readme: str) -> None:
    quoted = re.search(r"needed ([\d.]+), ([\d.]+) and ([\d.]+) s", readme)
    least = re.search(r"took (\d+) to over \d+ s", readme)
    assert quoted and least
    assert [known.quoted_seconds for known in PUBLISHED[7:10]] == [float(seconds) for seconds in quoted.groups()]
    assert {known.quoted_seconds for known in PUBLISHED[10:]} == {float(least.group(1))}


@files
@pytest.mark.parametrize("published", PUBLISHED, ids=lambda known: known.file)
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
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    everyone = range(instance.points)
    goes = [[model.addBinary(obj=instance.distances[point, host]) for host in everyone] for point in everyone]
    for point in everyone:
        model.addConstr(sum(goes[point]) == 1)
        for host in everyone:
            if host != point:
                model.addConstr(goes[point][host] <= goes[host][host])
    for host in everyone:
        carried = sum(int(instance.demands[point]) * goes[point][host] for point in everyone)
        model.addConstr(carried <= int(instance.capacities[host]) * goes[host][host])
    model.addConstr(sum(goes[host][host] for host in everyone) == instance.hosts)
    model.run()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    chosen = np.array(model.getSolution().col_value).reshape(instance.points, instance.points)
    return [int(host) for host in chosen.argmax(axis=1)]


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
