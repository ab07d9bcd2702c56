"""`federations`: which pairs of schools could share a head, ranked by columns the user has."""

from __future__ import annotations

from pathlib import Path

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
)
from partition.cli.shared import refusing, say_written, scenario_asked


def federations(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which two schools could share a head? Ranked by posts that fall vacant, surplus places, drive and character."""
    with refusing(as_json, out):
        asked = scenario_asked(scenario, schools, la, settings, out)
        from partition.actions.federations import look_for_federations
        from partition.studies.federations.text import facts, lines

        done = look_for_federations(asked, use_cache=not no_cache)
        files = done.write(out, internal=internal)
        said = [*(f"notice: {words}" for words in done.case.told), *lines(done.found, internal), ""]
        say_written(facts(done.found, internal), said, files, as_json, quiet)
