"""Plans compared, from their files to what people get of them: the page, the Markdown and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partition.maps.content import ComparedAtlas
    from partition.plans.changes import Changes
    from partition.scheme.stages import Log
    from partition.storage.read_back import ReadBack
    from partition.studies.comparison.compare import Comparison


@dataclass(frozen=True, slots=True)
class PlanNamed:
    """A plan to compare, with its name.

    Attributes
    ----------
    name
        The name of the plan, for people.
    source
        The plan file, or its bytes.
    file
        The name of the file where `source` is bytes, for messages; otherwise without effect.
    """

    name: str
    source: Path | bytes
    file: str = "plan.gpkg"

    @property
    def file_name(self) -> str:
        """What the file is called in what is said of it."""
        return self.file if isinstance(self.source, bytes) else self.source.name


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """Plans to be compared with the first of them.

    Attributes
    ----------
    plans
        Two plans of one area, or more.
    base
        Files of what is drawn beneath: GeoJSON or GeoPackage.
    internal
        Whether the page may show who works with whom; every page then says so.
    tiles
        The address of a tile server for the maps, which is asked once a reader ticks its box.
    """

    plans: Sequence[PlanNamed]
    base: Iterable[Path] = ()
    internal: bool = False
    tiles: str = ""


@dataclass(frozen=True, slots=True)
class PlansCompared:
    """A comparison, and the maps that show it."""

    comparison: Comparison
    atlas: ComparedAtlas
    internal: bool

    @property
    def facts(self) -> dict[str, Any]:
        """The comparison as JSON holds it."""
        found = self.comparison
        return {
            "plans": [
                {
                    "letter": option.letter,
                    "name": option.name,
                    "digest": option.account.plan.digest,
                    "cost": option.account.cost.terms(),
                    "unit": option.account.unit,
                    "sureness": option.account.sureness(),
                }
                for option in found.options
            ],
            "figures": [
                {"figure": f.what, "units": list(f.units), "values": list(f.values), "differences": list(f.differences)}
                for f in found.figures
            ],
            "changes": [_change_facts(changes) for changes in found.changes],
            "criteria": [list(words) for words in found.criteria],
            "cautions": list(found.cautions),
        }

    def write(self, out: Path) -> dict[str, str]:
        """Write the page, the Markdown and the tables into a folder, all or none; return the files."""
        from geodata.files import replacing, together, writable_folder
        from partition.maps.compare import write_comparison
        from partition.studies.comparison.text import csv_files, markdown

        comparison, atlas, internal = self.comparison, self.atlas, self.internal
        papers = {"compare.md": markdown(comparison, atlas.title, atlas.status, internal=internal)}
        writable_folder(out)
        with together(private=internal):
            write_comparison(comparison, atlas, out / "compare.html")
            for name, text in {**papers, **csv_files(comparison, internal=internal)}.items():
                with replacing(out / name) as temporary:
                    encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
                    temporary.write_text(text, encoding=encoding, newline="\n")
        files = {"page": "compare.html", "markdown": "compare.md", "figures": "compare_figures.csv"}
        files |= {"schools": "compare_schools.csv", "partnerships": "compare_partnerships.csv"}
        files |= {"links": "compare_links.csv"} if internal else {}
        return {what: str(out / name) for what, name in files.items()}


def _change_facts(changes: Changes) -> dict[str, Any]:
    return {
        "moved": changes.moved,
        "schools": [
            {"urn": c.urn, "name": c.name, "change": c.kind, "before": c.before, "after": c.after}
            for c in changes.schools
        ],
        "partnerships": [
            {
                "change": c.kind,
                "before": c.before.number if c.before else None,
                "after": c.after.number if c.after else None,
                "left": list(c.left),
                "joined": list(c.joined),
            }
            for c in changes.partnerships
        ],
    }


def compare_plans(request: CompareRequest) -> PlansCompared:
    """Compare plans with the first, and draw their maps, with how far each partnership has come. Nothing is solved.

    Parameters
    ----------
    request
        The plans, and what their maps may show.

    Returns
    -------
    PlansCompared
        The comparison, and `write`, which writes the files.

    Raises
    ------
    BadData
        With the faults of all files; or where a plan has no school in common with the first.

    Examples
    --------
    >>> import partition as p
    >>> plans = [p.PlanNamed("today", Path("judged.gpkg")), p.PlanNamed("proposed", Path("plan.gpkg"))]
    >>> compared = p.compare_plans(p.CompareRequest(plans=plans))
    >>> [option.name for option in compared.comparison.options]
    ['today', 'proposed']
    """
    from geodata.boundaries import Region, read_bases
    from partition.formats.marks import LETTERS
    from partition.maps.compare import draw_comparison
    from partition.scheme.money import budget_of
    from partition.studies.comparison.compare import Comparison, Option

    plans, internal = request.plans, request.internal
    backs, logs = _read(plans, internal)
    area = backs[0].account.area
    beneath = read_bases(request.base, Region.around(area.grid, area.eastings, area.northings))
    options = [
        Option(
            letter=letter,
            name=plan.name,
            account=back.account.without(log.left),
            budget=budget_of(back.account, back.money, back.posts, log),
        )
        for letter, plan, back, log in zip(LETTERS, plans, backs, logs, strict=False)
    ]
    comparison = Comparison(options)
    drawn = [replace(back, base=beneath) for back in backs]
    atlas = draw_comparison(comparison, drawn, internal=internal, tiles=request.tiles, logs=logs)
    return PlansCompared(comparison, atlas, internal)


def _read(plans: Sequence[PlanNamed], internal: bool) -> tuple[list[ReadBack], list[Log]]:
    """Every plan, read back, and its log of decisions. Raises BadData with the faults of all of them."""
    from geodata.faults import Fault, Faults
    from partition.actions.plan_over_data import read_source
    from partition.scheme.kept import log_of
    from partition.storage.read_back import read_back, refuse_public

    def read(plan: PlanNamed) -> tuple[ReadBack, Log]:
        stored = read_source(plan.source, plan.file)
        if internal:
            refuse_public(stored)
        return read_back(stored), log_of(stored)

    faults = Faults()
    read_backs = [faults.of(partial(read, plan)) for plan in plans]
    faults.refuse()
    known = [both for both in read_backs if both is not None]
    backs = [back for back, _ in known]
    for plan, back in zip(plans[1:], backs[1:], strict=True):
        if not back.account.area.index.keys() & backs[0].account.area.index.keys():
            fix = f"it has no school in common with {plans[0].file_name}; compare plans of one area"
            faults.found.append(Fault(file=plan.file_name, fix=fix))
    faults.refuse()
    return backs, [log for _, log in known]
