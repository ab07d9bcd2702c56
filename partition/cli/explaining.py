"""`explain`: why a school is where it is, or nowhere, and what else there is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings
from partition.cli.plan_files import plan_over_data, refuse_without_inputs
from partition.cli.shared import kept_somewhere, refusing, say, urn_given

if TYPE_CHECKING:
    from geodata.urns import Urn
    from partition.model.problem import Problem


def explain(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg to explain.")],
    school: Annotated[str, typer.Option("--school", metavar="URN", help="The school that asks.")],
    scenario: Annotated[
        Path | None, typer.Argument(metavar="[SCENARIO]", help="The scenario it was made from.")
    ] = None,
    other: Annotated[
        str | None, typer.Option("--with", metavar="URN", help="What if it were together with this one?")
    ] = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Why a school is where it is, what else it could be in, and what each rule costs, each solved again."""
    refuse_without_inputs(scenario, schools)
    with refusing(as_json, out):
        given = (plan, scenario, schools, la, settings)
        over = plan_over_data(*given, searched=True, no_cache=no_cache, as_json=as_json)
        urn, together = urn_given("--school", school), None if other is None else urn_given("--with", other)
        refuse_strangers(over.case.problem, urn, together)
        from partition.actions.explain import ExplainRequest, explain_school, write_explanation
        from partition.studies.explain.text import facts, lines

        with _progress(quiet) as tell:
            *_, answer = explain_school(over, ExplainRequest(urn=urn, other=together, internal=internal), tell)
        files = kept_somewhere(lambda to: write_explanation(answer, over.case, to), out)
        shown = [f"{what}: {file}" for what, file in files.items()]
        say({**facts(answer), "files": files}, [*lines(answer), "", *shown], as_json, quiet)


def refuse_strangers(problem: Problem, school: Urn | None, other: Urn | None = None) -> None:
    """Refuse schools that take no part. Raises BadData."""
    from geodata.faults import Fault, Faults

    faults = Faults()
    for option, urn in (("--school", school), ("--with", other)):
        if urn is not None and urn not in problem.roster.headship_of:
            why = problem.roster.not_taking_part.get(urn)
            unknown = f"no school selected has this {problem.area.identifier.one}"
            fix = unknown if why is None else f"it does not take part: {why}"
            faults.found.append(Fault(file="command", column=option, value=urn, fix=fix))
    if other is not None and other == school:
        faults.found.append(
            Fault(file="command", column="--with", value=other, fix="name another school than --school")
        )
    faults.refuse()


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """What is being worked out, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("preparing") as status:
        yield lambda words: status.update(f"solving again: {words}")
