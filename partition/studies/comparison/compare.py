"""Plans compared: every figure side by side, and the changes from the first plan to each other one. No file, no map."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np

from geodata.identifier import IdentifierWords
from geodata.urns import Urn
from partition.formats.marks import LETTERS
from partition.model.costs import THOUSANDTHS, Preferences
from partition.model.rules import headships_moved
from partition.plans.account import Account
from partition.plans.amounts import MINUTES_PER_HOUR, PENCE
from partition.plans.budget import Budget
from partition.plans.changes import Changes

NOTHING_AT_NOUGHT = (  # figures that are left out where every plan has 0
    *("Associates joined in", "Broken links, as priced", "Change, as priced", "Balance of pupils, as priced"),
    *("Working links kept", "Working links broken", "Criteria broken"),
    *("Partnerships that have left", "Small schools in partnerships that have left"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A plan to compare, with its letter and its name.

    Parameters
    ----------
    letter : str
        A short label, such as "A".
    name : str
        The name of the plan for people.
    account : Account
        The plan over its problem.
    budget : Budget
        What the plan costs in its first year, in each later year and in posts. Default: nothing is set.
    """

    letter: str
    name: str
    account: Account
    budget: Budget = field(default_factory=Budget)


LATER = {  # terms of a cost that are shown where any plan's settings price them
    "likeness": "Unlike heads together, as priced",
    "lacks": "What partnerships lack, as priced",
    "wishes": "Wishes not met, as priced",
    "fairness": "Heads' own minutes, as priced",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of every plan, None for a plan without a value. Differences are only between values of one unit."""

    what: str
    units: tuple[str, ...]
    values: tuple[float | None, ...]
    decimals: int = 0

    @property
    def differences(self) -> tuple[float | None, ...]:
        """Return each later plan's figure minus that of the first; None for other units or a missing value."""
        return tuple(self._less_first(n) for n in range(1, len(self.values)))

    @property
    def is_cost(self) -> bool:
        """Return whether the figure is an amount of heads' travel, or priced in the same unit."""
        return self.units[0] in ("hours", "km")

    @property
    def differs(self) -> bool:
        """Return whether any two plans have different values."""
        return len({(value, unit) for value, unit in zip(self.values, self.units, strict=True)}) > 1

    def _less_first(self, n: int) -> float | None:
        first, value = self.values[0], self.values[n]
        if first is None or value is None or self.units[0] != self.units[n]:
            return None
        return value - first


class Comparison:
    """A comparison of plans, each with the first: figures side by side, and the schools and heads that change place.

    Parameters
    ----------
    options : sequence of Option
        The plans, from 2 to as many as there are letters (`partition.formats.marks.LETTERS`).

    Raises
    ------
    ValueError
        Where there are fewer plans, or more.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Account, Comparison, Option, Problem
    >>> from partition.model.area import Area
    >>> urns, pupils = np.array([1, 2, 3, 4]), np.array([50, 60, 70, 80])
    >>> places = {"eastings": np.array([0, 1000, 9000, 9500]), "northings": np.array([0, 0, 0, 0])}
    >>> travel = CrowFly(urns, *places.values())
    >>> area = Area(urns=urns, names=("Ash", "Bow", "Cam", "Dee"), pupils=pupils, travel=travel, **places)
    >>> problem = Problem(area)
    >>> pairs = Account(problem, problem.plan([[1, 2], [3, 4]]))
    >>> three = Account(problem, problem.plan([[1, 2, 3]]))
    >>> options = [
    ...     Option(letter="A", name="Pairs", account=pairs),
    ...     Option(letter="B", name="Three", account=three),
    ... ]
    >>> for figure in Comparison(options).differing[:3]:
    ...     print(figure.what, figure.values)
    Partnerships (2, 1)
    Heads placed (4, 3)
    Small schools placed (4, 3)
    """

    def __init__(self, options: Sequence[Option]) -> None:
        if not 2 <= len(options) <= len(LETTERS):
            raise ValueError(f"{len(options)} plans; give from 2 to {len(LETTERS)}")
        self.options = tuple(options)
        self.first, self.others = self.options[0], self.options[1:]

    @property
    def identifier(self) -> IdentifierWords:
        """Return what people call identifiers, in the first plan."""
        return self.first.account.area.identifier

    @cached_property
    def changes(self) -> tuple[Changes, ...]:
        """Return the changes from the first plan to each of the others."""
        return tuple(Changes(self.first.account, option.account) for option in self.others)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Return every figure, side by side."""
        return tuple(figure for figure in self._figures() if _says_something(figure))

    @cached_property
    def differing(self) -> tuple[Figure, ...]:
        """Return the figures that differ, without a cost that repeats the values of a cost before it."""
        found = [figure for figure in self.figures if figure.differs]
        costs = {(figure.values, figure.units): figure for figure in reversed(found) if figure.is_cost}
        return tuple(figure for figure in found if not figure.is_cost or costs[figure.values, figure.units] is figure)

    def _figures(self) -> Iterator[Figure]:
        def figure(what: str, unit: str, value: Callable[[Account], float | None], decimals: int = 0) -> Figure:
            values = tuple(value(option.account) for option in self.options)
            return Figure(what=what, units=(unit,) * len(values), values=values, decimals=decimals)

        yield figure("Partnerships", "", lambda a: len(a.joined))
        yield figure("Federations that are partnerships in themselves", "", lambda a: len(a.federations))
        yield figure("Partnerships that have left", "", lambda a: len(a.left))
        yield figure("Small schools in partnerships that have left", "", lambda a: a.small_left)
        yield figure("Heads placed", "", lambda a: sum(len(item.group.members) for item in a.present))
        yield figure("Small schools placed", "", lambda a: a.small_placed)
        yield figure("Small schools not yet placed", "", lambda a: len(a.unplaced))
        yield figure("Associates joined in", "", lambda a: sum(item.group.associates for item in a.present))
        yield figure("Pupils in partnerships", "", lambda a: sum(item.group.pupils for item in a.present))
        yield figure("Median drive between bases", "minutes", lambda a: _of(np.median, a.drives), 1)
        yield figure("Longest drive between bases", "minutes", lambda a: _of(np.max, a.drives), 1)
        yield self._priced("Heads' travel a year", lambda a: a.travel)
        yield self._priced("Broken links, as priced", lambda a: a.cost.links)
        yield self._priced("Change, as priced", lambda a: a.cost.change)
        yield self._priced("Balance of pupils, as priced", lambda a: a.cost.balance)
        for term, what in LATER.items():
            if any(term in option.account.problem.preferences.terms for option in self.options):
                yield self._priced(what, lambda a, term=term: a.cost.amounts[term])  # type: ignore[misc]
        yield self._priced("Priced in all", lambda a: a.cost.total)
        yield self._priced("Least it could cost", lambda a: None if a.run is None else a.run.bound)
        yield figure("Gap to that", "%", _gap_percent, 2)
        yield figure("Working links kept", "", lambda a: a.links_kept)
        yield figure("Working links broken", "", lambda a: a.links_broken)
        yield figure("Heads who move from today", "", _moved_from_today)
        yield Figure(
            what=f"Heads who move from {self.first.letter}",
            units=("",) * len(self.options),
            values=(0, *(changes.moved for changes in self.changes)),
        )
        yield self._pounds("Grant in the first year", lambda budget: budget.first_year)
        yield self._pounds("Grant in each later year", lambda budget: budget.later_year)
        yield self._pounds("Shared posts a year", lambda budget: budget.posts)
        yield figure("Criteria broken", "", lambda a: len(a.breaches))

    def _pounds(self, what: str, pence: Callable[[Budget], int | None]) -> Figure:
        """Return an amount of each plan's budget in pounds, with pence where any plan has some."""
        amounts = [pence(option.budget) for option in self.options]
        return Figure(
            what=what,
            units=("£",) * len(amounts),
            values=tuple(None if amount is None else amount / PENCE for amount in amounts),
            decimals=2 if any(amount and amount % PENCE for amount in amounts) else 0,
        )

    def _priced(self, what: str, thousandths: Callable[[Account], int | None]) -> Figure:
        """Return a figure in hours of heads' time a year, or in km, by the unit of each plan's cost."""
        units, values = [], []
        for option in self.options:
            hours = option.account.unit != "km"
            amount = thousandths(option.account)
            units.append("hours" if hours else "km")
            values.append(None if amount is None else amount / THOUSANDTHS / (MINUTES_PER_HOUR if hours else 1))
        return Figure(what=what, units=tuple(units), values=tuple(values), decimals=1)

    @cached_property
    def criteria(self) -> tuple[tuple[str, ...], ...]:
        """Return for each plan, in words, the criteria that not every plan has."""
        shared = set.intersection(*(set(option.account.criteria) for option in self.options))
        return tuple(tuple(c for c in option.account.criteria if c not in shared) for option in self.options)

    @cached_property
    def cautions(self) -> tuple[str, ...]:
        """Return sentences on what cannot be compared directly, and on schools under another identifier."""
        alone = [caution for option in self.options for caution in _of_itself(option)]
        pairs = zip(self.others, self.changes, strict=True)
        return (*alone, *(caution for option, changes in pairs for caution in _cautions(self.first, option, changes)))


def _says_something(figure: Figure) -> bool:
    known = [value for value in figure.values if value is not None]
    return any(known) if figure.what in NOTHING_AT_NOUGHT else bool(known)


def _of(what: Callable[[np.ndarray], float], drives: np.ndarray) -> float | None:
    return float(what(drives)) if len(drives) else None


def _gap_percent(account: Account) -> float | None:
    gap = None if account.run is None else account.run.gap
    return None if gap is None else 100 * gap


def _moved_from_today(account: Account) -> int | None:
    roster = account.problem.roster
    return headships_moved(roster, [item.group for item in account.present]) if roster.existing else None


def _of_itself(option: Option) -> Iterator[str]:
    if option.account.left:
        yield (
            f"{option.letter} is shown without the partnerships that have left: counts, drives, travel, links and "
            "money are of the others; what is priced, the gap and the criteria are of the plan as it was made."
        )
    if option.budget.first_year_at_most:
        yield (
            f"The grant in the first year of {option.letter} is the most that it can come to: it turns on approved "
            "costs or days of signing that are not known yet."
        )


def _cautions(first: Option, other: Option, changes: Changes) -> Iterator[str]:
    one, two = first.account, other.account
    here, there = first.letter, other.letter
    if one.area.travel.words != two.area.travel.words:
        yield (
            f"Minutes were worked out in different ways ({here}: {one.area.travel.words}; {there}: "
            f"{two.area.travel.words}): drives and costs do not compare."
        )
    for name, was, now in _other_priorities(one.problem.preferences, two.problem.preferences):
        yield f"Priorities differ ({name}: {was} in {here}, {now} in {there}): costs weigh different things."
    for old, new in changes.other_urns.items():
        yield f"{two.area.name_of(new)} ({old}) goes by {new} in {there}: compared as one school."
    today = {changes.other_urns.get(urn, urn): urn for urn in one.area.index}
    schools = set(today), set(two.area.index)
    for letter, only in ((here, schools[0] - schools[1]), (there, schools[1] - schools[0])):
        if only:
            yield f"{_count(only)} among the schools of {letter} only."
    differ = {u for u in schools[0] & schools[1] if _pupils(one, today[u]) != _pupils(two, u)}
    if differ:
        yield f"Numbers on roll differ at {len(differ)} school{'s' * (len(differ) != 1)} between {here} and {there}."
    if len(one.unplaced) != len(two.unplaced):
        yield f"{here} and {there} place different numbers of schools: travel counts for those placed only."


def _other_priorities(one: Preferences, two: Preferences) -> Iterator[tuple[str, object, object]]:
    for price in fields(one):
        was, now = getattr(one, price.name), getattr(two, price.name)
        if was != now:
            yield price.name, was, now


def _count(schools: Collection[Urn]) -> str:
    return "1 school is" if len(schools) == 1 else f"{len(schools)} schools are"


def _pupils(account: Account, urn: Urn) -> int:
    return int(account.area.pupils[account.area.index[urn]])
