"""What was seen as Markdown tables: a section for every question that the benchmarks ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from cases import CASES, COUNTIES, COUNTY250, GAPS, GROWTH, MARKS_SECONDS, SAMPLE
from peers import PEERS
from pmedian import OPEN, PUBLISHED, Published

Figures = Mapping[str, object]
Cells = Sequence[str]

OF_CASES = (
    *("case", "cost", "bound", "gap", "not placed", "s", "s of processors", "MiB"),
    *("how it ended", "seeds", "published"),
)
FORMS = {
    **{"cost": ",.1f", "bound": ",.1f", "gap": ".2%", "unplaced": "d"},
    **{"seconds": ".1f", "processor_seconds": ".1f", "mib": ".0f"},
}
KEPT = ("cost", "processor_seconds", "mib")  # from one time to the next
OF_LAST = ("case", "cost", "last", "s of processors", "last", "MiB", "last")
OF_COUNTIES = ("county", *(f"after {mark} s: cost, bound, gap" for mark in MARKS_SECONDS), "s to proof")
OF_GROWTH = ("small schools", *(f"s to {gap:.1%}" for gap in GAPS), "s to proof", "gap at the end", "MiB")
OF_PEERS = ("", "cost", "bound", "rules broken", "groups breaking", "not placed", "s", "set up")
OF_KILLS = ("command", "kills", "finished before", "told its end", "told and lost", "half files", "leftovers")
OF_EDITS = ("edit", "s cold", "s warm", "the same plan", "how it ended")
OF_CLOSURES = (
    *("closed", "others that move: median", "most", "heads that move: median", "most"),
    *("fewest that can: median", "most", "not proven", "s: median", "most"),
)
OF_EXPLAINED = ("county", "explained", "CPU s: median", "worst", "whose", "worst first answer", "cut short")
OF_REFUSED = ("drafts that break a rule", "refused", "CPU s: median", "worst")
OF_MICRO = ("groups of k to 2k - 1", "sum of squares", "bound", "s")
OF_PMEDIAN = ("p-median instance", "published", "cost", "bound", "s", "of at most")


def tables(seen: Mapping[str, Figures]) -> Iterator[str]:
    """The lines of every section of which something was seen; `seen` by the case's name, of peers by CASE: PEER."""
    of_cases = [_case(seen[case.name], case.name, case.published) for case in CASES if case.name in seen]
    named = [COUNTY250, *(case.name for case in COUNTIES)]
    of_counties = [_county(name, seen[name]) for name in named if name in seen]
    of_growth = [_growth(case.name, seen[case.name]) for case in GROWTH if case.name in seen]
    sections = [
        ("All cases", OF_CASES, of_cases),
        ("Loose counties: what was known when (km)", OF_COUNTIES, of_counties),
        ("The sample county as it grows", OF_GROWTH, of_growth),
    ]
    for case in (COUNTY250, SAMPLE):
        of_peers = [_peer(peer, seen[f"{case}: {peer}"]) for peer in PEERS if f"{case}: {peer}" in seen]
        sections.append((f"Peers on: {case}", OF_PEERS, of_peers))
    of_pmedian = [
        _pmedian(known, seen[name]) for known in (*PUBLISHED, *OPEN) if (name := f"p-median: {known.file}") in seen
    ]
    sections.append(("Published p-median instances", OF_PMEDIAN, of_pmedian))
    of_micro = [_micro(name, figures) for name, figures in seen.items() if name.startswith("microaggregation: ")]
    sections.append(("Microaggregation of made sets", OF_MICRO, of_micro))
    edits = {name.removeprefix("edit: "): figures for name, figures in seen.items() if name.startswith("edit: ")}
    sections.append(("Edits of one rule, solved again", OF_EDITS, _edits(edits)))
    killed = [(case.removeprefix("kills: "), figures) for case, figures in seen.items() if case.startswith("kills: ")]
    of_kills = [(command, *map(str, figures.values())) for command, figures in killed]
    sections.append(("Commands that were killed", OF_KILLS, of_kills))
    told = {name.removeprefix("explained: "): seen[name] for name in seen if name.startswith("explained: ")}
    sections.append(("Schools explained", OF_EXPLAINED, [_seconds(name, figures) for name, figures in told.items()]))
    refused = {name.removeprefix("refused: "): seen[name] for name in seen if name.startswith("refused: ")}
    sections.append(("Drafts refused", OF_REFUSED, [_seconds(name, figures) for name, figures in refused.items()]))
    sections.append(("Schools that close, one at a time", OF_CLOSURES, _closures(seen.get("closures"))))
    for title, headings, rows in sections:
        if rows:
            yield from ("", title, "", _line(headings), _line(["---"] * len(headings)), *map(_line, rows))


def beside(seen: Mapping[str, Figures], last: Mapping[str, Figures]) -> Iterator[str]:
    """The lines of a section with the cases of now beside the last ones; nothing where no case was seen."""
    named = [case.name for case in CASES if case.name in seen]
    if named:
        yield from ("", "Beside the last time", "", _line(OF_LAST), _line(["---"] * len(OF_LAST)))
    for name in named:
        pairs = [
            (seen[name].get(what), last.get(name, {}).get(what), what) for what in ("cost", "processor_seconds", "mib")
        ]
        yield _line([name, *(_told(value, FORMS[what]) for now, then, what in pairs for value in (now, then))])


def _told(value: object, form: str) -> str:
    """A figure, or the median of a list of them by seed; a dash where there is none."""
    if isinstance(value, list):
        value = median(value) if value else None
    return "-" if value is None else format(value, form)


def _line(cells: Cells) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(name: str, figures: Figures) -> Cells:
    return (name, *(f"{value:.2f}" if isinstance(value, float) else str(value) for value in figures.values()))


def shown(value: object, form: str) -> str:
    """A figure as text, a dash where there is none."""
    return "-" if value is None else format(value, form)


def _case(figures: Figures, name: str, published: str) -> Cells:
    worst: Figures = figures.get("worst", figures)  # type: ignore[assignment]
    cells = [_median_and_worst(figures.get(key), worst.get(key), form) for key, form in FORMS.items()]
    return (name, *cells, str(figures["status"]), str(figures.get("seeds", 1)), published or "-")


def _median_and_worst(median: object, worst: object, form: str) -> str:
    """One figure where both look alike, else both."""
    cells = dict.fromkeys((shown(median, form), shown(worst, form)))
    return ", worst ".join(cells)


def _county(name: str, figures: Figures) -> Cells:
    known = [
        f"{shown(at['cost'], ',.1f')}, {shown(at['bound'], ',.1f')}, {shown(at['gap'], '.2%')}"
        for at in figures["known"]  # type: ignore[attr-defined]
    ]
    return (name, *known, shown(figures["seconds_to_proof"], ".1f"))


def _growth(name: str, figures: Figures) -> Cells:
    to_gaps = [shown(seconds, ".1f") for seconds in figures["seconds_to_gap"]]  # type: ignore[attr-defined]
    to_proof = shown(figures["seconds_to_proof"], ".1f")
    return (name.split()[0], *to_gaps, to_proof, shown(figures["gap"], ".2%"), shown(figures["mib"], ".0f"))


def _edits(edits: Mapping[str, Figures]) -> list[Cells]:
    if not edits:
        return []
    rows: list[Cells] = [
        (edit, f"{seen['cold']:.2f}", f"{seen['warm']:.2f}", "yes" if seen["alike"] else "no", str(seen["status"]))
        for edit, seen in edits.items()
    ]
    cold, warm = ([float(str(seen[how])) for seen in edits.values()] for how in ("cold", "warm"))
    rows.append(("median", f"{median(cold):.2f}", f"{median(warm):.2f}", "", ""))
    return rows


def _closures(figures: Figures | None) -> list[Cells]:
    if figures is None:
        return []
    shares: Sequence[float] = figures["shares"]  # type: ignore[assignment]
    seconds: Sequence[float] = figures["seconds"]  # type: ignore[assignment]
    moved, took = (f"{median(shares):.1%}", f"{max(shares):.1%}"), (f"{median(seconds):.2f}", f"{max(seconds):.2f}")
    moves: Sequence[int] = figures["moves"]  # type: ignore[assignment]
    fewest: Sequence[int | None] = figures["fewest"]  # type: ignore[assignment]
    proven = [least for least in fewest if least is not None]
    heads = [f"{of(some):g}" for some in (moves, proven) for of in (median, max)] if proven else ["-"] * 4
    return [(str(len(shares)), *moved, *heads, str(len(fewest) - len(proven)), *took)]


def _pmedian(known: Published, figures: Figures) -> Cells:
    found = [shown(figures[key], f",.{known.decimals}f") for key in ("cost", "bound")]
    seconds = shown(figures["seconds"], ".1f")
    return (known.file, format(known.best, f",.{known.decimals}f"), *found, seconds, format(known.seconds_max, ".0f"))


def _micro(name: str, figures: Figures) -> Cells:
    found = [shown(figures[key], ",.1f") for key in ("cost", "bound")]
    return (name.partition(": ")[2], *found, shown(figures["seconds"], ".1f"))


def _peer(peer: str, figures: Figures) -> Cells:
    if "cost" not in figures:
        return (peer, "no plan", *["-"] * 4, shown(figures.get("seconds"), ".0f"), str(figures["options"]))
    broken: Mapping[str, int] = figures["broken"]  # type: ignore[assignment]
    return (
        peer,
        shown(figures["cost"], ",.1f"),
        shown(figures["bound"], ",.1f"),
        ", ".join(f"{count} {rule}" for rule, count in sorted(broken.items())) or "none",
        f"{figures['groups_breaking']} of {figures['groups']}",
        shown(figures["unplaced"], "d"),
        shown(figures["seconds"], ".0f"),
        str(figures["options"]),
    )
