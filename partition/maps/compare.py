"""The page of plans compared: a map of each, moved together, a swipe between them, and the same facts as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from partition.maps import shapes
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas, ComparedAtlas, Place
from partition.maps.facts import HUES, is_large, large_facts, partnership_areas, plan_facts, shown
from partition.maps.ground import base_facts, bounds, place_facts
from partition.maps.page import DrawnMap, write_page
from partition.plans.changes import Changes
from partition.scenario.case import Background
from partition.scheme.stages import Log
from partition.studies.comparison.compare import Comparison
from partition.studies.comparison.text import figure_words, heading_of, headlines, place_words

Identity = tuple[int, int]  # the plan in which a partnership first appears, and its number there


def draw_comparison(
    comparison: Comparison,
    backgrounds: Sequence[Background],
    *,
    internal: bool = False,
    tiles: str = "",
    logs: Sequence[Log] | None = None,
) -> ComparedAtlas:
    """Return the content of the page. `backgrounds` are those of the plans in order; the base map is the first one's.

    `logs` holds the decisions on each plan's partnerships, where they are known.
    """
    options = zip(comparison.options, backgrounds, logs or [Log() for _ in backgrounds], strict=True)
    plans = tuple(
        draw_atlas(background, option.account, internal=internal, log=log) for option, background, log in options
    )
    return ComparedAtlas(
        title=title_of(backgrounds),
        status=status_of(backgrounds),
        internal=internal,
        plans=plans,
        notices=tuple(
            (option.letter, notice)
            for option, plan in zip(comparison.options, plans, strict=True)
            for notice in plan.notices
        ),
        attribution=tuple(dict.fromkeys(line for plan in plans for line in plan.attribution)),
        tiles=tiles,
    )


def title_of(backgrounds: Sequence[Background]) -> str:
    """Return the title of the page and of papers."""
    return f"{' / '.join(dict.fromkeys(one.title for one in backgrounds))}: {len(backgrounds)} options compared"


def status_of(backgrounds: Sequence[Background]) -> str:
    """Return the status of the page and of papers: that of every plan, each once."""
    return " / ".join(dict.fromkeys(one.status for one in backgrounds if one.status))


def comparison_map(comparison: Comparison, atlas: ComparedAtlas) -> DrawnMap:
    """Return the page as a folium map."""
    told: dict[str, object] = {
        "comparison": comparison,
        "headlines": headlines(comparison),
        "figure_words": figure_words,
        "heading_of": heading_of,
        "place_words": place_words,
    }
    return DrawnMap("compare", atlas, _facts(comparison, atlas), told)


def write_comparison(comparison: Comparison, atlas: ComparedAtlas, path: Path | str) -> None:
    """Write the page as one HTML file, which replaces an earlier file in one step."""
    write_page(comparison_map(comparison, atlas), path)


def _facts(comparison: Comparison, atlas: ComparedAtlas) -> dict[str, Any]:
    """Return the plans as facts for the page's script, and the changes from the first to each other one."""
    areas = [partnership_areas(plan) for plan in atlas.plans]
    known = [{}, *(_identities(n, changes) for n, changes in enumerate(comparison.changes, 1))]
    hues = _hues(areas, known)
    return {
        "bounds": bounds([spot for plan in atlas.plans for spot in shown(plan)]),
        "tiles": atlas.tiles,
        **(large_facts(atlas.plans) if is_large(*atlas.plans) else {}),
        "base": base_facts(atlas.plans[0].base, atlas.plans[0].grid),
        "places": place_facts(_places(atlas.plans)),
        "plans": [
            plan_facts(plan, areas[n], {number: hues[known[n].get(number, (n, number))] for number in areas[n]})
            | {"letter": option.letter, "name": option.name, "today": [], "ways": []}
            for n, (plan, option) in enumerate(zip(atlas.plans, comparison.options, strict=True))
        ],
        "changes": [
            {
                "schools": [[change.urn, change.kind] for change in changes.schools],
                "pairs": [list(pair) for pair in changes.successor.items()],
                "same": [
                    [change.before.number, change.after.number]
                    for change in changes.partnerships
                    if change.kind == "the same" and change.before and change.after
                ],
            }
            for changes in comparison.changes
        ],
    }


def _identities(plan: int, changes: Changes) -> dict[int, Identity]:
    """Return each partnership's identity by number; a successor of one of the first plan's has that one's identity."""
    return {new: (0, old) for old, new in changes.successor.items()}


def _hues(areas: Sequence[Mapping[int, BaseGeometry]], known: Sequence[Mapping[int, Identity]]) -> dict[Identity, int]:
    named = [
        {known[n].get(number, (n, number)): area for number, area in of_plan.items()} for n, of_plan in enumerate(areas)
    ]
    return shapes.colours(named, HUES)


def _places(plans: Sequence[Atlas]) -> list[Place]:
    """Return every place of any plan, once."""
    by_name: dict[str, Place] = {}
    for plan in plans:
        for place in plan.places:
            by_name.setdefault(place.name, place)
    return list(by_name.values())
