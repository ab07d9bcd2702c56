"""A sweep as people get it: its page, its tables for papers, and its pictures."""

from __future__ import annotations

from pathlib import Path

from geodata.files import replacing
from geodata.sheets import write_csv
from partition.maps.sweep import ENDINGS, write_sweep
from partition.sweep.papers import figure_rows, markdown, tip_rows
from partition.sweep.picture import draw_heat_map, draw_multiples, drawable
from partition.sweep.table import Sweep
from partition.sweep.work import PLANS


def write_results(sweep: Sweep, out: Path, *, pictures: bool = False) -> dict[str, Path]:
    """The page, the tables and, if asked for, the page's pictures; each replaces its forerunner at once."""
    files = {what: out / f"sweep.{end}" for what, end in (("page", "html"), ("table", "csv"), ("markdown", "md"))}
    drawings = []
    if drawable():
        drawings = [out / "sweep.svg"]
        draw_multiples(sweep, drawings[0])
        if len(sweep.axes) == 2:
            drawings.append(out / "sweep_heat.svg")
            draw_heat_map(sweep, drawings[1])
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
    if pictures:
        files |= {drawing.stem: drawing for drawing in drawings}
    else:
        for drawing in drawings:
            drawing.unlink()
    return files


def title_of(sweep: Sweep) -> str:
    """What page and papers are headed."""
    titles = list(dict.fromkeys(row.result["title"] for row in sweep.rows))
    what = f"{len(sweep.rows)} settings of {', '.join(axis.name for axis in sweep.axes)}"
    return f"{titles[0] if len(titles) == 1 else 'School partnerships'}: {what}"
