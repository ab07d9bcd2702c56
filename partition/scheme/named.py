"""Partnerships as people name them in files: by number, by name, or by the URN of one of their schools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from geodata.faults import BadData, Fault
from geodata.labels import folded
from partition.plans.account import Account


def numbers_of(account: Account, named: Iterable[str], setting: str) -> Mapping[str, int]:
    """Return the number of each partnership that the file of a setting names.

    A name goes before a URN, and a URN before a number. Raises BadData with every name that is none of them.
    """
    numbers = {str(item.number): item.number for item in account.partnerships}
    numbers |= {folded(str(urn)): number for urn, number in account.plan.partnership_of.items()}
    names = [folded(item.name) for item in account.partnerships]
    numbers |= {name: n for n, name in enumerate(names, 1) if names.count(name) == 1}
    found = {text: numbers.get(folded(text)) for text in named}
    fix = "no partnership of this plan has that number or name, nor a school with that identifier; correct it"
    unknown = [text for text, number in found.items() if number is None]
    if unknown:
        raise BadData([Fault(file="scenario", column=setting, value=text, fix=fix) for text in unknown])
    return {text: number for text, number in found.items() if number is not None}
