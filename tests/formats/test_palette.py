"""Every colour is in the palette, and nowhere else; words can be read on what they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import partition
from partition.formats.palette import (
    DARK,
    DARK_SCALES,
    HEAT,
    HEAT_DARK_FROM,
    SCALES,
    SHADES,
    Colour,
    as_css,
    as_dark_css,
    channels,
)

ROOT = Path(partition.__file__).parent
PALETTE = ROOT / "formats" / "palette.py"
DRAWN = (".py", ".css", ".js", ".html", ".j2")
COLOUR = re.compile(r"""(?<!&)\#[0-9a-f]{3,8}\b | \b(?:rgb|hsl)a?\( | ["':]\s?(?:white|black)\b""", re.X | re.I)
OWN = {"--hue", "--edge", "--shade", "--cut"}  # set by a style or a script for what it draws


def sources() -> Iterator[Path]:
    return (path for path in ROOT.rglob("*") if path.suffix in DRAWN and not path.name.startswith("leaflet."))


def test_no_other_file_names_a_colour():
    found = {
        f"{path.relative_to(ROOT)}: {colour}"
        for path in sources()
        for colour in COLOUR.findall(path.read_text(encoding="utf-8"))
        if path != PALETTE
    }
    assert found == set()
    assert len(COLOUR.findall(PALETTE.read_text(encoding="utf-8"))) >= len(Colour)  # so the pattern does see colours


def test_every_colour_that_a_style_uses_is_there_and_every_one_there_is_used():
    texts = {path: path.read_text(encoding="utf-8") for path in sources() if path != PALETTE}
    used = {name for text in texts.values() for name in re.findall(r"var\((--[\w-]+)", text)} - OWN
    there = set(re.findall(r"(--[\w-]+):", as_css()))
    assert used <= there
    in_python = {
        f"--{name.lower().replace('_', '-')}" for t in texts.values() for name in re.findall(r"Colour\.(\w+)", t)
    }
    scales = {f"--{name}-{n}" for name, scale in SCALES.items() for n in range(len(scale))}
    assert there - used - in_python - scales == set()
    assert scales <= used


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it: 1 for the same colour, 21 for black on white."""

    def light(colour: str) -> float:
        shares = [c / 255 for c in channels(colour)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, pale = sorted((light(one), light(other)))
    return (pale + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("words", "beneath"),
    [
        *((Colour.INK, beneath) for beneath in (Colour.PAPER, Colour.WASH, Colour.FAINT, Colour.ACCENT_PALE)),
        *((Colour.SOFT, beneath) for beneath in (Colour.PAPER, Colour.WASH, Colour.FAINT, Colour.LAND)),
        *((dark, Colour.PAPER) for dark in (Colour.ACCENT, Colour.ALARM, Colour.AMBER_DARK, Colour.GOOD)),
        *((Colour.PAPER, beneath) for beneath in (Colour.INK, Colour.ACCENT, Colour.INTERNAL)),
        (Colour.ACCENT_DARK, Colour.ACCENT_PALE),
        (Colour.ALARM_DARK, Colour.ALARM_PALE),
        (Colour.AMBER_DARK, Colour.AMBER_PALE),
        (Colour.GOOD_DARK, Colour.GOOD_PALE),
        *((words, shade) for shade in HEAT[:HEAT_DARK_FROM] for words in (Colour.INK, Colour.DEEP)),
        *((words, shade) for shade in HEAT[HEAT_DARK_FROM:] for words in (Colour.PAPER, Colour.PALE)),
    ],
)
def test_words_can_be_read(words: str, beneath: str):
    assert contrast(words, beneath) >= 4.5


@pytest.mark.parametrize("scale", [SHADES, HEAT])
def test_a_scale_grows_darker_at_every_step_and_so_survives_grey_print(scale: tuple[str, ...]):
    from_white = [contrast("#ffffff", shade) for shade in scale]
    assert from_white == sorted(set(from_white))


@pytest.mark.parametrize(
    ("words", "beneath"),
    [
        *((Colour.INK, beneath) for beneath in (Colour.PAPER, Colour.WASH, Colour.FAINT, Colour.ACCENT_PALE)),
        *((Colour.SOFT, beneath) for beneath in (Colour.PAPER, Colour.WASH, Colour.FAINT, Colour.LAND)),
        *((dark, Colour.PAPER) for dark in (Colour.ACCENT, Colour.ALARM, Colour.AMBER_DARK, Colour.GOOD)),
        *((Colour.PAPER, beneath) for beneath in (Colour.INK, Colour.ACCENT, Colour.ACCENT_DARK, Colour.INTERNAL)),
        (Colour.ACCENT_DARK, Colour.ACCENT_PALE),
        (Colour.ALARM_DARK, Colour.ALARM_PALE),
        (Colour.AMBER_DARK, Colour.AMBER_PALE),
        (Colour.GOOD_DARK, Colour.GOOD_PALE),
    ],
)
def test_words_can_be_read_on_dark_pages(words: Colour, beneath: Colour):
    assert contrast(DARK[words], DARK[beneath]) >= 4.5


def test_the_dark_steps_of_minutes_grow_lighter_and_names_can_be_read_on_the_map():
    from_black = [contrast("#000000", shade) for shade in DARK_SCALES["shade"]]
    assert len(from_black) == len(SHADES) and from_black == sorted(set(from_black))
    for tint in DARK_SCALES["tint"]:
        mixed = [round(0.62 * a + 0.38 * b) for a, b in zip(channels(tint), channels(DARK[Colour.LAND]), strict=True)]
        assert contrast(DARK[Colour.INK], "#" + bytes(mixed).hex()) >= 3  # large or with a halo, on an area pointed at


def test_dark_pages_set_variables_that_light_ones_have_and_only_on_screens():
    light, dark = (set(re.findall(r"(--[\w-]+):", text)) for text in (as_css(), as_dark_css()))
    assert dark < light
    assert as_dark_css().startswith("@media screen and (prefers-color-scheme: dark) { :root:not(.printing) {")
