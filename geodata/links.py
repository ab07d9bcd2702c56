"""Working links between schools, as a graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import networkx

from geodata.cells import find_heading, need_heading, number
from geodata.faults import BadData, Fault
from geodata.labels import first_spellings, is_blank
from geodata.numerals import in_plain_digits
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.readings import Reading
from geodata.successors import Now
from geodata.tables import read_table
from geodata.urns import Urn, read_urn

WEIGHT_MAX = 1_000
YES, NO = ("yes", "y", "true", "1", "both"), ("no", "n", "false", "0", "one")
ROWS_SHOWN = 10  # of links with an end outside
OPTIONAL = ("weight", "kind", "source", "agreed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links:
    """Undirected links between selected schools, and links with an end outside."""

    graph: networkx.Graph
    """Nodes are URNs; an edge has weight (float), kind and source (str), agreed (bool, None where not stated)."""
    out_of_reach: tuple[tuple[Urn, Urn], ...]
    """Links with an end that is known but not selected, lower URN first."""
    notices: tuple[Fault, ...]
    source: Source
    reading: Reading


def read_links(path: Path | str, known_urns: Collection[Urn], selected_urns: Collection[Urn], now: Now = str) -> Links:
    """Read a table of urn_a, urn_b, and optionally weight (1 where blank), kind, source, agreed (yes or no).

    `now` gives what a school of an earlier year goes by today; a link between two that were made one is left out.
    Raises BadData for an unknown URN, a link of a school to itself, a pair given twice in either order, a weight that
    is not above 0 and at most 1,000, and an `agreed` that is neither yes nor no.
    """
    given, path = path, file_and_part(path)[0]

    def choose(headings: Sequence[str]) -> list[str]:
        needed = [need_heading(path, headings, name) for name in ("urn_a", "urn_b")]
        return [*needed, *filter(None, (find_heading(headings, name) for name in OPTIONAL))]

    table = read_table(given, choose)
    rows = table.frame.rename(columns=str.casefold).reindex(columns=["urn_a", "urn_b", *OPTIONAL], fill_value="")
    rows = rows.assign(weight=in_plain_digits(rows["weight"]), kind=rows["kind"].map(first_spellings(rows["kind"])))
    graph = networkx.Graph()
    graph.add_nodes_from(sorted(selected_urns))
    first_row: dict[tuple[Urn, Urn], int] = {}
    outward: list[tuple[Urn, Urn]] = []
    faults: list[Fault] = []
    for row, a_text, b_text, weight_text, kind, source, agreed_text in rows.itertuples(name=None):
        if a_text != b_text and now(a_text) == now(b_text):
            continue
        named = (("urn_a", now(a_text)), ("urn_b", now(b_text)))
        ends = [_end(path.name, row, name, text, known_urns) for name, text in named]
        weight = _weight(path.name, row, weight_text)
        agreed = _agreed(path.name, row, agreed_text)
        wrong = [found for found in (*ends, weight, agreed) if isinstance(found, Fault)]
        pair = _pair(ends)
        if pair is not None and not wrong:
            wrong = _pair_faults(path.name, row, pair, first_row)
        faults += wrong
        if pair is None or wrong:
            continue
        if pair[0] in graph and pair[1] in graph:
            graph.add_edge(*pair, weight=weight, kind=kind, source=source, agreed=agreed)
        else:
            outward.append(pair)
    if faults:
        raise BadData(faults)
    return Links(
        graph=graph,
        out_of_reach=tuple(sorted(outward)),
        notices=(*table.notices, *_notices(path.name, [first_row[pair] for pair in outward])),
        source=table.source,
        reading=replace(
            table.reading,
            columns={heading.casefold(): heading for heading in table.frame.columns},
            unused=tuple(heading for heading in table.headings if heading and heading not in table.frame.columns),
            left={"with an end not selected": len(outward)} if outward else {},
        ),
    )


def _notices(file: str, rows: Sequence[int]) -> Iterator[Fault]:
    """Yield one notice of links with an end outside. Rows are named, not schools: notices stand on public pages."""
    if rows:
        shown = ", ".join(map(str, rows[:ROWS_SHOWN])) + (", ..." if len(rows) > ROWS_SHOWN else "")
        rows_words = f"row{'s' * (len(rows) != 1)} {shown}"
        words = f"{len(rows)} link{'s' * (len(rows) != 1)} ({rows_words})"
        yield Fault(file=file, fix=f"{words} with an end that is not among the schools selected: that costs nothing")


def _end(file: str, row: int, column: str, text: str, known_urns: Collection[Urn]) -> Urn | Fault:
    """Return the URN at one end of a link, or its fault."""
    urn = read_urn(text, file, row, column)
    if isinstance(urn, Urn) and urn not in known_urns:
        fix = "no school has this URN; correct or delete the link"
        return Fault(file=file, row=row, column=column, value=urn, fix=fix)
    return urn


def _pair(ends: Sequence[Urn | Fault]) -> tuple[Urn, Urn] | None:
    """Return the ends of a link in ascending order; None where an end has a fault."""
    urns = [end for end in ends if isinstance(end, Urn)]
    return (min(urns), max(urns)) if len(urns) == 2 else None


def _pair_faults(file: str, row: int, pair: tuple[Urn, Urn], first_row: dict[tuple[Urn, Urn], int]) -> list[Fault]:
    if pair[0] == pair[1]:
        return [Fault(file=file, row=row, column="urn_b", value=pair[1], fix="links a school to itself; delete it")]
    if first_row.setdefault(pair, row) != row:
        fix = f"the pair {pair[0]} and {pair[1]} is in row {first_row[pair]} already; delete one"
        return [Fault(file=file, row=row, column="urn_b", value=pair[1], fix=fix)]
    return []


def _weight(file: str, row: int, text: str) -> float | Fault:
    weight = 1.0 if is_blank(text) else number(text)
    if weight is None or not 0 < weight <= WEIGHT_MAX:
        fix = f"use a number above 0 and at most {WEIGHT_MAX:,}, or leave it blank for 1"
        return Fault(file=file, row=row, column="weight", value=text, fix=fix)
    return weight


def _agreed(file: str, row: int, text: str) -> bool | Fault | None:
    if not is_blank(text) and text.casefold() not in (*YES, *NO):
        return Fault(file=file, row=row, column="agreed", value=text, fix="use yes or no, or leave it blank")
    return None if is_blank(text) else text.casefold() in YES
