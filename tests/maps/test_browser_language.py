"""A plan's map in another language. In one made up here, every message is its English in ⟦brackets⟧: no other is left.

What is not translated: names and numbers from data, the user's own title and credits, and sentences that a study wrote,
which stand in elements marked as English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from atlases import county_atlas, village_atlas
from babel.messages.catalog import Catalog
from catalogues import compiled, template
from judging import WIDTHS, violations
from waiting import expect

from partition.formats.language import Language, language_of
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas
from partition.maps.page import UNREVIEWED, write_map
from partition.plans.account import Account
from partition.plans.propose import propose
from partition.sample import make_county, write_county
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.settings.map import STANDING
from partition.solver import Limits

pytestmark = pytest.mark.browser

UNITS = {"km", "URN", "PNG", "SVG"}  # the same in any language: on the scale, of the register, of files
SAID = """() => {
    const ours = (node) => !node.closest("script, style, noscript, [lang='en']");
    const told = [document.title];
    const lines = new Map();  // a sentence may have elements in it
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        const line = parentElement.closest("p, li, td, th, dt, dd, h1, h2, h3, h4") || parentElement;
        if (ours(parentElement)) lines.set(line, (lines.get(line) || "") + data);
    }
    told.push(...lines.values());
    for (const node of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
        if (!ours(node)) continue;
        for (const name of ["aria-label", "title", "alt", "placeholder"]) told.push(node.getAttribute(name) || "");
    }
    return told.map((text) => text.trim()).filter(Boolean);
}"""


def bracketed() -> Language:
    """Every message in brackets, its numbers as in German: a comma before tenths."""
    made = Catalog(locale="de", charset="utf-8", fuzzy=False)
    for message in template():
        if isinstance(message.id, tuple):
            made.add(message.id, tuple(f"⟦{text}⟧" for text in message.id))
        elif message.id:
            made.add(message.id, "1.234,5" if message.id == "1,234.5" else f"⟦{message.id}⟧")
    return Language("de", GNUTranslations(BytesIO(compiled(made))))


BRACKETED = bracketed()


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Account]:
    """A plan of sixty made-up schools, with money and a price on broken links."""
    folder = tmp_path_factory.mktemp("county")
    write_county(make_county(60), folder)
    settings = ("map.title=off", "money.per_partnership=900", "preferences.minutes_per_link=30")
    case = load(read_scenario(folder / "county.toml", settings))
    return case, propose(case.problem, Limits(seconds=5, workers=1))


def filled(atlas: Atlas) -> Atlas:
    """The village with all that a map can say of a school and a partnership, the study's sentences in English."""
    say = atlas.language.phrase
    told: dict[str, dict[str, Any]] = {
        "900000": {"answer": "yes", "answered": "2026-03-10", "prefers": ("Ashby Fen Primary School",)},
        "900001": {"corrected": say("{n} pupils by correction; the file gives none", n=61)},
        "900002": {"own": 12.5, "own_words": say("drives to meetings"), "role": "federation"},
        "900003": {"answer": "none", "wishes": ("School 900001",), "shared": ((atlas.language.known("trust"), 1, 2),)},
        "900004": {"answer": "undecided", "not_wanted": ("School 900001",)},
        "900005": {"answer": "no", "role": "associate alone", "reason": "It said no", "pupils": None},
        "900007": {"role": "left", "reason": "Its partnership has left", "partnership": None},
    }
    schools = tuple(replace(one, **told.get(str(one.urn), {})) for one in atlas.schools)
    first, second = atlas.partnerships
    second = replace(second, stage="approved", hosts="School 900003 twice, School 900005 once", associates=1)
    first = replace(first, stage="active", already=True)
    return replace(atlas, status=say(STANDING), sureness="", figures=(), schools=schools, partnerships=(first, second))


def names_of(atlas: Atlas) -> set[str]:
    """Names from the data, and what the user wrote."""
    schools = {text for one in atlas.schools for text in (one.name, one.town, one.today, one.headship, *one.leaves)}
    named = {one.name for one in (*atlas.partnerships, *atlas.places, *atlas.base)} | {name for name, _ in atlas.today}
    return {text for text in schools | named | {atlas.title, UNREVIEWED, *atlas.attribution} if text}


def left_over(text: str, names: set[str]) -> list[str]:
    """English words of a text outside of brackets, but names."""
    while "⟦" in text and (inside := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = inside
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in UNITS]


def shown(one: Any, atlas: Atlas) -> Iterator[str]:
    """All that a map says while somebody opens everything on it."""
    page = one.page
    page.evaluate("window.print = () => { dispatchEvent(new Event('beforeprint')); }")
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.locator("input[data-layer]").evaluate_all("all => all.forEach(box => box.checked || box.click())")
    yield from page.evaluate(SAID)
    for key in [f"school={school.urn}" for school in atlas.schools] + [
        f"partnership={p.number}" for p in atlas.partnerships
    ]:
        one.go(f"#{key}")
        for way in page.locator("#card .way-button").all()[:2]:
            way.click()
            yield from page.evaluate(SAID)
        yield from page.evaluate(SAID)
    page.locator("#card .more").click()  # this partnership on paper
    yield from page.evaluate(SAID)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.locator("#print-shown").click()
    yield from page.evaluate(SAID)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    for asked in (atlas.places[0].name, atlas.schools[0].name, atlas.partnerships[0].name, "e", "s"):
        page.locator("#search").fill(asked)
        yield from page.evaluate(SAID)
    page.locator("#search").fill(atlas.places[0].name)
    page.locator("#found li").first.click()
    yield from page.evaluate(SAID)
    page.keyboard.press("Escape")
    page.locator(".whole").click()
    for mark in ("path.mark.placed", "path.area"):
        box = page.locator(f"#map {mark}").first.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        yield from page.evaluate(SAID)
    page.evaluate("scrollTo(0, 0)")
    page.locator("footer").click()
    page.locator("#map").hover()
    page.mouse.wheel(0, 120)
    yield from page.evaluate(SAID)
    page.locator(".image").evaluate("button => button.click()")
    expect(page.locator("dialog.picture-made")).to_be_visible()
    yield from page.evaluate(SAID)
    drawn = unquote(page.locator("a.save").last.get_attribute("href"))
    yield from re.findall(r">([^<>]+)</text>", drawn)


NOT_OPENED = {  # messages that none of the pages here has
    # where scripts are blocked, a browser is old, or a finger moves the map
    *("The map needs scripts, which are blocked here.", "The same facts stand in the tables below."),
    "This map needs a browser of 2023 or later: Firefox 113, Chrome or Edge 80, Safari 16.4.",
    "Two fingers move the map, or tap it first",
    # of plans in kilometres, of groups judged, of partnerships that have left, of columns whose pairs count
    *("Heads’ travel, km a year", "{n} km a year", "Rules broken", "Priced in all, with those that left"),
    "{median} km in the median, {tenth} or more for a tenth, {most} at most",
    *("{n}, with {schools} small schools: in no other figure", "Pairs of one {what}", "{kept} of {all} together"),
    # other numbers, and data wanting in another way
    *("{n} pupil", "{n} associates", "at most {amount}", "{n} pupils by correction; the file says {was}"),
    "{shown} of {all} shown: show {n} more",  # of very many schools: below
}


def heard(said: set[str], message: str) -> bool:
    sought = re.sub(r"\\\{\w+\\\}", ".+", re.escape(f"⟦{message}⟧"))
    return any(re.search(sought, text, re.DOTALL) for text in said)


@pytest.fixture(scope="module")
def county(planned: tuple[Case, Account]) -> Atlas:
    return draw_atlas(*planned, internal=True, language=BRACKETED)


def test_nothing_is_left_in_english(visit: Callable[..., Any], tmp_path: Path, county: Atlas):
    said: set[str] = set()
    tiles = "https://tiles.example/{z}/{x}/{y}.png"
    village = filled(village_atlas(language=BRACKETED, internal=True, tiles=tiles))
    for name, atlas in {"county": county, "village": village}.items():
        write_map(atlas, tmp_path / f"{name}.html")
        texts = set(shown(visit(tmp_path / f"{name}.html"), atlas))
        assert [text for text in texts if left_over(text, names_of(atlas))] == []
        said |= texts
    drawn = [message.id for message in template() if any("maps/" in path for path, _ in message.locations)]
    asked = {text for message in drawn for text in (message if isinstance(message, tuple) else (message,))}
    assert {text for text in asked if not heard(said, text)} == NOT_OPENED


def test_nothing_is_left_in_english_where_a_script_makes_the_tables(
    visit: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("partition.maps.facts.LARGE_SCHOOLS", 100)
    status = BRACKETED.phrase(STANDING)
    atlas = replace(county_atlas(), language=BRACKETED, status=status, figures=(), sureness="")
    write_map(atlas, tmp_path / "map.html")
    page = visit(tmp_path / "map.html").page
    texts = page.evaluate(SAID)
    assert [text for text in texts if left_over(text, names_of(atlas))] == []
    assert "⟦200 of 280 shown: show 80 more⟧" in texts and "⟦small school⟧" in texts
    reasons = page.locator("table[data-listed='schools'] td [lang='en']")
    assert "More than 200 pupils" in reasons.all_inner_texts()


def test_what_a_study_wrote_is_marked_as_english(visit: Callable[..., Any], tmp_path: Path):
    atlas = filled(village_atlas(language=BRACKETED, internal=True))
    write_map(atlas, tmp_path / "map.html")
    one = visit(tmp_path / "map.html")
    marked = one.page.locator("#tables [lang='en']").all_inner_texts()
    assert {"It said no", "No school within 20 minutes", "Holt: 24 minutes, at most 20"} <= set(marked)
    for language in ("criteria", "notices"):
        (sentence,) = getattr(atlas, language)
        assert one.page.locator(f"details [lang='en'] >> text={sentence}").count() == 1
    one.go("#partnership=2")
    assert one.page.locator("#card [lang='en']").all_inner_texts() == [
        *atlas.partnerships[1].breaches,
        atlas.partnerships[1].hosts,
    ]
    one.go("#school=900006")
    assert one.page.locator("#card [lang='en']").all_inner_texts() == ["No school within 20 minutes"]


def test_numbers_and_order_are_those_of_the_language(visit: Callable[..., Any], tmp_path: Path):
    atlas = village_atlas(language=BRACKETED)
    names = ("Zebra", "Ärmel", "Ostern", "Öl", "Arm")
    schools = [replace(one, name=name) for one, name in zip(atlas.schools, names, strict=False)]
    write_map(replace(atlas, schools=(*schools, *atlas.schools[len(names) :])), tmp_path / "map.html")
    one = visit(tmp_path / "map.html")
    assert one.page.evaluate("document.documentElement.lang") == "de"
    one.go("#school=900004")
    assert "⟦17,2 min⟧" in one.page.locator("#card").inner_text()
    tables = one.page.locator("#tables").inner_text()
    assert re.search(r"\d,\d", tables) and not re.search(r"\d\.\d", tables)
    one.page.locator("#schools-heading + .scroll thead button").first.click()
    order = one.page.locator("#schools-heading + .scroll tbody th").all_inner_texts()
    assert [name for name in order if name in names] == ["Arm", "Ärmel", "Öl", "Ostern", "Zebra"]


# Welsh ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_wrong_in_welsh(visit: Callable[..., Any], tmp_path: Path, width: int, height: int):
    write_map(filled(village_atlas(language=language_of("cy"), internal=True)), tmp_path / "map.html")
    one = visit(tmp_path / "map.html", width, height)
    one.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    for part in ("", "#school=900004", "#partnership=2"):
        one.go(part)
        assert violations(one.page) == []
        assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 7, 11])
def test_scripts_choose_the_forms_that_python_chooses(visit: Callable[..., Any], tmp_path: Path, n: int):
    welsh = language_of("cy")
    first, second = village_atlas().partnerships
    partnerships = (first, replace(second, heads=n, pupils=n))
    write_map(village_atlas(language=welsh, partnerships=partnerships), tmp_path / "map.html")
    one = visit(tmp_path / "map.html")
    one.go("#partnership=2")
    told = one.page.locator("#card .facts").inner_text()
    assert welsh.counted(n, "{n} head", "{n} heads") in told
    assert welsh.counted(n, "{n} pupil", "{n} pupils") in told


def test_a_page_says_that_nobody_has_reviewed_its_welsh(visit: Callable[..., Any], tmp_path: Path):
    write_map(village_atlas(language=language_of("cy")), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").page
    said = page.locator(".unreviewed")
    assert said.is_visible() and said.locator("[lang='en']").inner_text() == UNREVIEWED
    assert said.inner_text() == f"{language_of('cy').phrase(UNREVIEWED)} {UNREVIEWED}"
