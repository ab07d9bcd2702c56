"""The server killed while it saves, and started again: what it has answered for is there, and nothing is half there."""

from __future__ import annotations

import http.client
import os
import random
import signal
import sqlite3
import time
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

import pytest
from served import Served
from town import write_town

from partition.project import PLAN, Project
from partition.web.replies import replies_to
from partition.web.tasks import TASKS
from partition.web.tasks.order import Order

ROUNDS = 4
SAVES = 4  # of each kind, at least, before the server is killed


class Browser:
    """Asks a served page as a browser does that has opened its address."""

    def __init__(self, served: Served) -> None:
        parts = urlsplit(served.address)
        self.origin = f"http://{parts.netloc}"
        self.connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        self.connection.request("GET", f"/?{parts.query}")
        opened = self.connection.getresponse()
        opened.read()
        self.cookie = opened.headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": self.cookie, "Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode(form) if form else None, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


class Saving(Thread):
    """Saves one number after another until the server is gone; `sure` is the last that was answered for."""

    def __init__(self, served: Served, kind: str, ended: Event) -> None:
        super().__init__(daemon=True)
        self.browser, self.kind, self.ended = Browser(served), kind, ended
        self.sure = self.tried = 0

    def run(self) -> None:
        while not self.ended.is_set():
            self.tried += 1
            try:
                status, said = self.browser.ask("POST", *self.form(self.tried))
            except (OSError, http.client.HTTPException):
                return
            assert status == 303, said
            self.sure = self.tried

    def form(self, number: int) -> tuple[str, dict[str, str]]:
        if self.kind == "note":
            return "/plan/1/note", {"name": f"Plan {number}", "note": f"{number}" * 400}
        row = {"said": "yes", "partners": "", "date": day_of(number), "was": "not as it was"}
        return "/plan/1/answers", {f"{what}:{self.kind}": value for what, value in row.items()}


def day_of(number: int) -> str:
    return (date(2000, 1, 1) + timedelta(days=number)).isoformat()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with today's groups of six schools judged."""
    path = write_town(tmp_path, 0, 1, 10, 11, 20, 21, today={"Fen": [900001, 900002, 900003, 900004]})
    order = Order(what="judge", project=str(tmp_path / "project.gpkg"), scenario=path.read_text(encoding="utf-8"))
    TASKS["judge"](order, lambda *_, **__: None, Event())
    return Project(tmp_path / "project.gpkg")


def test_killed_while_it_saves(project: Project):
    draws, plan = random.Random(20261125), project.file(1, PLAN)
    for _ in range(ROUNDS):
        served, ended = Served(project.path), Event()
        savers = [Saving(served, kind, ended) for kind in ("note", "900001", "900004")]
        for saver in savers:
            saver.start()
        while min(saver.sure for saver in savers) < SAVES:
            assert all(saver.is_alive() for saver in savers)
            time.sleep(0.01)
        time.sleep(draws.uniform(0, 0.2))
        os.kill(served.process.pid, signal.SIGKILL)
        ended.set()
        for saver in savers:
            saver.join(60)
        served.end()
        again = Served(project.path)
        status, page = Browser(again).ask("GET", "/plan/1/answers")
        again.end()
        assert status == 200 and b"School 900001" in page
        with sqlite3.connect(project.path) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = project.plan(1)
        assert kept is not None and project.file(1, PLAN) == plan
        note, *answers = savers
        assert kept.name in {f"Plan {number}" for number in (note.sure, note.sure + 1)} and len(kept.note) >= 400
        said = replies_to(project, kept)
        for saver in answers:
            assert said[int(saver.kind)].date in {day_of(saver.sure), day_of(saver.sure + 1)}
