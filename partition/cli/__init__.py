"""The command `partnerships`: it reads, calls one function, and prints. Heavy parts load when they are needed.

A family of commands is a module; a new command is a function there and a place in the list below.
"""

from __future__ import annotations

from collections.abc import Callable

import typer

from partition.cli.alternating import alternatives
from partition.cli.comparing import compare
from partition.cli.data import check, sample, scenario, travel
from partition.cli.explaining import explain
from partition.cli.judging import judge
from partition.cli.plan_files import draw, verify
from partition.cli.planning import plan
from partition.cli.projects import project
from partition.cli.reporting import report
from partition.cli.rounds import answers, next_round
from partition.cli.schemes import advisers, review
from partition.cli.serving import serve
from partition.cli.staging import stage
from partition.cli.sweeping import sweep
from partition.cli.trading import frontier, least_change

COMMANDS: dict[str, Callable[..., None]] = {  # as --help lists them
    "plan": plan,
    "serve": serve,
    "judge": judge,
    "map": draw,
    "compare": compare,
    "sweep": sweep,
    "answers": answers,
    "next-round": next_round,
    "explain": explain,
    "alternatives": alternatives,
    "least-change": least_change,
    "frontier": frontier,
    "stage": stage,
    "advisers": advisers,
    "review": review,
    "report": report,
    "check": check,
    "travel": travel,
    "verify": verify,
    "project": project,
    "sample": sample,
    "scenario": scenario,
}

app = typer.Typer(
    name="partnerships",
    help="Partnerships of small schools: propose them, prove how good they are, draw them on a map.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, command in COMMANDS.items():
    app.command(name)(command)


def main() -> None:
    """The entry point."""
    app()
