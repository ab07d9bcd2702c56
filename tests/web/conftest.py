"""What tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from served import client_of
from starlette.testclient import TestClient

from partition.storage.project_file import Project


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    """The pages of the project that a test's module makes."""
    with client_of(project) as client:
        yield client
