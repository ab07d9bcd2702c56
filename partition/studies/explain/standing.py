"""Federations that stand by themselves: partnerships already, which join others only if the settings ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from partition.model.problem import Problem
from partition.model.roster import Group, Headship
from partition.model.rules import Rule
from partition.model.rules.rule import Keys
from partition.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class Standing(Rule):
    """The rule of every problem that these federations join no other partnership; only in the changes of a way out.

    `names` are as people type them in `rules.joins_others`. To drop the rule is to let the federations join others.
    """

    names: tuple[str, ...]

    @classmethod
    def of(cls, group: Group) -> Standing | None:
        """Return the rule on the federations of a partnership that has other heads as well; None where it has none."""
        return cls(tuple(_called(group, one) for one in group.standing)) if group.standing else None

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"joins_others": [*stated.joins_others, *self.names]}

    def words(self) -> str:
        return f"{' and '.join(self.names)} in no other partnership"

    def way(self) -> str:
        """Return in words what to drop the rule means."""
        return f"let {' and '.join(self.names)} join others"


def _called(group: Group, headship: Headship) -> str:
    """Return how the settings call a headship: by its name, or by a URN where another is called so too."""
    called = [one for one in group.roster.headships if one.is_called(headship.name)]
    return headship.name if len(called) == 1 else headship.base_urn


def under(problem: Problem, rules: Iterable[Rule], dropped: Iterable[Rule]) -> Problem:
    """Return a problem under other rules, in which federations whose `Standing` was dropped join others."""
    names = {name for rule in dropped if isinstance(rule, Standing) for name in rule.names}
    if not names:
        return problem.under(rules)
    who = problem.roster.who
    return Problem(problem.area, list(rules), problem.preferences, replace(who, joins_others=who.joins_others | names))
