"""`compare`: plans side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partition.cli.options import AsJson, BaseFiles, Internal, OutFolder, Quiet, Tiles
from partition.cli.shared import file_lines, refusing, say

if TYPE_CHECKING:
    from partition.studies.comparison.compare import Comparison

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
    with refusing(as_json, out):
        from partition.actions.comparison import CompareRequest, PlanNamed, compare_plans

        named = [PlanNamed(name, path) for name, path in zip(names or _names(plans), plans, strict=True)]
        done = compare_plans(CompareRequest(plans=named, base=base or (), internal=internal, tiles=tiles))
        files = done.write(out)
        say({**done.facts, "files": files}, _lines(done.comparison, files), as_json, quiet)


def _names(paths: Sequence[Path]) -> list[str]:
    """Files' names, with those of their folders where that is what tells them apart."""
    alike = len({path.stem for path in paths}) < len(paths)
    return [f"{path.resolve().parent.name}/{path.stem}" if alike else path.stem for path in paths]


def _lines(comparison: Comparison, files: dict[str, str]) -> list[str]:
    """What a person reads: differences first, then where things are."""
    from partition.studies.comparison.text import figure_words, heading_of, headlines

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
    return [*lines, "", *file_lines(files)]
