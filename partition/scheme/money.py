"""The scheme's money around a plan: the ledger of its payments, sums by formula, and the cost of travel beside it.

In integer pence; all rates are the scenario's. Every figure is of the partnerships that have not left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from partition.plans.account import Account, PartnershipAccount
from partition.plans.amounts import PENCE
from partition.plans.budget import Budget
from partition.scheme.inputs import Inputs
from partition.scheme.ledger import (
    FIRST,
    LUMP_SUM,
    SPARSITY,
    START,
    Ledger,
    Payment,
    Terms,
    What,
    by_formula,
    in_order,
    later_years,
    payments_of,
    terms_of,
)
from partition.scheme.posts import posts_pence
from partition.scheme.stages import Log
from partition.scheme.travel import TravelCost, Travels
from partition.settings.scheme import STAGES, Money, Posts, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipMoney:
    """One partnership's money."""

    number: int
    name: str
    small_schools: int
    stage: Stage
    terms: Terms
    costs_pence: int | None  # of the business plan, as approved
    payments: tuple[Payment, ...]  # to start, and of the first year
    later: tuple[Payment, ...]  # of later years that the ledger has
    formula: tuple[Payment, ...]  # sums by formula of its schools, as imported
    travel: TravelCost

    @property
    def yearly_pence(self) -> int:
        """Return a whole year's grant: premium, and amount for each small school. So much is due each later year."""
        return self.terms.yearly

    @property
    def start_most_pence(self) -> int:
        """Return the most that there is to start."""
        return self.terms.start_most

    @property
    def start_pence(self) -> int:
        """Return the money to start that is paid or to come: at most the approved costs, where the scheme asks."""
        return self._sum(START)

    @property
    def first_pence(self) -> int:
        """Return what the first financial year brings besides the money to start."""
        return self._sum(FIRST)

    @property
    def first_year_pence(self) -> int:
        """Return all that is paid or to come to start and in the first financial year."""
        return sum(payment.pence for payment in self.payments)

    @property
    def paid_pence(self) -> int:
        """Return the payments of the stages that the partnership has reached; later years are not among them."""
        return sum(payment.pence for payment in self.payments if payment.is_paid)

    @property
    def to_come_pence(self) -> int:
        """Return what may still come to start and in the first year."""
        return self.first_year_pence - self.paid_pence

    @property
    def at_most(self) -> bool:
        """Return whether what is still to come is not known yet, but only its most."""
        return any(payment.at_most for payment in self.payments)

    @property
    def costs_are_missing(self) -> bool:
        """Return whether it would have been paid its start, if the costs of its business plan had been given."""
        return self.terms.costs_missing and not any(payment.what == START for payment in self.payments)

    def by_formula(self, what: What, year: int | None) -> tuple[Payment, ...]:
        """Return its sums by formula of one kind and financial year, a school each."""
        return tuple(one for one in self.formula if (one.what, one.year) == (what, year))

    def _sum(self, what: What) -> int:
        return sum(payment.pence for payment in self.payments if payment.what == what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """A partnership that has left: it is in no count and no sum, and is named with what it was paid before."""

    number: int
    name: str
    day: str  # of the decision
    schools: int
    small_schools: int
    payments: tuple[Payment, ...]  # that fell due before it left

    @property
    def paid_pence(self) -> int:
        """Return what it was paid to start and in its first year."""
        return sum(payment.pence for payment in self.payments)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFlow:
    """The cash flow at one stage, to start and of first years: partnerships there, and the payments on reaching it."""

    stage: Stage
    partnerships: int
    paid_pence: int
    to_come_pence: int


class MoneyAccount:
    """The money of a whole plan; every total is the sum over its partnerships that have not left."""

    def __init__(self, account: Account, money: Money, inputs: Inputs, log: Log) -> None:
        self.settings, self.source = money, money.source
        self._account, self._inputs, self._log = account.without(log.left), inputs, log

    @cached_property
    def partnerships(self) -> tuple[PartnershipMoney, ...]:
        """Return the money of every partnership that has not left."""
        travels = Travels(self._account, self.settings)
        return tuple(self._partnership(item, travels.cost(item)) for item in self._account.present)

    def of(self, number: int) -> PartnershipMoney:
        """Return the money of one partnership that has not left."""
        return next(one for one in self.partnerships if one.number == number)

    @cached_property
    def terms(self) -> dict[int, Terms]:
        """Return what the scheme pays each partnership that has not left, by its number."""
        return {item.number: self._terms(item) for item in self._account.present}

    @cached_property
    def ledger(self) -> Ledger:
        """Return every payment to the partnerships that have not left, and sums by formula of their schools."""
        first = [
            payment
            for number, terms in self.terms.items()
            for payment in payments_of(number, terms, self.settings, self._log)
        ]
        sums = {LUMP_SUM: self._inputs.lump_sums, SPARSITY: self._inputs.sparsity_sums}
        formula = [p for item in self._account.present for p in by_formula(item.number, item.group.urns, sums)]
        return Ledger(in_order([*first, *later_years(first, self.terms, self.settings), *formula]))

    @cached_property
    def left(self) -> tuple[Departed, ...]:
        """Return the partnerships that have left."""
        return tuple(self._departed(self._account.partnerships[number - 1]) for number in sorted(self._account.left))

    @property
    def is_set(self) -> bool:
        """Return whether the scheme pays anything."""
        money = self.settings
        return bool(money.per_partnership or money.per_school or money.start_per_school)

    def total(self, what: str) -> int:
        """Return the sum of a figure in pence over all partnerships, by the figure's name ("yearly_pence")."""
        return sum(getattr(one, what) for one in self.partnerships)

    @property
    def at_most(self) -> bool:
        """Return whether totals hold amounts of which only the most is known."""
        return any(payment.at_most for payment in self.ledger.grants)

    @property
    def travel_pence(self) -> int:
        """Return the cost of travel in pence, as far as it has a price."""
        return sum(one.travel.pence for one in self.partnerships)

    @property
    def formula_kinds(self) -> tuple[tuple[What, int | None], ...]:
        """Return the kinds and financial years of sums by formula that the ledger has."""
        found = {(one.what, one.year) for one in self.ledger.payments if one.school is not None}
        return tuple(sorted(found, key=lambda kind: (kind[0] != LUMP_SUM, kind[1] or 0)))

    @cached_property
    def flow(self) -> tuple[StageFlow, ...]:
        """Return the cash flow to start and of first years, by stage."""
        due = [payment for one in self.partnerships for payment in one.payments]
        stages = [one.stage for one in self.partnerships]
        return tuple(
            StageFlow(
                stage=stage,
                partnerships=stages.count(stage),
                paid_pence=sum(p.pence for p in due if p.stage == stage and p.is_paid),
                to_come_pence=sum(p.pence for p in due if p.stage == stage and p.is_to_come),
            )
            for stage in STAGES
            if stage != "left"
        )

    def _terms(self, item: PartnershipAccount) -> Terms:
        return terms_of(self.settings, item.group.small, self._log.costs_pounds(item.number))

    def _partnership(self, item: PartnershipAccount, travel: TravelCost) -> PartnershipMoney:
        own, costs = self.ledger.of(item.number), self._log.costs_pounds(item.number)
        return PartnershipMoney(
            number=item.number,
            name=item.name,
            small_schools=item.group.small,
            stage=self._log.stage(item.number),
            terms=self.terms[item.number],
            costs_pence=None if costs is None else costs * PENCE,
            payments=tuple(one for one in own if one.what in (START, FIRST)),
            later=tuple(one for one in own if one.what not in (START, FIRST)),
            formula=tuple(p for p in self.ledger.payments if p.partnership == item.number and p.school is not None),
            travel=travel,
        )

    def _departed(self, item: PartnershipAccount) -> Departed:
        before = self._log.until_left(item.number)
        payments = payments_of(item.number, self._terms(item), self.settings, before)
        return Departed(
            number=item.number,
            name=item.name,
            day=next(one.day for one in self._log.of(item.number)[len(before.decisions) :]),
            schools=len(item.group.schools),
            small_schools=item.group.small,
            payments=tuple(one for one in payments if one.is_paid),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a whole year's grant of one partnership buys: the posts that its schools share, and what is left then."""

    number: int
    name: str
    grant_pence: int
    posts: tuple[tuple[str, int], ...]  # title, and pence a year

    @property
    def posts_pence(self) -> int:
        """Return the cost of all its posts in a year."""
        return sum(pence for _, pence in self.posts)

    @property
    def left_pence(self) -> int:
        """Return what is left of the grant; less than nought where the posts cost more."""
        return self.grant_pence - self.posts_pence


def bought(account: Account, money: MoneyAccount, posts: Posts) -> Iterator[Bought]:
    """Yield a line for each partnership that has not left; none where no post has a price."""
    priced: Sequence[tuple[str, dict[int, int]]] = posts_pence(account, posts)
    for item in account.present if priced else ():
        yield Bought(
            number=item.number,
            name=item.name,
            grant_pence=money.terms[item.number].yearly,
            posts=tuple((title, pence[item.number]) for title, pence in priced),
        )


def budget_of(account: Account, money: Money, posts: Posts, log: Log) -> Budget:
    """Return what a plan costs in its first year, in each later year, and in posts."""
    present = account.without(log.left)
    found = MoneyAccount(present, money, Inputs(), log)
    priced = posts_pence(present, posts)
    first = [one for one in found.ledger.grants if one.what in (START, FIRST)]
    return Budget(
        first_year=sum(one.pence for one in first) if found.is_set else None,
        first_year_at_most=found.at_most,
        later_year=sum(terms.yearly for terms in found.terms.values()) if found.is_set else None,
        posts=sum(sum(pence.values()) for _, pence in priced) if priced else None,
    )
