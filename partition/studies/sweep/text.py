"""A sweep for papers: CSV for a spreadsheet, Markdown to paste, facts for JSON. Text from files is never a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geodata.sheets import Cell
from partition.formats.markdown import markdown_table, plain
from partition.studies.sweep.table import Row, Sweep, Tip

TIPS_SHOWN = 40
ROLES = {"unplaced": "not yet placed"}


def headings(sweep: Sweep, *, keys: bool = False) -> list[str]:
    """Return the headings of the table; settings in words, or by their keys."""
    figures = ["how sure", "small schools", "not yet placed", "partnerships", "associates", f"{sweep.unit} a year"]
    return [
        *(axis.key if keys else axis.heading for axis in sweep.axes),
        *figures,
        "gap",
        "mean minutes between bases",
        "longest minutes between bases",
    ]


def cells(row: Row) -> list[Cell]:
    """Return a row's figures as numbers."""
    plan, result = row.plan or {}, row.result
    return [
        *row.values,
        row.state,
        result["small"],
        row.unplaced,
        plan.get("partnerships"),
        row.associates,
        None if row.cost is None else round(row.cost, 1),
        None if result["gap"] is None or row.plan is None else round(result["gap"], 6),
        plan.get("mean_minutes"),
        plan.get("worst_minutes"),
    ]


def words(row: Row) -> list[str]:
    """Return a row's figures as people read them."""
    *values, gap, mean, worst = cells(row)
    shown = ["–" if value is None else f"{value:,}" if isinstance(value, int | float) else value for value in values]
    share = "–" if gap is None else f"{float(gap):.2%}"
    return [*shown, share, *("–" if minutes is None else f"{float(minutes):.1f}" for minutes in (mean, worst))]


def figure_rows(sweep: Sweep) -> Iterator[Sequence[Cell]]:
    """Yield the table as rows of CSV, with each plan's digest."""
    yield [*headings(sweep, keys=True), "digest"]
    yield from ([*cells(row), (row.plan or {}).get("digest")] for row in sweep.rows)


def tip_rows(sweep: Sweep) -> Iterator[Sequence[Cell]]:
    """Yield every school that is placed in one setting and not in its neighbour, as rows of CSV."""
    yield ["urn", "school", "setting", "from", "to", *(f"with {axis.key}" for axis in sweep.axes), "was", "becomes"]
    for tip in sweep.tips:
        step = tip.step
        fixed = ["" if n == step.place else value for n, value in enumerate(step.before.values)]
        ends = [row.values[step.place] for row in (step.before, step.after)]
        roles = [ROLES.get(role, role) for role in (tip.was, tip.becomes)]
        yield [tip.urn, tip.name, step.axis.key, *ends, *fixed, *roles]


def tip_words(sweep: Sweep, tips: Sequence[Tip]) -> str:
    """Return where a school tips: from a setting in which the school is placed to one in which it is not."""
    return "; ".join(tip.step.words(sweep, back=tip.was == "unplaced") for tip in tips)


def markdown(sweep: Sweep, title: str, status: str) -> str:
    """Return the sweep as Markdown: the table, the settings where plans begin to fail, the schools that tip."""
    lines = [f"# {plain(title)}", ""] + ([f"**{plain(status)}**", ""] if status else [])
    lines += [plain(sweep.best_words), "", *markdown_table(headings(sweep), map(words, sweep.rows), numbers=True)]
    if any(axis.neighbours for axis in sweep.axes):
        lines += ["", "## Where it starts to go wrong", ""]
        lines += [f"- {plain(start.words(sweep))}" for start in sweep.starts] or ["Nowhere between these settings."]
        lines += ["", "## Schools that tip", ""]
        rows = [[name, str(urn), tip_words(sweep, tips)] for (urn, name), tips in sweep.tipping.items()]
        if rows:
            lines += ["Placed, and in the next setting not yet placed:", ""]
            lines += markdown_table(["School", sweep.identifier.one, "No longer placed from"], rows[:TIPS_SHOWN])
            if len(rows) > TIPS_SHOWN:
                lines += ["", f"And {len(rows) - TIPS_SHOWN} more, in the table of tips."]
        else:
            lines.append("None between these settings.")
    lines += ["", *(f"- {plain(line)}" for line in credits_of(sweep))]
    return "\n".join(lines) + "\n"


def credits_of(sweep: Sweep) -> list[str]:
    """Return the names to credit for the data."""
    return list(dict.fromkeys(line for row in sweep.rows for line in row.result["attribution"]))


def as_facts(sweep: Sweep, files: Mapping[str, Path]) -> dict[str, Any]:
    """Return the sweep as facts for the command's JSON."""
    tip_headings, *tips = ([str(cell) for cell in row] for row in tip_rows(sweep))
    hidden = ("format", "seconds", "files", "attribution", "title", "page_status", "identifier")
    return {
        "axes": [{"key": axis.key, "values": list(axis.values), "neighbours": axis.neighbours} for axis in sweep.axes],
        "scenarios": [
            {"values": list(row.values), "unplaced": row.unplaced}
            | {key: value for key, value in row.result.items() if key not in hidden}
            for row in sweep.rows
        ],
        "starts": [
            {"what": start.what, "unplaced": start.unplaced, "words": start.words(sweep)} for start in sweep.starts
        ],
        "tips": [dict(zip(tip_headings, row, strict=True)) for row in tips],
        "attribution": credits_of(sweep),
        "files": {what: str(path) for what, path in files.items()},
    }
