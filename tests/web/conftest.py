"""What tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import client_of
from starlette.testclient import TestClient

from partition.storage.crash_log import FOLDER
from partition.storage.project_file import Project


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    """The pages of the project that a test's module makes."""
    with client_of(project) as client:
        yield client


@pytest.fixture(autouse=True)
def logs(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where faults of the program are written down, by its workers too."""
    folder = tmp_path_factory.mktemp("home") / "logs"
    monkeypatch.setenv(FOLDER, str(folder))
    return folder
