"""What schools said about a kept plan, as the project remembers it: by URN, one row a school.

The project file holds them, so that of two pages, or two programs, neither loses what the other wrote; for a next
round, and for the command line, they become a table of urn, answer, partners, date.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from geodata.urns import Urn, urns_of
from partition.storage.project_file import Kept, Project, about

SAID = {"none": "no answer yet", "yes": "yes", "no": "no", "undecided": "undecided"}  # as geodata.answers has them
HEADINGS = ("urn", "answer", "partners", "date")
MORE_HEADINGS = ("wishes", "not_wanted")  # in tables in which any school says so


@dataclass(frozen=True, slots=True)
class Reply:
    """One school's answer: whom it would like to work with (URNs), and the day it said so (ISO, or "").

    `wishes` are the schools that it wishes for, the first wish first; `not_wanted` those that it does not want.
    """

    said: str = "none"
    partners: tuple[Urn, ...] = ()
    date: str = ""
    wishes: tuple[Urn, ...] = ()
    not_wanted: tuple[Urn, ...] = ()


def replies_to(project: Project, kept: Kept) -> dict[Urn, Reply]:
    """Who said what about this plan."""
    return _read(project.setting(_key(kept)))


def record(project: Project, kept: Kept, said: Mapping[Urn, Reply]) -> dict[Urn, Reply]:
    """Write down what these schools said, and leave all others; everything as it is then."""
    return _read(project.amend(_key(kept), lambda text: _text(_read(text) | dict(said))))


def table_of(replies: Mapping[Urn, Reply]) -> str:
    """As the table that the command line reads. URNs, dates and four words: nothing in it can be a formula."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    wished = any(reply.wishes or reply.not_wanted for reply in replies.values())
    rows.writerow(HEADINGS + MORE_HEADINGS * wished)
    for urn, reply in sorted(replies.items()):
        lists = ["; ".join(map(str, urns)) for urns in (reply.partners, reply.wishes, reply.not_wanted)]
        rows.writerow([urn, reply.said, lists[0], reply.date, *lists[1:] * wished])
    return text.getvalue()


def _key(kept: Kept) -> str:
    return about(kept.id, "answers")


def _read(text: str | None) -> dict[Urn, Reply]:
    given = json.loads(text) if text else {}
    return {
        Urn(urn): Reply(
            row["said"],
            urns_of(row["partners"]),
            row["date"],
            *(urns_of(row.get(what, ())) for what in MORE_HEADINGS),  # not in replies of earlier versions
        )
        for urn, row in given.items()
    }


def _text(replies: Mapping[Urn, Reply]) -> str:
    return json.dumps({urn: asdict(reply) for urn, reply in sorted(replies.items())})
