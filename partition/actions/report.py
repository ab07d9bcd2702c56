"""The papers of a plan: committee report, workbook, maps to print, transparency record and sheets for schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from partition.report.brief import Brief
    from partition.scheme import Scheme
    from partition.scheme.stages import Log
    from partition.settings.scenario import Scenario
    from partition.settings.scheme import Stage
    from partition.storage.plan_file import Stored
    from partition.storage.read_back import ReadBack

SHOWN = ("map", "posts", "report", "venues")  # tables of a scenario that change papers and no plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """Papers to be written.

    Attributes
    ----------
    final
        Whether the papers are no draft any more; a final paper is dated, and nothing in it is to be completed.
    day
        The day that the papers are dated.
    internal
        Whether they may name who works with whom; every page then says so.
    sheets_from
        The stage from which on a partnership's schools have a sheet each; None: no sheets.
    others
        Other plans that were looked at, with their names: files or their bytes.
    is_served
        Whether they are written from the page of `serve`, which the transparency record says.
    """

    final: bool = False
    day: date | None = None
    internal: bool = False
    sheets_from: Stage | None = None
    others: Sequence[tuple[str, Path | bytes]] = ()
    is_served: bool = False


@dataclass(frozen=True, slots=True)
class ReportWritten:
    """Papers, by what they were told from, and the files by what each is."""

    brief: Brief
    files: dict[str, str]

    @property
    def facts(self) -> dict[str, object]:
        """The papers' plan and standing, as JSON holds it."""
        standing = self.brief.standing
        return {
            "digest": self.brief.account.plan.digest,
            "draft": standing.is_draft,
            "internal": self.brief.internal,
            "date": None if standing.day is None else standing.day.isoformat(),
            "marks": list(standing.marks),
            "figures": [one.fact for one in self.brief.quoted.values()],
            "to_be_completed": [text.setting for text in self.brief.settings.to_be_completed],
        }


def write_report(scheme: Scheme, stored: Stored, request: ReportRequest, out: Path) -> ReportWritten:
    """Write a plan's papers into a folder.

    Parameters
    ----------
    scheme
        The scheme around the plan: `PlanOverData.scheme`, or `scheme_alone` of its file.
    stored
        The plan file, which says what it was made from.
    request
        What the papers are to be.
    out
        The folder; what stood there under the same names is replaced, all files or none.

    Raises
    ------
    BadData
        Where another plan cannot be read, with the faults of all of them; where a final paper is not complete, with
        every setting that is missing; or where a part of the extra `report` is missing.

    Examples
    --------
    >>> import partition as p
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"))
    >>> written = p.write_report(over.scheme(), over.stored, p.ReportRequest(), Path("report"))
    >>> Path(written.files["workbook"]).name
    'workbook.xlsx'
    """
    from partition.report.authored import refuse_unfinished
    from partition.report.brief import Brief, Standing
    from partition.report.files import refuse_without_parts, write_papers
    from partition.storage.plan_file import sources_of

    refuse_without_parts()
    standing = Standing(
        is_draft=not request.final, internal=request.internal, status=scheme.case.status, day=request.day
    )
    sources = [(source.name, source.sha256) for source in sources_of(stored)]
    others = _read_others(request.others)
    brief = Brief(scheme, standing, others=others, sources=sources, is_served=request.is_served)
    refuse_unfinished(brief)
    return ReportWritten(brief, write_papers(brief, out, request.sheets_from))


def scheme_alone(stored: Stored, shown: Scenario, *, internal: bool = False) -> Scheme:
    """Return the scheme as far as the plan file alone tells it.

    Parameters
    ----------
    stored
        The content of the plan file, as `read_plan` returns it.
    shown
        A scenario for what papers show: its tables `SHOWN` are used and no others, because the plan stays as it is.
    internal
        Whether internal papers are wanted, which need to know who works with whom.

    Returns
    -------
    Scheme
        The scheme around the plan, with its log of decisions.

    Raises
    ------
    BadData
        Where `internal` is True and the file does not hold who works with whom.
    """
    from dataclasses import replace
    from typing import Any

    from partition.scheme.inputs import Inputs
    from partition.scheme.kept import log_of
    from partition.scheme.scheme import Scheme
    from partition.storage.read_back import read_back, refuse_public

    if internal:
        refuse_public(stored)
    back = read_back(stored)
    tables: dict[str, Any] = {"report": shown.report}
    tables |= {name: getattr(shown, name) for name in ("posts", "venues") if name in shown.model_fields_set}
    status = shown.map.status if "status" in shown.map.model_fields_set else back.status
    told = replace(back, scenario=back.scenario.model_copy(update=tables), status=status)
    return Scheme(told, back.account, Inputs(), log_of(stored))


def _read_others(others: Sequence[tuple[str, Path | bytes]]) -> list[tuple[str, ReadBack, Log]]:
    """Other plans as their files tell them, each with its decisions. Raises BadData with the faults of all of them."""
    from geodata.faults import Faults
    from partition.actions.plan_over_data import read_source
    from partition.scheme.kept import log_of
    from partition.storage.read_back import read_back

    def retell(source: Path | bytes) -> tuple[ReadBack, Log]:
        stored = read_source(source)
        return read_back(stored), log_of(stored)

    faults = Faults()
    found = [(name, faults.of(partial(retell, source))) for name, source in others]
    faults.refuse()
    return [(name, *told) for name, told in found if told is not None]
