"""Curves of trade-offs: what moving fewer heads, keeping more working links, and sharing travel out evenly costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from partition.scenario.case import Case
    from partition.studies.trade_offs.curve import Curve
    from partition.studies.trade_offs.text import Told

About = Literal["least change", "frontier", "fairness"]


@dataclass(frozen=True, slots=True)
class CurveTraced:
    """A curve, and the words that its case has for what it is about."""

    case: Case
    curve: Curve
    told: Told

    def write(self, out: Path, *, internal: bool = False) -> tuple[dict[str, str], list[str]]:
        """Write the tables and the picture into a folder; return the files, and what to install where nothing draws.

        Nothing is written of a curve with no point.
        """
        from geodata.files import together, writable_folder
        from partition.studies.trade_offs.text import write_curve

        if not self.curve.points:
            return {}, []
        writable_folder(out)
        with together(private=internal):
            files = write_curve(self.curve, self.told, out, self.case.status, internal=internal)
            return files, self._draw(out, files)

    def _draw(self, out: Path, files: dict[str, str]) -> list[str]:
        """Draw the picture beside the tables, and add it to the files."""
        from geodata.faults import BadData
        from geodata.files import Unwritten
        from partition.studies.trade_offs.text import draw_curve

        picture = out / f"{self.told.name}.svg"
        try:
            draw_curve(self.curve, self.told, picture)
        except Unwritten:
            raise
        except BadData as bad:
            return [str(fault) for fault in bad.faults]
        files["picture"] = str(picture)
        return []


def told_of(case: Case, about: About, step: int | None = None) -> Told:
    """Return the words for a curve of this case; `step` as in `trace_curve`."""
    from partition.studies.trade_offs.most_minutes import STEP_MINUTES
    from partition.studies.trade_offs.text import links_told, minutes_told, moves_told

    unit = case.problem.preferences.measure
    if about == "fairness":
        return minutes_told(unit, step or STEP_MINUTES)
    return (links_told if about == "frontier" else moves_told)(unit)


def trace_curve(
    case: Case,
    about: About,
    *,
    points_most: int = 0,
    step: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
    show: Callable[[CurveTraced], None] = lambda _: None,
    stop: Event | None = None,
) -> CurveTraced:
    """Find the best plan for every number of heads moved, weight of working links broken, or most minutes of one head.

    Parameters
    ----------
    case
        The data and the settings; its scenario says how long each search may take.
    about
        "least change": heads who change companions; "frontier": working links broken; "fairness": the most minutes a
        year of one head.
    points_most
        How many limits are searched at most, the widest stretches first; 0: as many as it takes.
    step
        With "fairness", the steps of the curve, in minutes; 5 where None.
    tell
        Called with what is being looked for.
    show
        Called with the curve as far as it is known, whenever that is further.
    stop
        Set, it ends the search with what was found by then.

    Raises
    ------
    BadData
        Where nobody is grouped today ("least change"), no two schools work together ("frontier"), or travel is measured
        in km ("fairness").

    Examples
    --------
    >>> import partition as p
    >>> traced = p.trace_curve(p.load(p.read_scenario("county.toml")), "least change", points_most=2)
    >>> sorted(traced.write(Path("out"))[0])
    ['markdown', 'picture', 'table']
    """
    from partition.studies.trade_offs.heads_moved import least_change
    from partition.studies.trade_offs.links_broken import frontier
    from partition.studies.trade_offs.most_minutes import fairness

    told = told_of(case, about, step)
    by_subject: Mapping[About, Callable[..., Curve]] = {
        "least change": least_change,
        "frontier": frontier,
        "fairness": partial(fairness, step=told.step),
    }
    curve = by_subject[about](
        case.problem,
        case.limits,
        points_most=points_most,
        tell=tell,
        show=lambda so_far: show(CurveTraced(case, so_far, told)),
        stop=stop,
    )
    return CurveTraced(case, curve, told)
