"""Why a small school is not yet placed, as facts; and the one place where these become a sentence.

Each kind of reason holds what it claims: a partnership with what it breaks, the rules that forbid, the number that
stays unplaced. So tests hold the facts, not only the words, against every partnership and every plan of a town.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.urns import Urn
from partition.model.area import Area
from partition.model.problem import Problem
from partition.model.roster import CENTIMINUTES, Headship
from partition.model.rules import Rule
from partition.plans.near_misses import Miss

NOT_FOR_PUBLICATION = "a criterion that is not for publication"
MISSES_SHOWN = 2
BREACHES_SHOWN = 2  # of one partnership
NAMED_MAX = 4  # schools of one partnership named


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """No partnership with the head keeps every rule on a partnership. `misses` come nearest, the nearest first."""

    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """Some partnership with the head keeps every rule on a partnership, but no plan that keeps every rule has one.

    `rules` are in the way: without any one of them such a plan exists, where `each`; otherwise only without all.
    """

    rules: tuple[Rule, ...]
    each: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavesOut:
    """Some plan under all rules places the head's schools, but every plan leaves at least `fewest` unplaced."""

    fewest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProven:
    """Some partnership with the head keeps every rule on a partnership; more is not known.

    `fewest`: every plan leaves at least so many small schools unplaced, where that is known. `searched`: a search
    looked for a plan that places the head's schools too, and ended before it found one.
    """

    fewest: int | None = None
    searched: bool = False


Reason = Nowhere | Forbidden | LeavesOut | NotProven


def reason_words(problem: Problem, node: int, reason: Reason, *, internal: bool = False) -> str:
    """Return a reason as a sentence without its full stop; private rules are not named, if not `internal`."""
    return _shared_head(problem, problem.roster.headships[node]) + _words(problem, node, reason, internal)


def _shared_head(problem: Problem, headship: Headship) -> str:
    """Return whose head it is, where that head leads several schools, and how far apart these are."""
    if len(headship.schools) == 1:
        return ""
    area = problem.area
    names = [area.name_of(urn) for urn in headship.urns]
    pairs = [(a, b) for n, a in enumerate(headship.schools) for b in headship.schools[n + 1 :]]
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = area.travel.between(one, other)[0], area.travel.between(other, one)[0]
    reached = (there >= 0) & (back >= 0)
    furthest = max(int(there.max()), int(back.max())) / CENTIMINUTES
    apart = (
        f"{'up to ' * (len(pairs) > 1)}{furthest:.1f} minutes apart" if reached.all() else "with no road between all"
    )
    return f"its head leads {_and(names)}, {apart}; "


def _words(problem: Problem, node: int, reason: Reason, internal: bool) -> str:
    match reason:
        case Nowhere(misses=misses):
            return _nowhere(problem, node, misses, internal)
        case Forbidden(rules=rules, each=each):
            told = [rule.words() for rule in rules if internal or not rule.private]
            told += [NOT_FOR_PUBLICATION] * (len(told) < len(rules))
            few = "it fits some partnership, but no plan that keeps every criterion places it; one could without"
            several = not each and len(told) > 1
            return f"{few}{' all of' * several}: {'; '.join(told) if several else '; or without: '.join(told)}"
        case LeavesOut(fewest=fewest):
            return (
                f"it fits some partnership, but every plan leaves at least {_schools(fewest)} unplaced; "
                "placing this one would leave out another"
            )
        case NotProven(fewest=fewest, searched=searched):
            words = "it fits some partnership"
            if fewest:
                words += f", but every plan leaves at least {_schools(fewest)} unplaced"
            if searched:
                return f"{words}; the search ended before it found a plan that places as many and this one"
            return f"{words}; whether a plan that keeps every criterion places it is not proven"


def _nowhere(problem: Problem, node: int, misses: Sequence[Miss], internal: bool) -> str:
    if len(problem.roster) == 1:
        return "there is no other head whom it could join"
    words = "no partnership that has it keeps every criterion"
    told = [miss for miss in misses if internal or not miss.private]
    if not told:
        return f"{words}; in the way is {NOT_FOR_PUBLICATION}" if misses else words
    own = set(problem.roster.headships[node].urns)
    return "; ".join([words, *(miss_words(problem.area, miss, own) for miss in told[:MISSES_SHOWN])])


def miss_words(area: Area, miss: Miss, own: set[Urn]) -> str:
    """Return a near miss in words: with whom, and what is then broken."""
    others = [area.name_of(urn) for urn in miss.urns if urn not in own]
    broken = list(dict.fromkeys(breach.words for breach in miss.breaches))
    more = len(broken) - BREACHES_SHOWN
    tail = [f"{more} more such"] if more > 0 else []
    return f"with {_and(others, NAMED_MAX)}: {', and '.join([*broken[:BREACHES_SHOWN], *tail])}"


def _and(names: Sequence[str], most: int | None = None) -> str:
    """Return names joined for people; of more than `most` the first, and the number of the others."""
    if most is not None and len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} other schools"]
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _schools(count: int) -> str:
    return f"{count} small school{'s' * (count != 1)}"
