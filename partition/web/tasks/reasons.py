"""Why a school of a kept plan is where it is, and what each rule of the plan costs: told as it is found."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from partition.web.tasks.kept import study_of
from partition.web.tasks.order import Order, Tell

if TYPE_CHECKING:
    from partition.studies.explain.explain import RuleCosts

SECONDS_BETWEEN_LOOKS = 0.1  # whether it is to stop
RULE_COSTS = "rule_costs"

Told = TypeVar("Told", bound="RuleCosts")


def explain_name(urn: int, other: int | None) -> str:
    """What files about a school, and perhaps it together with another, are called, without their endings."""
    return f"explain_{urn}" if other is None else f"explain_{urn}_with_{other}"


def explain(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Everything about the school `given["urn"]`, and about it together with `given["other"]` unless that is None."""
    study = study_of(order, tell)
    from partition.maps.explained import write_explanation
    from partition.studies.explain.explain import explaining
    from partition.studies.explain.text import markdown, page_facts

    urn, other = order.given["urn"], order.given["other"]
    limits = study.case.limits
    told_to = _followed(
        partial(explaining, study.account, urn, other, limits=limits, internal=order.internal), tell, stop
    )
    name = explain_name(urn, other)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "explain.html"
        write_explanation(told_to, study.case, path)
        page = path.read_bytes()
    paper = markdown(told_to, study.case.status).encode()
    facts = json.dumps(page_facts(told_to)).encode()
    study.keep_files({f"{name}.md": paper, f"{name}.html": page, f"{name}.json": facts})
    return {}


def rule_costs(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """What each rule costs the whole plan."""
    study = study_of(order, tell)
    from geodata.sheets import as_csv
    from partition.formats.marks import INTERNAL
    from partition.studies.explain.explain import pricing_rules
    from partition.studies.explain.text import RULE_AND_WHO_HEADINGS, notes, page_facts, rule_rows_with_who

    limits = study.case.limits
    find = partial(pricing_rules, study.account, limits=limits, internal=order.internal)
    costs = _followed(find, tell, stop)
    marks = [*([INTERNAL] if order.internal else []), *notes(costs)]
    table = as_csv([RULE_AND_WHO_HEADINGS, *rule_rows_with_who(costs), *([mark] for mark in marks)])
    facts = json.dumps(page_facts(costs))
    study.keep_files({f"{RULE_COSTS}.csv": table.encode("utf-8"), f"{RULE_COSTS}.json": facts.encode()})
    return {}


def _followed(find: Callable[..., Iterator[Told]], tell: Tell, stop: Event) -> Told:
    """The last of what is found, each told as it comes; when asked to stop, the last that there is by then.

    What is being solved just then is not waited for: it is left to end with this process. It is found in a thread and
    told from this one alone, so that no two events are written into each other.
    """
    from partition.studies.explain.text import page_facts

    coming: SimpleQueue[Told | str | BaseException | None] = SimpleQueue()

    def work() -> None:
        try:
            for told in find(tell=coming.put):
                coming.put(told)
            coming.put(None)
        except BaseException as wrong:  # whatever it is, it is raised where it is waited for
            coming.put(wrong)

    Thread(target=work, daemon=True).start()
    last: Told | None = None
    while last is None or not stop.is_set():  # what the plan itself says comes at once, in any case
        try:
            came = coming.get(timeout=SECONDS_BETWEEN_LOOKS)
        except Empty:
            continue
        if isinstance(came, BaseException):
            raise came
        if isinstance(came, str):
            tell("doing", words=f"solving again: {came}")
        elif came is None:
            break
        else:
            last = came
            tell("found", **page_facts(last))
    assert last is not None
    return last
