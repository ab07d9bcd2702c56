"""`check`, `travel`, `sample`, `template` and `scenario`: the data and the settings, before anything is planned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from partition.actions.sample import SCHOOLS, SEED
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
from partition.cli.shared import file_lines, refusing, say, scenario_asked, show, urn_given
from partition.cli.telling import travel_words


def check(
    scenario: ScenarioFile = None,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Read and check the data, and say what is there. Nothing is solved."""
    with refusing(as_json):
        from partition.scenario.case import load

        case = load(scenario_asked(scenario, schools, la, settings, out), use_cache=not no_cache)
        from partition.actions.check import check_data

        done = check_data(case)
        facts = done.facts(internal=internal)
        lines = [
            f"{facts['schools']} schools, {facts['small']} of them small; {facts['headships']} headships take part",
            f"{facts['links']} working links, {facts['existing']} partnerships of today",
            f"travel: {facts['travel']}",
            *(f"read: {reading.words}" for reading in case.readings),
            *(f"read: {words}" for words in facts["minutes_read"]),
            f"places: in metres of {facts['places']}",
            *(f"notice: {notice}" for notice in case.notices),
            *(f"left out: {name} ({urn}): {why}" for urn, name, why in case.left_out),
            *(f"out of reach: {words}" for words in facts["out_of_reach"]),
            *done.headship_lines,
            *done.doubt_lines,
        ]
        say(facts, lines, as_json, False)


def travel(
    scenario: ScenarioFile = None,
    origin: Annotated[
        str | None, typer.Option("--from", metavar="URN", help="Map the minutes from this school.")
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write the matrix as Parquet instead of CSV.")] = False,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("out"),
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Minutes and km between all schools as a table, and a map of the minutes from one of them."""
    with refusing(as_json, out):
        from partition.scenario.case import load

        case = load(scenario_asked(scenario, schools, la, settings, out), use_cache=not no_cache)
        from partition.actions.minutes import measure_minutes
        from partition.studies.distances import summary

        area = case.problem.area
        measured = measure_minutes(case, None if origin is None else urn_given("--from", origin))
        files = measured.write(out, parquet=parquet)
        told = summary(measured.pairs)
        facts = {
            "pairs": told.pairs,
            "unreachable": told.unreachable,
            "median_minutes": told.median_minutes,
            "worst_minutes": told.worst_minutes,
            "worst_pair": told.worst_pair,
            "travel": area.travel.words,
            "minutes_read": list(area.travel.reading),
            "notices": [notice.as_dict() for notice in case.notices],
            "attribution": list(area.travel.attribution),
            "files": files,
        }
        lines = [f"{told.pairs} pairs of {len(area)} schools, {told.unreachable} with no way between them"]
        if told.worst_pair is not None:
            names = " to ".join(area.name_of(urn) for urn in told.worst_pair)
            lines.append(f"median {told.median_minutes:.1f} minutes, longest {told.worst_minutes:.1f} ({names})")
        lines += [*travel_words(area.travel), *(f"read: {words}" for words in area.travel.reading)]
        lines += [
            *(f"notice: {words}" for words in case.told),
            "",
            *file_lines(files),
        ]
        say(facts, lines, as_json, quiet)


def sample(
    size: Annotated[
        int, typer.Option(min=30, max=12_000, help="How many schools; about 60 in 100 are small.")
    ] = SCHOOLS,
    seed: Annotated[int, typer.Option(min=0, help="Another seed makes another county.")] = SEED,
    out: OutFolder = Path("sample"),
    as_json: AsJson = False,
) -> None:
    """Write the files of a made-up county to practise on."""
    with refusing(as_json):
        from partition.actions.sample import write_sample

        path = write_sample(out, size, seed)
        say({"scenario": str(path)}, [f"wrote {path}", f"next: partnerships plan {path}"], as_json, False)


def template(
    register: Annotated[
        Literal["gias", "wales", "scotland", "northern-ireland", "ireland", "new-zealand", "usa"],
        typer.Option("--register", help="Whose word for identifiers the headings use."),
    ] = "gias",
    out: OutFolder = Path("template"),
    as_json: AsJson = False,
) -> None:
    """Write an empty spreadsheet of schools to fill in, with a sheet that explains each column."""
    with refusing(as_json):
        from partition.actions.template import write_template

        path = write_template(out, register)
        lines = [f"wrote {path}", f"next: fill it in, then partnerships plan --schools {path}"]
        say({"template": str(path)}, lines, as_json, False)


def scenario(
    schema: Annotated[bool, typer.Option("--schema", help="The JSON Schema instead.")] = False,
) -> None:
    """Print every setting of the scenario file with its default and what it means."""
    from partition.scenario.template import template
    from partition.settings.scenario import Scenario

    show(json.dumps(Scenario.model_json_schema(), indent=2) if schema else template())
