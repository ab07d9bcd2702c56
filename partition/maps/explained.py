"""One school's explanation as a page: figures first, a small map, then sentences. No script, no other file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely import MultiPoint

from geodata.files import replacing, together
from geodata.urns import Urn
from partition.formats.marks import INTERNAL
from partition.maps import offline
from partition.maps.facts import HUES
from partition.maps.page import POLICY_MARK, paper_mark, templates
from partition.plans.account import Account, Role
from partition.scenario.case import Background
from partition.storage.plan_file import SHADE_METRES
from partition.studies.explain.explain import Explanation, companions
from partition.studies.explain.text import (
    RULE_HEADINGS,
    WAY_HEADINGS,
    WHY_NOT,
    figures,
    markdown,
    notes,
    rule_rows,
    rules_sentence,
    sections,
    way_rows,
)

WIDTH = 720  # in units of the drawing, which fills the page's width
MARGIN_METRES = 2_500
SPAN_METRES_MIN = 12_000  # smallest width of the map, so that a village is not drawn too large
LETTER, LINE = 8.4, 17  # approximate width of a letter, and height of a line
SCALES_KM = (1, 2, 5, 10, 20, 50)

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A school on the small map."""

    at: Spot
    name: str
    role: Role
    origin: bool
    label: Spot | None  # where its name starts; None where it would cover another name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A partnership on the small map: its area as a path, and the place of its number."""

    number: int
    name: str
    hue: int
    path: str
    at: Spot
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A small map: partnerships, schools, lines to companions, and a scale, all in units of the drawing."""

    height: float
    shades: tuple[Shade, ...]
    dots: tuple[Dot, ...]
    lines: tuple[tuple[Spot, Spot], ...]
    scale_km: int
    scale: float


def write_explained(told_to: Explanation, background: Background, out: Path, stem: str = "") -> dict[str, str]:
    """Write the explanation as Markdown and as a page, replacing earlier files together; return the paths.

    The files are named after the school unless a `stem` is given.
    """
    stem = stem or f"explain_{told_to.urn.stem}"
    files = {"markdown": out / f"{stem}.md", "page": out / f"{stem}.html"}
    with together(private=told_to.internal):
        with replacing(files["markdown"]) as temporary:
            temporary.write_text(markdown(told_to, background.status), encoding="utf-8", newline="\n")
        write_explanation(told_to, background, files["page"])
    return {what: str(path) for what, path in files.items()}


def write_explanation(told_to: Explanation, background: Background, path: Path | str) -> None:
    """Write the page as one HTML file, which replaces an earlier file in one step."""
    html = explanation_page(told_to, background)
    with replacing(path) as temporary:
        temporary.write_text(html, encoding="utf-8", newline="\n")


def explanation_page(told_to: Explanation, background: Background) -> str:
    """Return the page's HTML."""
    school = told_to.name(told_to.urn)
    html = (
        templates()
        .get_template("explain.html.j2")
        .render(
            told_to=told_to,
            school=school,
            title=f"{school}: why, and what else",
            status=background.status,
            plan_title=background.title,
            attribution=background.attribution,
            internal=INTERNAL if told_to.internal else "",
            figures=figures(told_to),
            sections=sections(told_to),
            why_not=WHY_NOT,
            way_headings=WAY_HEADINGS,
            way_rows=way_rows(told_to),
            rule_headings=RULE_HEADINGS,
            rule_rows=rule_rows(told_to),
            rules_sentence=rules_sentence(told_to),
            notes=list(notes(told_to)),
            drawing=draw(told_to),
            width=WIDTH,
            policy=POLICY_MARK,
            styles=offline.styles() + paper_mark(told_to.internal, background.status),
        )
    )
    return html.replace(POLICY_MARK, offline.policy(html), 1)


def draw(told_to: Explanation) -> Drawing:
    """Return the small map: the school, its companions, and the partnerships that it was tried with."""
    account = told_to.account
    own = account.plan.partnership_of.get(told_to.urn)
    asked = [option.other for option in (*told_to.options, told_to.together) if option is not None]
    numbers = [own, *(account.plan.partnership_of.get(urn) for urn in asked)]
    shown = [number for number in dict.fromkeys(numbers) if number is not None]
    members = [account.plan.partnerships[number - 1].urns for number in shown]
    urns = list(dict.fromkeys([told_to.urn, *asked, *(urn for group in members for urn in group)]))
    paper = _Paper([_spot(account, urn) for urn in urns])
    inside = [urn for urn in account.problem.roster.headship_of if paper.holds(_spot(account, urn))]
    shades = [_shade(account, paper, number, n, own) for n, number in enumerate(shown)]
    first = [told_to.urn, *companions(account, told_to.urn), *asked]
    ordered = list(dict.fromkeys([*first, *urns, *sorted(inside)]))
    here = paper.at(_spot(account, told_to.urn))
    kilometres = max((km for km in SCALES_KM if paper.units(km * 1000) <= WIDTH / 4), default=SCALES_KM[0])
    return Drawing(
        height=paper.height,
        shades=tuple(shades),
        dots=tuple(reversed(_dots(account, paper, told_to.urn, ordered, shades))),  # the school itself on top
        lines=tuple((here, paper.at(_spot(account, urn))) for urn in companions(account, told_to.urn)),
        scale_km=kilometres,
        scale=paper.units(kilometres * 1000),
    )


class _Paper:
    """The transformation from metres on the grid to units of the drawing, north up."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        eastings, northings = zip(*spots, strict=True)
        middle = (min(eastings) + max(eastings)) / 2, (min(northings) + max(northings)) / 2
        span = max(max(eastings) - min(eastings) + 2 * MARGIN_METRES, SPAN_METRES_MIN)
        tall = max(max(northings) - min(northings) + 2 * MARGIN_METRES, span / 2)
        span = max(span, tall)  # no taller than wide
        self._west, self._north = middle[0] - span / 2, middle[1] + tall / 2
        self._unit: float = WIDTH / span
        self.height: float = round(tall * self._unit, 1)

    def units(self, metres: float) -> float:
        return round(metres * self._unit, 1)

    def at(self, spot: Spot) -> Spot:
        return round((spot[0] - self._west) * self._unit, 1), round((self._north - spot[1]) * self._unit, 1)

    def holds(self, spot: Spot) -> bool:
        x, y = self.at(spot)
        return 0 <= x <= WIDTH and 0 <= y <= self.height


def _spot(account: Account, urn: Urn) -> Spot:
    position = account.area.index[urn]
    return float(account.area.eastings[position]), float(account.area.northings[position])


def _shade(account: Account, paper: _Paper, number: int, place: int, own: int | None) -> Shade:
    item = account.partnerships[number - 1]
    ground = MultiPoint([_spot(account, urn) for urn in item.group.urns]).convex_hull.buffer(SHADE_METRES, quad_segs=4)
    corners = [paper.at((x, y)) for x, y in ground.exterior.coords]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"
    middle = paper.at((ground.centroid.x, ground.centroid.y))
    return Shade(number=number, name=item.name, hue=place % HUES, path=path, at=middle, own=number == own)


def _dots(account: Account, paper: _Paper, origin: Urn, urns: Iterable[Urn], shades: Sequence[Shade]) -> list[Dot]:
    """Return the schools, each with its name where there is room; earlier schools have the first choice."""
    taken = [(shade.at[0] - 14, shade.at[1] - 12, shade.at[0] + 14, shade.at[1] + 12) for shade in shades]
    dots = []
    for urn in urns:
        x, y = paper.at(_spot(account, urn))
        name = account.area.name_of(urn)
        wide = len(name) * LETTER
        places = [(x + 10, y + 5), (x - 10 - wide, y + 5), (x - wide / 2, y - 12), (x - wide / 2, y + 24)]
        room = (place for place in places if _free(paper, taken, place, wide))
        label = next(room, None)
        if label is not None:
            taken.append((label[0], label[1] - LINE, label[0] + wide, label[1] + 4))
            label = round(label[0], 1), round(label[1], 1)
        taken.append((x - 6, y - 6, x + 6, y + 6))
        dots.append(Dot(at=(x, y), name=name, role=account.role(urn), origin=urn == origin, label=label))
    return dots


def _free(paper: _Paper, taken: Sequence[tuple[float, float, float, float]], place: Spot, wide: float) -> bool:
    left, top, right, foot = place[0], place[1] - LINE, place[0] + wide, place[1] + 4
    if left < 0 or right > WIDTH or top < 0 or foot > paper.height:
        return False
    return not any(left < b[2] and right > b[0] and top < b[3] and foot > b[1] for b in taken)
