"""Maps for print: every school is named or has a mark with a key, and no word covers another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from atlases import partnership, school, village_atlas
from matplotlib.backends.backend_agg import FigureCanvasAgg

from partition.maps.content import Atlas
from partition.report.drawing import Look, draw_map
from partition.report.lettering import key_columns, school_marks, short_names

LOOKS = ("figure", "A4", "A3")


def crowded_atlas() -> Atlas:
    """Three partnerships of eight within a town of two km, some schools on one point; two not yet placed beside it."""
    at = {
        str(900_100 + n): (540_000.0 + 30_000 * (n == 0) + 300 * (n % 5), 340_000.0 + 400 * (n // 5 % 4))
        for n in range(24)
    }
    cards = [school(urn, spot, name=f"St Mary's Church of England School {urn}") for urn, spot in at.items()]
    cards = [replace(one, partnership=n // 8 + 1) for n, one in enumerate(cards)]
    alone = [school(f"90020{n}", (541_000 + 200 * n, 343_000), role="unplaced") for n in range(2)]
    groups = [cards[start : start + 8] for start in (0, 8, 16)]
    numbered = tuple(partnership(n, group, at) for n, group in enumerate(groups, start=1))
    return replace(village_atlas(), schools=(*cards, *alone), partnerships=numbered, places=())


def look_of(name: str, atlas: Atlas) -> Look:
    return Look.figure(170, atlas) if name == "figure" else Look.sheet(name, atlas)  # type: ignore[arg-type]


def boxes(figure: Any) -> dict[int, tuple[str, Any]]:
    """Every word on the map itself, with the room that it takes on paper."""
    FigureCanvasAgg(figure).draw()
    words = figure.axes[0].texts
    return {n: (one.get_text(), (one.get_bbox_patch() or one).get_window_extent()) for n, one in enumerate(words)}


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("atlas", [village_atlas(), crowded_atlas()], ids=["village", "town"])
def test_no_word_covers_another_and_every_school_is_told(name: str, atlas: Atlas):
    drawn = draw_map(atlas, look_of(name, atlas))
    written = boxes(drawn)
    covered = [(a, b) for (a, one), (b, other) in combinations(written.values(), 2) if one.overlaps(other)]
    assert covered == []
    said, names = Counter(text for text, _ in written.values()), short_names(atlas.schools)
    for urn, mark in school_marks(atlas).items():
        assert said[mark] + said[names[urn]] == 1, mark
        assert name == "A3" or said[mark] == 1


def test_a_sheet_has_the_key_to_every_mark():
    atlas = crowded_atlas()
    words = " ".join(line.strip() for column in key_columns(atlas, 190) for line in column)
    for urn, mark in school_marks(atlas).items():
        assert f"{mark} {short_names(atlas.schools)[urn]}" in words
    sheet = draw_map(atlas, Look.sheet("A4", atlas))
    below = " ".join(text.get_text() for text in sheet.texts)
    assert "1a St Mary's" in below and "In no partnership: x1 School 900200" in " ".join(below.split())


def test_marks_count_on_after_z_and_schools_that_do_not_take_part_have_none():
    at = {str(900_000 + n): (540_000.0 + 500 * n, 340_000.0) for n in range(28)}
    cards = [school(urn, spot, partnership=7) for urn, spot in at.items()]
    outside = school("900099", (540_000, 350_000), role="not taking part")
    atlas = replace(village_atlas(), schools=(*cards, outside), partnerships=(partnership(7, cards, at),))
    assert list(school_marks(atlas).values())[25:] == ["7z", "7aa", "7ab"]


def test_names_are_shortened_only_where_they_stay_apart():
    names = (
        "The Fen Church of England Primary School",
        "Ashby Roman Catholic Voluntary Aided School",
        "Wold Primary School",
        "Wold School",
        "School",
    )
    cards = tuple(school(f"90000{n}", (540_000 + n, 340_000), name=name) for n, name in enumerate(names))
    assert list(short_names(cards).values()) == [
        "The Fen CofE",
        "Ashby RC VA",
        "Wold Primary School",
        "Wold School",
        "School",
    ]
