"""The languages that a map can be written in.

A message is the English sentence in the code, with names in braces for what it tells: "{n} of {all} others". What
another language has in its place stands in a catalogue of gettext, `locale/CODE/LC_MESSAGES/map.po`; beside it lies
`map.mo`, the same compiled, which alone is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from partition.settings.map import LanguageCode

REVIEWED = frozenset({"en"})  # languages whose words a speaker has read
FORMS_MOST = 6  # of a message about a number of things, in any language
_TEXT = re.compile(r'"([^"\\\n]+)"')  # in a script


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language: English, which needs no catalogue, or another with its translations.

    Examples
    --------
    >>> ENGLISH.phrase("{here} of {there} others", here=2, there=5)
    '2 of 5 others'
    >>> [ENGLISH.counted(n, "{n} school", "{n} schools") for n in (1, 2)]
    ['1 school', '2 schools']
    """

    code: str
    translations: NullTranslations = field(default_factory=NullTranslations, repr=False)

    @property
    def tag(self) -> str:
        """Return the language as HTML names it."""
        return "en-GB" if self.is_english else self.code

    @property
    def is_english(self) -> bool:
        """Whether the messages in the code are themselves in this language."""
        return self.code == "en"

    @property
    def is_reviewed(self) -> bool:
        """Whether a speaker of the language has read its catalogue."""
        return self.code in REVIEWED

    def phrase(self, message: str, **values: object) -> str:
        """Return a message in this language, with the values that it names."""
        return self.translations.gettext(message).format(**values)

    def counted(self, n: int, one: str, many: str, **values: object) -> str:
        """Return a message about `n` things, in the form that this language has for so many."""
        return self.translations.ngettext(one, many, n).format(n=n, **values)

    def known(self, text: str) -> str:
        """Return a text in this language where it is a message, and unchanged where it is data or somebody's own."""
        return self.translations.gettext(text) if text else ""

    def number(self, value: float, form: str = "") -> str:
        """Return a number as this language writes it, which its catalogue shows by the message "1,234.5"."""
        shown = self.phrase("1,234.5")
        return format(value, form).translate(str.maketrans(",.", shown[1] + shown[5]))

    def messages_in(self, script: str, *more: str) -> dict[str, str | list[str]]:
        """Return this language's words for each text of a script, and each of `more`, that is a message.

        A message about a number of things has a list: its forms, in the order of the catalogue.
        """
        catalogue = vars(self.translations).get("_catalog", {})  # gettext has no way to ask which messages there are
        found: dict[str, str | list[str]] = {}
        for message in (*_TEXT.findall(script), *more):
            if message in catalogue:
                found[message] = catalogue[message]
            elif forms := [catalogue[message, n] for n in range(FORMS_MOST) if (message, n) in catalogue]:
                found[message] = forms
        return found


ENGLISH = Language("en")


@cache
def language_of(code: LanguageCode) -> Language:
    """Return a language, in which `draw_atlas` writes a map.

    Parameters
    ----------
    code : str
        The language by ISO 639: "en" or "cy".

    Raises
    ------
    FileNotFoundError
        Where there is no catalogue of the language.

    Examples
    --------
    >>> language_of("cy").phrase("School")
    'Ysgol'
    """
    if code == ENGLISH.code:
        return ENGLISH
    compiled = files("partition.formats").joinpath("locale", code, "LC_MESSAGES", "map.mo")
    return Language(code, GNUTranslations(BytesIO(compiled.read_bytes())))
