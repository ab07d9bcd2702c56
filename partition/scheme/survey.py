"""A survey of the partnerships' schools: how many answered, and what share agrees with each statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean

from geodata.labels import first_spellings
from geodata.urns import Urn
from partition.plans.account import Account
from partition.scheme.intervals import Interval, percent
from partition.settings.scheme import Effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What was answered to one statement, by all or by one partnership; None where too few schools answered."""

    text: str
    partnership: int | None  # its number; None: all partnerships together
    responses: int
    schools: int  # that gave them
    agreeing: int | None
    interval: Interval | None  # of the share that agrees
    mean: float | None  # of answers from 1 to 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What schools in partnerships answered. Answers of other schools are counted only as `elsewhere`."""

    asked: int  # schools in partnerships
    answered: int  # of them
    statements: tuple[Statement, ...]
    by_partnership: tuple[Statement, ...]  # internal: the schools of a partnership are few, and known to each other
    elsewhere: int

    @property
    def response_words(self) -> str:
        """Return the response rate in words: "12 of 20 schools in partnerships answered (60 %)"."""
        share = f" ({percent(self.answered / self.asked)})" if self.asked else ""
        return f"{self.answered} of {self.asked} schools in partnerships answered{share}"


def survey_of(account: Account, answers: Iterable[tuple[Urn, str, int]], settings: Effects) -> Survey:
    """Return the survey by statement, in the file's order. `answers` are URN, statement and a number from 1 to 5."""
    answers = tuple(answers)
    place, first = account.place_of, first_spellings(text for _, text, _ in answers)
    said: dict[str, list[tuple[Urn, int]]] = {}
    for urn, text, answer in answers:
        if urn in place:
            said.setdefault(first[text], []).append((urn, answer))
    numbers = sorted({place[urn] for found in said.values() for urn, _ in found})
    return Survey(
        asked=len(place),
        answered=len({urn for found in said.values() for urn, _ in found}),
        statements=tuple(_statement(text, None, found, settings) for text, found in said.items()),
        by_partnership=tuple(
            _statement(text, number, own, settings)
            for number in numbers
            for text, found in said.items()
            if (own := [(urn, answer) for urn, answer in found if place[urn] == number])
        ),
        elsewhere=sum(urn not in place for urn, _, _ in answers),
    )


def _statement(text: str, number: int | None, found: list[tuple[Urn, int]], settings: Effects) -> Statement:
    schools, values = len({urn for urn, _ in found}), [answer for _, answer in found]
    enough = schools >= settings.responses_least
    agreeing = sum(answer >= settings.agree_from for answer in values)
    return Statement(
        text=text,
        partnership=number,
        responses=len(values),
        schools=schools,
        agreeing=agreeing if enough else None,
        interval=Interval.of(agreeing, len(values), settings.z) if enough else None,
        mean=mean(values) if enough else None,
    )
