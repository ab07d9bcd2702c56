"""Results, survey and activities as tables, in words, as facts for JSON, and the sheets to fill in for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geodata.files import together, writable_folder
from geodata.sheets import Cell, write_csv, write_workbook
from partition.formats.marks import INTERNAL
from partition.scheme.effects import EffectsAccount
from partition.scheme.intervals import percent
from partition.scheme.results import Share
from partition.scheme.scheme import Scheme
from partition.scheme.survey import Statement

TOO_FEW = "too few"
ACTIVITIES = ("Joint training", "Shared staff", "Moderation of pupils' work", "Events for pupils", "Meetings of heads")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table for papers, workbook, page and CSV. `numbers` are the positions of columns of numbers."""

    name: str  # short, of a file or a workbook's sheet
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    note: str = ""

    @property
    def columns(self) -> list[tuple[Cell, ...]]:
        """Return each column, its heading first."""
        return list(zip(self.headings, *self.rows, strict=True))

    @property
    def widths(self) -> list[float]:
        """Return how wide each column is beside the others, by its longest text."""
        return [min(8.0, max(2.0, max(len(str(cell)) for cell in column) / 5)) for column in self.columns]


def tables(scheme: Scheme, found: EffectsAccount, *, internal: bool = False) -> list[Table]:
    """Return the tables that have rows; what single partnerships answered only if `internal`."""
    every = [_results(found), *_survey(scheme, found, internal), _activities(scheme, found)]
    return [table for table in every if table.rows]


def _results(found: EffectsAccount) -> Table:
    return Table(
        name="Results",
        title=f"Schools whose {found.measure} is below {found.below or 0:g}",
        headings=("Year", "Schools", "Number on roll", "Schools with a result", "Below", "Share below, with interval"),
        rows=tuple(_result(share) for share in found.shares),
        numbers=(0, 3, 4),
        note="Schools are sized by their number on roll in the plan. Intervals are Wilson's.",
    )


def _result(share: Share) -> tuple[Cell, ...]:
    named = (share.year, share.kind.capitalize(), share.size)
    if share.interval is None:
        return (*named, TOO_FEW, TOO_FEW, "")
    return (*named, share.schools, share.below, share.interval.words)


def _survey(scheme: Scheme, found: EffectsAccount, internal: bool) -> Iterator[Table]:
    survey = found.survey
    if survey is None:
        return
    least = scheme.case.scenario.effects.agree_from
    agree = f"Share that agree ({f'{least} or more' if least < 5 else 5}), with interval"
    figures = ("Schools", "Responses", agree, "Mean of 1 to 5")
    elsewhere = f" {survey.elsewhere} answers of schools in no partnership are not counted." if survey.elsewhere else ""
    yield Table(
        name="Survey",
        title="What schools in partnerships say",
        headings=("Statement", *figures),
        rows=tuple((one.text, *_answers(one)) for one in survey.statements),
        numbers=(1, 2, 4),
        note=f"{survey.response_words}.{elsewhere} Intervals are Wilson's, each response taken as one.",
    )
    names = {item.number: item.name for item in scheme.account.partnerships}
    yield Table(
        name="Survey by partnership",
        title="What the schools of each partnership say (internal)",
        headings=("No.", "Partnership", "Statement", *figures),
        rows=tuple(
            (one.partnership, names[one.partnership or 0], one.text, *_answers(one))
            for one in survey.by_partnership * internal
        ),
        numbers=(0, 3, 4, 6),
    )


def _answers(one: Statement) -> tuple[Cell, ...]:
    if one.interval is None or one.mean is None:
        return (one.schools, one.responses, TOO_FEW, TOO_FEW)
    return (one.schools, one.responses, one.interval.words, f"{one.mean:.1f}")


def _activities(scheme: Scheme, found: EffectsAccount) -> Table:
    return Table(
        name="Activities",
        title="What partnerships do together, what most of them do first",
        headings=("Rank", "Activity", "Partnerships", f"Of {len(scheme.account.present)}", "Times in all"),
        rows=tuple(
            (rank, one.what, one.partnerships, percent(one.partnerships / len(scheme.account.present)), one.times)
            for rank, one in enumerate(found.key_activities, 1)
        ),
        numbers=(0, 2, 3, 4),
        note="As counted by the partnerships: no mean is made of them, and a high count proves no good effect.",
    )


def effects_lines(shown: Sequence[Table], caution: str) -> Iterator[str]:
    """Yield the tables in words, with the caution about causes at the end."""
    for table in shown:
        yield f"{table.title}{': ' * bool(table.note)}{table.note}"
        for row in table.rows:
            told = (f"{heading}: {cell}" for heading, cell in zip(table.headings, row, strict=True) if cell != "")
            yield f"  {'; '.join(told)}"
    yield caution


def effects_facts(found: EffectsAccount, *, internal: bool = False) -> dict[str, Any]:
    """Return what is shown as JSON holds it; what single partnerships answered only if `internal`."""
    facts = asdict(found)
    if facts["survey"] is not None and not internal:
        del facts["survey"]["by_partnership"]
    return facts


def write_effects(shown: Sequence[Table], caution: str, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write each table as CSV, and return each path by the table's name."""
    files = {}
    writable_folder(out)
    with together(private=internal):
        for table in shown:
            path = out / f"{table.name.lower().replace(' ', '_')}.csv"
            foot: list[Sequence[Cell]] = [[table.note], [caution], *([[INTERNAL]] if internal else [])]
            write_csv(path, [table.headings, *table.rows, *foot])
            files[table.name.lower()] = str(path)
    return files


def write_sheets_to_fill(scheme: Scheme, out: Path) -> dict[str, str]:
    """Write the sheets that results, survey and activities are filled into, and return each path by its setting.

    A row is there for each small school, for each school and statement, for each partnership and usual activity.
    """
    account, settings = scheme.account, scheme.case.scenario.effects
    area, placed = account.area, account.plan.partnership_of
    small = [urn for urn in area.urns if account.problem.roster.is_small(urn)]
    schools = [(urn, area.name_of(urn)) for urn in area.urns if urn in placed]
    scale = ("1", "2", "3", "4", "5")
    writable_folder(out)
    sheets: dict[str, tuple[tuple[str, ...], list[Sequence[Cell]], dict[str, Sequence[str]]]] = {
        "results": (
            ("urn", "school", "year", "measure", "value"),
            [(urn, area.name_of(urn), None, settings.measure or None, None) for urn in small],
            {},
        ),
        "survey": (
            ("urn", "school", "question", "answer"),
            [(*school, statement, None) for school in schools for statement in settings.statements],
            {"answer": scale},
        ),
        "activity": (
            ("partnership", "activity", "count"),
            [(item.name, what, None) for item in account.partnerships for what in ACTIVITIES],
            {},
        ),
    }
    files = {name: out / f"{name}.xlsx" for name in sheets}
    with together(private=True):
        for name, (headings, rows, choices) in sheets.items():
            write_workbook(files[name], headings, rows, sheet=name.capitalize(), choices=choices, header=INTERNAL)
    return {name: str(path) for name, path in files.items()}
