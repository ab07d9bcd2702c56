"""`compare`: plans side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.cli.options import AsJson, BaseFiles, Internal, OutFolder, Quiet, Tiles
from partition.cli.shared import read_bases, refusing, say

if TYPE_CHECKING:
    from partition.changes import Changes
    from partition.compare import Comparison
    from partition.maps.content import ComparedAtlas
    from partition.scheme.stages import Log
    from partition.stored import ReadBack

LETTERS_MAX = 26


def compare(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN", help="Two plan files of one area, or more.")],
    names: Annotated[
        list[str] | None, typer.Option("--name", help="What to call a plan; once for each, in their order.")
    ] = None,
    base: BaseFiles = None,
    out: OutFolder = Path("out"),
    internal: Internal = False,
    tiles: Tiles = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare plans with the first: a page with both maps under a swipe, and tables for papers. Nothing is solved."""
    if not 2 <= len(plans) <= LETTERS_MAX:
        raise typer.BadParameter(f"give from 2 to {LETTERS_MAX} plans to compare", param_hint="PLAN")
    if names and len(names) != len(plans):
        raise typer.BadParameter(f"{len(names)} names for {len(plans)} plans; give one for each", param_hint="--name")
    with refusing(as_json):
        backs, logs = read_plans(plans, internal)
        beneath = read_bases(base or ())
        comparison = comparison_of(backs, names or _names(plans))
        atlas = compared(comparison, [replace(back, base=beneath) for back in backs], logs, internal, tiles)
        files = _write(comparison, atlas, out, internal)
        say(_facts(comparison, files), _lines(comparison, files), as_json, quiet)


def read_plans(paths: Sequence[Path], internal: bool) -> tuple[list[ReadBack], list[Log]]:
    """Every plan, read back, and its log of decisions. Raises BadData with the faults of all of them."""
    from geodata.faults import Fault, Faults
    from partition.scheme.kept import log_of
    from partition.store import read_plan
    from partition.stored import read_back, refuse_public

    def read(path: Path) -> tuple[ReadBack, Log]:
        stored = read_plan(path)
        if internal:
            refuse_public(stored)
        return read_back(stored), log_of(stored)

    faults = Faults()
    read_backs = [faults.of(partial(read, path)) for path in paths]
    faults.refuse()
    known = [both for both in read_backs if both is not None]
    backs = [back for back, _ in known]
    for path, back in zip(paths[1:], backs[1:], strict=True):
        if not back.account.area.index.keys() & backs[0].account.area.index.keys():
            fix = f"it has no school in common with {paths[0].name}; compare plans of one area"
            faults.found.append(Fault(file=path.name, fix=fix))
    faults.refuse()
    return backs, [log for _, log in known]


def _names(paths: Sequence[Path]) -> list[str]:
    """Files' names, with those of their folders where that is what tells them apart."""
    alike = len({path.stem for path in paths}) < len(paths)
    return [f"{path.resolve().parent.name}/{path.stem}" if alike else path.stem for path in paths]


def comparison_of(backs: Sequence[ReadBack], names: Sequence[str]) -> Comparison:
    from partition.compare import LETTERS, Comparison, Option

    options = [
        Option(letter=letter, name=name, account=back.account, money=back.money)
        for letter, name, back in zip(LETTERS, names, backs, strict=False)
    ]
    return Comparison(options)


def compared(
    comparison: Comparison, backs: Sequence[ReadBack], logs: Sequence[Log], internal: bool, tiles: str = ""
) -> ComparedAtlas:
    """The plans' maps beside each other, with how far each partnership has come."""
    from partition.maps.compare import draw_comparison

    numbers = [[item.number for item in option.account.partnerships] for option in comparison.options]
    stages = [log.stages(numbered) for log, numbered in zip(logs, numbers, strict=True)]
    return draw_comparison(comparison, backs, internal=internal, tiles=tiles, stages=stages)


def _write(comparison: Comparison, atlas: ComparedAtlas, out: Path, internal: bool) -> dict[str, str]:
    """The page, the Markdown and the tables; each replaces its forerunner at once."""
    from geodata.files import replacing
    from partition.maps.compare import write_comparison
    from partition.papers import csv_files, markdown

    papers = {"compare.md": markdown(comparison, atlas.title, atlas.status, internal=internal)}
    out.mkdir(parents=True, exist_ok=True)
    write_comparison(comparison, atlas, out / "compare.html")
    for name, text in {**papers, **csv_files(comparison, internal=internal)}.items():
        with replacing(out / name) as temporary:
            encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
            temporary.write_text(text, encoding=encoding, newline="\n")
    files = {"page": "compare.html", "markdown": "compare.md", "figures": "compare_figures.csv"}
    files |= {"schools": "compare_schools.csv", "partnerships": "compare_partnerships.csv"}
    files |= {"links": "compare_links.csv"} if internal else {}
    return {what: str(out / name) for what, name in files.items()}


def _facts(comparison: Comparison, files: dict[str, str]) -> dict[str, Any]:
    """The comparison as the command's JSON gives it."""
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
            for option in comparison.options
        ],
        "figures": [
            {"figure": f.what, "units": list(f.units), "values": list(f.values), "differences": list(f.differences)}
            for f in comparison.figures
        ],
        "changes": [_changes(changes) for changes in comparison.changes],
        "criteria": [list(words) for words in comparison.criteria],
        "cautions": list(comparison.cautions),
        "files": files,
    }


def _changes(changes: Changes) -> dict[str, Any]:
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


def _lines(comparison: Comparison, files: dict[str, str]) -> list[str]:
    """What a person reads: differences first, then where things are."""
    from partition.papers import figure_words, heading_of, headlines

    lines = [f"{option.letter}: {option.name}" for option in comparison.options]
    for told in headlines(comparison):
        lines += ["", *told]
    different = comparison.differing
    width = max((len(heading_of(figure)) for figure in different), default=0) + 2
    if different:
        lines += ["", " " * width + "".join(f"{option.letter:>12}" for option in comparison.options)]
    for figure in different:
        values = "".join(f"{figure_words(figure, value):>12}" for value in figure.values)
        lines.append(f"{heading_of(figure):{width}}{values}")
    lines += ["", *(f"{option.letter}: {option.account.sureness()}" for option in comparison.options)]
    lines += [f"notice: {caution}" for caution in comparison.cautions]
    return [*lines, "", *(f"{what}: {path}" for what, path in files.items())]
