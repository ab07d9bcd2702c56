"""Rounds of peer review on paper: their visits as a table and in words, advisers' days, and calendars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from geodata.files import together
from geodata.sheets import Cell, write_csv
from partition.formats.days import day_words
from partition.formats.marks import INTERNAL
from partition.scheme.calendars import of_advisers, of_schools, review_events, write_calendars
from partition.scheme.review import ReviewRound, Trio
from partition.scheme.scheme import Scheme

TITLE = "Peer review"


def write_review(scheme: Scheme, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write the visits as a table, a calendar (.ics) for each school and each adviser; return paths by content."""
    area, rounds = scheme.account.area, scheme.reviews
    events = list(review_events(rounds, area))
    books = {f"{urn.stem}": book for urn, book in of_schools(events, area, TITLE).items()}
    advisers = of_advisers(events, TITLE)
    own = {f"adviser_{place:02}": book for place, book in enumerate(advisers.values(), 1)}
    where = dict(zip(advisers, own, strict=True))
    files = {"reviews": out / "review.csv", "calendars": out / "calendars"}
    with together(private=internal):
        write_calendars(out / "calendars", books | own)
        write_csv(files["reviews"], list(_rows(scheme, rounds, internal)))
        if advisers:
            files["advisers"] = out / "review_advisers.csv"
            days = sorted((one.adviser, one.day.isoformat(), one.where) for one in events if one.adviser)
            rows = [(name, day, host, f"calendars/{where[name]}.ics") for name, day, host in days]
            write_csv(files["advisers"], [("adviser", "day", "host", "calendar"), *rows])
    return {what: str(path) for what, path in files.items()}


def _rows(scheme: Scheme, rounds: Sequence[ReviewRound], internal: bool) -> Iterator[Sequence[Cell]]:
    area, several = scheme.account.area, len(rounds) > 1
    yield [
        *(["round"] if several else []),
        *("trio", "day", "host_urn", "host", "reviewers", "adviser"),
        *(["needs met", "which"] if internal else []),
    ]
    for place, found in enumerate(rounds, 1):
        for number, trio in enumerate(found.trios, 1):
            for visit in trio.visits:
                reviewers = "; ".join(area.name_of(urn) for urn in trio.urns if urn != visit.host_urn)
                row: list[Cell] = [number, visit.day.isoformat(), visit.host_urn, area.name_of(visit.host_urn)]
                more: list[Cell] = [trio.matches, "; ".join(met_words(scheme, trio))] if internal else []
                first: list[Cell] = [place] if several else []
                yield [*first, *row, reviewers, trio.adviser, *more]
    if internal:
        yield [INTERNAL]


def met_words(scheme: Scheme, trio: Trio) -> list[str]:
    """Return who met which need, in words. Internal."""
    name = scheme.account.area.name_of
    return [f"{one.need}: {name(one.by_urn)} for {name(one.of_urn)}" for one in trio.met]


def review_lines(scheme: Scheme, *, internal: bool = False) -> Iterator[str]:
    """Yield each round in words: each trio with its days, the heads in no trio, and how sure the trios are.

    Who met which need is said only if `internal`.
    """
    area = scheme.account.area
    for found in scheme.reviews:
        head = f"{found.title}. " if found.title else ""
        trios = f"{len(found.trios)} trio{'s' * (len(found.trios) != 1)}"
        yield f"{head}{trios}, {found.minutes / 60:,.1f} hours’ drive in all"
        for number, trio in enumerate(found.trios, 1):
            names = "; ".join(area.name_of(urn) for urn in trio.urns)
            days = " to ".join(day_words(visit.day) for visit in (trio.visits[0], trio.visits[-1]))
            yield f"{number}. {days}{', with ' * bool(trio.adviser)}{trio.adviser}: {names}"
            if internal and trio.met:
                yield f"   needs met: {'; '.join(met_words(scheme, trio))}"
        if found.left_out:
            yield f"In no trio: {'; '.join(area.name_of(urn) for urn in found.left_out)}"
        if found.is_proven:
            proven = "Proven best: no trios leave fewer schools out, and among those none take less driving"
            yield f"{proven}{'' if found.is_general else ' for the needs met'}."
        else:
            yield "Not proven best: the search was stopped."
