"""A way out as settings: what to change in a scenario so that its rules are those of the way.

Not every rule comes from a setting of its own: two heads who share a post stay together by the kind of their link, and
what `keep` or answers lock is named nowhere in the file. Such a way out is told, and is nothing to set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from partition.model.rules import (
    Apart,
    AssociatesMax,
    AtLeastOne,
    DistinctMax,
    GrantMax,
    HeadsPer,
    HostMinutesMax,
    KmMax,
    LinkedTogether,
    LinksBrokenMax,
    Locked,
    MinutesMax,
    MovedMax,
    Rule,
    Same,
    SmallByRoll,
    Together,
)
from partition.model.rules.ranges import Range
from partition.settings.rules import Rules
from partition.studies.explain.conflicts import Change

OFF = "off"
ScenarioKeys = dict[str, Any]  # of the table of rules, each with its new value


def settings_of(changes: Iterable[Change], rules: Rules) -> ScenarioKeys | None:
    """The keys of a scenario's rules that make these changes ("rules.minutes_max": 25); None where none do.

    `rules` are those that the scenario states, before its data settle what they mean.
    """
    found: ScenarioKeys = {}
    for rule, then in changes:
        keys = _keys(rule, then, rules.model_copy(update=found))
        if keys is None:
            return None
        found |= keys
    return {f"rules.{key}": OFF if value is None else _as_stated(value) for key, value in found.items()}


def _as_stated(value: Any) -> Any:
    """A value as a file has it: keys of a table as text, whole minutes without a point."""
    if isinstance(value, dict):
        return {str(key): _as_stated(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


@singledispatch
def _keys(rule: Rule, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    """What to set so that one rule becomes another, or is there no longer."""
    return None


@_keys.register
def _(rule: Range, then: Range | None, rules: Rules) -> ScenarioKeys | None:
    ends = [end for end, limit in (("least", rule.least), ("most", rule.most)) if limit is not None]
    keys: ScenarioKeys = {
        f"{rule.key}_{'min' if end == 'least' else 'max'}": None if then is None else getattr(then, end) for end in ends
    }
    if isinstance(rule, HeadsPer) and rule.least is not None:
        keys |= _exceptions("heads_min_for", rule.least_for, then.least_for if isinstance(then, HeadsPer) else {})
    return keys


@_keys.register
def _(rule: MinutesMax, then: MinutesMax | None, rules: Rules) -> ScenarioKeys | None:
    exceptions = _exceptions("minutes_max_for", rule.minutes_for, {} if then is None else then.minutes_for)
    return {"minutes_max": None if then is None else then.minutes, **exceptions}


def _exceptions(key: str, before: Mapping[int, float], after: Mapping[int, float]) -> ScenarioKeys:
    """Limits of a few schools' own, where they differ; they go with the limit that they are exceptions to."""
    return {} if before == after else {key: dict(after)}


@_keys.register(KmMax)
@_keys.register(HostMinutesMax)
@_keys.register(AssociatesMax)
@_keys.register(MovedMax)
@_keys.register(LinksBrokenMax)
@_keys.register(GrantMax)
def _(rule: Rule, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    (key,) = rule.keys
    limit = next((getattr(then, name) for name in ("most", "minutes", "km") if hasattr(then, name)), None)
    return {key: limit}


@_keys.register(Together)
@_keys.register(Apart)
def _(rule: Together | Apart, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    (key,) = rule.keys
    stated: list[list[int]] = getattr(rules, key)
    kept = [urns for urns in stated if frozenset(urns) != rule.urns]
    return None if len(kept) == len(stated) else {key: kept}


@_keys.register
def _(rule: LinkedTogether, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    return None


@_keys.register
def _(rule: Locked, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    return None if rules.keep else _without(rule.key, rule.name, rules)  # `keep` would lock it again


@_keys.register
def _(rule: Same, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    return _without("same", rule.column, rules)


@_keys.register
def _(rule: SmallByRoll, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    return _without("robust", rule.roll, rules)


def _without(key: str, value: str, rules: Rules) -> ScenarioKeys | None:
    stated: list[str] = getattr(rules, key)
    return {key: [one for one in stated if one != value]} if value in stated else None


@_keys.register
def _(rule: DistinctMax, then: DistinctMax | None, rules: Rules) -> ScenarioKeys | None:
    kept = {column: most for column, most in rules.distinct_max.items() if column != rule.column}
    return {"distinct_max": kept if then is None else {**kept, rule.column: then.most}}


@_keys.register
def _(rule: AtLeastOne, then: Rule | None, rules: Rules) -> ScenarioKeys | None:
    return {"at_least_one": {column: value for column, value in rules.at_least_one.items() if column != rule.column}}
