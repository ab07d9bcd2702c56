"""What the commands share: exit codes, the scenario asked for, refusing, writing and printing."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from geodata.files import Made
    from geodata.urns import Urn
    from partition.settings.scenario import Scenario

T = TypeVar("T")
SHOWN = 6  # files written, by name
FOUND, DISAGREES, WRONG_USAGE, BAD_DATA, NO_PLAN, NO_TIME, CRASHED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 70, 130
DEBUG = "PARTNERSHIPS_DEBUG"
"""The environment variable that shows where the program failed, and what libraries warn of."""


def scenario_asked(
    path: Path | None,
    schools: Path | None,
    la: Sequence[str] | None,
    settings: Sequence[str] | None,
    out: Path,
) -> Scenario:
    """The scenario asked for; with neither a scenario nor schools, the sample county, written beside the answer."""
    from geodata.files import making
    from partition.actions.sample import write_sample
    from partition.scenario.read import read_scenario

    if path is None and schools is None:
        read_scenario(None, settings or ())  # before anything is made for it
        with making().as_inputs():
            path = write_sample(out / "sample")
    given = []
    if schools is not None:
        given.append(f"data.schools={json.dumps(str(schools))}")
    if la:
        given.append(f"data.local_authority={json.dumps(list(la))}")
    return read_scenario(path, [*given, *(settings or ())])


# How a command ends ------------------------------------------------------------------------------------------


@contextmanager
def refusing(as_json: bool, out: Path | None = None, *names: str) -> Iterator[None]:
    """What goes wrong ends in a line for each fault and a documented exit code, and leaves nothing half made.

    A command that writes names its folder `out`, which is tried before anything else is done; and the `names` of what
    it will write there, where much is worked out before that.
    """
    from geodata.files import recorded, writable_folder

    with recorded() as made:
        try:
            if out is not None:
                writable_folder(out, *names)
            yield
        except (typer.Exit, typer.Abort):
            raise
        except typer.BadParameter:
            made.drop_inputs()
            raise
        except (Exception, KeyboardInterrupt) as wrong:
            code = _tell(wrong, made, as_json)
            if not made.files:
                made.drop_inputs()
            raise typer.Exit(code) from None
        finally:
            made.drop_empty_folders()


def bounded(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with an end to whatever goes wrong in it, also before it refuses anything itself."""

    @wraps(command)
    def run(**given: Any) -> None:
        with refusing(bool(given.get("as_json"))):
            command(**given)

    return run


def file_lines(files: Mapping[str, str] | Mapping[str, Path]) -> list[str]:
    """Where each file is, by what it is: a line each."""
    return [f"{what}: {path}" for what, path in files.items()]


def say_written(
    facts: dict[str, Any], lines: Iterable[str], files: Mapping[str, str], as_json: bool, quiet: bool
) -> None:
    """Say what was found, and where the files are."""
    say(facts | {"files": files}, [*lines, *file_lines(files)], as_json, quiet)


def _tell(wrong: BaseException, made: Made, as_json: bool) -> int:
    """Say what went wrong and what is there all the same; the exit code."""
    from geodata.failures import fault_of, file_of
    from geodata.faults import BadData

    if _interrupted(wrong):
        typer.echo(f"interrupted; {_kept_words(made)}" if made.files else "interrupted", err=True)
        return INTERRUPTED
    fault = None if isinstance(wrong, BadData) else fault_of(wrong, file_of(wrong) or "command")
    faults = wrong.faults if isinstance(wrong, BadData) else (fault,) if fault is not None else ()
    if not faults:
        return _tell_crash(wrong, as_json)
    from partition.cli.fault_codes import SHOWN_MOST, code_of, codes_of

    _show_trace(wrong)
    if as_json:
        told = [fault.as_dict() | {"code": code_of(fault)} for fault in faults]
        written = {"written": [str(path) for path in made.files]} if made.files else {}
        show(json.dumps({"faults": told, **written}, ensure_ascii=False))
    else:
        for fault in faults:
            typer.echo(str(fault), err=True)
        typer.echo(f"{len(faults)} fault{'s' * (len(faults) != 1)}; {_kept_words(made)}", err=True)
        for code in codes_of(faults)[:SHOWN_MOST]:
            typer.echo(f"guide: partnerships guide {code}", err=True)
    return BAD_DATA


def _interrupted(wrong: BaseException | None) -> bool:
    """Whether it was Ctrl-C; a library that was just being loaded may tell it as an error of its own."""
    return wrong is not None and (
        isinstance(wrong, KeyboardInterrupt) or _interrupted(wrong.__cause__) or _interrupted(wrong.__context__)
    )


def _kept_words(made: Made) -> str:
    """What was written before it went wrong: files by name, or, where there are many, how many in which folder."""
    folders = dict.fromkeys(path.parent for path in made.files)
    if len(made.files) <= SHOWN:
        told = [str(path) for path in made.files]
    else:
        told = [f"{sum(path.parent == folder for path in made.files)} files in {folder}" for folder in folders]
    return f"kept all the same: {', '.join(told)}" if told else "nothing was written"


def _tell_crash(wrong: BaseException, as_json: bool) -> int:
    """A fault of the program, in three lines."""
    from partition.storage.crash_log import crash_lines, log_crash

    log = log_crash(wrong)
    _show_trace(wrong)
    lines = crash_lines(log)
    if as_json:
        show(json.dumps({"error": " ".join(lines), "log": str(log)}, ensure_ascii=False))
    else:
        typer.echo("\n".join(lines), err=True)
    return CRASHED


def _show_trace(wrong: BaseException) -> None:
    if os.environ.get(DEBUG):
        typer.echo("".join(traceback.format_exception(wrong)), err=True)


def kept_somewhere(write: Callable[[Path], T], out: Path) -> T:
    """What writing what took long to find in a folder gives. Where that fails, it is kept elsewhere if it can be.

    Raises Unwritten all the same: what was asked for is not there.
    """
    from geodata.files import Unwritten

    try:
        return write(out)
    except Unwritten:
        _keep_elsewhere(write)
        raise


def _keep_elsewhere(write: Callable[[Path], object]) -> None:
    """Write in a new folder that only the user can look into: of the system's temporary ones, or of the user's own."""
    import platformdirs

    from geodata.faults import BadData
    from geodata.files import making

    for place in (tempfile.gettempdir(), platformdirs.user_state_dir("school-partnerships", appauthor=False)):
        with suppress(BadData, OSError):
            Path(place).mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="partnerships-kept-", dir=place))
            making().folders.append(folder)
            write(folder)
            return


# What it says ------------------------------------------------------------------------------------------------


def say(facts: dict[str, Any], lines: Sequence[str], as_json: bool, quiet: bool) -> None:
    if as_json:
        show(json.dumps(facts, ensure_ascii=False))
    elif not quiet:
        show("\n".join(lines))


def urn_given(option: str, text: str) -> Urn:
    """Return the URN that an option states. Raises BadData for a text that can be none."""
    from geodata.faults import BadData, Fault
    from geodata.urns import Urn

    try:
        return Urn(text)
    except ValueError as wrong:
        raise BadData([Fault(file="command", column=option, value=text, fix=str(wrong))]) from None


def show(text: str) -> None:
    """Print, to a reader that may have gone: what was asked for is done all the same."""
    try:
        typer.echo(text)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for what else is printed
