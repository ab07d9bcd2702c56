"""OSRM's own programs, run on an OpenStreetMap extract: prepared once, served on loopback while needed."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType

import numpy as np

from geodata.cache import directory
from geodata.cells import refused
from geodata.faults import BadData, Fault
from geodata.opening import read_head, source_of
from geodata.osrm.server import OsrmServer, Refusal

BIN_VARIABLE = "PARTNERSHIPS_OSRM_BIN"
PROGRAMS = ("osrm-extract", "osrm-contract", "osrm-routed")
LOOPBACK = "127.0.0.1"
START_SECONDS_MAX, STOP_SECONDS_MAX = 120, 10
PORTS_TRIED = 5
SUFFIXES = {b"<": ".osm", b"BZh": ".osm.bz2"}  # OSRM knows a format by its suffix; any other must be a PBF
# A process between this program and the server: it ends the server as soon as this program ends, for any reason.
KEEPER = """
import os, subprocess, sys, threading
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def end_with_parent():
    os.read(0, 1)
    server.kill()
threading.Thread(target=end_with_parent, daemon=True).start()
os._exit(server.wait() and 1)
"""


@dataclass(frozen=True, slots=True)
class Programs:
    """The places of OSRM's programs and of its profile for cars."""

    extract: Path
    contract: Path
    routed: Path
    car_profile: Path


def find_programs() -> Programs | None:
    """Find OSRM's programs: in the folder PARTNERSHIPS_OSRM_BIN, in the package osrm-bindings, or on PATH.

    Return None unless all three are in one of these folders, with the profile car.lua in a folder `share` beside that
    folder.
    """
    for folder in _folders():
        found = [shutil.which(name, path=str(folder)) for name in PROGRAMS]
        profile = next((path for path in _profiles(folder) if path.is_file()), None)
        if profile and all(found):
            extract, contract, routed = (Path(path).absolute() for path in found if path)
            return Programs(extract, contract, routed, profile.absolute())
    return None


def _folders() -> list[Path]:
    folders = [Path(named)] if (named := os.environ.get(BIN_VARIABLE)) else []
    package = importlib.util.find_spec("osrm")  # finds the package without running its code
    folders += [Path(place) / "bin" for place in (package and package.submodule_search_locations) or ()]
    on_path = shutil.which(PROGRAMS[0])
    return [*folders, *([Path(on_path).parent] if on_path else [])]


def _profiles(bin_folder: Path) -> list[Path]:
    share = bin_folder.parent / "share"
    return [share / "profiles" / "car.lua", share / "osrm" / "profiles" / "car.lua"]


class OsrmEngine:
    """A server of one extract by OSRM's car profile, on a free port of this machine's loopback and nowhere else.

    The engine is a context manager: inside, `server` answers. The server ends with the context, or with this process if
    that ends first, even by force. Prepared files stay in the user's cache, under the hash of extract, profile and
    program: a second start is immediate, and two starts at a time do not disturb each other.
    """

    def __init__(self, extract: Path | str, *, programs: Programs | None = None, cache: Path | None = None) -> None:
        """Find the programs. Raises BadData where the extract cannot be read, or OSRM is not on this machine."""
        self._extract = Path(extract)
        self._suffix = next(
            (suffix for magic, suffix in SUFFIXES.items() if read_head(self._extract).startswith(magic)),
            ".osm.pbf",
        )
        found = programs or find_programs()
        if found is None:
            fix = "OSRM's programs are not here; install the extra [osrm], or put osrm-extract on PATH"
            raise BadData([Fault(file=self._extract.name, column="travel.engine", fix=fix)])
        self._programs, self._cache = found, cache or directory() / "osrm"
        self.source = source_of(self._extract)
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> OsrmEngine:
        """Prepare the roads if needed and start the server.

        Raises BadData where OSRM cannot read the extract, or its server does not start.
        """
        key = self._key()
        base = self._prepared(key) / "roads.osrm"
        for _ in range(PORTS_TRIED):
            port = _free_port()
            self._start(base, port)
            self.server = OsrmServer(f"http://{LOOPBACK}:{port}", data_version=key)
            if self._is_up(port):
                return self
            self.__exit__(None, None, None)
        raise refused(self._extract, "prepared, but OSRM's server does not start; is memory short?")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server, and wait for its end."""
        if self._keeper is None:
            return
        keeper, self._keeper = self._keeper, None
        assert keeper.stdin is not None
        keeper.stdin.close()
        try:
            keeper.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()

    def _prepared(self, key: str) -> Path:
        """Return the folder of files for osrm-routed, made now unless the cache has it."""
        ready = self._cache / key
        if ready.is_dir():
            return ready
        self._cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._cache, prefix=".making-") as name:
            making = Path(name) / "done"
            making.mkdir()
            source = making / f"roads{self._suffix}"
            try:
                source.symlink_to(self._extract.absolute())
            except OSError:  # where links need a privilege
                shutil.copyfile(self._extract, source)
            profile = self._programs.car_profile
            self._run(making, self._programs.extract, "-p", profile, "--data_version", key, source)
            self._run(making, self._programs.contract, making / "roads.osrm")
            source.unlink()
            try:
                making.rename(ready)
            except OSError:
                if not ready.is_dir():
                    raise
                # Another process was faster, with the same result.
        return ready

    def _key(self) -> str:
        version = subprocess.run([self._programs.extract, "--version"], capture_output=True, check=False)
        parts = [self.source.sha256.encode(), self._programs.car_profile.read_bytes(), version.stdout]
        return sha256(b"\0".join(parts)).hexdigest()[:32]

    def _run(self, making: Path, program: Path, *arguments: str | Path) -> None:
        done = subprocess.run(
            [program, *arguments],
            cwd=making,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            said = _last_words(done.stdout.decode(errors="replace"), str(making))
            raise refused(self._extract, f"{program.stem} cannot use it ({said}); fetch the extract again")

    def _start(self, base: Path, port: int) -> None:
        routed = [self._programs.routed, "--algorithm", "ch", "--verbosity", "NONE", "-i", LOOPBACK]
        arguments = [sys.executable, "-I", "-S", "-c", KEEPER, *map(str, routed), "-p", str(port), str(base)]
        self._keeper = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to handle
        )

    def _is_up(self, port: int) -> bool:
        """Wait until the server answers; return False where the server ended instead, as on a port just taken."""
        keeper = self._keeper
        assert keeper is not None
        until = time.monotonic() + START_SECONDS_MAX
        while keeper.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection((LOOPBACK, port), timeout=1).close()
                self.server.ask("nearest", np.zeros((1, 2)), "number=1")
            except OSError:
                time.sleep(0.02)
                continue
            except (BadData, Refusal):  # the server of another program, on the same port
                return False
            return keeper.poll() is None
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _last_words(output: str, making: str) -> str:
    """Return the last line of a program's output, without its time stamp, colours or our folder's name."""
    lines = [line for line in re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines() if line.strip()]
    last = lines[-1].replace(making + os.sep, "").replace(making, "") if lines else "said nothing"
    return re.sub(r"^(\[[^\]]*\] ?|\s*what\(\): *)+", "", last)[:160]
