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

import pytest
from served import SECONDS, Browser, Served, work
from town import write_town

from geodata.urns import Urn
from partition.storage.project_file import PLAN, Project
from partition.web.replies import replies_to

ROUNDS = 4
SAVES = 4  # of each kind, at least, before the server is killed


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
    path = write_town(tmp_path, 0, 1, 10, 11, 20, 21, today={"Fen": ["900001", "900002", "900003", "900004"]})
    project = Project(tmp_path / "project.gpkg")
    work(project, "judge", path)
    return project


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
            saver.join(SECONDS)
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
            assert said[Urn(saver.kind)].date in {day_of(saver.sure), day_of(saver.sure + 1)}
