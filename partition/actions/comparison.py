"""Plans compared, from their files to what people get of them: the page, the Markdown and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.maps.content import ComparedAtlas
    from partition.scheme.stages import Log
    from partition.storage.read_back import ReadBack
    from partition.studies.comparison.compare import Comparison


def compare_plans(
    paths: Sequence[Path], names: Sequence[str], *, base: Iterable[Path] = (), internal: bool = False, tiles: str = ""
) -> tuple[Comparison, ComparedAtlas]:
    """Plan files compared with the first, under these names; and their maps, with how far each partnership has come.

    What is in the files `base` is drawn beneath. Raises BadData with the faults of all files.
    """
    from geodata.boundaries import read_bases
    from partition.formats.marks import LETTERS
    from partition.maps.compare import draw_comparison
    from partition.studies.comparison.compare import Comparison, Option

    backs, logs = _read(paths, internal)
    beneath = read_bases(base)
    options = [
        Option(letter=letter, name=name, account=back.account, money=back.money)
        for letter, name, back in zip(LETTERS, names, backs, strict=False)
    ]
    comparison = Comparison(options)
    numbers = [[item.number for item in option.account.partnerships] for option in options]
    stages = [log.stages(numbered) for log, numbered in zip(logs, numbers, strict=True)]
    drawn = [replace(back, base=beneath) for back in backs]
    return comparison, draw_comparison(comparison, drawn, internal=internal, tiles=tiles, stages=stages)


def write_compare(comparison: Comparison, atlas: ComparedAtlas, out: Path, *, internal: bool = False) -> dict[str, str]:
    """The page, the Markdown and the tables; they replace their forerunners at once."""
    from geodata.files import replacing, together, writable_folder
    from partition.maps.compare import write_comparison
    from partition.studies.comparison.text import csv_files, markdown

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


def _read(paths: Sequence[Path], internal: bool) -> tuple[list[ReadBack], list[Log]]:
    """Every plan, read back, and its log of decisions. Raises BadData with the faults of all of them."""
    from geodata.faults import Fault, Faults
    from partition.scheme.kept import log_of
    from partition.storage.plan_file import read_plan
    from partition.storage.read_back import read_back, refuse_public

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
