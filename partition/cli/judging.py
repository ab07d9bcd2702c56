"""`judge` and `verify`: what is already there, checked and costed with no solver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import (
    AsJson,
    Authorities,
    Internal,
    NoCache,
    OutFolder,
    Quiet,
    ScenarioFile,
    SchoolsFile,
    Settings,
    Tiles,
)
from partition.cli.shared import DISAGREES, FOUND, refusing, say, scenario_asked, write_files
from partition.cli.telling import judgement_facts, summary_lines

if TYPE_CHECKING:
    from partition.session import Case


def judge(
    scenario: ScenarioFile = None,
    groups: Annotated[
        Path | None, typer.Option(help="Groups to judge: a file of urn, partnership; none: today's.")
    ] = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    tiles: Tiles = "",
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check, cost and map groups as they are: today's, or any file of urn and partnership. Nothing is solved."""
    with refusing(as_json):
        asked = scenario_asked(scenario, schools, la, settings, out)
        from partition.judgement import judge as judged
        from partition.session import load

        case = load(asked, use_cache=not no_cache)
        account = judged(case.problem, _groups(case, groups))
        files = write_files(case, account, out, ("judged.gpkg", "judged.html"), internal, tiles)
        say(judgement_facts(account, files), summary_lines(case, account, files), as_json, quiet)


def verify(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg to check.")],
    scenario: Annotated[
        Path | None, typer.Argument(metavar="[SCENARIO]", help="Its scenario, to check its inputs too.")
    ] = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Recompute a plan's rules, costs and seal, with no solver; with its inputs, from those as well."""
    with refusing(as_json):
        from partition.store import read_plan
        from partition.verdict import verify as verdict_of

        stored = read_plan(plan)
        inputs = None
        if scenario is not None or schools is not None:
            from partition.session import load

            inputs = load(scenario_asked(scenario, schools, la, settings, Path()), use_cache=not no_cache)
        verdict = verdict_of(stored, inputs)
        lines = [f"{plan.name}: {'agrees' if verdict.agrees else 'DISAGREES'}"]
        lines += [f"wrong: {words}" for words in verdict.wrong] + [f"as sealed: {words}" for words in verdict.as_sealed]
        facts = {"agrees": verdict.agrees, "wrong": list(verdict.wrong), "as_sealed": list(verdict.as_sealed)}
        say(facts, lines, as_json, False)
    raise typer.Exit(FOUND if verdict.agrees else DISAGREES)


def _groups(case: Case, path: Path | None) -> dict[int, str]:
    from geodata.faults import BadData, Fault
    from geodata.groups import read_groups

    area = case.problem.area
    if path is not None:
        selected = set(area.urns.tolist())
        return read_groups(path, label="partnership", known_urns=case.known_urns, selected_urns=selected).labels
    if not area.existing:
        fix = "there are no groups to judge: give --groups FILE (urn, partnership), or data.existing in the scenario"
        raise BadData([Fault(file="scenario", column="data.existing", fix=fix)])
    return {urn: partnership.name for partnership in area.existing for urn in partnership.urns}
