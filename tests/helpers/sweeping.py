"""Processes of sweeps that begin by a fork of one that has everything loaded, in place of seconds of imports."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.forkserver import ensure_running

import pytest


@pytest.fixture(scope="module")
def ready_workers() -> Iterator[None]:
    """Sweeps of this process have such workers: where how they begin is not the point."""
    from partition.studies.sweep import work

    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["partition.maps.page", "partition.scenario.case", "partition.solver.compiled"])
    ensure_running()  # now, since a test may look into the folder where it keeps its socket
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "get_context", lambda _: server)
        yield
