"""A curve of trade-offs for people: its points as CSV and Markdown, a picture, and the knee in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geodata.files import replacing, together
from geodata.sheets import Cell, write_csv
from partition.formats.markdown import markdown_table, plain
from partition.formats.marks import INTERNAL
from partition.formats.palette import Colour
from partition.formats.svg import drawn
from partition.model.costs import THOUSANDTHS, Cost
from partition.plans.amounts import amount
from partition.studies.trade_offs.curve import Curve, Point

KNEE_IS = (
    "The knee is the point furthest below the straight line from the first to the last point that place as many "
    "small schools as any, both scales from 0 to 1 (Satopaa, Albrecht, Irwin and Raghavan 2011, \"Finding a 'Kneedle' "
    'in a haystack")'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The words for a curve: `counted` in words, `one` as its singular, the `setting` that limits it, and its `scale`.

    `left_out` is the cost that has no price in the curve, and `left_out_setting` the setting that prices it.
    """

    name: str  # of the files
    title: str
    counted: str
    one: str
    happens: tuple[str, str]  # the event counted, in the singular and in the plural
    setting: str
    scale: int
    left_out: str
    left_out_setting: str
    unit: str  # of cost: "minutes" or "km"
    left_out_as: str = "0"  # the value that switches that setting off
    step: int = 1  # the counts that are told apart, in steps of so many
    which: str = ""  # of which plans the curve is, if not of all
    grain: str = ""  # the steps in words, if they are not of one

    def count(self, point: Point) -> str:
        """Return a point's count in words."""
        return f"{point.count / self.scale:g}"

    @property
    def cost_unit(self) -> str:
        """Return the unit of costs in words."""
        return "km a year" if self.unit == "km" else "heads' minutes a year"


def moves_told(unit: str) -> Told:
    """Return the words for a curve of heads moved."""
    return Told(
        name="least_change",
        title="Least change: from keeping everything to starting afresh",
        counted="heads who change companions",
        one="head",
        happens=("head moves", "heads move"),
        setting="rules.moved_max",
        scale=1,
        left_out="change",
        left_out_setting="preferences.minutes_per_separation",
        unit=unit,
    )


def links_told(unit: str) -> Told:
    """Return the words for a curve of links broken."""
    return Told(
        name="frontier",
        title="Travel against working links",
        counted="working links broken",
        one="link",
        happens=("working link is broken", "working links are broken"),
        setting="rules.links_broken_max",
        scale=THOUSANDTHS,
        left_out="links",
        left_out_setting="preferences.minutes_per_link",
        unit=unit,
    )


def minutes_told(unit: str, step: int) -> Told:
    """Return the words for a curve of the most minutes of one head."""
    return Told(
        name="fairness",
        title="Fairness: travel against the most minutes of one head",
        counted="minutes of the head who has most",
        one="minute",
        happens=("minute a year for any one head", "minutes a year for any one head"),
        setting="rules.head_minutes_max",
        scale=1,
        left_out="fairness",
        left_out_setting="preferences.head_minutes_price",
        unit=unit,
        left_out_as="off",
        step=step,
        which=" that places as many small schools",
        grain=f", in steps of {step} minutes" if step > 1 else ", in whole minutes",
    )


def settings_of(told: Told, point: Point) -> str:
    """Return the settings that plan this point alone, to be given with `--set` or written into the scenario."""
    stated = settings(told, point).items()
    return " ".join(f"{key}={value if isinstance(value, str) else f'{value:g}'}" for key, value in stated)


def settings(told: Told, point: Point) -> dict[str, float | str]:
    """Return the settings that plan this point alone, by key."""
    count, off = point.count / told.scale, told.left_out_as
    left_out = int(off) if off.isdigit() else off
    return {told.setting: int(count) if count.is_integer() else count, told.left_out_setting: left_out}


def in_words(curve: Curve, told: Told, point: Point) -> str:
    """Return a point in one line: its count, its cost, and its saving against the first point that places as many."""
    count, full = told.count(point), curve.full
    words = f"{count} {told.happens[count != '1']}: {_cost(told, point)}"
    if point not in full:
        return words + _unplaced(curve, point)
    saved = full[0].cost.total - point.cost.total
    return f"{words}, saves {amount(saved, told.unit)}" if saved else words


def lines(curve: Curve, told: Told) -> list[str]:
    """Return the lines that the command prints: fewest, most, knee, and how sure the curve is."""
    if not curve.points:
        return ["No plan was found." if not curve.least_proven else "No plan keeps every rule."]
    first, last = curve.points[0], curve.points[-1]
    found = [
        f"Fewest {told.counted}{'' if curve.least_proven else ' found so far'}: {told.count(first)}"
        f"{_unplaced(curve, first)}, {amount(first.cost.total, told.unit)} a year",
    ]
    full = curve.full[0]
    if full is not first:
        found.append(f"Fewest with as many schools placed as can be: {told.count(full)}, {_cost(told, full)}")
    found.append(f"Without a limit: {told.count(last)}, {_cost(told, last)}")
    if curve.knee is not None:
        found.append(f"Knee: {told.count(curve.knee)}, {_cost(told, curve.knee)}")
    elif len(curve.full) < 3:
        found.append("No knee: the curve has fewer than three points that place as many schools.")
    else:
        found.append("No knee: no point lies below the straight line from the first to the last.")
    if told.one == "minute":
        found += _comes_down(curve, told)
    return [*found, sureness(curve, told)]


def _comes_down(curve: Curve, told: Told) -> Iterator[str]:
    """Yield in a sentence what it costs to bring down the head who has most: to the knee, and as far as can be."""
    last = curve.points[-1]
    for point in dict.fromkeys(filter(None, (curve.knee, curve.full[0]))):
        if point is not last and last.cost.total:
            more = (point.cost.total - last.cost.total) / last.cost.total
            least = f"{more:.1%}" if more >= 0.001 else "less than 0.1%"
            yield (
                f"The head who has most can come down from {told.count(last)} to {told.count(point)} minutes a year "
                f"for {least} more in all."
            )


def sureness(curve: Curve, told: Told) -> str:
    """Return in words how far the curve is proven."""
    count = len(curve.points)
    if curve.proven:
        which = "The one point" if count == 1 else f"Each of the {count} points"
        better = f"no plan{told.which} with as few {told.counted} is better"
        return f"{which} is proven: {better}; and there are no others{told.grain}."
    points = "point is proven best of its kind" if count == 1 else "points are proven best of their kind"
    words = f"{sum(point.proven for point in curve.points)} of {count} {points}"
    gaps = ", ".join(
        f"{a / told.scale:g}" if a == b else f"{a / told.scale:g} to {b / told.scale:g}" for a, b in curve.open
    )
    return f"{words}; not searched: {gaps}." if gaps else f"{words}."


def _cost(told: Told, point: Point) -> str:
    return f"{amount(point.cost.total, told.unit)} a year"


def _unplaced(curve: Curve, point: Point) -> str:
    more = point.unplaced - curve.points[-1].unplaced
    return f" ({more} more small school{'s' * (more != 1)} not placed)" if more else ""


def facts(curve: Curve, told: Told) -> dict[str, object]:
    """Return the curve as facts for JSON."""
    return {
        "proven": curve.proven,
        "points": [
            {
                told.counted.replace(" ", "_"): point.count / told.scale,
                "unplaced": point.unplaced,
                "cost": point.cost.terms(),
                "proven": point.proven,
                "knee": point is curve.knee,
                "digest": point.plan.digest,
            }
            for point in curve.points
        ],
        "unit": told.unit,
        "not_searched": [[a / told.scale, b / told.scale] for a, b in curve.open],
    }


def write_curve(curve: Curve, told: Told, out: Path, status: str, *, internal: bool = False) -> dict[str, str]:
    """Write the table as CSV and as Markdown, replaced together, and return the paths."""
    files = {"table": out / f"{told.name}.csv", "markdown": out / f"{told.name}.md"}
    rows = list(_rows(curve, told))
    with together(private=internal):
        write_csv(files["table"], [*rows, *([[INTERNAL]] if internal else [])])
        with replacing(files["markdown"]) as temporary:
            temporary.write_text(markdown(curve, told, status, internal=internal), encoding="utf-8", newline="\n")
    return {what: str(path) for what, path in files.items()}


def _rows(curve: Curve, told: Told) -> Iterator[Sequence[Cell]]:
    """Yield a row for each point; terms that cost nothing at any point are left out."""
    due = sum((point.cost for point in curve.points), Cost()).amounts
    terms = [term for term, amount_due in due.items() if amount_due]
    shown = ["total", *(terms if len(terms) > 1 else ())]
    priced = [f"{term}, {told.cost_unit}" for term in shown]
    one_fewer = f"one {told.one} fewer costs, {told.cost_unit}"
    yield [told.counted, "small schools not placed", *priced, "above the last", one_fewer, "proven", "note", "settings"]
    base = curve.points[-1].cost.total if curve.points else 0
    for n, point in enumerate(curve.points):
        costs = {"total": point.cost.total, **point.cost.amounts}
        after = curve.points[n + 1] if n + 1 < len(curve.points) else None
        alike = after is not None and after.unplaced == point.unplaced
        extra = None
        if after is not None and alike:
            dearer, fewer = point.cost.total - after.cost.total, after.count - point.count
            extra = round(dearer * told.scale / fewer / THOUSANDTHS, 1)
        same = base and point.unplaced == curve.points[-1].unplaced
        yield [
            point.count / told.scale if told.scale > 1 else point.count,
            point.unplaced,
            *(costs[term] / THOUSANDTHS for term in shown),
            f"{point.cost.total / base - 1:.2%}" if same else None,
            extra,
            "yes" if point.proven else "no",
            "knee" if point is curve.knee else "",
            settings_of(told, point),
        ]


def markdown(curve: Curve, told: Told, status: str, *, internal: bool = False) -> str:
    """Return the curve as Markdown for papers."""
    headings, *rows = _rows(curve, told)
    said = [f"# {told.title}", "", *([f"**{INTERNAL}**", ""] if internal else []), plain(status), ""]
    said += [f"- {line}" for line in lines(curve, told)]
    said += ["", *markdown_table([str(cell) for cell in headings], [[_cell(cell) for cell in row] for row in rows]), ""]
    said += [f"Cost is that of the plan without {told.left_out}, which {_are(told)} counted. {KNEE_IS}.", ""]
    return "\n".join(said)


def _are(told: Told) -> str:
    return "are" if told.left_out == "links" else "is"


def _cell(cell: Cell) -> str:
    return "" if cell is None else f"{cell:,.1f}" if isinstance(cell, float) and abs(cell) >= 100 else f"{cell}"


def draw_curve(curve: Curve, told: Told, path: Path) -> None:
    """Draw the curve as SVG, with the knee marked. Raises BadData without matplotlib."""
    divisor = THOUSANDTHS if told.unit == "km" else THOUSANDTHS * 60

    def place(point: Point) -> tuple[float, float]:
        return point.count / told.scale, point.cost.total / divisor

    full = curve.full
    with drawn(path) as axes:
        if full:
            axes.step(*zip(*map(place, full), strict=True), where="post", color=Colour.INK, linewidth=1)
        for points, colour, words in (
            ([p for p in full if p.proven], Colour.INK, "best plan, proven"),
            ([p for p in full if not p.proven], Colour.PAPER, "best plan found"),
            ([p for p in curve.points if p not in full], Colour.FIRM, "leaves more small schools unplaced"),
        ):
            if points:
                edge = Colour.FIRM if colour == Colour.FIRM else Colour.INK
                looks = {"color": colour, "edgecolors": edge, "zorder": 3}
                axes.scatter(*zip(*map(place, points), strict=True), s=22, label=words, **looks)
        for point in curve.points:
            if point not in full:
                more = f"+{point.unplaced - full[0].unplaced}"
                axes.annotate(more, place(point), (5, 5), textcoords="offset points", color=Colour.FIRM)
        if curve.knee is not None:
            at = place(curve.knee)
            axes.scatter(*at, s=140, facecolors="none", edgecolors=Colour.ALARM, linewidths=2, zorder=4, label="knee")
            axes.annotate(told.count(curve.knee), at, (10, 10), textcoords="offset points", color=Colour.ALARM)
        axes.set_xlabel(told.counted)
        axes.set_ylabel("km a year" if told.unit == "km" else "heads' hours a year")
        axes.set_title(told.title)
        if curve.points:
            axes.legend(frameon=False)
