"""The served page under 200 random requests a second for a minute: all answered, nothing broken, lost or leaked."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

import httpx2
from fuzzing.requests import asked, path_of
from served import Served, work
from town import write_town

from partition.storage.project_file import PLAN, Project

SECONDS, PER_SECOND, BROWSERS = 60, 200, 8
SECRET = "900099,SECRET"
METHODS = ("GET", "GET", "POST", "POST", "HEAD", "PUT")
MEBIBYTES_MORE_MAX = 400  # 180 of it are the libraries that hand edits and settings load at their first use


def test_random_requests(tmp_path: Path) -> None:
    scenario = write_town(tmp_path / "in", 0, 1, 10, 11, today={"Fen": ["900001", "900002"]})
    (tmp_path / "secret.csv").write_text(SECRET)
    project = Project(tmp_path / "in" / "project.gpkg")
    work(project, "judge", scenario)
    plan = project.file(1, PLAN)
    served = Served(project.path)
    before = _mebibytes(served)
    with ThreadPoolExecutor(BROWSERS) as browsers:
        each = list(browsers.map(lambda number: _ask(served, number), range(BROWSERS)))
    statuses = sum((counts for counts, _ in each), Counter[str]())
    took = sorted(ms for _, all_took in each for ms in all_took)
    after = _mebibytes(served)
    assert served.process.poll() is None, "the server has ended"
    served.end()
    hundredths = quantiles(took, n=100)
    each_class = ", ".join(f"{count:,} {status}" for status, count in sorted(statuses.items()))
    print(f"\n{len(took):,} requests, {len(took) / SECONDS:.0f} a second for {SECONDS} s: {each_class}")
    print(f"ms: half within {hundredths[49]:.0f}, 95 in 100 within {hundredths[94]:.0f}, all within {took[-1]:.0f}")
    print(f"MiB of the server: {before:.0f} before, {after:.0f} after")
    assert statuses["5xx"] == statuses["none"] == 0 and len(took) > 0.9 * SECONDS * PER_SECOND
    assert project.file(1, PLAN) == plan
    assert {path.name for path in tmp_path.iterdir()} == {"in", "secret.csv"}
    assert after - before < MEBIBYTES_MORE_MAX


def _ask(served: Served, number: int) -> tuple[Counter[str], list[float]]:
    """One browser's share of the requests, each at its time; what came back, by class, and the ms each took."""
    draws, counts, took = random.Random(number), Counter[str](), list[float]()
    parts = urlsplit(served.address)
    with httpx2.Client(base_url=f"http://{parts.netloc}", timeout=30) as browser:
        opened = browser.get(f"/?{parts.query}")
        cookie = opened.headers["set-cookie"].partition(";")[0]
        browser.headers |= {"origin": f"http://{parts.netloc}", "cookie": cookie}
        browser.cookies.clear()
        began = time.monotonic()
        for n in range(SECONDS * PER_SECOND // BROWSERS):
            time.sleep(max(0.0, began + n * BROWSERS / PER_SECOND - time.monotonic()))
            method, path, given = draws.choice(METHODS), path_of(draws), asked(draws)
            sent = time.perf_counter()
            counts[_status(browser, method, path, given)] += 1
            took.append(1000 * (time.perf_counter() - sent))
    return counts, took


def _status(browser: httpx2.Client, method: str, path: str, given: dict[str, Any]) -> str:
    try:
        with browser.stream(method, path, **given) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                return "2xx"  # it goes on as long as the work does
            assert SECRET.encode() not in answer.read()
            return f"{answer.status_code // 100}xx"
    except httpx2.TransportError:
        return "none"


def _mebibytes(served: Served) -> float:
    """Of memory, that the server holds."""
    status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))
