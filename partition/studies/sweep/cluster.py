"""A Dask cluster that the user names: connected to, and its workers as an executor.

Client and workers unpickle each other's data, so a cluster is trusted as this machine is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, TypeVar

from geodata.faults import BadData, Fault
from partition.studies.sweep.work import UnfinishedError

T = TypeVar("T")
FLAG, CONNECT_SECONDS = "--scheduler", 10
ALIKE = ("school-partnerships", "ortools")  # packages of which another version may solve a part in another way


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Yield Dask's client of a cluster. Raises BadData where there is none at the address."""
    try:
        from distributed import Client
    except ImportError:
        fix = "a cluster needs dask's distributed: pip install 'school-partnerships[cluster]'"
        raise BadData([Fault(file=FLAG, value=address, fix=fix)]) from None
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError) as wrong:
        fix = f"no Dask scheduler answers there ({wrong}); start one with `dask scheduler`, or correct the address"
        raise BadData([Fault(file=FLAG, value=address, fix=fix)]) from None
    with client:
        yield client


@contextmanager
def cluster_for_scenarios(address: str) -> Iterator[Executor]:
    """Yield a cluster's workers, which solve whole scenarios. Raises UnfinishedError where these cannot work."""
    with _client(address) as client:
        from distributed import KilledWorker

        try:
            yield client.get_executor(pure=False)
        except KilledWorker as wrong:
            raise UnfinishedError(
                "one scenario after another was taken down with its worker: want of memory?"
            ) from wrong
        except ImportError as wrong:
            raise UnfinishedError(f"the workers there cannot run it ({wrong}); install this version there") from wrong


class Cluster(Executor):
    """A cluster's workers, which solve parts of a plan; `answered` and `failed` count parts."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.answered = self.failed = 0
        self.why: BaseException | None = None  # the first that failed

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Send a call to the workers. The answer is here when the future is done: asking for it waits for nobody."""
        answer: Future[T] = Future()
        sent = self._client.submit(fn, *args, **kwargs, pure=False)

        def arrived(_: object) -> None:
            if not answer.set_running_or_notify_cancel():
                return
            try:
                found = sent.result()
            except Exception as wrong:
                self.failed, self.why = self.failed + 1, self.why or wrong
                answer.set_exception(wrong)
            else:
                self.answered += 1
                answer.set_result(found)

        sent.add_done_callback(arrived)
        answer.add_done_callback(lambda done: sent.release() if done.cancelled() else None)
        return answer

    @property
    def words(self) -> str:
        """What the cluster did, in a sentence."""
        if not self.answered + self.failed:
            from partition.solver.search import LARGE

            return f"the cluster had nothing to do: parts of a plan are solved again from {LARGE:,} heads on"
        failed = f"; {self.failed} failed there ({self.why!r}) and were solved here" if self.failed else ""
        return f"the cluster solved {self.answered} parts of the plan{failed}"


@contextmanager
def cluster_for_parts(address: str) -> Iterator[Cluster]:
    """Yield a cluster's workers, which solve parts of a plan.

    Raises BadData where none is at the address, it has no workers, or some lack this version of what solves.
    """
    with _client(address) as client:
        _refuse_unlike(client, address)
        yield Cluster(client)


def _refuse_unlike(client: Any, address: str) -> None:
    """Raise BadData, with a fault for each worker that has not what this machine has."""
    faults, there = [], client.nthreads()
    if not there:
        fix = f"it has no workers; start some with `dask worker {address} --nthreads 1`"
        faults = [Fault(file=FLAG, value=address, fix=fix)]
    for package in ALIKE if there else ():
        here = version(package)
        found = client.run(version, package, on_error="return")
        for worker, its in sorted(found.items()):
            if its != here:
                has = its if isinstance(its, str) else "none"
                fix = f"worker {worker} has {package} {has}; install {here} there, as here"
                faults.append(Fault(file=FLAG, value=address, fix=fix))
    if faults:
        raise BadData(faults)
