"""`answers` and `next-round`: asking schools, and planning again with what they said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.actions.plan import FOUND as FOUND_FILES
from partition.cli.options import AsJson, Authorities, Internal, NoCache, OutFolder, Quiet, SchoolsFile, Settings, Tiles
from partition.cli.shared import FOUND, INTERRUPTED, file_lines, kept_somewhere, refusing, say, scenario_asked
from partition.cli.solving import interruptibly, progress, refuse_no_plan, search_interruptibly
from partition.cli.telling import summary_lines

if TYPE_CHECKING:
    from partition.actions.next_round import RoundPlanned
    from partition.studies.next_round.plan_again import Matter

SHOWN = 10  # of whom to talk to, on the terminal


def answers(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg that schools are asked about.")],
    out: OutFolder = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Write the sheet to ask schools with: a row for each that takes part, as a workbook and as CSV."""
    with refusing(as_json, out):
        from partition.actions.next_round import write_ask_sheet

        rows, files = write_ask_sheet(plan, out)
        lines = [
            f"{rows} schools to ask: yes, no or undecided; and whom they would like to work with",
            *file_lines(files),
            f"next: partnerships next-round {plan} SCENARIO --answers {files['workbook']}",
        ]
        say({"schools": rows, "files": files}, lines, as_json, False)


def next_round(
    plan: Annotated[Path, typer.Argument(help="The plan.gpkg that schools were asked about.")],
    scenario: Annotated[Path | None, typer.Argument(metavar="[SCENARIO]", help="Its scenario (TOML).")] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="What schools said: urn, answer, partners, date (CSV or XLSX).")
    ] = None,
    ask: Annotated[
        int, typer.Option("--ask", min=0, help="How many open answers to solve both ways, the most promising first.")
    ] = 40,
    schools: SchoolsFile = None,
    la: Authorities = None,
    settings: Settings = None,
    out: OutFolder = Path("next_round"),
    internal: Internal = False,
    tiles: Tiles = "",
    no_cache: NoCache = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Keep what all schools of a partnership accepted, plan the rest again, and say whom to talk to next."""
    if scenario is None and schools is None:
        raise typer.BadParameter("give the scenario that the plan was made from, or --schools", param_hint="SCENARIO")
    if (out / "plan.gpkg").resolve() == plan.resolve():
        raise typer.BadParameter("that would replace the plan that was asked about; name another", param_hint="--out")
    given = [f"data.existing={json.dumps(str(plan))}"]
    given += [f"data.answers={json.dumps(str(answers))}"] if answers is not None else []
    with refusing(as_json, out, *FOUND_FILES):
        asked = scenario_asked(scenario, schools, la, [*(settings or ()), *given], out)
        if asked.data.answers is None:
            raise typer.BadParameter("give the file of what schools said", param_hint="--answers")
        from partition.actions.next_round import plan_next_round
        from partition.scenario.case import load
        from partition.storage.plan_file import read_plan

        read_plan(plan)  # told apart from any other table of urn and partnership
        loaded = load(asked, use_cache=not no_cache)
        planned, interrupted = search_interruptibly(lambda tell, stop: plan_next_round(loaded, tell, stop), quiet)
        made = planned.made
        if made.run.plan is None:
            refuse_no_plan(made.case, made.run, interrupted, as_json, internal)
        from partition.scheme.kept import log_going_on

        matters: tuple[Matter, ...] = ()
        if not interrupted:
            matters, interrupted = _ask_both_ways(planned, ask, quiet)
        account = made.account
        files = kept_somewhere(lambda to: planned.write(matters, to, internal=internal, tiles=tiles), out)
        facts = {**made.facts, "files": files, **planned.facts(matters, internal=internal)}
        lines = [*_round_lines(planned, matters, internal), ""]
        told = summary_lines(made.case, account, files, log_going_on(made.case, account))
        then = f"next: partnerships report {files['plan']} {files['scenario']}"
        say(facts, [*lines, *told, then], as_json, quiet)
    raise typer.Exit(INTERRUPTED if interrupted else FOUND)


def _ask_both_ways(planned: RoundPlanned, ask: int, quiet: bool) -> tuple[tuple[Matter, ...], bool]:
    """What each no costs; after Ctrl-C those that were solved by then."""
    asked = len(planned.waiting[:ask])
    with progress(quiet) as show:

        def tell(done: int) -> None:
            if show is not None:
                show(f"whose answer matters: {done} of {asked} schools solved both ways")

        return interruptibly(lambda stop: planned.ask_both_ways(ask, tell, stop))


def _round_lines(planned: RoundPlanned, matters: Sequence[Matter], internal: bool) -> list[str]:
    from partition.studies.next_round.call_sheet import cost_words

    kept, not_kept, account = planned.kept, planned.not_kept, planned.made.account
    solved = f"{len(matters)} of {len(planned.waiting)} open answers solved both ways"
    approved = [f"{len(planned.approved)} partnerships kept, as they are approved"] if planned.approved else []
    if not internal:
        cannot = [f"{len(not_kept)} more were accepted, but break a rule (--internal names them)"] if not_kept else []
        whom = "whom to talk to next is in the call sheet, and with --internal here"
        said_yes = f"{len(kept)} partnerships kept, as all their schools said yes"
        return [*approved, said_yes, *cannot, f"{solved}: {whom}"]
    lines = [*approved, *(f"{one.words} Then {one.way}" for one in planned.doubts)]
    lines += [f"{len(kept)} partnerships kept, as all their schools said yes{': ' if kept else ''}{', '.join(kept)}"]
    lines += [f"{name}: all said yes, but it cannot be kept: {why}" for name, why in not_kept]
    if matters:
        lines += ["", f"Talk to next (internal; {solved}; those first whose no matters most to the others):"]
    for place, matter in enumerate(matters[:SHOWN], 1):
        question = matter.question
        said = {"none": "no answer yet"}.get(question.said, question.said)
        where = f"partnership {question.partnership}"
        lines.append(f"  {place}. {question.headship.name} ({said}; {where}): {cost_words(account, matter)}")
    if len(matters) > SHOWN:
        lines.append(f"  ... and {len(matters) - SHOWN} more in the call sheet")
    return lines
