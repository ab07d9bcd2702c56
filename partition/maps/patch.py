"""One adviser's patch as a separate map: the plan's atlas, reduced to the adviser's partnerships."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from geodata.grid import Grid
from partition.maps.content import Atlas, Place
from partition.scheme.advisers import Patch
from partition.scheme.scheme import Scheme

OFFICE_RANK = 3  # its name appears at the same scales as the largest town's


def patch_atlas(atlas: Atlas, scheme: Scheme, patch: Patch) -> Atlas:
    """Return the part of a plan's atlas that one adviser serves.

    The result has the adviser's partnerships, with their numbers in the plan, the small schools not yet placed that are
    nearest to the office, and the office as a place.

    Parameters
    ----------
    atlas : Atlas
        The atlas of the whole plan, as `draw_atlas` returns it.
    scheme : Scheme
        The scheme of the plan, which says how drives from offices were calculated.
    patch : Patch
        One of `scheme.advisers.patches`.

    Returns
    -------
    Atlas
        An atlas for `plan_map` and `write_map`; its figures are those of the patch.
    """
    partnerships = tuple(one for one in atlas.partnerships if one.number in patch.partnerships)
    urns = {urn for one in partnerships for urn in one.urns} | set(patch.unplaced)
    return replace(
        atlas,
        title=f"{patch.adviser.name}'s patch: {atlas.title}",
        schools=tuple(school for school in atlas.schools if school.urn in urns),
        partnerships=partnerships,
        today=tuple((name, own) for name, members in atlas.today if (own := tuple(u for u in members if u in urns))),
        links=tuple(link for link in atlas.links if link[0] in urns and link[1] in urns),
        ways=tuple(way for way in atlas.ways if way.urn_from in urns and way.urn_to in urns),
        places=(*atlas.places, _office(patch, atlas.grid)),
        figures=tuple(patch_figures(scheme, patch)),
        sureness="Proven best: no way to share partnerships out among advisers serves more of them, or costs less.",
        travel=f"{atlas.travel}; from offices: {scheme.advisers.words}" if scheme.advisers else atlas.travel,
    )


def _office(patch: Patch, grid: Grid) -> Place:
    longitude, latitude = grid.map_degrees([patch.adviser.easting], [patch.adviser.northing])[0].tolist()
    name = f"{patch.adviser.office} (office)"
    return Place(name=name, latitude=round(latitude, 6), longitude=round(longitude, 6), rank=OFFICE_RANK)


def patch_figures(scheme: Scheme, patch: Patch) -> Iterator[tuple[str, str]]:
    """Yield a patch's main figures, each with its name."""
    adviser = patch.adviser
    most = "" if adviser.caseload is None else f" of {adviser.caseload} at most"
    yield "Partnerships", f"{len(patch.partnerships)}{most}"
    yield "Schools", f"{patch.schools}"
    yield "Drive a year", f"{patch.drive_minutes / 60:,.1f} hours"
    if patch.days:
        most = "" if adviser.days is None else f" of {adviser.days} at most"
        yield "Days a year", f"{patch.days:g}{most}"
    if patch.away_minutes:
        yield "To a meeting and back", f"{max(patch.away_minutes.values()):.0f} minutes at most"
    if patch.new_schools:
        yield "Schools new to the adviser", f"{len(patch.new_schools)}"
    if patch.unplaced:
        yield "Small schools not yet placed nearby", f"{len(patch.unplaced)}"
