"""Many areas planned separately: the values of a column, and a scenario for the schools of each value."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.faults import BadData, Fault
from geodata.gias import AUTHORITY, AUTHORITY_NAME
from geodata.labels import is_value
from geodata.urns import Urn
from partition.model.area import Area
from partition.scenario.adjust import within
from partition.scenario.case import load
from partition.settings.scenario import Scenario
from partition.studies.sweep.axes import Axis, Values

AUTHORITIES = "local_authority"  # the scenario's name for the register's column of authorities
EACH = "--each"

Combinations = list[tuple[Values, Scenario]]


def everywhere(scenario: Scenario, column: str) -> Scenario:
    """Return the scenario for all areas: all authorities of the register, where the scenario names none."""
    if column != AUTHORITIES or scenario.data.local_authority is not None:
        return scenario
    return scenario.model_copy(update={"data": scenario.data.model_copy(update={"local_authority": "all"})})


def apart(
    scenario: Scenario, column: str, found: Combinations, use_cache: bool
) -> tuple[Axis, Combinations, tuple[str, ...]]:
    """Return an axis of areas, every scenario for each area's schools, and notices. Raises BadData with every fault."""
    heading = AUTHORITY if column == AUTHORITIES else column
    area = load(everywhere(scenario, column), use_cache=use_cache, keep=[heading]).problem.area
    labels = area.columns.get(heading, ())
    urns_of: dict[str, list[Urn]] = {}
    for urn, label in zip(area.urns, labels, strict=True):
        urns_of.setdefault(label if is_value(label) else "", []).append(urn)
    without = urns_of.pop("", [])
    if not urns_of:
        fix = "no school has a value in this column; name another"
        raise BadData([Fault(file=EACH, value=column, fix=fix)])
    shown = {value: _label(area, column, value, urns[0]) for value, urns in sorted(urns_of.items())}
    told = (f"{len(without)} schools have no value in {column} and are in no plan",) if without else ()
    return Axis(column, tuple(shown.values()), neighbours=False), _narrowed(area, column, found, urns_of, shown), told


def _label(area: Area, column: str, value: str, urn: Urn) -> str:
    """Return a value for people: an authority's code with its name."""
    names = area.columns.get(AUTHORITY_NAME) if column == AUTHORITIES else None
    return f"{names[area.index[urn]]} ({value})" if names else value


def _narrowed(
    area: Area, column: str, found: Combinations, urns_of: dict[str, list[Urn]], shown: dict[str, str]
) -> Combinations:
    narrowed: Combinations = []
    faults: dict[str, Fault] = {}
    for value, label in shown.items():
        for values, scenario in found:
            try:
                one = within(scenario, area, urns_of[value])
            except BadData as bad:
                faults |= {str(fault): fault for fault in bad.faults}
                continue
            only = {"local_authority": value} if column == AUTHORITIES else {"only": {**one.data.only, column: value}}
            narrowed.append(((label, *values), one.model_copy(update={"data": one.data.model_copy(update=only)})))
    if faults:
        raise BadData(faults.values())
    return narrowed


def names_of(found: Sequence[tuple[Values, Scenario]]) -> list[str]:
    """Return a file name for each scenario: its number and values, in characters that any system accepts."""

    def plain(text: str) -> str:
        return "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text).lower().split())

    width = len(str(len(found)))
    return [
        f"{n:0{width}} {plain(' '.join(values))[:60]}".replace(" ", "-").rstrip("-")
        for n, (values, _) in enumerate(found, 1)
    ]
