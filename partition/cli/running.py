"""The command in a process of its own: nothing but its own words on the screen, and Ctrl-C quiet at any moment."""

from __future__ import annotations

import logging
import os
import signal
import sys
import warnings
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

import typer

from partition.cli.shared import DEBUG, INTERRUPTED, refusing

came: list[int] = []  # signals of Ctrl-C


def run() -> NoReturn:
    """Run the command that this process was started for, and end it with the command's exit code."""
    signal.signal(signal.SIGINT, _interrupt)
    arguments = _debug_first(sys.argv[1:])
    if not os.environ.get(DEBUG):
        _be_quiet()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name on the disk need not be text
    code = _ended(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: Python's own end is not to be disturbed
    raise SystemExit(INTERRUPTED if came else code)


def _ended(arguments: list[str]) -> int | str | None:
    """Run the command; what it ends with."""
    try:
        with refusing("--json" in arguments):
            from partition.cli.commands import app

            app(arguments, prog_name="partnerships")
    except SystemExit as end:
        return end.code
    except typer.Exit as end:
        return end.exit_code
    return 0


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    came.append(number)
    raise KeyboardInterrupt


def _debug_first(arguments: list[str]) -> list[str]:
    """The arguments, with --debug where it belongs, wherever it was given."""
    if "--debug" not in arguments:
        return arguments
    os.environ[DEBUG] = "1"
    return ["--debug", *(argument for argument in arguments if argument != "--debug")]


def _be_quiet() -> None:
    """Keep off the screen what Python and libraries say there, here and in processes that this one starts."""
    warnings.simplefilter("ignore")
    sys.warnoptions.append("ignore")
    logging.getLogger().addHandler(logging.NullHandler())
    os.environ.setdefault("CPL_LOG", os.devnull)  # GDAL's
    sys.unraisablehook = lambda _: None  # such as of a pipe that was closed, told while Python ends
