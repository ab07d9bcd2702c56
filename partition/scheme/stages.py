"""The stage of each partnership: a log of decisions, kept in the plan file and carried over to the next plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from geodata.urns import Urn, urns_of
from partition.model.matching import successors
from partition.plans.account import Account
from partition.settings.scheme import STAGES, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the log: a partnership, by its number in the plan, reaches a stage on a day."""

    partnership: int
    stage: Stage
    day: str  # ISO
    note: str = ""
    costs_pounds: int | None = None  # of the business plan, as approved
    carried: str = ""  # if carried over: number and name in the earlier plan ("3 Fen")

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise ValueError(f"{self.stage!r} is not a stage; there are: {', '.join(STAGES)}")
        date.fromisoformat(self.day)


HEADINGS = tuple(field.name for field in fields(Decision))


class Log:
    """All decisions on a plan's partnerships, by day; decisions of one day in the order in which they were taken."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self.decisions: tuple[Decision, ...] = tuple(sorted(decisions, key=lambda one: one.day))

    def of(self, partnership: int) -> tuple[Decision, ...]:
        """Return the decisions on one partnership."""
        return tuple(one for one in self.decisions if one.partnership == partnership)

    def stage(self, partnership: int) -> Stage:
        """Return a partnership's stage: "proposed" until a decision is taken."""
        return next((one.stage for one in reversed(self.of(partnership))), "proposed")

    def stages(self, partnerships: Iterable[int]) -> dict[int, Stage]:
        """Return the stage of each of these partnerships; empty where the log has no decision at all."""
        return {number: self.stage(number) for number in partnerships} if self.decisions else {}

    def reached(self, partnership: int, stage: Stage) -> str | None:
        """Return the day on which a partnership last reached this stage, or passed it, from below.

        "" for "proposed" without a decision; None where it has not reached the stage, or has left.
        """
        if self.stage(partnership) == "left":
            return None
        day: str | None = "" if stage == "proposed" else None
        for one in self.of(partnership):
            if STAGES.index(one.stage) < STAGES.index(stage):
                day = None
            elif day is None:
                day = one.day
        return day

    @property
    def left(self) -> frozenset[int]:
        """Return the partnerships that have come to an end: they are in no count and no sum."""
        return frozenset(one.partnership for one in self.decisions if self.stage(one.partnership) == "left")

    def until_left(self, partnership: int) -> Log:
        """Return the log as it stood before the partnership left, if it has."""
        own = self.of(partnership)
        while own and own[-1].stage == "left":
            own = own[:-1]
        return Log(own)

    def costs_pounds(self, partnership: int) -> int | None:
        """Return the business plan's costs in pounds, as last approved; None where none were."""
        return next((o.costs_pounds for o in reversed(self.of(partnership)) if o.costs_pounds is not None), None)


def carried_over(log: Log, names: Mapping[int, str], old: Sequence[Sequence[Urn]], account: Account) -> Log:
    """Return the log as it continues in a new plan: each decision moves to the partnership that continues the old one.

    `old` holds the old partnerships' URNs in order of their numbers, `names` their names by number. Decisions on a
    partnership that has left, or that no new one continues, are left out; the earlier plan file still has them.
    """
    heads = account.problem.roster.headship_of
    before = [
        {heads[urn] for urn in urns_of(urns) if urn in heads} if number not in log.left else set()
        for number, urns in enumerate(old, 1)
    ]
    after = [set(item.group.members) for item in account.partnerships]
    goes_to = {i + 1: j + 1 for i, j in successors(before, after).items()} if before and after else {}
    return Log(
        replace(one, partnership=goes_to[one.partnership], carried=one.carried or _was(one, names))
        for one in log.decisions
        if one.partnership in goes_to
    )


def _was(one: Decision, names: Mapping[int, str]) -> str:
    return f"{one.partnership} {names.get(one.partnership, '')}".strip()
