"""The record of a search: one JSON line for each event, enough to draw cost and bound over time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from geodata.faults import BadData, Fault
from partition.formats.palette import Colour
from partition.formats.svg import drawn
from partition.model.costs import THOUSANDTHS
from partition.solver.watch import Progress


@contextmanager
def recording(path: Path | None, then: Callable[[Progress], None]) -> Iterator[Callable[[Progress], None]]:
    """Yield a function that writes each event of a search to a file and then passes the event to `then`.

    A line holds seconds, stage ("possible", "fewest", "cost"), the present step, and cost and bound of the stage, in
    thousandths of a head's minute (or of a km) a year; small schools in "fewest"; null where not known yet. Where the
    map falls into parts that no partnership joins, each part is searched in turn, and the figures are those of the
    part.

    Raises BadData where the file cannot be written: at once if the file cannot be opened; after a later failure only at
    the end, because the search is worth more than its record.
    """
    if path is None:
        yield then
        return
    wrong: list[OSError | ValueError] = []
    try:
        file = path.open("wb", buffering=0)
    except (OSError, ValueError) as unopened:
        raise _unwritable(path, unopened) from unopened
    with file:

        def tell(progress: Progress) -> None:
            try:
                if not wrong:
                    file.write(json.dumps(asdict(progress)).encode() + b"\n")
            except OSError as unwritten:
                wrong.append(unwritten)
            then(progress)

        yield tell
    if wrong:
        raise _unwritable(path, wrong[0])


def _unwritable(path: Path, wrong: OSError | ValueError) -> BadData:
    told = getattr(wrong, "strerror", None) or wrong
    return BadData([Fault(file=str(path), fix=f"it cannot be written ({told}); name another file")])


def read_log(path: Path) -> list[Progress]:
    """Return the events of a record, in order. Raises BadData where a line is no event."""
    events = []
    for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            events.append(Progress(**json.loads(line)))
        except (ValueError, TypeError):
            fix = "it is no event of a search; give a file that `plan --log-search` wrote"
            raise BadData([Fault(file=path.name, row=row, value=line[:60], fix=fix)]) from None
    return events


def draw_search(events: Sequence[Progress], path: Path, unit: str = "minutes") -> None:
    """Draw the best plan's cost and the bound over time, as SVG. Raises BadData without matplotlib."""
    of_cost = [event for event in events if event.stage == "cost"]
    costs = [(event.seconds, event.cost / THOUSANDTHS) for event in of_cost if event.cost is not None]
    bounds = [(event.seconds, event.bound / THOUSANDTHS) for event in of_cost if event.bound is not None]
    with drawn(path) as axes:
        lines = ((costs, "best plan", Colour.INK, "-"), (bounds, "no plan costs less", Colour.ALARM, "--"))
        for known, words, colour, line in lines:
            if known:
                axes.step(*zip(*known, strict=True), line, where="post", color=colour, label=words)
        axes.set_xlabel("seconds")
        axes.set_ylabel("km a year" if unit == "km" else "heads' minutes a year")
        axes.set_title("What the search knew, and when")
        if costs or bounds:
            axes.legend(frameon=False)
