"""The command `partnerships`: it reads, calls one function, and prints. Heavy parts load when they are needed.

A family of commands is a module; a new command is a function there and a place in the list below.
"""

from __future__ import annotations

import typer

from partition.cli.data import check, sample, scenario, travel
from partition.cli.judging import judge, verify
from partition.cli.planning import plan

COMMANDS = (plan, judge, check, travel, verify, sample, scenario)  # as --help lists them

app = typer.Typer(
    name="partnerships",
    help="Partnerships of small schools: propose them, prove how good they are, draw them on a map.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """The entry point."""
    app()
