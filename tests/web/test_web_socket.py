"""What arrives at the socket half, crooked, or not at all: the real server goes on, and nothing is lost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from served import Browser, Served, work
from town import write_town

from partition.storage.project_file import PLAN, Project

SECONDS = 60
IDLE = 120  # connections that say nothing; 200 is the most that are served at once
HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
FILE = "Content-Type: multipart/form-data; boundary=b\r\n"
PART = '--b\r\nContent-Disposition: form-data; name="file"; filename="half.csv"\r\n\r\nurn,pupils\r\n1,'
CROOKED = {  # what is sent, to be cut off after it
    "half a form": HEAD + FORM + "Content-Length: 1000\r\n\r\nname=half",
    "half a file": HEAD + FILE + "Content-Length: 5000\r\n\r\n" + PART,
    "half a chunk": HEAD + FORM + "Transfer-Encoding: chunked\r\n\r\n5\r\nna",
    "no chunk": HEAD + FORM + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "two lengths": HEAD + FORM + "Content-Length: 4\r\nContent-Length: 9\r\n\r\nname=half",
    "a negative length": HEAD + FORM + "Content-Length: -1\r\n\r\n",
    "a huge length": HEAD + FORM + f"Content-Length: {10**18}\r\n\r\nname=x",
    "half a head": HEAD,
    "an endless head": HEAD + "X: " + "x" * 200_000,
    "two hosts": HEAD + "Host: evil.example\r\n" + FORM + "Content-Length: 9\r\n\r\nname=half",
    "no request": "\x00\xff\r\n\r\n",
    "another protocol": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "an older protocol": "GET /\r\n\r\n",
    "a whole address": HEAD.replace("POST {path}", "GET http://evil.example/plans") + "Connection: close\r\n\r\n",
    "nothing": "",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The command, serving a project with today's groups judged."""
    folder = tmp_path_factory.mktemp("socket")
    project = Project(folder / "project.gpkg")
    work(project, "judge", write_town(folder, 0, 1, 10, 11, today={"Fen": ["900001", "900002"]}), name="Today")
    served = Served(project.path)
    yield served
    served.end()


def send(served: Served, browser: Browser, text: str, path: str = "/plan/1/note") -> bytes:
    """Send it, say that nothing more comes, and hear what there is to hear."""
    host = urlsplit(served.address).netloc
    words = text.replace("{path}", path).replace("{host}", host).replace("{cookie}", browser.cookie)
    with socket.create_connection(host.split(":"), SECONDS) as line:  # type: ignore[arg-type]
        try:
            line.sendall(words.encode("latin-1"))
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b""))
        except OSError:  # it would hear no more of that
            return b""


@pytest.mark.parametrize("path", ["/plan/1/note", "/data", "/plan/1/hand/edit"])
@pytest.mark.parametrize("what", CROOKED)
def test_what_is_cut_off_or_crooked_changes_nothing(served: Served, what: str, path: str):
    project, browser = Project(served.project), Browser(served)
    before = project.file(1, PLAN), project.plan(1), sorted(served.project.parent.rglob("*"))
    answer = send(served, browser, CROOKED[what], path)
    assert not answer or answer.split()[1][:1] == b"4", answer[:300]
    assert (project.file(1, PLAN), project.plan(1), sorted(served.project.parent.rglob("*"))) == before
    assert Browser(served).ask("GET", "/plan/1")[0] == 200


def test_many_who_say_nothing_keep_nobody_out(served: Served):
    host, _, port = urlsplit(served.address).netloc.partition(":")
    idle = [socket.create_connection((host, int(port)), SECONDS) for _ in range(IDLE)]
    assert Browser(served).ask("GET", "/plans")[0] == 200
    for line in idle:
        line.close()
    assert Browser(served).ask("GET", "/plans")[0] == 200
