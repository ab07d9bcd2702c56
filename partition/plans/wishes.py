"""Wishes met by a plan and refusals kept to, as counts that name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from partition.formats.language import ENGLISH, Language
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.plans.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesMet:
    """Counts of wishes of one head for another, each pair of heads once: met by a plan, and in all.

    A mutual wish is a pair of heads who wish for each other; a refusal is kept to where the two are not together.
    """

    met: int
    wishes: int
    first_met: int
    first: int
    mutual_met: int
    mutual: int
    refusals_kept: int
    refusals: int

    def words(self, language: Language = ENGLISH) -> Iterator[tuple[str, str]]:
        """Yield each figure with its name; none of what nobody asked."""
        phrase, counts = language.phrase, {"met": self.met, "all": self.wishes}
        first = {"first_met": self.first_met, "first": self.first}
        mutual = {"mutual_met": self.mutual_met, "mutual": self.mutual}
        if self.wishes and self.mutual:
            met = phrase(
                "{met} of {all} ({first_met} of {first} first wishes, {mutual_met} of {mutual} mutual ones)",
                **counts,
                **first,
                **mutual,
            )
            yield phrase("Wishes met"), met
        elif self.wishes:
            yield (
                phrase("Wishes met"),
                phrase("{met} of {all} ({first_met} of {first} first wishes)", **counts, **first),
            )
        if self.refusals:
            kept = phrase("{kept} of {all}", kept=self.refusals_kept, all=self.refusals)
            yield phrase("Refusals kept to"), kept

    def facts(self) -> dict[str, int]:
        """Return the counts by name, for JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def wishes_met(problem: Problem, plan: Plan) -> WishesMet:
    """Count the wishes of headships that take part, and their refusals, that a plan keeps to."""
    roster = problem.roster
    number = {node: n for n, group in enumerate(problem.groups(plan)) for node in group.members}

    def together(a: int, b: int) -> bool:
        return a in number and number[a] == number.get(b)

    best: dict[tuple[int, int], int] = {}
    for wish in roster.wishes:
        pair = wish.headship, wish.wished
        best[pair] = min(best.get(pair, wish.rank), wish.rank)
    first = [pair for pair, rank in best.items() if rank == 1]
    mutual = [(a, b) for a, b in best if a < b and (b, a) in best]
    return WishesMet(
        met=sum(together(*pair) for pair in best),
        wishes=len(best),
        first_met=sum(together(*pair) for pair in first),
        first=len(first),
        mutual_met=sum(together(*pair) for pair in mutual),
        mutual=len(mutual),
        refusals_kept=sum(not together(*pair) for pair in roster.refusals),
        refusals=len(roster.refusals),
    )


def wishes_facts(account: Account) -> dict[str, dict[str, int]]:
    """Return the counts under the name "wishes", for JSON; nothing where no head wished for anybody or refused."""
    counts = wishes_met(account.problem, account.plan)
    return {"wishes": counts.facts()} if counts.wishes or counts.refusals else {}
