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

from geodata.urns import Urn
from partition.web.tasks.kept import study_of
from partition.web.tasks.order import Order, Tell

if TYPE_CHECKING:
    from partition.studies.explain.explain import RuleCosts

SECONDS_BETWEEN_LOOKS = 0.1  # whether it is to stop
RULE_COSTS = "rule_costs"

Told = TypeVar("Told", bound="RuleCosts")


def explain(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Everything about the school `given["urn"]`, and about it together with `given["other"]` unless that is None."""
    study = study_of(order, tell)
    from partition.actions.explain import ExplainRequest, explain_school, write_explanation
    from partition.studies.explain.text import page_facts

    other = order.given["other"]
    request = ExplainRequest(urn=Urn(order.given["urn"]), other=other and Urn(other), internal=order.internal)
    told_to = _followed(partial(explain_school, study.over, request), tell, stop)
    with tempfile.TemporaryDirectory() as folder:
        written = write_explanation(told_to, study.over.case, Path(folder), request.stem)
        files = {Path(path).name: Path(path).read_bytes() for path in written.values()}
    study.keep_files(files | {f"{request.stem}.json": json.dumps(page_facts(told_to)).encode()})
    return {}


def rule_costs(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """What each rule costs the whole plan."""
    study = study_of(order, tell)
    from geodata.sheets import as_csv
    from partition.actions.explain import price_rules
    from partition.formats.marks import INTERNAL
    from partition.studies.explain.text import RULE_AND_WHO_HEADINGS, notes, page_facts, rule_rows_with_who

    costs = _followed(partial(price_rules, study.over, internal=order.internal), tell, stop)
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
