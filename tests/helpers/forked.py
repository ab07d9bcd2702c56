"""A Python that has the program loaded: a file that runs as Python does, by a fork, in place of seconds of imports.

`python()` is such a file, to be started as `sys.executable` is, with `-c` or `-m`. What it starts is a process of its
own with the given arguments, folder, environment and standard streams; signals reach it, and its end is passed on; only
its number is that of a small process in between. For tests to which a process is a means. Where loading, a kill or
memory is what is tested, start `sys.executable`; so does `python()` itself where the system is not Linux.

    a test -> `_ask`, in place of Python -> `_serve`, loaded once -> `_mind`, a fork for each -> `_live`, its fork
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress

PASSED_ON = (signal.SIGINT, signal.SIGTERM)
LOADED = ("partition", "geodata", "uvicorn", "h11")
IDLE = "jemalloc_bg_thd"  # pyarrow's; its allocator knows of forks


def python() -> str:
    """Return the file, and have everything loaded first where that has not been done."""
    if sys.platform != "linux":
        return sys.executable
    import atexit
    import shlex
    import subprocess
    import tempfile
    from pathlib import Path

    global _made
    if _made is None:
        folder = tempfile.TemporaryDirectory(prefix="forked")
        atexit.register(folder.cleanup)
        place, file = Path(folder.name) / "socket", Path(folder.name) / "python"
        command = shlex.join([sys.executable, "-IS", __file__, str(place)])
        file.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        file.chmod(0o700)
        pipe = subprocess.PIPE
        single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "NUMBA", "MKL")}
        server = subprocess.Popen(
            [sys.executable, __file__, place, "", file], stdin=pipe, stdout=pipe, env=os.environ | single
        )  # it ends with its input, and so with this process
        assert server.stdout is not None and server.stdout.read(1) == b"+", "it could not be loaded"
        atexit.register(server.communicate)
        _made = str(file)
    return _made


_made: str | None = None


# In place of Python ------------------------------------------------------------------------------------------


def _ask(place: str, *words: str) -> int:
    """Have a process begin, with all that this one was given; wait for its end, and return how that was."""
    with socket.socket(socket.AF_UNIX) as line:
        for number in PASSED_ON:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda number, _: line.send(bytes([number])))
        line.connect(place)
        leads = os.getsid(0) == os.getpid()
        here = os.getcwd()  # noqa: PTH109 (pathlib takes as long to load as the rest)
        facts = repr((words, here, dict(os.environ), leads)).encode("utf-8", "surrogateescape")
        socket.send_fds(line, [len(facts).to_bytes(4, "big")], [0, 1, 2])
        line.sendall(facts)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(nothing, stream)  # whoever reads the other end waits for the process alone
        return int(line.recv(20) or b"70")


# Loaded ------------------------------------------------------------------------------------------------------


def _serve(place: str, file: str) -> None:
    """Load everything, and fork for all who ask, until the end of standard input."""
    import gc
    import importlib
    import pkgutil
    import selectors
    from pathlib import Path

    importlib.import_module("multiprocessing.spawn")  # it passes files on, and so goes by Python itself
    for name in LOADED:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if name in ("partition", "geodata") and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    _warm()
    gc.collect()
    gc.freeze()  # what is here already is neither looked at nor copied in the forks
    threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    assert [name for name in threads if name != IDLE][1:] == [], threads
    sys.executable = file  # what the program starts in turn
    with socket.socket(socket.AF_UNIX) as door, selectors.DefaultSelector() as ready:
        door.bind(place)
        door.listen(64)
        ready.register(door, selectors.EVENT_READ)
        ready.register(0, selectors.EVENT_READ)
        os.write(1, b"+")
        while all(key.fileobj is door for key, _ in ready.select()):
            line, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _mind(line)
            line.close()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _warm() -> None:
    """Do once what each process would do anew: plan a little county as a worker does, and read pages' templates."""
    import tempfile
    from pathlib import Path

    from served import work
    from town import write_town

    from partition.storage.project_file import Project
    from partition.web.render import templates

    with tempfile.TemporaryDirectory(prefix="warm") as folder:
        scenario = write_town(Path(folder), *range(0, 120, 4))  # enough schools for the compiled search
        work(Project(Path(folder) / "project.gpkg"), "plan", scenario)
    for name in templates().list_templates():
        templates().get_template(name)


def _mind(line: socket.socket) -> None:
    """Begin a process, pass signals on to it, and say how it ended; where nobody waits any more, kill it."""
    import ast
    import select

    size, streams, _, _ = socket.recv_fds(line, 4, 3)
    facts = b""
    while len(facts) < int.from_bytes(size, "big") and (more := line.recv(2**16)):
        facts += more
    words, folder, environment, leads = ast.literal_eval(facts.decode("utf-8", "surrogateescape"))
    process = os.fork()
    if process == 0:
        line.close()
        _live(streams, words, folder, environment, leads)
    for stream in streams:
        os.close(stream)
    handle = os.pidfd_open(process)
    with suppress(OSError):
        while handle not in select.select([handle, line], [], [])[0]:
            told = line.recv(1)
            os.kill(process, told[0] if told else signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with suppress(OSError):
        line.send(str(code).encode())
    os._exit(0)


def _live(streams: list[int], words: list[str], folder: str, environment: dict[str, str], leads: bool) -> None:
    """All of the life of a process that was asked for."""
    import atexit
    import threading
    import traceback

    code: object = 0
    try:
        if leads:
            os.setsid()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (for good, as those after it)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        _run(words)
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = 1
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # as Python ends: the threads, and then what is to be done last
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(int(code or 0))


def _run(words: list[str]) -> None:
    """Be Python with these words, `-c CODE` or `-m MODULE` and what follows."""
    import runpy
    import types

    how, what, *more = words
    sys.path.insert(0, "")
    if how == "-m":
        sys.argv = [what, *more]
        sys.modules.pop(what, None)  # it is loaded as `__main__`
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        assert how == "-c", words
        sys.argv = [how, *more]
        sys.modules["__main__"] = main = types.ModuleType("__main__")
        exec(what, main.__dict__)


if __name__ == "__main__":
    if sys.argv[2:3] == [""]:
        _serve(sys.argv[1], sys.argv[3])
    else:
        how = _ask(*sys.argv[1:])
        if how < 0:
            signal.signal(-how, signal.SIG_DFL)
            os.kill(os.getpid(), -how)
        os._exit(how)
