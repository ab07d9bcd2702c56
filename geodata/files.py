"""Files written whole or not at all, and a record of all that a command made, so that it can be reported and undone.

A file is written first in a folder of its own beside its place, which no other user can open; the file is flushed to
the disk, and then moved into place at once. A killed program leaves such a folder behind; the next program that writes
there removes old ones.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from geodata.failures import fault_of
from geodata.faults import BadData, Fault

BESIDE = ".partnerships-"  # prefix of temporary folders
OLD_SECONDS = 3_600
TRIAL_BYTES, ROOM_BYTES = 4_096, 2**20  # a page; more than most files need
PUBLIC, PRIVATE = 0o644, 0o600  # modes before the user's umask applies


class Unwritten(BadData, OSError):
    """An exception for a file that cannot be written, or a folder that nothing can be written in.

    The exception is also an OSError, as callers of writers expect.
    """


# What one command made ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """All that was made since `recorded` began: folders, outermost first; files written; inputs made for reading."""

    folders: list[Path] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    inputs: list[Path] = field(default_factory=list)

    @contextmanager
    def as_inputs(self) -> Iterator[None]:
        """Count files written inside the context as inputs, such as the sample county, and not as results."""
        before = len(self.files)
        yield
        self.inputs.extend(self.files[before:])
        del self.files[before:]

    def drop_inputs(self) -> None:
        """Delete generated inputs whose folder was made for them."""
        for path in self.inputs:
            if path.parent in self.folders:
                path.unlink(missing_ok=True)

    def drop_empty_folders(self) -> None:
        """Remove the folders that were made and that nothing was written in."""
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()


_made: ContextVar[Made | None] = ContextVar("made", default=None)


@contextmanager
def recorded() -> Iterator[Made]:
    """Yield a record of all that is made inside the context."""
    made = Made()
    token = _made.set(made)
    try:
        yield made
    finally:
        _made.reset(token)


def making() -> Made:
    """Return the record being kept; a new record where none is."""
    return _made.get() or Made()


def writable_folder(path: Path | str, *names: str) -> None:
    """Make a folder with its parents, test that files can be written there, and that no folder has one of the `names`.

    Raises Unwritten, and then leaves nothing that the function made.
    """
    path = Path(path)
    with _telling(path, str(path)), _made_folders(path):
        with tempfile.TemporaryDirectory(dir=path, prefix=BESIDE) as trial:
            _try_to_write(Path(trial) / "trial", TRIAL_BYTES)
        for name in names:
            _refuse_folder(path / name)
    _remove_old(path)


@contextmanager
def _made_folders(path: Path) -> Iterator[None]:
    """Make a folder with its parents; record the new folders, or remove them if the context fails."""
    made = Made([folder for folder in (*reversed(path.parents), path) if not folder.exists()])
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        made.drop_empty_folders()
        raise
    making().folders.extend(made.folders)


def _try_to_write(path: Path, size_bytes: int) -> None:
    with path.open("wb") as file:
        file.write(bytes(size_bytes))
        file.flush()
        os.fsync(file.fileno())


def _refuse_folder(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        raise Unwritten([Fault(file=str(path), fix="a folder is in the way; move it away, or name another place")])


def _remove_old(folder: Path) -> None:
    """Remove the temporary folders that programs killed long ago left."""
    for path in folder.glob(f"{BESIDE}*"):
        with suppress(OSError):  # another program may remove the same folder
            if time.time() - path.stat().st_mtime > OLD_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


# Writing -----------------------------------------------------------------------------------------------------


@contextmanager
def replacing(path: Path | str, *, private: bool = False) -> Iterator[Path]:
    """Yield a temporary path that any library can write to; the file there replaces `path` at once if all goes well.

    The file is readable for all whom the user's umask allows, or, with `private`, for the user alone. Raises Unwritten
    where the file cannot be written.
    """
    path = Path(path)
    with together(private=private):
        batch = _batch.get()
        assert batch is not None
        with _telling(path):
            temporary = batch.temporary(path)
            with _asking_the_disk(temporary.parent):
                yield temporary
        batch.ready(path, temporary)


@contextmanager
def together(*, private: bool = False) -> Iterator[None]:
    """Move all files written inside the context to their places at its end, or none of them if anything fails.

    Files written with `private` are readable for the user alone. Raises Unwritten as `replacing` does.
    """
    outer, token = _batch.get(), _private.set(_private.get() or private)
    try:
        if outer is not None:
            yield
            return
        batch = _Batch()
        begun = _batch.set(batch)
        try:
            yield
            with _undisturbed():
                batch.place()
        finally:
            _batch.reset(begun)
            with _undisturbed():
                batch.clear()
    finally:
        _private.reset(token)


def is_private(path: Path) -> bool:
    """Return whether there is a file that its user alone can read."""
    return path.exists() and not stat.S_IMODE(path.stat().st_mode) & 0o077


class _Batch:
    """Files on their way to their places, in a temporary folder beside each place."""

    def __init__(self) -> None:
        self._beside: dict[Path, Path] = {}
        self._aside: dict[Path, Path] = {}  # where a library could not take the path
        self._ready: dict[Path, tuple[Path, int]] = {}
        self._public = PRIVATE

    def temporary(self, path: Path) -> Path:
        """Return the path at which a file is written first."""
        _refuse_folder(path)
        if path.parent not in self._beside:
            self._begin(path.parent)
        temporary = self._aside.get(path.parent, self._beside[path.parent]) / path.name
        temporary.unlink(missing_ok=True)  # some formats append to what is there
        return temporary

    def _begin(self, folder: Path) -> None:
        _remove_old(folder)
        beside = self._beside[folder] = Path(tempfile.mkdtemp(dir=folder.absolute(), prefix=BESIDE))
        self._public = _mode_of_new(beside / "trial")
        if "!" in str(beside) or not str(beside).isprintable():  # paths that GDAL takes for an archive, or cannot read
            self._aside[folder] = Path(tempfile.mkdtemp(prefix=BESIDE))

    def ready(self, path: Path, temporary: Path) -> None:
        """Note that a file is complete."""
        self._ready[path] = temporary, PRIVATE if _private.get() else self._public

    def place(self) -> None:
        """Move every file to its place, once all of them are on the disk."""
        beside = {path: self._beside[path.parent] / path.name for path in self._ready}
        for path, (temporary, mode) in self._ready.items():
            with _telling(path):
                if temporary != beside[path]:
                    shutil.copyfile(temporary, beside[path])
                beside[path].chmod(mode)
                _flush(beside[path], os.O_RDWR)
        for path, whole in beside.items():
            with _telling(path):
                whole.replace(path)
            making().files.append(path)
        for folder in self._beside:
            with suppress(OSError):  # only some systems flush folders
                _flush(folder, os.O_RDONLY)

    def clear(self) -> None:
        """Remove the temporary folders."""
        for folder in (*self._beside.values(), *self._aside.values()):
            shutil.rmtree(folder, ignore_errors=True)


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)
_private: ContextVar[bool] = ContextVar("private", default=False)


def _mode_of_new(trial: Path) -> int:
    """Return the mode of a new file, read from a trial: asking for the umask would change that of other threads."""
    os.close(os.open(trial, os.O_CREAT | os.O_WRONLY, PUBLIC))
    mode = stat.S_IMODE(trial.stat().st_mode)
    trial.unlink()
    return mode


def _flush(path: Path, how: int) -> None:
    """Flush a file, or a folder that a file was moved into, to the disk, so that the change survives a power cut."""
    opened = os.open(path, how)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _telling(path: Path, file: str = "") -> Iterator[None]:
    """Turn an expected error in writing into a fault of that file (Unwritten)."""
    try:
        yield
    except BadData:
        raise
    except Exception as wrong:
        fault = fault_of(wrong, file or path.name)
        if fault is None:
            raise
        raise Unwritten([fault]) from wrong


@contextmanager
def _asking_the_disk(folder: Path) -> Iterator[None]:
    """Replace the vague error of a library by the error of a trial write, where the disk itself refuses to write."""
    try:
        yield
    except (BadData, OSError):
        raise
    except Exception:
        _try_to_write(folder / "trial", ROOM_BYTES)
        raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Delay Ctrl-C until the end of the context."""
    before = signal.getsignal(signal.SIGINT)
    if before is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[object] = []
    signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)
