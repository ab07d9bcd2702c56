"""A sweep as people get it: its page, its tables for papers, and its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from geodata.files import replacing, together
from geodata.sheets import write_csv
from partition.maps.sweep import ENDINGS, write_sweep
from partition.studies.sweep.picture import draw_heat_map, draw_multiples, drawable
from partition.studies.sweep.table import Sweep
from partition.studies.sweep.text import figure_rows, markdown, tip_rows
from partition.studies.sweep.work import PLANS


def write_results(sweep: Sweep, out: Path, *, pictures: bool = False) -> dict[str, Path]:
    """The page, the tables and, if asked for, the page's pictures; they replace their forerunners at once."""
    with TemporaryDirectory() as folder:
        drawings = _drawn(sweep, Path(folder))
        with together():
            files = _write_papers(sweep, out, drawings)
            kept = {drawing.stem: out / drawing.name for drawing in drawings if pictures}
            for drawing in drawings if pictures else ():
                with replacing(out / drawing.name) as temporary:
                    temporary.write_bytes(drawing.read_bytes())
    for drawing in () if pictures else drawings:
        (out / drawing.name).unlink(missing_ok=True)  # of an earlier run: the page holds its own
    return files | kept


def _drawn(sweep: Sweep, folder: Path) -> list[Path]:
    """The page's pictures, where they can be drawn."""
    if not drawable():
        return []
    drawings = [folder / "sweep.svg"]
    draw_multiples(sweep, drawings[0])
    if len(sweep.axes) == 2:
        drawings.append(folder / "sweep_heat.svg")
        draw_heat_map(sweep, drawings[1])
    return drawings


def _write_papers(sweep: Sweep, out: Path, drawings: Sequence[Path]) -> dict[str, Path]:
    files = {what: out / f"sweep.{end}" for what, end in (("page", "html"), ("table", "csv"), ("markdown", "md"))}
    title, status = title_of(sweep), " / ".join(dict.fromkeys(row.result["page_status"] for row in sweep.rows))
    drawn = [next((f for f in row.result.get("files", ()) if f.endswith(ENDINGS["map"])), "") for row in sweep.rows]
    links = [f"{PLANS}/{file}" if file else "" for file in drawn] if any(drawn) else []
    write_sweep(sweep, files["page"], title=title, status=status, pictures=drawings, maps=links)
    write_csv(files["table"], list(figure_rows(sweep)))
    with replacing(files["markdown"]) as temporary:
        temporary.write_text(markdown(sweep, title, status), encoding="utf-8", newline="\n")
    if any(axis.neighbours for axis in sweep.axes):
        files["tips"] = out / "sweep_tips.csv"
        write_csv(files["tips"], list(tip_rows(sweep)))
    return files


def title_of(sweep: Sweep) -> str:
    """What page and papers are headed."""
    titles = list(dict.fromkeys(row.result["title"] for row in sweep.rows))
    what = f"{len(sweep.rows)} settings of {', '.join(axis.name for axis in sweep.axes)}"
    return f"{titles[0] if len(titles) == 1 else 'School partnerships'}: {what}"
