"""The catalogues of a map's words: what the code says stands in them, and each says the same as the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from catalogues import LOCALE, ROOT, TEMPLATE, as_text, compiled, po_of, read, spoken, template

from partition.formats.language import REVIEWED, language_of
from partition.maps.offline import scripts
from partition.settings.map import LanguageCode, MapTable

CODES = sorted(path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/map.po"))
PLACE = re.compile(r"\{\w+\}")


def messages(catalogue: Catalog) -> Iterator[tuple[list[str], list[str]]]:
    """The English of each message, and what the catalogue has for it: one form or several."""
    for message in catalogue:
        if message.id:
            yield texts(message.id), texts(message.string)


def texts(said: Any) -> list[str]:
    return list(said) if isinstance(said, tuple | list) else [said]


def test_the_template_is_what_the_code_says():
    """Else: PYTHONPATH=.:tests/helpers python -m catalogues."""
    assert TEMPLATE.read_text(encoding="utf-8") == as_text(template(), is_template=True)


def test_every_message_in_python_is_found():
    """Those within a text in braces would not be, nor those put together from pieces; names are declared."""
    known = {text for english, _ in messages(template()) for text in english}
    said, named = set(), set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = getattr(called, "attr", getattr(called, "id", ""))
            if name == "phrase" and node.args:
                first = node.args[0]
                said |= {first.value} if isinstance(first, ast.Constant) else set()
                named |= set() if isinstance(first, ast.Constant) else {ast.unparse(first)}
    assert len(said) > 40 and said <= known
    assert named == {"FEDERATIONS", "LEFT", "FIRST_YEAR", "LATER_YEAR", "POSTS", "STANDING", "INTERNAL"}  # of DECLARED


def test_every_language_that_can_be_asked_for_has_a_catalogue():
    asked = {*get_args(LanguageCode)}
    assert {*CODES, "en"} == asked == {*MapTable.model_fields["language"].json_schema_extra["choices"]}
    assert asked >= REVIEWED


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_the_messages_of_the_code_each_translated(code: str):
    catalogue = read(code)
    assert {message.id for message in catalogue} == {message.id for message in template()}
    assert [english for english, said in messages(catalogue) if not all(said)] == []
    assert not [message.id for message in catalogue if message.fuzzy]


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_names_the_same_values_and_has_every_form_of_its_language(code: str):
    catalogue = read(code)
    plural = get_plural(code)
    assert (catalogue.num_plurals, catalogue.plural_expr) == (plural[0], plural[1])
    for english, said in messages(catalogue):
        assert len(said) == (1 if len(english) == 1 else plural[0]), english
        for form in said:
            assert set(PLACE.findall(form)) == set(PLACE.findall(english[-1])), form
            assert not re.search(r"[{}]", PLACE.sub("", form)), form


@pytest.mark.parametrize("code", CODES)
def test_what_is_read_is_the_catalogue_compiled(code: str):
    assert spoken(po_of(code).with_suffix(".mo").read_bytes()) == spoken(compiled(read(code)))


@pytest.mark.parametrize("code", CODES)
def test_a_page_carries_what_its_scripts_say(code: str):
    """Messages are looked for among the texts of the script: none may be missed."""
    carried = language_of(code).messages_in(scripts("plan"))
    wanted = [message for message in template() if any(".js" in path for path, _ in message.locations)]
    assert len(wanted) > 80
    assert {texts(message.id)[0] for message in wanted} <= carried.keys()
    assert all(len(texts(carried[texts(message.id)[0]])) == len(texts(read_one(code, message))) for message in wanted)


def read_one(code: str, message: Message) -> Any:
    found = read(code).get(message.id)
    assert found is not None
    return found.string


# Terms ----------------------------------------------------------------------------------------------------------


def terms(code: str) -> list[dict[str, Any]]:
    path = LOCALE / code / "terms.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["term"] if path.exists() else []


TERMS = [(code, term) for code in CODES for term in terms(code)]


def has(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", PLACE.sub("", text), re.IGNORECASE) is not None


@pytest.mark.parametrize(("code", "term"), TERMS, ids=[f"{code} {term['english'][0]}" for code, term in TERMS])
def test_a_term_is_used_wherever_its_english_stands(code: str, term: dict[str, Any]):
    assert ("source" in term) != ("doubt" in term)
    excepted = term.get("except", [])
    found = [
        (english[0], said)
        for english, said in messages(read(code))
        if english[0] not in excepted and any(has(text, word) for text in english for word in term["english"])
    ]
    assert found
    assert [one for one in found if not all(any(has(form, word) for word in term["forms"]) for form in one[1])] == []
