"""The next round of talks: what all accepted is kept, the rest planned again, and whom to talk to next."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from geodata.files import replacing
from partition.web.tasks.kept import files_in, kept_plan, plan_bytes
from partition.web.tasks.order import Order, Tell, load_case, project_of
from partition.web.tasks.plans import keep_plan, progress_of

if TYPE_CHECKING:
    from partition.actions.next_round import RoundPlanned
    from partition.storage.project_file import Kept, Project
    from partition.studies.next_round.plan_again import Matter

NEXT_ROUND = "internal next round.json"  # beside the plan that was asked about


def next_round(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """A plan that keeps what all accepted, kept beside the others; whom to talk to next as it is found.

    `given`: table (what schools said), ask (how many open answers are solved both ways), released (numbers of approved
    partnerships that may change).
    """
    from partition.actions.next_round import plan_next_round
    from partition.scenario.text import with_settings
    from partition.studies.next_round.call_sheet import cost_words

    project = project_of(order)
    asked_about = kept_plan(project, order.plan)
    text = _scenario(project, asked_about, order.given["table"])
    if released := order.given["released"]:
        text = with_settings(text, {"rules.released": released})
    loaded = load_case(replace(order, scenario=text), tell)
    tell("doing", words="planning the rest again")
    log: list[str] = []
    planned = plan_next_round(loaded, progress_of(tell, log), stop)
    case, run = planned.made.case, planned.made.run
    if run.plan is None:
        none = "what was accepted leaves no plan that keeps every criterion"
        return {"no_plan": none if run.status == "infeasible" else "stopped, or out of time, before any plan was found"}
    account = planned.made.account
    text = with_settings(text, {"rules.accepted": list(planned.kept)})
    named = replace(order, scenario=text, name=f"{asked_about.name}, next round", note=_note(len(planned.kept)))
    new = keep_plan(named, case, account, "".join(log).encode())["plan"]
    asked = len(planned.waiting[: order.given["ask"]])

    def done(number: int) -> None:
        tell("doing", words=f"whose answer matters: {number} of {asked} solved both ways")

    def found(matter: Matter) -> None:
        tell("matter", name=matter.question.headship.name, words=cost_words(account, matter))

    matters = planned.ask_both_ways(order.given["ask"], done, stop, found)
    with tempfile.TemporaryDirectory() as folder:
        planned.write_calls(matters, Path(folder))
        project.add_files(new, files_in(Path(folder), "internal calls"))
    facts = _facts(planned, matters) | {"plan": new}
    project.add_files(asked_about.id, {NEXT_ROUND: json.dumps(facts, ensure_ascii=False).encode()})
    return {}


def _scenario(project: Project, kept: Kept, table: str) -> str:
    """The plan's scenario, with the plan itself as what exists today, and with the answers."""
    from partition.scenario.text import with_settings

    folder, plan, answers = project.folder, f"data/plan {kept.id}.gpkg", f"data/answers to plan {kept.id}.csv"
    (folder / "data").mkdir(exist_ok=True)
    for path, content in ((plan, plan_bytes(project, kept)), (answers, table.encode())):
        with replacing(folder / path) as temporary:
            temporary.write_bytes(content)
    return with_settings(kept.scenario, {"data.existing": plan, "data.answers": answers})


def _note(count: int) -> str:
    return f"{count} partnership{'s' * (count != 1)} kept, as all their schools said yes"


def _facts(planned: RoundPlanned, matters: Sequence[Matter]) -> dict[str, Any]:
    """What the page shows, as JSON. It says who answered what: internal."""
    from partition.studies.next_round.call_sheet import cost_words

    account = planned.made.account
    return {
        "kept": list(planned.kept),
        "approved": list(planned.approved),
        "questions": [one.words for one in planned.doubts],
        "not_kept": [list(one) for one in planned.not_kept],
        "waiting": len(planned.waiting),
        "sureness": account.sureness(),
        "matters": [
            {
                "name": matter.question.headship.name,
                "urns": list(matter.question.headship.urns),
                "said": matter.question.said,
                "partnership": matter.question.partnership,
                "words": cost_words(account, matter),
                "proven": matter.proven,
            }
            for matter in matters
        ],
    }
