"""`plan --scheduler`: parts of a plan on a real Dask cluster of this machine, on loopback only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from large_town import make_parts_small
from typer.testing import CliRunner, Result

from partition.cli import app
from partition.sample import make_county, write_county
from partition.solver import search
from partition.studies.sweep import cluster
from partition.studies.sweep.cluster import Cluster

pytest.importorskip("distributed")

SECONDS_MOST = 3_000  # a busy machine takes its time to start workers


@contextmanager
def local_cluster(workers: int) -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as made:
        yield made


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_county(make_county(60), tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def one() -> Iterator[str]:
    with local_cluster(1) as made:
        yield made.scheduler_address


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A county counts as a large area, whose parts are solved again though all its partnerships could be listed."""
    make_parts_small(monkeypatch)
    monkeypatch.setattr(search, "FEW", 0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Future[Any]]:
    """A cluster that has answered before this machine goes on; what it was sent."""
    sent, submit = list[Future[Any]](), Cluster.submit

    def submit_and_wait(self: Cluster, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        sent.append(submit(self, fn, *args, **kwargs))
        assert not wait(sent[-1:], SECONDS_MOST).not_done
        return sent[-1]

    monkeypatch.setattr(Cluster, "submit", submit_and_wait)
    return sent


def plan(county: Path, out: Path, scheduler: str | None = None, *more: str) -> Result:
    where = [] if scheduler is None else ["--scheduler", scheduler]
    patient = ["--set", f"solve.seconds={SECONDS_MOST}"]
    return CliRunner().invoke(app, ["plan", str(county), "--out", str(out), *patient, *where, *more])


def facts_of(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_one_worker_and_four_lead_to_the_plan_without(
    county: Path, one: str, large: None, quick: list[Future[Any]], tmp_path: Path
) -> None:
    without = facts_of(plan(county, tmp_path / "0", None, "--json"))
    by_one = facts_of(plan(county, tmp_path / "1", one, "--json"))
    sent = len(quick)
    with local_cluster(4) as made:
        by_four = facts_of(plan(county, tmp_path / "4", made.scheduler_address, "--json"))
    assert sent > 0 and len(quick) == 2 * sent
    assert by_one["cluster"] == by_four["cluster"] == {"answered": sent, "failed": 0} and "cluster" not in without
    assert by_one["digest"] == by_four["digest"] == without["digest"]
    assert by_one["status"] == by_four["status"] == without["status"] == "optimal"
    assert (tmp_path / "1/map.html").read_bytes() == (tmp_path / "4/map.html").read_bytes()


def test_a_cluster_that_goes_half_way_costs_nothing_but_time(
    county: Path, large: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without = facts_of(plan(county, tmp_path / "without", None, "--json"))
    submit, sent = Cluster.submit, list[Future[Any]]()
    with local_cluster(1) as made:

        def submit_until_it_goes(self: Cluster, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            sent.append(submit(self, fn, *args, **kwargs))
            if len(sent) == 1:
                assert not wait(sent, SECONDS_MOST).not_done
            if len(sent) == 2:
                made.close()
            return sent[-1]

        monkeypatch.setattr(Cluster, "submit", submit_until_it_goes)
        facts = facts_of(plan(county, tmp_path / "gone", made.scheduler_address, "--json"))
    assert len(sent) > 1 and facts["cluster"]["answered"] >= 1
    assert facts["digest"] == without["digest"]


def test_what_a_cluster_did_is_told(county: Path, one: str, tmp_path: Path) -> None:
    done = plan(county, tmp_path, one)
    assert done.exit_code == 0
    assert "notice: the cluster had nothing to do: parts of a plan are solved again from 1,500 heads on" in done.stdout


def test_workers_with_another_version_are_refused(
    county: Path, one: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster, "ALIKE", ("ortools", "no-such-package"))
    asked, here = version, {"ortools": "9.0.0", "no-such-package": "0.1"}

    class Client:
        """The client, by which workers say what they really have."""

        def __init__(self, client: Any) -> None:
            self.nthreads, self._client = client.nthreads, client

        def run(self, _: object, package: str, on_error: str) -> Any:
            return self._client.run(asked, package, on_error=on_error)

    refuse = cluster._refuse_unlike
    monkeypatch.setattr(cluster, "_refuse_unlike", lambda client, address: refuse(Client(client), address))
    monkeypatch.setattr(cluster, "version", here.__getitem__)
    done = plan(county, tmp_path, one)
    assert done.exit_code == 3
    assert f"has ortools {asked('ortools')}; install 9.0.0 there, as here" in done.stderr
    assert "has no-such-package none; install 0.1 there, as here" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_cluster_without_workers_is_refused(county: Path, tmp_path: Path) -> None:
    with local_cluster(0) as made:
        done = plan(county, tmp_path, made.scheduler_address)
    assert done.exit_code == 3 and "it has no workers; start some with `dask worker tcp://127.0.0.1" in done.stderr


def test_no_scheduler_is_told(county: Path, tmp_path: Path) -> None:
    done = plan(county, tmp_path, "nonsense://x")
    assert done.exit_code == 3 and "no Dask scheduler answers there" in done.stderr
