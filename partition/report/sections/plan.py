"""The partnerships, what changes from today, and the schools not yet placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from partition.maps.facts import count as count_of
from partition.model.area import Existing
from partition.plans.account import Role
from partition.report.brief import PARTS, Brief
from partition.report.drawing import Look, as_png, as_svg, draw_map
from partition.report.paper import Block, Picture, Words, count, grid, minutes

PAGE_MM = 170.0
NOWHERE: tuple[Role, ...] = ("unplaced", "associate alone", "not taking part", "left")


def partnerships(brief: Brief) -> Iterator[Block]:
    account = brief.account
    items = account.present
    yield Words(
        "Every school on the map has its partnership's number and a letter: Appendix A says which school it is. The "
        "same map with schools by name is on a sheet of its own (A3), and as an A4 sheet with a key."
    )
    if account.federations:
        yield Words(
            f"Among the partnerships are {account.federation_words}: each has as many schools as a partnership needs "
            "and one head. They join no other, are placed and draw grant as they are, and no head drives to meet "
            "another."
        )
    yield grid(
        "The partnerships",
        ("No.", "Name", "Heads", "Schools", "Pupils", "Minutes between bases, at most", "Stage"),
        [
            (
                item.number,
                f"{item.name} (a partnership already)" if item.already else item.name,
                len(item.group.members),
                len(item.group.schools),
                f"{item.group.pupils:,}",
                minutes(item.worst_minutes),
                brief.stage(item.number),
            )
            for item in items
        ],
        (1, 6, 1.4, 1.6, 1.6, 2.8, 2.4),
        numbers=(0, 2, 3, 4, 5),
    )
    atlas = brief.atlas
    drawn = draw_map(atlas, Look.figure(PAGE_MM, atlas))
    counts = count_of(atlas)
    placed = counts.placed + counts.in_federations
    yield Picture(
        svg=as_svg(drawn),
        png=as_png(drawn),
        caption="Where the partnerships are",
        words=(
            f"Map of {len(items)} numbered partnerships as outlined areas, {placed} small schools in them as "
            f"dots and {counts.unplaced} not yet placed as crosses. The tables of this report say the same in words."
        ),
        width_mm=PAGE_MM,
    )


def changes(brief: Brief) -> Iterator[Block]:
    account, area = brief.account, brief.account.area
    if not area.existing:
        yield Words("No file of today's groups was given: what changes from today is not known.")
        return
    grouped = sum(urn in account.problem.roster.headship_of for urn in account.today_of)
    moved = brief.figures.get("Heads who change companions", "none")
    yield Words(
        f"{count(grouped, 'school')} that can take part {'is' if grouped == 1 else 'are'} in a group today. "
        f"Heads who would work with others than today: {moved}."
    )
    if kept := brief.figures.get("Working links kept"):
        yield Words(f"Working links that the plan keeps: {kept}.")
    rows = [(group.name, len(group.urns), _become(brief, group)) for group in area.existing]
    headings = ("Group today", "Schools", "In the plan")
    yield grid("What becomes of today's groups", headings, rows, (4, 1.6, 10), numbers=(1,))
    yield Words("The workbook says it school by school.")


def _become(brief: Brief, group: Existing) -> str:
    """Return where the schools of one of today's groups are in the plan, the largest number first."""
    place, roles = brief.account.place_of, [brief.account.role(urn) for urn in group.urns]
    numbers = Counter(place[urn] for urn in group.urns if urn in place)
    told = [f"{schools} in {brief.label(number)}" for number, schools in numbers.most_common()]
    told += [f"{roles.count(role)} {PARTS[role]}" for role in NOWHERE if role in roles]
    return "; ".join(told)


def unplaced(brief: Brief) -> Iterator[Block]:
    account, area = brief.account, brief.account.area
    if not account.unplaced:
        yield Words("Every small school that takes part is in a partnership.")
        return
    yield Words("These schools are not left out: each is to be talked to, and may be placed by agreement.")
    rows = [
        (brief.marks[urn], area.name_of(urn), brief.roll(urn), account.reasons.get(urn) or "no reason was worked out")
        for urn in account.unplaced
    ]
    headings = ("On the map", "School", "On roll", "Why")
    yield grid("Small schools not yet placed, and why", headings, rows, (1.3, 4, 1.6, 8), numbers=(2,))
