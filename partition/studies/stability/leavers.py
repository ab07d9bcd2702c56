"""Which heads would leave which partnerships: a mark on a plan that is being changed, quick enough to follow edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Event

from partition.plans.account import Account
from partition.solver.tempting import Temptation, Tempter
from partition.solver.watch import Limits, Watch
from partition.studies.stability.text import a_year, name

MARKED = 40  # the most tempting groups, by which partnerships are marked; each is judged by every rule in Python
TOLD_OF_EACH = 2  # groups of one partnership, in words


@dataclass(frozen=True)
class Leavers:
    """The most tempting groups in which every head would gain at least `gain` thousandths a year.

    `whole` says whether the search went to its end, and `every` whether there is no such group but these.
    """

    account: Account
    gain: int
    groups: tuple[Temptation, ...]
    whole: bool
    every: bool

    @cached_property
    def heads(self) -> Mapping[int, tuple[int, ...]]:
        """The headships that would leave each partnership, by its number; only of those that somebody would leave."""
        found: dict[int, set[int]] = {}
        for group in self.groups:
            for headship in group.members:
                if headship in self._place:
                    found.setdefault(self._place[headship], set()).add(headship)
        return {number: tuple(sorted(heads)) for number, heads in sorted(found.items())}

    @cached_property
    def _place(self) -> Mapping[int, int]:
        """The number of each head's partnership."""
        return {headship: item.number for item in self.account.partnerships for headship in item.group.members}

    @property
    def verdict(self) -> str:
        """The answer for the plan as a whole, in words."""
        gain = a_year(self.gain, self.account.unit, 3)
        if not self.groups:
            if self.whole:
                return f"Nobody would leave: no group of heads could each gain {gain} in one of their own. Proven."
            return "Whether anybody would leave was not found out in the time given."
        more = (
            "" if self.every else f" Only {len(self.groups)} of the most tempting groups are counted: more may leave."
        )
        if not self.heads:
            return f"Heads who are not placed now could form a partnership of their own.{more}"
        many = f"{len(self.heads)} partnership{'s' * (len(self.heads) != 1)}"
        return f"Heads of {many} may leave: groups of them could each gain {gain} in one of their own.{more}"

    def words(self, number: int) -> Iterator[str]:
        """Yield the most tempting groups that heads of a partnership are in, one sentence each."""
        mine = [group for group in self.groups if number in {self._place.get(headship) for headship in group.members}]
        for group in mine[:TOLD_OF_EACH]:
            names = [name(self.account, headship) for headship in group.members]
            least = group.gain or 0  # somebody of this partnership is in it, and so placed now
            told = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
            yield f"{told} would rather be together: each gains {a_year(least, self.account.unit)} or more."
        if len(mine) > TOLD_OF_EACH:
            others = len(mine) - TOLD_OF_EACH
            yield f"{others} other group{'s' * (others != 1)} would as well."


def would_leave(
    account: Account,
    gain: int,
    *,
    limits: Limits | None = None,
    tempter: Tempter | None = None,
    stop: Event | None = None,
) -> Leavers:
    """Return who would leave the partnerships of a plan for a gain, in thousandths a year, 1 or more.

    `tempter` is a search of the plan's own problem, which may be used for one plan after another. Setting `stop` ends
    the search with what was found by then.
    """
    tempter = tempter or Tempter(account.problem)
    tempter.make_ready()
    with Watch(limits or Limits(), None, stop) as watch:
        tempter.stop = watch.stop
        found = tempter.most_tempting(account.own, gain, MARKED)
    return Leavers(
        account=account,
        gain=gain,
        groups=found.groups,
        whole=found.whole,
        every=found.whole and len(found.groups) < MARKED,
    )
