"""A round of peer review on paper: its visits as a table and in words, and calendars for schools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from geodata.files import replacing, together, writable_folder
from geodata.sheets import Cell, write_csv
from partition.formats.marks import INTERNAL
from partition.scheme.review import ReviewRound, calendars
from partition.scheme.scheme import Scheme


def write_review(scheme: Scheme, found: ReviewRound, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write a table of visits, and a calendar (.ics) for each school; return each path by the name of its content."""
    books = calendars(found, scheme.account, scheme.case.scenario.review)
    area = scheme.account.area
    matches = ["needs met"] if internal else []
    rows: list[Sequence[Cell]] = [["trio", "day", "host_urn", "host", "reviewers", "adviser", *matches]]
    for number, trio in enumerate(found.trios, 1):
        for visit in trio.visits:
            reviewers = "; ".join(area.name_of(urn) for urn in trio.urns if urn != visit.host_urn)
            host: list[Cell] = [visit.host_urn, area.name_of(visit.host_urn)]
            rows.append([number, visit.day.isoformat(), *host, reviewers, trio.adviser, *([trio.matches] * internal)])
    if internal:
        rows.append([INTERNAL])
    writable_folder(out / "calendars")
    with together(private=internal):
        for urn, book in books.items():
            with replacing(out / "calendars" / f"{urn.stem}.ics") as temporary:
                temporary.write_bytes(book)
        write_csv(out / "review.csv", rows)
    return {"reviews": str(out / "review.csv"), "calendars": str(out / "calendars")}


def review_lines(scheme: Scheme, found: ReviewRound) -> Iterator[str]:
    """Yield the round in words: each trio with its days, the heads in no trio, and how sure the trios are."""
    area = scheme.account.area
    yield f"{len(found.trios)} trio{'s' * (len(found.trios) != 1)}, {found.minutes / 60:,.1f} hours’ drive in all"
    for number, trio in enumerate(found.trios, 1):
        names = "; ".join(area.name_of(urn) for urn in trio.urns)
        days = " to ".join(f"{visit.day.day} {visit.day:%B %Y}" for visit in (trio.visits[0], trio.visits[-1]))
        yield f"{number}. {days}{', with ' * bool(trio.adviser)}{trio.adviser}: {names}"
    if found.left_out:
        yield f"In no trio: {'; '.join(area.name_of(urn) for urn in found.left_out)}"
    if found.is_proven:
        yield "Proven best: no trios leave fewer schools out, and among those none take less driving for the needs met."
    else:
        yield "Not proven best: the search was stopped."
