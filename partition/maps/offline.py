"""The files that a page holds inside itself: Leaflet, and this project's own styles and scripts."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from urllib.parse import urlsplit

from partition.formats.palette import as_css, as_dark_css

STYLES = ("leaflet.css", "map.css")
COMMON = ("elements.js", "outlines.js", "words.js")  # scripts that the pages of the server use as well
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([^"]+)";\n', flags=re.MULTILINE)
EXPORT = re.compile(r"^export ", flags=re.MULTILINE)
RULE_WITH_PICTURE = re.compile(r"[^{}]*\{[^{}]*url\([^{}]*\}")


@cache
def styles() -> str:
    """Return the palette, Leaflet's styles and this project's, without rules that load a picture, which no map uses."""
    return as_css() + as_dark_css() + "\n".join(RULE_WITH_PICTURE.sub("", text_of(name)) for name in STYLES)


@cache
def scripts(kind: str) -> str:
    """Return Leaflet and this project's modules for one kind of page, as one script.

    Leaflet's note that asks for a source map is left out.
    """
    leaflet = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text_of("leaflet.js"))
    ours = "\n".join((_modules("facts.js") | _modules(f"{kind}.js")).values())
    draw = f"whenSized(document.getElementById(id), () => new {kind.capitalize()}View(id, readFacts()).start())"
    start = f"window.drawPage = (id) => {draw};\nwindow.whenUnpacked = whenUnpacked;"
    return f'{leaflet}\n(() => {{\n"use strict";\n{ours}\n{start}\n}})();\n'


def _modules(name: str) -> dict[str, str]:
    """Return by name the text of a module after all modules that it imports, each once, as parts of one script.

    A page that is opened from a file cannot import a module.
    """
    text = text_of(name)
    found = {one: part for other in IMPORT.findall(text) for one, part in _modules(other).items()}
    return found | {name: EXPORT.sub("", IMPORT.sub("", text))}


def policy(page: str, tiles: str = "") -> str:
    """Return the content security policy under which a page runs its own scripts and styles and loads nothing.

    `tiles` is the URL template of a tile server whose pictures are allowed.
    """
    pictures = "data:" + (f" {tile_origin(tiles)}" if tiles else "")
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"script-src {_digests('script', page)}; style-src {_digests('style', page)}; img-src {pictures}"
    )


def tile_origin(template: str) -> str:
    """Return the scheme and host of a tile server's URL template, `{s}` in the host as a wildcard.

    Raises ValueError where the template names no web server.
    """
    parts = urlsplit(template)
    host = re.sub(r"^\{s\}\.", "*.", parts.netloc)
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"(\*\.)?[A-Za-z0-9.-]+(:\d+)?", host):
        raise ValueError(f"{template!r} is no tile server: give https://host/{{z}}/{{x}}/{{y}}.png")
    return f"{parts.scheme}://{host}"


def _digests(tag: str, page: str) -> str:
    """Return the hashes of every inline script (or style) of the page, as a policy lists them."""
    inline = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in inline)


def text_of(name: str) -> str:
    """Return the text of one of the files in `static`."""
    return files("partition.maps").joinpath("static", name).read_text(encoding="utf-8")
