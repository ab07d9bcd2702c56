"""What is being worked out: each in a process of its own, told as it goes; one search, one study of a kept
plan and one reading of data at a time, each in the order asked.

A page that is closed or opened again misses nothing: events are kept, and told again from the first. A worker that
crashes is told as such. When the server ends, a search that is under way keeps its best plan so far by itself.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass, field
from threading import RLock
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from partition.web.mishaps import tell_crash
from partition.web.tasks.order import Order

LINE_BYTES_MAX = 32 * 2**20  # of one event: the faults of a large file
EVENTS_MAX = 20_000
UNDER_WAY_MAX = 20  # in a lane
DONE_KEPT = 50  # pieces of work remembered after they ended
SECONDS_TO_KEEP = 60  # that a search has to keep its best plan when the server ends

SEARCHES = ("plan", "judge", "sweep")  # what the county waits for, longest
LANES = ("search", "study", "read")  # each does one thing at a time: a question about a plan waits for no search

DOING = {
    "plan": "Finding partnerships",
    "judge": "Judging today’s groups",
    "sweep": "Trying settings",
    "minutes": "Measuring minutes",
    "compare": "Comparing plans",
    "sample": "Making up a county",
    "check": "Reading the data",
    "guess": "Looking at the file",
    "take": "Keeping a plan",
}

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A piece of work as it stood at one moment. A page shows this and never the Job, which goes on meanwhile: half
    of the page would be of before its end, and half of after. `told` is its last event, empty until it ended."""

    id: str
    order: Order
    told: Event
    waiting: bool
    stopping: bool
    seconds: int = 0  # since it was begun

    @property
    def ended(self) -> bool:
        return bool(self.told)

    @property
    def doing(self) -> str:
        """What it is, as people say it while it goes on."""
        return DOING.get(self.order.what, "Working")


@dataclass(eq=False)
class Job:
    """One piece of work, and all it has told. `ended` is its last event."""

    id: str
    order: Order
    events: list[Event] = field(default_factory=list)
    ended: Event | None = None
    stopping: bool = False
    used: bool = False  # what it brought was taken in hand
    process: asyncio.subprocess.Process | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    began: float | None = None  # by the clock that never goes back

    def tell(self, event: Event) -> None:
        """Add an event, and wake those who follow."""
        if event["event"] == "ended":
            self.ended = event
        if self.ended is event or len(self.events) < EVENTS_MAX:
            self.events.append(event)
        self.changed.set()
        self.changed = asyncio.Event()

    @property
    def waiting(self) -> bool:
        return self.process is None and self.ended is None

    def seen(self) -> Seen:
        """How it stands now. To be taken before what it leaves is read: what is read later is at least as new."""
        seconds = 0 if self.began is None else int(time.monotonic() - self.began)
        return Seen(self.id, self.order, self.ended or {}, self.waiting, self.stopping, seconds)

    async def follow(self, after: int) -> AsyncIterator[tuple[int, Event | None]]:
        """Every event from the one after, each with its number, as they come; None now and then where none does."""
        at = after
        while True:
            changed = self.changed
            while at < len(self.events):
                at += 1
                yield at, self.events[at - 1]
            if self.ended is not None:
                return
            try:
                await asyncio.wait_for(changed.wait(), 10)
            except TimeoutError:
                yield at, None


class Work:
    """All pieces of work of one server. `end_asked` notes in the project what ends with no plan."""

    def __init__(self, end_asked: Callable[[int, str], None]) -> None:
        self._end_asked = end_asked
        self._jobs: dict[str, Job] = {}
        self._lanes = {lane: asyncio.Lock() for lane in LANES}  # locks are fair: first come, first served
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._closing = False
        self._loop = asyncio.get_running_loop()
        self.lock = RLock()  # to be held by who looks whether something is under way, and begins it if not

    def refuse_too_much(self, lane: str) -> None:
        """Raises HTTPException where so much waits in a lane that more would only pile up."""
        if sum(job.ended is None and _lane(job.order) == lane for job in self._all()) >= UNDER_WAY_MAX:
            words = f"{UNDER_WAY_MAX} pieces of work are under way or wait already; let some of them end, or stop them."
            raise HTTPException(429, words)

    def start(self, order: Order) -> Job:
        """Have it done, after what was asked before; from any thread. Raises HTTPException where too much waits."""
        with self.lock:
            self.refuse_too_much(_lane(order))
            self._count += 1
            job = Job(f"t{self._count}" if order.asked is None else str(order.asked), order)
            self._jobs[job.id] = job
            for old in [old for old in self._all() if old.ended is not None][:-DONE_KEPT]:
                del self._jobs[old.id]
        self._loop.call_soon_threadsafe(self._take_up, job)
        return job

    def _take_up(self, job: Job) -> None:
        task = self._loop.create_task(self._do(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def job(self, id: str) -> Job | None:
        """A piece of work by its number, as long as it is remembered."""
        return self._jobs.get(id)

    def latest(self, what: str, plan: int, given: Mapping[str, Any] | None = None) -> Job | None:
        """The last study of this kind of a kept plan, of what was given if that is said, as long as remembered."""
        jobs = (job for job in reversed(self._all()) if _studies(job, what, plan))
        return next((job for job in jobs if given is None or dict(job.order.given) == given), None)

    def about(self, plan: int) -> list[Job]:
        """What studies a kept plan, or waits to."""
        return [job for job in self._all() if job.ended is None and job.order.plan == plan]

    def under_way(self) -> list[Job]:
        """What is searched or waits to be, in order."""
        return [job for job in self._all() if job.ended is None and _lane(job.order) == "search"]

    def before(self, job: Job) -> int:
        """How many searches come before this one."""
        return self.under_way().index(job) if job in self.under_way() else 0

    async def stop(self, job: Job) -> None:
        """Ask for the best so far; what still waits is not begun."""
        job.stopping = True
        if job.process is not None and job.process.stdin is not None and not job.process.stdin.is_closing():
            try:
                job.process.stdin.write(b"stop\n")
                await job.process.stdin.drain()
            except ConnectionError:
                pass  # it has just ended by itself
        elif job.waiting:
            await self._finish(job, {"event": "ended", "no_plan": "stopped before it began"})

    async def close(self) -> None:
        """The server ends. What is under way learns of it by the end of its input, and keeps its best plan so far."""
        self._closing = True
        for job in self._all():
            if job.process is not None and job.process.stdin is not None:
                job.process.stdin.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SECONDS_TO_KEEP)

    def _all(self) -> list[Job]:
        """In the order asked: a copy, since pages look from threads of their own while the loop adds and drops."""
        return list(self._jobs.values())

    async def _do(self, job: Job) -> None:
        async with self._lanes[_lane(job.order)]:
            if job.ended is None and not job.stopping and not self._closing:
                try:
                    await self._run(job)
                except Exception as wrong:  # whatever it is, it is told: nobody may wait for ever
                    await run_in_threadpool(tell_crash, wrong)
                if job.ended is None and not self._closing:
                    await self._finish(job, {"event": "ended", "crashed": _crash_words(job)})

    async def _run(self, job: Job) -> None:
        """Run a worker and pass on what it tells, to its end."""
        quiet: dict[str, Any] = {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}  # no console on Windows
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "partition.web.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES_MAX,
            start_new_session=True,  # Ctrl-C is for the server, which tells its workers
            **quiet,
        )
        job.process, job.began = process, time.monotonic()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(asdict(job.order)).encode() + b"\n")
        job.tell({"event": "doing", "words": "starting"})
        async for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "ended":
                job.process = None
                await self._finish(job, event)
            else:
                job.tell(event)
        await process.wait()

    async def _finish(self, job: Job, event: Event) -> None:
        if job.order.asked is not None:
            if "no_plan" in event:
                await run_in_threadpool(self._end_asked, job.order.asked, f"no plan: {event['no_plan']}")
            elif "crashed" in event:
                await run_in_threadpool(self._end_asked, job.order.asked, event["crashed"])
        job.tell(event)


def _lane(order: Order) -> str:
    return "search" if order.what in SEARCHES else "study" if order.plan is not None else "read"


def _studies(job: Job, what: str, plan: int) -> bool:
    return job.order.what == what and job.order.plan == plan


def _crash_words(job: Job) -> str:
    code = None if job.process is None else job.process.returncode
    outside = "from outside, or for want of memory"
    how = f" ({outside}: signal {-code})" if code is not None and code < 0 else f" (code {code})" if code else ""
    return f"the work broke off without a result{how}; nothing that was kept is lost, and it can be asked again"
