"""`judge`: groups as they are, checked, costed and drawn with no solver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geodata.urns import Urn
from partition.actions.plan import JUDGED
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
from partition.cli.shared import refusing, say, scenario_asked
from partition.cli.telling import summary_lines

if TYPE_CHECKING:
    from partition.scenario.case import Case


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
    with refusing(as_json, out, *JUDGED):
        asked = scenario_asked(scenario, schools, la, settings, out)
        from partition.actions.groups import judge_groups, read_groups_file
        from partition.scenario.case import load
        from partition.scheme.kept import log_going_on

        case = load(asked, use_cache=not no_cache)
        labels = _today(case) if groups is None else read_groups_file(case, groups)
        done = judge_groups(case, labels)
        files = done.write(out, internal=internal, tiles=tiles)
        lines = summary_lines(case, done.account, files, log_going_on(case, done.account))
        say({**done.facts, "files": files}, lines, as_json, quiet)


def _today(case: Case) -> dict[Urn, str]:
    """Today's groups; raises BadData where there are none."""
    from geodata.faults import BadData, Fault
    from partition.actions.groups import todays_groups

    labels = todays_groups(case)
    if not labels:
        fix = "there are no groups to judge: give --groups FILE (urn, partnership), or data.existing in the scenario"
        raise BadData([Fault(file="scenario", column="data.existing", fix=fix)])
    return labels
