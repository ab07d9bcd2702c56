"""The catalogues of a map's words, made from the code (`python -m catalogues`, PYTHONPATH=.:tests/helpers).

It writes `map.pot`, takes messages that are new into every `map.po`, without a translation, leaves out what the code
has no more, and compiles each to the `map.mo` beside it. `python -m catalogues CODE` begins a language's catalogue.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

import partition
from geodata.gias import WORDS
from geodata.registers import REGISTERS
from partition.formats.marks import INTERNAL
from partition.maps.facts import PARTS
from partition.maps.figures import FEDERATIONS, FIRST_YEAR, LATER_YEAR, LEFT, POSTS, TERMS
from partition.maps.page import UNREVIEWED
from partition.plans.account import Role
from partition.settings.map import STANDING
from partition.settings.scheme import STAGES

ROOT = Path(partition.__file__).parent
LOCALE = ROOT / "formats" / "locale"
TEMPLATE = LOCALE / "map.pot"
TEMPLATES = ("head", "page", "plan", "symbols", "tables")  # that a plan's map is drawn by
KEYWORDS: dict[str, Any] = {"phrase": None, "sentence": None, "message": None, "counted": (2, 3)}
DECLARED = (  # messages that the code says by a name, or takes from a table of something else
    "1,234.5",
    *(STANDING, INTERNAL, UNREVIEWED, FEDERATIONS, LEFT, FIRST_YEAR, LATER_YEAR, POSTS),
    *TERMS.values(),
    *STAGES,
    *(PARTS.get(role, role) for role in get_args(Role)),
    *WORDS.values(),
    *(register.identifier.one for register in REGISTERS if register.key in ("wales",)),
)


def template() -> Catalog:
    """The messages in the code, each with the files that say it."""
    found = Catalog(charset="utf-8")
    for message in DECLARED:
        found.add(message)
    for path, method in _sources():
        with path.open("rb") as file:
            for _, message, _, _ in extract(method, file, KEYWORDS):
                found.add(message, locations=[(path.relative_to(ROOT).as_posix(), 1)])
    return found


def _sources() -> Iterator[tuple[Path, Any]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path, "python"
    for name in TEMPLATES:
        yield ROOT / "maps" / "templates" / f"{name}.html.j2", babel_extract
    for path in sorted((ROOT / "maps" / "static").glob("*.js")):
        if path.name != "leaflet.js":
            yield path, "javascript"


def as_text(catalogue: Catalog, *, is_template: bool = False) -> str:
    """A catalogue as its file has it; the template without a head, which would tell the day."""
    text = BytesIO()
    write_po(text, catalogue, width=120, omit_header=is_template, include_lineno=False, sort_output=True)
    return text.getvalue().decode()


def read(code: str) -> Catalog:
    """The catalogue of a language, as people keep it."""
    with po_of(code).open("rb") as file:
        return read_po(file, locale=code)


def po_of(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES" / "map.po"


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    binary = BytesIO()
    write_mo(binary, catalogue)
    return binary.getvalue()


def spoken(compiled: bytes) -> dict[Any, str]:
    """What a compiled catalogue says, without its head."""
    told = vars(GNUTranslations(BytesIO(compiled)))["_catalog"]
    return {message: words for message, words in told.items() if message}


def main(codes: list[str]) -> None:
    """Write all that follows from the code, and begin catalogues."""
    messages = template()
    TEMPLATE.write_text(as_text(messages, is_template=True), encoding="utf-8")
    for code in codes:
        po_of(code).parent.mkdir(parents=True)
        po_of(code).write_text(as_text(Catalog(locale=code, charset="utf-8")), encoding="utf-8")
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/map.po")):
        catalogue = read(path.parts[-3])
        messages.creation_date = catalogue.creation_date  # the day on which the code was read is no news
        catalogue.update(messages, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_text(as_text(catalogue), encoding="utf-8")
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        left = [message.id for message in catalogue if message.id and not any(message.string or "")]
        print(f"{path.parts[-3]}: {len(catalogue)} messages, {len(left)} without a translation")


if __name__ == "__main__":
    main(sys.argv[1:])
