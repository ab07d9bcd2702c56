"""Pairs of heads whose schools could share one: those that the criteria allow, ranked by what the user's columns say.

Nothing is solved. A pair comes before another where it is better in the first of the reasons asked for in which the two
differ. Amounts are compared in steps, so that a minute or a place does not outweigh all that comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from geodata.cells import as_day, whole_number
from geodata.faults import BadData, Fault
from geodata.labels import is_blank
from geodata.people import REASON, is_personal
from partition.model.area import Area
from partition.model.problem import Problem
from partition.model.roster import CENTIMINUTES, Group
from partition.model.rules import HeadsPer
from partition.settings.federations import REASONS, Federations, Reason
from partition.solver.encode import search_space

PAIR = 2
VACANT = ""  # the day of a post that is vacant: before every day


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is known of a head: the day on which the post falls vacant, and the surplus places; None: not known."""

    vacant_from: str | None = None  # "" where it is vacant
    surplus: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two heads, by position in the roster, that the criteria allow together; `minutes` is the slower way."""

    heads: tuple[int, int]
    minutes: float
    posts: tuple[Post, Post]
    alike: tuple[str, ...]  # columns
    kept_apart: bool  # by a criterion that only the office reads, such as a refusal by both

    @property
    def falling_vacant(self) -> tuple[str, ...]:
        """The days on which its posts fall vacant, the first one first."""
        return tuple(sorted(post.vacant_from for post in self.posts if post.vacant_from is not None))

    @property
    def surplus(self) -> int | None:
        """The surplus places of both together; None where those of either are not known."""
        a, b = (post.surplus for post in self.posts)
        return None if a is None or b is None else a + b


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All pairs, by position. `not_named` are the reasons for which no column is named."""

    problem: Problem
    asked: Federations
    pairs: tuple[Pair, ...]
    not_named: tuple[Reason, ...]

    def reasons(self, internal: bool) -> tuple[Reason, ...]:
        """Return what pairs are ranked by; to the public without what tells of heads' posts."""
        order = [reason for reason in self.asked.order if reason not in self.not_named]
        return tuple(reason for reason in order if internal or reason != "posts")

    def ranked(self, internal: bool) -> tuple[Pair, ...]:
        """Return the pairs, the best first.

        The order itself tells what it is by, so the public's knows nothing of posts. Nor has it left out whom a private
        criterion keeps apart, as that would show who they are.
        """
        keys = [self._keys[reason] for reason in self.reasons(internal)]
        pairs = [pair for pair in self.pairs if not (internal and pair.kept_apart)]
        return tuple(sorted(pairs, key=lambda pair: ([key(pair) for key in keys], pair.minutes, pair.heads)))

    @property
    def _keys(self) -> dict[Reason, Callable[[Pair], object]]:
        asked = self.asked
        return {
            "posts": lambda pair: (not pair.falling_vacant, pair.falling_vacant[:1], -len(pair.falling_vacant)),
            "surplus": lambda pair: (pair.surplus is None, -((pair.surplus or 0) // asked.surplus_step)),
            "drive": lambda pair: pair.minutes // asked.drive_step,
            "character": lambda pair: -len(pair.alike),
        }


def find_federations(problem: Problem, asked: Federations, file: str) -> Found:
    """Return every pair of heads that keeps all criteria on partnerships, with the reasons for it.

    Parameters
    ----------
    problem
        The problem, with every column that is named.
    asked
        The columns, and the order of the reasons.
    file
        The name of the file of schools, for faults.

    Raises
    ------
    BadData
        Where the criteria ask for more than two heads, and with every cell of a named column that cannot be used.
    """
    faults = [*_no_pairs(problem), *_unusable(problem.area, asked, file)]
    if faults:
        raise BadData(faults)
    posts = [_post(problem.area, asked, headship.schools) for headship in problem.roster.headships]
    given = {"posts": asked.private_columns, "surplus": asked.surplus, "drive": True, "character": asked.character}
    return Found(
        problem=problem,
        asked=asked,
        pairs=tuple(_pairs(problem, asked, posts)),
        not_named=tuple(reason for reason in REASONS if not given[reason]),
    )


def _no_pairs(problem: Problem) -> Iterator[Fault]:
    least = max((rule.least or 0 for rule in problem.rules if isinstance(rule, HeadsPer)), default=0)
    if least > PAIR:
        fix = 'a federation of two is to be found: set it to 2, or start from extends = "preset:federation-search"'
        yield Fault(file="scenario", column="rules.heads_min", value=least, fix=fix)


def _unusable(area: Area, asked: Federations, file: str) -> Iterator[Fault]:
    """Yield a fault for every cell of a named column that says nothing usable; a blank says that nothing is known."""
    wanted: list[tuple[str | None, Callable[[str], bool], str]] = [
        (asked.vacancy, lambda text: text.casefold() in ("yes", "no"), "say yes or no, or leave it blank"),
        (asked.leaving, lambda text: as_day(text) is not None, "write the day as 2027-08-31, or leave it blank"),
        (asked.surplus, lambda text: whole_number(text) is not None, "give a whole number, or leave it blank"),
    ]
    for heading in asked.columns:
        if heading not in area.columns:
            fix = f"name another column, or off: {REASON if is_personal(heading) else 'no school has this one'}"
            yield Fault(file="scenario", column="federations", value=heading, fix=fix)
    for column, fits, fix in wanted:
        for position, text in enumerate(area.columns.get(column or "", ())):
            if not is_blank(text) and not fits(text.strip()):
                school = area.names[position]
                yield Fault(file=file, column=str(column), value=text, fix=fix, school=school, fix_for_all=fix)


def _post(area: Area, asked: Federations, schools: Sequence[int]) -> Post:
    """Return what is known of the head of these schools: of several days the first, of surplus places the sum."""

    def cells(column: str | None) -> list[str]:
        told = [] if column is None else [area.columns[column][position].strip() for position in schools]
        return [text for text in told if not is_blank(text)]

    is_vacant = any(text.casefold() == "yes" for text in cells(asked.vacancy))
    days = [VACANT] if is_vacant else sorted(as_day(text) or "" for text in cells(asked.leaving))
    places = [whole_number(text) or 0 for text in cells(asked.surplus)]
    return Post(vacant_from=days[0] if days else None, surplus=sum(places) if places else None)


def _pairs(problem: Problem, asked: Federations, posts: Sequence[Post]) -> Iterator[Pair]:
    roster = problem.roster
    near = search_space(problem.under([rule for rule in problem.rules if not rule.private])).neighbours
    for a in range(len(roster)):
        for b in sorted(other for other in near[a] if other > a):
            group = roster.group((a, b))
            breaches = list(problem.breaches(group))
            if all(breach.private for breach in breaches):
                yield Pair(
                    heads=(a, b),
                    minutes=int(group.base_centiminutes.max()) / CENTIMINUTES,
                    posts=(posts[a], posts[b]),
                    alike=tuple(column for column in asked.character if _alike(group, column)),
                    kept_apart=bool(breaches),
                )


def _alike(group: Group, column: str) -> bool:
    """Say whether every school of both heads has one and the same value; a blank is like nothing."""
    values = [group.roster.area.values(column, [position]) for position in group.schools]
    return all(values) and len(set().union(*values)) == 1
