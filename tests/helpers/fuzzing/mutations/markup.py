"""Mutations of XML: entities, elements, attributes and texts."""

from __future__ import annotations

import re

from fuzzing.hostile import TEXTS
from fuzzing.mutations.register import Spoilt, mutation

VALUE = re.compile(r'(?<=")[^"<>]*(?=")|(?<=>)[^<>\n]+(?=<)')
ELEMENT = re.compile(r"<(\w+)[^<>]*?(?:/>|>[^<>]*</\1>)")


def with_values_replaced(it: Spoilt, text: str) -> str:
    for _ in it.some():
        if values := list(VALUE.finditer(text)):
            value = it.draws.choice(values)
            hostile = it.draws.choice(TEXTS)
            safe = hostile if it.draws.random() < 0.3 else hostile.replace("&", "&amp;").replace("<", "&lt;")
            text = text[: value.start()] + safe.replace('"', "&quot;") + text[value.end() :]
    return text


def with_entities(it: Spoilt, text: str) -> str:
    """A document type with an entity, and the entity where a value was."""
    head, mark, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
    if values := list(VALUE.finditer(rest)):
        value = it.draws.choice(values)
        rest = rest[: value.start()] + "&e;" + rest[value.end() :]
    return f"{head}{mark}{it.draws.choice(it.bait.entities())}{rest}"


def with_elements_changed(it: Spoilt, text: str) -> str:
    for _ in it.some():
        if elements := list(ELEMENT.finditer(text)):
            element = it.draws.choice(elements)
            again = it.draws.choice(("", element[0] * 2, f"<x>{element[0]}</x>", f"<!--{element[0]}-->"))
            text = text[: element.start()] + again + text[element.end() :]
    return text


CHANGES = (with_values_replaced, with_values_replaced, with_entities, with_elements_changed)


@mutation("xml")
def markup_changed(it: Spoilt) -> None:
    text = it.path.read_text(encoding="utf-8")
    it.path.write_text(it.draws.choice(CHANGES)(it, text), encoding="utf-8", errors="replace")


@mutation("xml")
def elements_nested_without_end(it: Spoilt) -> None:
    text, depth = it.path.read_text(encoding="utf-8"), it.draws.choice((500, 100_000))
    at = text.find("<graph ")
    it.path.write_text(text[:at] + "<x>" * depth + "</x>" * depth + text[at:], encoding="utf-8")


@mutation("xml")
def another_system_in_markup(it: Spoilt) -> None:
    system = it.draws.choice(("epsg:999999", "+proj=x", it.bait.address, "EPSG:27700", "epsg:4326" * 500, "+init=../x"))
    text = it.path.read_text(encoding="utf-8")
    it.path.write_text(text.replace("epsg:4326", system), encoding="utf-8")
