"""Markdown as HTML: headings with names to link to, links to pages, and the text of each passage for the search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

MARK = re.compile(r"^<!--.*?-->\n?", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"^(?!\w+:)([^#]*?)(?:\.md|\.ipynb)?(#.*)?$")
CODE_LANGUAGES = {"sh": "Terminal", "bat": "Windows", "toml": "Scenario", "python": "Python", "text": ""}


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading of a page: the heading's level, name (to link to) and words, and the text."""

    level: int
    name: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page: its title, its HTML, and its passages in order."""

    title: str
    html: str
    passages: tuple[Passage, ...]


def without_marks(text: str) -> str:
    """Return Markdown without comments, which speak to programs that read the source."""
    return MARK.sub("", text)


def render(text: str) -> Rendered:
    """Return a page made of Markdown. HTML in it is shown as text, and a link to a source leads to its page."""
    environment: dict[str, Any] = {}
    tokens = _parser().parse(without_marks(text), environment)
    _name_headings(tokens)
    for token in tokens:
        for part in token.children or ():
            if part.type == "link_open":
                part.attrSet("href", page_link(str(part.attrGet("href"))))
    html = _parser().renderer.render(tokens, _parser().options, environment)
    passages = tuple(_passages(tokens))
    return Rendered(passages[0].heading if passages else "", html, passages)


def page_link(link: str) -> str:
    """Return a link between sources as one between pages: "glossary.md#words" is "glossary.html#words"."""
    found = LINK.match(link)
    if found is None or not (found[1] or found[2]):
        return link
    base = {"README": "index"}.get(found[1], found[1])
    is_page = link.partition("#")[0].endswith((".md", ".ipynb"))
    return f"{base}.html{found[2] or ''}" if is_page else link


def slug(heading: str) -> str:
    """Return the name by which a heading can be linked to, as forges make it of its words."""
    return re.sub(r"[^\w. -]", "", heading.lower()).strip().replace(" ", "-")


def code(text: str) -> str:
    """Return text as it is between backquotes, whatever it holds."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _fence(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, environment: Any) -> str:
    """Code, said what it is, which can be reached and scrolled by keyboard."""
    language = tokens[at].info.split(" ")[0] if tokens[at].info else ""
    label = CODE_LANGUAGES.get(language, language)
    told = f'<span class="kind">{escape(label)}</span>' if label else ""
    return f'<div class="code">{told}<pre tabindex="0"><code>{escape(tokens[at].content)}</code></pre></div>\n'


def _table_open(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, environment: Any) -> str:
    return '<div class="table" tabindex="0"><table>\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, environment: Any) -> str:
    return "</table></div>\n"


def _name_headings(tokens: Sequence[Token]) -> None:
    """Give each heading a name, no two the same."""
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            name = wanted = slug(_words(tokens[place + 1])) or "part"
            number = 1
            while name in taken:
                name, number = f"{wanted}-{number}", number + 1
            taken.add(name)
            token.attrSet("id", name)


def _words(inline: Token) -> str:
    """Return the words of a line, without its markup."""
    return "".join(
        part.content if part.type in ("text", "code_inline") else " " if part.type == "softbreak" else ""
        for part in inline.children or ()
    )


def _passages(tokens: Sequence[Token]) -> list[Passage]:
    found: list[Passage] = []
    words: list[str] = []

    def close() -> None:
        if found:
            found[-1] = Passage(found[-1].level, found[-1].name, found[-1].heading, " ".join(words))
        words.clear()

    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            close()
            found.append(Passage(int(token.tag[1]), str(token.attrGet("id")), _words(tokens[place + 1]), ""))
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            words.append(_words(token))
        elif token.type == "fence":
            words.append(" ".join(token.content.split()))
    close()
    return found
