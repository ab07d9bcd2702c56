"""A way out as settings: what people type to have the rules of the way out, and the problem that there is then.

A change of rules becomes settings of the scenario, and these are read as if they had been typed after `--set`. What is
then searched is the problem of that very scenario, so that whoever types the settings gets what was promised. Where no
settings make a change there is no way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit

from geodata.faults import BadData
from geodata.urns import Urn
from partition.model.area import Area
from partition.model.problem import Problem
from partition.model.rules import Locked, Rule
from partition.scenario.build import problem_of, settle
from partition.scenario.case import Case
from partition.scenario.read import read_over
from partition.settings.rules import Rules
from partition.settings.scenario import Scenario

OFF = "off"

Change = tuple[Rule, Rule | None]  # a rule, and the rule in its place; None: the rule is dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Settings by key ("rules.minutes_max": 25), the same as people type them after `--set`, and the problem then."""

    settings: Mapping[str, Any]
    lines: tuple[str, ...]
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Typist:
    """Who restates a scenario: as it was stated, and as it was settled over the area."""

    stated: Scenario
    settled: Scenario
    area: Area

    @classmethod
    def of(cls, case: Case) -> Typist:
        return cls(stated=case.stated, settled=case.scenario, area=case.problem.area)

    def type(self, changes: Sequence[Change]) -> Typed | None:
        """Return the settings that make these changes, and the problem of the scenario with them; None for none."""
        settings = settings_of(changes, self.settled.rules, keeps=self.stated.rules.keep is not None)
        if settings is None:
            return None
        lines = typed(settings, self.stated.rules)
        try:
            then = read_over(self.stated, lines)
            return Typed(settings=settings, lines=lines, problem=problem_of(settle(then, self.area), self.area))
        except BadData:  # a setting that the others or the data do not allow
            return None


def settings_of(changes: Iterable[Change], rules: Rules, *, keeps: bool = False) -> dict[str, Any] | None:
    """Return the settings that make these changes ("rules.minutes_max": 25); None where no settings do.

    `rules` is the table of rules of the scenario. Where the scenario `keeps` today's partnerships, the table names them
    in `open_locked`, and giving one up means naming the others in place of `keep`.
    """
    found: dict[str, Any] = {}
    for rule, then in changes:
        keys = rule.as_settings(then, rules.model_copy(update=found))
        if keys is None:
            return None
        found |= keys
        if keeps and isinstance(rule, Locked):
            found = {"keep": None, "open_locked": rules.open_locked, **found}
    differing = {
        key: value for key, value in found.items() if value != getattr(rules, key) or key in ("keep", "open_locked")
    }
    return {f"rules.{key}": OFF if value is None else _as_stated(value) for key, value in differing.items()}


def typed(settings: Mapping[str, Any], stated: Rules) -> tuple[str, ...]:
    """Return settings as people type them after `--set`, in order.

    A table typed is joined to the table stated. So one that is to lose an entry is first switched off.
    """
    lines = []
    for key, value in settings.items():
        before = getattr(stated, key.removeprefix("rules."), None)
        loses = isinstance(value, dict) and isinstance(before, dict) and {str(one) for one in before} - value.keys()
        lines += [f"{key}={OFF}"] if loses or value in ({}, []) else []
        lines += [f"{key}={_text(value)}"] if value not in ({}, []) else []
    return tuple(lines)


def _text(value: Any) -> str:
    """Return a value as TOML in one line; a word alone needs no quotes."""
    if value == OFF:
        return OFF
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return str(table.as_string())
    return str(tomlkit.item(value).as_string())


def _as_stated(value: Any) -> Any:
    """Return a value as a file has it: keys of a table as text, plain digits and whole minutes as numbers."""
    if isinstance(value, dict):
        return {str(key): _as_stated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_stated(item) for item in value]
    if isinstance(value, Urn):
        return value.plain
    return int(value) if isinstance(value, float) and value.is_integer() else value
