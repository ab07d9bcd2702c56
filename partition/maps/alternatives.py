"""The page of alternatives: the first plan's map, with the firm core and the schools that are a toss-up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from geodata.files import together, writable_folder
from geodata.urns import Urn
from partition.formats.marks import LETTERS
from partition.maps import shapes
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas
from partition.maps.facts import count, facts
from partition.maps.packing import pack
from partition.maps.page import DrawnMap, write_page
from partition.maps.plan_layers import plan_layers
from partition.plans.amounts import amount
from partition.scenario.case import Case
from partition.storage.plan_file import write_plan
from partition.studies.alternatives.find import Alternatives
from partition.studies.alternatives.text import MEANING, above, account_of, lettered, sureness, write_sheets


def alternatives_map(found: Alternatives, atlas: Atlas) -> DrawnMap:
    """Return the page as a folium map; `atlas` is that of the first plan."""
    told: dict[str, object] = {
        "found": found,
        "plans": lettered(found),
        "sure": sureness(found),
        "tossed": found.of("toss-up"),
        "differing": (*found.of("toss-up"), *found.of("firm core")),
        "name": found.problem.area.name_of,
        "above": above,
        "amount": amount,
        "counts": count(atlas),
        "flags_on": False,  # this page marks how firm a school's place is, not drives
        "by_urn": {school.urn: school for school in atlas.schools},
    }
    atlas = replace(atlas, title=f"{atlas.title}: {len(found.plans)} options")
    return DrawnMap("alternatives", atlas, facts(atlas) | _facts(found, atlas), told)


def write_alternatives(found: Alternatives, atlas: Atlas, path: Path | str) -> None:
    """Write the page as one HTML file, which replaces an earlier file in one step."""
    write_page(alternatives_map(found, atlas), path)


def write_options(
    case: Case, found: Alternatives, out: Path, *, internal: bool = False, tiles: str = ""
) -> dict[str, str]:
    """Write the page, the tables, and a plan file for each option, replacing earlier files together.

    Returns each path by the name of its content.
    """
    accounts = {letter: account_of(found, one) for letter, one in lettered(found)}
    atlas = draw_atlas(case, accounts["A"], internal=internal, tiles=tiles)
    writable_folder(out)
    with together(private=internal):
        files = write_sheets(found, f"{case.title}: options", case.status, out, internal=internal)
        files["page"] = str(out / "alternatives.html")
        write_alternatives(found, atlas, out / "alternatives.html")
        for letter, account in accounts.items():
            files[f"option {letter}"] = str(out / f"option_{letter.lower()}.gpkg")
            layers = plan_layers(draw_atlas(case, account, internal=internal, with_ways=False))
            write_plan(case, account, out / f"option_{letter.lower()}.gpkg", internal=internal, drawn=layers)
    return files


def _facts(found: Alternatives, atlas: Atlas) -> dict[str, Any]:
    """Return further facts for the page's script: outlines of the firm core, and how firm each school's place is."""
    spots = {school.urn: atlas.grid.metres(school.longitude, school.latitude) for school in atlas.schools}
    return {
        "core": [pack(atlas.grid.in_degrees(shapes.lasso([spots[urn] for urn in urns]))) for urns in found.core],
        "kinds": {kind: [kind.capitalize(), words] for kind, words in MEANING.items()},
        "firmness": {
            str(urn): [kind, *([others] if (others := _others(found, urn)) else [])]
            for urn, kind in found.firmness.items()
        },
    }


def _others(found: Alternatives, urn: Urn) -> list[tuple[str, list[Urn]]]:
    """Return a school's companions where they differ from the first plan's, with the letters of those plans."""
    first, *later = found.companions(urn)
    letters: dict[tuple[Urn, ...], list[str]] = {}
    for letter, companions in zip(LETTERS[1:], later, strict=False):
        if companions != first:
            letters.setdefault(companions, []).append(letter)
    return [(", ".join(which), list(companions)) for companions, which in letters.items()]
