"""All commands of `partnerships`. Heavy parts load when they are needed.

A family of commands is a module; a new command is a function there and a place in the list below.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated

import typer

from partition.cli.alternating import alternatives
from partition.cli.comparing import compare
from partition.cli.data import check, sample, scenario, template, travel
from partition.cli.doctoring import doctor
from partition.cli.explaining import explain
from partition.cli.federating import federations
from partition.cli.guiding import guide
from partition.cli.holding import stability
from partition.cli.judging import judge
from partition.cli.plan_files import draw, verify
from partition.cli.planning import plan
from partition.cli.projects import project
from partition.cli.reporting import report
from partition.cli.rounds import answers, next_round
from partition.cli.schemes import advisers, effects, review, training
from partition.cli.serving import serve
from partition.cli.shared import DEBUG, bounded, show
from partition.cli.staging import name as name_partnership
from partition.cli.staging import stage
from partition.cli.sweeping import sweep
from partition.cli.trading import fairness, frontier, least_change

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
    "stability": stability,
    "least-change": least_change,
    "frontier": frontier,
    "fairness": fairness,
    "federations": federations,
    "stage": stage,
    "name": name_partnership,
    "advisers": advisers,
    "review": review,
    "training": training,
    "effects": effects,
    "report": report,
    "check": check,
    "travel": travel,
    "verify": verify,
    "project": project,
    "sample": sample,
    "template": template,
    "scenario": scenario,
    "guide": guide,
    "doctor": doctor,
}

EXIT_CODES = (
    "Exit codes: 0 done; 1 verify disagrees; 2 wrong usage; 3 bad data, a bad scenario, or files that cannot be read "
    "or written; 4 no plan can exist; 5 time ran out with no plan; 70 a fault of the program; 130 interrupted."
)

app = typer.Typer(
    name="partnerships",
    help="Partnerships of small schools: propose them, prove how good they are, draw them on a map.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, command in COMMANDS.items():
    app.command(name)(bounded(command))


def _say_version(asked: bool) -> None:
    if asked:
        from partition.storage.crash_log import program_version

        show(f"school-partnerships {program_version()}")
        raise typer.Exit


@app.callback()
def before(
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show where the program failed, and what libraries warn of."),
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    if debug:
        os.environ[DEBUG] = "1"  # for processes of its own as well
