"""A comparison for papers: Markdown to paste, CSV for a spreadsheet. Text from files is never a formula or markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from geodata.sheets import Cell, as_csv
from partition.formats.markdown import markdown_table, plain
from partition.formats.marks import INTERNAL
from partition.plans.account import PartnershipAccount
from partition.plans.changes import Changes, PartnershipChange, SchoolChange
from partition.studies.comparison.compare import Comparison, Figure

ROLES = {
    "placed": "in no partnership",  # placed in one plan, and in no partnership of the other
    "federation": "in a federation that is a partnership already",
    "unplaced": "not yet placed",
    "associate alone": "associate, not joined",
    "not taking part": "not taking part",
    "left": "in a partnership that has left",
    "absent": "not among the schools",
}


def figure_words(figure: Figure, value: float | None, *, signed: bool = False) -> str:
    """Return a figure's value as people read it, with the figure's decimals; a difference (`signed`) with its sign."""
    if value is None:
        return "–"
    rounded = round(value, figure.decimals) or 0.0  # never "-0"
    words = f"{rounded:{'+' if signed and rounded else ''},.{figure.decimals}f}"
    return words.replace("-", "−")


def heading_of(figure: Figure) -> str:
    """Return a figure's name, with its unit if it has one."""
    units = [unit for unit in dict.fromkeys(figure.units) if unit]
    return f"{figure.what}, {' or '.join(units)}" if units else figure.what


def place_words(changes: Changes, change: SchoolChange) -> tuple[str, str]:
    """Return a school's place before and after, in words: number and name of a partnership, or why it is in none."""
    was, now = changes.before.partnerships, changes.after.partnerships
    return (
        ROLES[change.was] if change.before is None else f"{change.before} {was[change.before - 1].name}",
        ROLES[change.becomes] if change.after is None else f"{change.after} {now[change.after - 1].name}",
    )


def _already(change: PartnershipChange) -> bool:
    """Return whether a partnership is a federation that was one already, and is counted apart."""
    return change.before is not None and change.before.already


def headlines(comparison: Comparison) -> list[list[str]]:
    """Return the differences of each later plan from the first, in a few sentences."""
    told = []
    for option, changes in zip(comparison.others, comparison.changes, strict=True):
        same = sum(one.kind == "the same" and not _already(one) for one in changes.partnerships)
        kinds = [(len(changes.of_kind(kind)), kind) for kind in ("moved", "newly placed", "no longer placed")]
        schools = ", ".join(f"{number} {kind}" for number, kind in kinds if number)
        told.append(
            [
                f"{same} of {len(changes.before.joined)} partnerships of {comparison.first.letter} "
                f"are the same in {option.letter}.",
                f"Schools: {schools}." if schools else "Every school stays where it is.",
                _heads_words(changes.moved),
            ]
        )
    return told


def _heads_words(moved: int) -> str:
    if moved < 2:
        return "One head changes companions." if moved else "No head changes companions."
    return f"{moved} heads change companions."


# CSV --------------------------------------------------------------------------------------------------------


def csv_files(comparison: Comparison, *, internal: bool = False) -> dict[str, str]:
    """Return the content of each CSV file by name: figures, changed schools, and partnerships; links too if `internal`.

    Every file says if it is internal.
    """
    tables: dict[str, Iterable[Sequence[Cell]]] = {
        "compare_figures.csv": _figure_rows(comparison),
        "compare_schools.csv": _school_rows(comparison),
        "compare_partnerships.csv": _partnership_rows(comparison),
    }
    if internal:
        tables["compare_links.csv"] = _link_rows(comparison)
    return {name: as_csv([*rows, *([[INTERNAL]] if internal else [])]) for name, rows in tables.items()}


def _figure_rows(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    letter = comparison.first.letter
    names = [f"{option.letter}: {option.name}" for option in comparison.options]
    yield ["figure", "unit", *names, *(f"{option.letter} less {letter}" for option in comparison.others)]
    for figure in comparison.figures:
        values = [None if v is None else round(v, figure.decimals) for v in (*figure.values, *figure.differences)]
        yield [figure.what, " or ".join(filter(None, dict.fromkeys(figure.units))), *values]
    yield ["How sure", "", *(option.account.sureness() for option in comparison.options)]


def _school_rows(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    yield ["plan", "urn", "school", "change", f"in {comparison.first.letter}", "in the plan"]
    for option, changes in zip(comparison.others, comparison.changes, strict=True):
        for change in changes.schools:
            yield [option.letter, change.urn, change.name, change.kind, *place_words(changes, change)]


def _partnership_rows(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    first = comparison.first.letter
    yield ["plan", "change", f"number in {first}", f"name in {first}", "number", "name", "left", "joined", *_PAIRS]
    for option, changes in zip(comparison.others, comparison.changes, strict=True):
        for change in changes.partnerships:
            ends = [(item.number, item.name) if item else (None, None) for item in (change.before, change.after)]
            names = ["; ".join(changes.name_of(urn) for urn in urns) for urns in (change.left, change.joined)]
            yield [option.letter, change.kind, *ends[0], *ends[1], *names, *_pairs(change)]


_PAIRS = [
    f"{what} {when}" for what in ("schools", "pupils", "longest minutes between bases") for when in ("before", "after")
]


def _pairs(change: PartnershipChange) -> list[Cell]:
    figures: list[Callable[[PartnershipAccount], Cell]] = [
        lambda item: len(item.group.schools),
        lambda item: item.group.pupils,
        lambda item: item.worst_minutes,
    ]
    ends = change.before, change.after
    return [None if item is None else figure(item) for figure in figures for item in ends]


def _link_rows(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    yield ["plan", "urn_a", "school_a", "urn_b", "school_b", "link"]
    for option, changes in zip(comparison.others, comparison.changes, strict=True):
        for link in changes.links:
            ends: list[Cell] = [link.urn_a, changes.name_of(link.urn_a), link.urn_b, changes.name_of(link.urn_b)]
            yield [option.letter, *ends, "kept, was broken" if link.kept else "broken, was kept"]


# Markdown ---------------------------------------------------------------------------------------------------


def markdown(comparison: Comparison, title: str, status: str, *, internal: bool = False) -> str:
    """Return the comparison as Markdown: differences first, then every figure, then the schools that change."""
    lines = [f"# {plain(title)}", ""]
    lines += [line for mark in (INTERNAL if internal else "", status) if mark for line in (f"**{plain(mark)}**", "")]
    lines += [f"- **{option.letter}**: {plain(option.name)}" for option in comparison.options]
    for told in headlines(comparison):
        lines += ["", " ".join(told)]
    lines += [line for caution in comparison.cautions for line in ("", f"> {plain(caution)}")]
    lines += ["", "## Figures", "", *_figure_table(comparison)]
    lines += ["", "## How sure", ""]
    lines += [f"- **{option.letter}**: {plain(option.account.sureness())}" for option in comparison.options]
    lines += _criteria(comparison)
    for option, changes in zip(comparison.others, comparison.changes, strict=True):
        between = f"from {comparison.first.letter} to {option.letter}"
        lines += ["", f"## Schools that change, {between}", "", *_school_table(comparison, changes)]
        lines += ["", f"## Partnerships, {between}", "", *_partnership_table(changes)]
        if internal and changes.links:
            lines += ["", f"## Working links, {between}", "", *_links(changes)]
    return "\n".join(lines) + "\n"


def _figure_table(comparison: Comparison) -> list[str]:
    letters = [option.letter for option in comparison.options]
    less = [f"{letter} − {letters[0]}" for letter in letters[1:]]
    rows = [
        [
            heading_of(figure),
            *(figure_words(figure, value) for value in figure.values),
            *(figure_words(figure, value, signed=True) for value in figure.differences),
        ]
        for figure in comparison.figures
    ]
    return markdown_table(["", *letters, *less], rows, numbers=True)


def _criteria(comparison: Comparison) -> Iterator[str]:
    if any(comparison.criteria):
        yield from ("", "## Criteria that differ", "")
    for option, criteria in zip(comparison.options, comparison.criteria, strict=True):
        yield from (f"- **{option.letter}**: {plain(words)}" for words in criteria)


def _school_table(comparison: Comparison, changes: Changes) -> list[str]:
    rows = [[c.name, str(c.urn), c.kind, *place_words(changes, c)] for c in changes.schools]
    headings = ["School", comparison.identifier.one, "Change", "From", "To"]
    return markdown_table(headings, rows) if rows else ["Every school stays where it is."]


def _partnership_table(changes: Changes) -> list[str]:
    rows = []
    for one in changes.partnerships:
        if one.kind == "the same":
            continue
        ends = ["–" if item is None else f"{item.number} {item.name}" for item in (one.before, one.after)]
        names = ["; ".join(changes.name_of(urn) for urn in urns) or "–" for urns in (one.left, one.joined)]
        rows.append([one.kind, *ends, *names])
    return (
        markdown_table(["Change", "Was", "Is", "Left", "Joined"], rows) if rows else ["Every partnership is the same."]
    )


def _links(changes: Changes) -> list[str]:
    said = {True: "kept, was broken", False: "broken, was kept"}
    return [
        f"- {plain(changes.name_of(link.urn_a))} and {plain(changes.name_of(link.urn_b))}: {said[link.kept]}"
        for link in changes.links
    ]
