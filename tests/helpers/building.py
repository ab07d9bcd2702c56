"""The commands' parser, built once a process: thirty commands with all their options take a twentieth of a second."""

from __future__ import annotations

from functools import cache

import typer.main
import typer.testing


def build_commands_once() -> None:
    """From now on typer makes the parser of an application once, and not each time that a command is run."""
    typer.main.get_command = cache(typer.main.get_command)
    typer.testing._get_command = typer.main.get_command
