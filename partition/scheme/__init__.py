"""The scheme around a plan: who pays what, who meets where, who advises whom. `scheme_of` returns a `Scheme`.

| part of `Scheme` | module | content |
|---|---|---|
| `money` | `money` | the ledger of payments by year and stage, sums by formula as imported, cost of travel; totals |
| `bought` | `money` | by partnership: what a year's grant buys of shared posts, and what is left |
| `venues` | `venues` | by partnership's number: best venue, a fair rota, drives of each head, longest first |
| `advisers` | `advisers` | who serves whom, proven; each patch; `leaving`: what changes if advisers leave |
| `posts` | `posts` | by partnership's number: shared posts from pupils, days a school, the holder's base and drives |
| `review` | `review` | trios, with proof; heads in no trio; days; `calendars` gives .ics files by school |
| `training` | `training` | by partnership's number: the training day's venue by minutes and places |
| `bands` | `bands` | schools by size, and how many of each size are placed |
| `exceptions` | `exceptions` | schools in, out or associated by name, and why: the reason is private |
| `effects` | `effects` | results of small schools: shares with intervals, survey, activity; None without data |
| `log` | `stages` | the stage of each partnership: the decisions in the plan file |

Parts whose tables are not given are None or empty. A partnership that has left is in no part, but in `money.left`
and `log`. Private, for internal papers only: `ExceptionMade.reason`,
`Trio.matches`, `inputs.strengths`, `inputs.needs`, `inputs.survey`; everything else may appear in public papers.

Other modules: `ledger` works out each payment, `travel` the cost of drives, `inputs` reads the files that the tables
name, `offices` drives from advisers' offices, `proof` runs
CP-SAT until proof, `trios` finds the best trios with OR-Tools, `kept` keeps the scheme in the plan file, `patch_sheet`
is an adviser's page, `review_sheet` a round of review on paper. The scenario's tables are in `partition.settings`.
Imports go one way: inputs, stages <- ledger <- travel, posts <- money; venues, bands <- advisers, posts, training,
effects <- review <- scheme.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partition.scheme.scheme import Scheme as Scheme
    from partition.scheme.scheme import scheme_of as scheme_of

_HOMES = {"Scheme": "scheme", "scheme_of": "scheme"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
