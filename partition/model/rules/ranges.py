"""Rules that state a range: the least and the largest number of something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from partition.model.roster import Group
from partition.model.rules.rule import Breach, Keys, Rule

if TYPE_CHECKING:
    from partition.settings.rules import Rules

SHARE_STEP = 10  # per cent, of pupils and of pounds


@dataclass(frozen=True, slots=True)
class Range(Rule):
    """A range from `least` to `most`; None where that end has no limit. Raises ValueError for `least` over `most`."""

    least: int | None = None
    most: int | None = None

    key: ClassVar[str]  # the names of its settings are this key with _min and with _max

    def __post_init__(self) -> None:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"at least {self.least} and at most {self.most}: no number is both; swap them")

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        to = then if isinstance(then, Range) else Range()
        ends = {"min": (self.least, to.least), "max": (self.most, to.most)}
        return {f"{self.key}_{end}": after for end, (before, after) in ends.items() if before is not None}

    def step(self, limit: int) -> int:
        """Return the step by which `looser` moves a limit."""
        return 1

    def parts(self) -> tuple[Rule, ...]:
        if self.least is None or self.most is None:
            return (self,)
        return replace(self, most=None), replace(self, least=None)

    def looser(self) -> tuple[str, Rule | None]:
        if self.most is not None:
            then = self.most + self.step(self.most)
            return f"{self.key}_max {self.most} to {then}", replace(self, most=then)
        assert self.least is not None
        then = max(self.least - self.step(self.least), 0)
        return f"{self.key}_min {self.least} to {then}", replace(self, least=then) if then else None


@dataclass(frozen=True, slots=True)
class Between(Range):
    """A range for a number that each partnership has, such as its heads; `what` names the thing counted."""

    what: ClassVar[str]

    def count(self, group: Group) -> int:
        """Return the number of a group that must be within the range."""
        raise NotImplementedError

    def counts(self, group: Group) -> Iterator[tuple[int, str]]:
        """Yield each number that must be within the range, with words to name it, such as " by 2030"."""
        yield self.count(group), ""

    def least_of(self, group: Group) -> int | None:
        """Return the least number for a partnership whose members are in this group."""
        return self.least

    def breaches(self, group: Group) -> Iterator[Breach]:
        least = self.least_of(group)
        for count, by in self.counts(group):
            if least is not None and count < least:
                what = self.what[:-1] if count == 1 else self.what
                yield Breach(f"{self.key}_min", group.urns, f"{count} {what}{by}, fewer than {least}")
            if self.most is not None and count > self.most:
                yield Breach(f"{self.key}_max", group.urns, f"{count} {self.what}{by}, more than {self.most}")

    def words(self) -> str:
        if self.least is None:
            return f"at most {self.most} {self.what}"
        if self.most is None:
            return f"at least {self.least} {self.what}"
        return f"{self.least} to {self.most} {self.what}"


def share(limit: int) -> int:
    """Return a tenth of a limit, rounded up, and at least 1."""
    return -(-limit * SHARE_STEP // 100) or 1
