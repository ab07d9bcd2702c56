"""The figures that papers quote, each worked out once and named by what it is a total of.

The workbook's sheet "Figures" holds them as formulas over its other sheets; report, sheets and JSON quote the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from partition.plans.amounts import PENCE, pounds
from partition.scheme import Scheme
from partition.scheme.ledger import FIRST, START, year_words

Unit = Literal["", "£"]
WHATS = (START, FIRST)
NOT_KNOWN = "of no known year"  # instead of a financial year, in the key of what is still to be decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One figure: a key by which papers find it, its words, and its amount, in pence where the unit is "£"."""

    key: str
    words: str
    amount: int
    unit: Unit = ""
    at_most: bool = False

    @property
    def text(self) -> str:
        """Return the amount as papers write it."""
        told = pounds(self.amount) if self.unit else f"{self.amount:,}"
        return f"at most {told}" if self.at_most else told

    @property
    def value(self) -> float:
        """Return the amount as a number: a count, or pounds."""
        return self.amount / PENCE if self.unit else self.amount

    @property
    def fact(self) -> dict[str, object]:
        """Return the figure as JSON holds it."""
        return {
            "key": self.key,
            "figure": self.words,
            "unit": self.unit,
            "value": self.value,
            "at_most": self.at_most,
        }


def year_key(year: int | None) -> str:
    """Return the key of all grants of a financial year; None: of those whose year is not known yet."""
    return f"grant {NOT_KNOWN if year is None else year_words(year)}"


def quoted(scheme: Scheme) -> Mapping[str, Quoted]:
    """Return every figure by its key, in the order of the sheet."""
    return {one.key: one for one in (*_counts(scheme), *_money(scheme), *_posts(scheme), *_travel(scheme))}


def _counts(scheme: Scheme) -> Iterator[Quoted]:
    account = scheme.account
    present = account.present
    counts = {
        "small schools": ("Small schools that take part", account.problem.roster.small_schools),
        "partnerships": ("Partnerships of several heads that have not left", len(account.joined)),
        "federations": ("Federations that are partnerships in themselves", len(account.federations)),
        "heads": ("Heads in these partnerships and federations", sum(len(i.group.members) for i in present)),
        "schools": ("Schools in them, associates too", sum(len(i.group.schools) for i in present)),
        "placed": ("Small schools in them", account.small_placed),
        "associates": ("Associates in them", sum(i.group.associates for i in present)),
        "pupils": ("Pupils in them", sum(i.group.pupils for i in present)),
        "unplaced": ("Small schools not yet placed", len(account.unplaced)),
        "left": ("Partnerships that have left: in no other count or sum", len(account.left)),
        "small left": ("Small schools in partnerships that have left", account.small_left),
    }
    yield from (Quoted(key=key, words=words, amount=amount) for key, (words, amount) in counts.items())
    if scheme.advisers is not None:
        without, both = len(scheme.advisers.unserved), "Partnerships and federations"
        yield Quoted(key="advised", words=f"{both} with an adviser", amount=len(present) - without)
        yield Quoted(key="not advised", words=f"{both} without an adviser yet", amount=without)


def _money(scheme: Scheme) -> Iterator[Quoted]:
    money = scheme.money
    if not money.is_set:
        return
    starts, firsts = (any(p.at_most and p.what == what for p in money.ledger.grants) for what in WHATS)
    yield _sum("start", "Grant to start, paid or still to come", money.total("start_pence"), starts)
    yield _sum("first", "Grant of the first financial year, paid or still to come", money.total("first_pence"), firsts)
    yield _sum("first year", "Grant in the first year in all: both", money.total("first_year_pence"), money.at_most)
    yield _sum("paid", "Of that, paid by the decisions so far", money.total("paid_pence"))
    yield _sum("to come", "Of that, still to come", money.total("to_come_pence"), money.at_most)
    yield _sum("later year", "Grant in each later year", money.total("yearly_pence"))
    for year in money.ledger.years:
        yield _sum(year_key(year), f"Grant in {year_words(year)}, as the ledger has it", money.ledger.in_year(year))
    if waiting := money.ledger.in_year(None):
        yield _sum(year_key(None), "Grant of a financial year not known yet", waiting, money.at_most)
    if money.left:
        paid = sum(one.paid_pence for one in money.left)
        yield _sum("paid to left", "Paid to partnerships before they left: in no other sum", paid)


def _posts(scheme: Scheme) -> Iterator[Quoted]:
    bought = scheme.bought
    if bought:
        yield _sum("posts", "Shared posts a year", sum(one.posts_pence for one in bought))
        yield _sum("left of grant", "Left of a whole year's grant after them", sum(one.left_pence for one in bought))


def _travel(scheme: Scheme) -> Iterator[Quoted]:
    travels = [one.travel for one in scheme.money.partnerships]
    if not travels:
        return
    yield Quoted(key="minutes", words="Heads' driving a year, minutes", amount=sum(t.heads_minutes for t in travels))
    if all(t.heads_miles is not None for t in travels):
        yield Quoted(key="miles", words="Heads' driving a year, miles", amount=sum(t.heads_miles or 0 for t in travels))
    priced = {
        "mileage": ("Mileage of heads a year", [t.mileage_pence for t in travels]),
        "heads' time": ("Time of heads a year", [t.heads_time_pence for t in travels]),
        "staff visits": ("Visits of staff a year", [t.staff_pence for t in travels]),
    }
    for key, (words, pence) in priced.items():
        if any(pence):
            yield _sum(key, words, sum(amount or 0 for amount in pence))


def _sum(key: str, words: str, pence: int, at_most: bool = False) -> Quoted:
    return Quoted(key=key, words=words, amount=pence, unit="£", at_most=at_most)
