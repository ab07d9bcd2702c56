"""The Python that tests fork in place of a start behaves as one: words, streams, folder, signals and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from forked import python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is forked on Linux alone")

TELLS = "import os, sys; print(sys.argv, sys.stdin.read(), os.getcwd(), os.environ['SAID'], len(sys.modules) > 1500)"
WAITS = "import os, time; print(os.getpid(), flush=True); time.sleep(100)"


def test_it_is_given_what_it_was_started_with(tmp_path: Path) -> None:
    asked = [python(), "-c", TELLS, "a b"]
    done = subprocess.run(
        asked, input="typed", cwd=tmp_path, env={"SAID": "ä"}, capture_output=True, text=True, encoding="utf-8"
    )
    assert (done.stdout, done.stderr) == (f"['-c', 'a b'] typed {tmp_path} ä True\n", "")


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit('no')", 1),
        ("1 / 0", 1),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
    ],
)
def test_its_end_is_told(code: str, end: int) -> None:
    assert subprocess.run([python(), "-c", code], stderr=subprocess.DEVNULL).returncode == end


def test_a_signal_reaches_it() -> None:
    code = f"try:\n    exec({WAITS!r})\nexcept KeyboardInterrupt:\n    raise SystemExit(7)"
    with subprocess.Popen([python(), "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and int(process.stdout.readline()) != process.pid
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 7


def test_it_does_not_outlive_who_stands_for_it() -> None:
    with subprocess.Popen([python(), "-c", WAITS], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        number = int(process.stdout.readline())
        os.kill(number, 0)  # it is there
        process.kill()
    until = time.monotonic() + 60
    while Path(f"/proc/{number}").exists():
        assert time.monotonic() < until, "it is still there"
        time.sleep(0.05)
