"""How far each partnership has come: a log of decisions, kept in the plan file and carried over to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from partition.model.matching import successors
from partition.plans.account import Account
from partition.settings.scheme import STAGES, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the log: the partnership, by its number in the plan, comes to this stage on this day."""

    partnership: int
    stage: Stage
    day: str  # ISO
    note: str = ""
    costs_pounds: int | None = None  # of the business plan, as approved
    carried: str = ""  # "3 Fen": what the partnership was in the plan that it came from, if it is carried over

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise ValueError(f"{self.stage!r} is not a stage; there are: {', '.join(STAGES)}")
        date.fromisoformat(self.day)


HEADINGS = tuple(field.name for field in fields(Decision))


class Log:
    """All decisions of a plan, in the order of their days; of one day, as they were taken."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self.decisions: tuple[Decision, ...] = tuple(sorted(decisions, key=lambda one: one.day))

    def of(self, partnership: int) -> tuple[Decision, ...]:
        """The decisions on one partnership."""
        return tuple(one for one in self.decisions if one.partnership == partnership)

    def stage(self, partnership: int) -> Stage:
        """Where it stands: proposed, until something is decided."""
        return next((one.stage for one in reversed(self.of(partnership))), "proposed")

    def stages(self, partnerships: Iterable[int]) -> dict[int, Stage]:
        """Where each of these stands; none where nothing is decided on any, and there is nothing to tell apart."""
        return {number: self.stage(number) for number in partnerships} if self.decisions else {}

    def reached(self, partnership: int, stage: Stage) -> str | None:
        """The day on which it last came to this stage, or past it, from below; None if it has not, or has left."""
        if self.stage(partnership) == "left":
            return None
        day: str | None = "" if stage == "proposed" else None
        for one in self.of(partnership):
            if STAGES.index(one.stage) < STAGES.index(stage):
                day = None
            elif day is None:
                day = one.day
        return day

    def costs_pounds(self, partnership: int) -> int | None:
        """The business plan's costs as last approved."""
        return next((o.costs_pounds for o in reversed(self.of(partnership)) if o.costs_pounds is not None), None)


def carried_over(log: Log, names: Mapping[int, str], old: Sequence[Sequence[int]], account: Account) -> Log:
    """The log as it goes on in a new plan: with the partnership that continues the old one's headships.

    `old` holds the old partnerships' URNs in order of their numbers, `names` what they were called. What no
    partnership continues ends here; the plan it came from keeps it.
    """
    heads = account.problem.roster.headship_of
    before = [{heads[urn] for urn in urns if urn in heads} for urns in old]
    after = [set(item.group.members) for item in account.partnerships]
    goes_to = {i + 1: j + 1 for i, j in successors(before, after).items()} if before and after else {}
    return Log(
        replace(one, partnership=goes_to[one.partnership], carried=one.carried or _was(one, names))
        for one in log.decisions
        if one.partnership in goes_to
    )


def _was(one: Decision, names: Mapping[int, str]) -> str:
    return f"{one.partnership} {names.get(one.partnership, '')}".strip()
