"""One self-contained HTML file from an atlas: a folium map that needs no other file and no server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import folium
from branca.element import Element, Figure
from folium.template import Template
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from geodata.files import replacing
from partition.formats.language import ENGLISH, Language
from partition.formats.marks import INTERNAL
from partition.maps import offline
from partition.maps.content import Atlas, BandsAtlas, ComparedAtlas
from partition.maps.facts import PARTS, count, facts
from partition.maps.ground import as_json
from partition.maps.packing import compress
from partition.settings.scheme import STAGES

Kind = Literal["plan", "bands", "compare", "alternatives"]
AnyAtlas = Atlas | BandsAtlas | ComparedAtlas
POLICY_MARK = "(policy)"
UNREVIEWED = "This translation has not been reviewed by a speaker of the language."


class Page(Figure):
    """A whole document around a map, the same on every run, with a policy to run no scripts but its own."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{ this.language.tag }}">\n<head>\n{{ this.header.render(**kwargs) }}\n</head>\n'
        "<body>\n{{ this.html.render(**kwargs) }}\n<script>\n"
        "{{ this.begins }}{{ this.script.render(**kwargs) }}{{ this.ends }}\n</script>\n</body>\n</html>\n"
    )

    def __init__(self, tiles: str, large: bool, language: Language) -> None:
        super().__init__(ratio="75%")
        self.tiles, self.language = tiles, language
        # What draws the map, and any layer that is added to it, waits until the facts of a large page are unpacked.
        self.begins, self.ends = ("whenUnpacked(() => {\n", "\n});") if large else ("", "")
        self.header._children.clear()  # the page states its own encoding

    def render(self, **kwargs: Any) -> str:
        """Return the page's HTML, with its policy and with ids that are the same on every run."""
        for position, element in enumerate(_descendants(self)):
            element._id = str(position)  # folium's random ids would make two equal maps differ
        html: str = super().render(**kwargs)
        return html.replace(POLICY_MARK, offline.policy(html, self.tiles), 1)


class Verbatim(Element):
    """Text that is put on the page unchanged: branca would render the text of any other element as a template again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        return self.text


class DrawnMap(folium.Map):
    """A folium map in this project's page; any folium layer that needs no further file can be added."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # folium's own are links to servers
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template('{% macro script(this, kwargs) %}var {{ this.get_name() }} = drawPage("map");{% endmacro %}')

    def __init__(
        self,
        kind: Kind,
        atlas: AnyAtlas,
        facts: Mapping[str, Any],
        told: Mapping[str, object],
        language: Language = ENGLISH,
    ) -> None:
        """Make a page of one kind: its template may use `atlas` and `told`, its scripts read `facts`.

        Raises ValueError where `atlas.tiles` names no web server.
        """
        if atlas.tiles:
            offline.tile_origin(atlas.tiles)
        super().__init__(tiles=None)
        large = bool(facts.get("large"))
        page = Page(atlas.tiles, large, language)
        page.add_child(self)
        head = templates(language).get_template("head.html.j2")
        body = templates(language).get_template(f"{kind}.html.j2")
        mark = paper_mark(atlas.internal, atlas.status, language)
        styles, scripts = offline.styles() + mark, offline.scripts(kind)
        said = language.messages_in(scripts, *STAGES)
        page.header.add_child(Verbatim(head.render(atlas=atlas, policy=POLICY_MARK, styles=styles, scripts=scripts)))
        written = compress(as_json(facts)) if large else as_json(facts)
        catalogue = as_json(said) if said else ""
        page.html.add_child(Verbatim(body.render(told, atlas=atlas, facts=written, large=large, catalogue=catalogue)))


def plan_map(atlas: Atlas) -> folium.Map:
    """Return an atlas as a folium map, to which further folium layers can be added.

    Parameters
    ----------
    atlas : Atlas
        The content of the map, as `draw_atlas` returns it.

    Returns
    -------
    folium.Map
        A map whose `save` writes the same page as `write_map`, but not in one step.

    Raises
    ------
    ValueError
        Where `atlas.tiles` names no web server.

    Examples
    --------
    >>> from geodata.urns import Urn
    >>> from partition.maps.content import Atlas, SchoolCard
    >>> ash = SchoolCard(urn=Urn(1), name="Ash", town="", pupils=50, latitude=52.7, longitude=-0.6, role="unplaced")
    >>> atlas = Atlas(title="One school", status="Draft", internal=False, schools=(ash,), partnerships=())
    >>> "One school" in plan_map(atlas).get_root().render()
    True
    """
    by_urn = {school.urn: school for school in atlas.schools}
    return DrawnMap("plan", atlas, facts(atlas), {"counts": count(atlas), "by_urn": by_urn}, atlas.language)


def write_map(atlas: Atlas, path: Path | str) -> None:
    """Write an atlas as one HTML file, which replaces an earlier file in one step.

    Parameters
    ----------
    atlas : Atlas
        The content of the map, as `draw_atlas` returns it.
    path : Path or str
        The file to write (`.html`).

    Raises
    ------
    ValueError
        Where `atlas.tiles` names no web server.
    Unwritten
        Where the file cannot be written (an OSError, from `geodata.files`).

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from partition.maps.content import Atlas
    >>> atlas = Atlas(title="No school", status="Draft", internal=False, schools=(), partnerships=())
    >>> with TemporaryDirectory() as folder:
    ...     write_map(atlas, Path(folder, "map.html"))
    ...     Path(folder, "map.html").read_text(encoding="utf-8")[:15]
    '<!DOCTYPE html>'
    """
    write_page(plan_map(atlas), path)


def write_page(drawn: folium.Map, path: Path | str) -> None:
    """Write a map's page, which replaces an earlier file in one step."""
    html = drawn.get_root().render()
    with replacing(path) as temporary:
        temporary.write_text(html, encoding="utf-8", newline="\n")


def paper_mark(internal: bool, status: str, language: Language = ENGLISH) -> str:
    """Return a style that repeats a page's standing at the foot of every printed sheet."""
    standing = " · ".join(filter(None, (language.phrase(INTERNAL) if internal else "", status)))
    # Each character is written as its number, so that the text can end neither the string nor the style.
    escaped = "".join(f"\\{ord(sign):06x}" for sign in standing)
    return f'@page {{ @bottom-right {{ content: "{escaped}"; font: 600 10px Arial, sans-serif; }} }}\n'


@cache
def templates(language: Language = ENGLISH) -> Environment:
    """Return the templates of pages in a language. All text in them is escaped."""
    environment = Environment(
        loader=PackageLoader("partition.maps", "templates"),
        autoescape=True,  # names and reasons come from files that strangers filled in
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"number": _number, "minutes": partial(_minutes, language), "parts": PARTS}
    environment.globals |= {
        "language": language,
        "phrase": language.phrase,
        "known": language.known,
        "figure": language.number,
        "in_english": "" if language.is_english else Markup(' lang="en"'),
        "english": str if language.is_english else _english,
        "UNREVIEWED": UNREVIEWED,
    }
    return environment


def _english(text: str) -> Markup | str:
    """Return a sentence that only English has, marked as such for a page in another language."""
    return Markup('<span lang="en">{}</span>').format(text) if text else ""


def _number(value: int | None) -> Markup:
    """Return the cell of a count; written in Python, because a template's macro takes ten times as long."""
    return Markup(
        f'<td class="number" data-sort="{-1 if value is None else value}">{"–" if value is None else value}</td>\n'
    )


def _minutes(language: Language, value: float | None, none_sorts: float = -1) -> Markup:
    """Return the cell of a drive."""
    shown, sorts = ("–", none_sorts) if value is None else (language.number(round(value, 1), "g"), value)
    return Markup(f'<td class="number" data-sort="{sorts}">{shown}</td>\n')


def _descendants(element: Element) -> Iterator[Element]:
    for child in element._children.values():
        yield child
        yield from _descendants(child)
