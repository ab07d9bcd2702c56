"""Whether a kept plan will hold: for the office with who gains what, and without names for everybody."""

from __future__ import annotations

import json
import tempfile
from fractions import Fraction
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from geodata.urns import Urn
from partition.web.tasks.kept import study_of
from partition.web.tasks.order import Order, Tell

if TYPE_CHECKING:
    from partition.actions.stability import StabilityFound

FOLDER = "internal will it hold"
FACTS = f"{FOLDER}/stability.json"
PUBLIC = "stability.md"


def stability(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Whether a group of heads would leave, and what would hold: `given` are gain (text), urn (or None) and again."""
    study = study_of(order, tell, searched=False)
    from partition.actions.stability import StabilityRequest, will_it_hold
    from partition.studies.stability.text import markdown

    given = order.given
    urn = None if given["urn"] is None else Urn(given["urn"])
    request = StabilityRequest(gain=Fraction(given["gain"]), urn=urn, plan_again=given["again"])
    tell("doing", words="trying every partnership that the criteria allow")

    def show(_: StabilityFound) -> None:
        tell("doing", words="looking for the cheapest plan that nobody would leave")

    done = will_it_hold(study.over.case, study.over.account, request, show, stop)
    study.keep_files(_files(done), instead_of=FOLDER)
    case = study.over.case
    if urn is None:  # what one school asks stays in the office
        study.keep_files({PUBLIC: markdown(done.found, case.title, case.status).encode()})
    return {}


def _files(done: StabilityFound) -> dict[str, bytes]:
    """Return the internal files of an answer, by name."""
    from partition.scheme.hosting import Hosting
    from partition.studies.stability.text import page_facts

    meetings = Hosting(done.found.account, done.case.venues)
    hosting = {"words": meetings.words, "headings": meetings.headings, "rows": meetings.rows}

    with tempfile.TemporaryDirectory() as folder:
        written = done.write(Path(folder), internal=True)
        files = {f"{FOLDER}/{Path(path).name}": Path(path).read_bytes() for path in written.values()}
    return files | {FACTS: json.dumps(page_facts(done.found) | {"hosting": hosting}, ensure_ascii=False).encode()}
