"""The scheme around a plan: who pays what, who meets where, who advises whom. `scheme_of` makes a `Scheme` of all.

| part of `Scheme` | module | what it tells |
|---|---|---|
| `money` | `money` | pence a year, to start, by stage; lump sums as imported; what travel costs; totals |
| `venues` | `venues` | by partnership's number: best venue, a fair rota, what each head drives, worst first |
| `advisers` | `advisers` | who serves whom, proven; each patch; `leaving`: what if advisers go |
| `posts` | `posts` | by number: shared posts from pupils, days a school, the holder's base and drives |
| `review` | `review` | trios, proven; who is left out; days; `calendars` makes them .ics by school |
| `training` | `training` | by number: the training day's venue by minutes and places |
| `bands` | `bands` | schools by size, and what became of them |
| `exceptions` | `exceptions` | schools in, out or associated by name, and why: the reason is private |
| `effects` | `effects` | did it work: shares with intervals, survey, activity; None unless results are given |
| `log` | `stages` | how far each partnership has come: the decisions in the plan file |

Parts whose tables are not given are None or empty. Private, for internal papers only: `ExceptionMade.reason`,
`Trio.matches`, `inputs.strengths`, `inputs.needs`, `inputs.survey`; everything else may stand in public papers.

`settings` are the tables of the scenario file, `inputs` what their files hold, `offices` drives from advisers' desks,
`proof` CP-SAT asked for proof, `trios` HiGHS for the best trios, `kept` the log in the plan file, `patch_sheet` an
adviser's page. Imports go one way:
settings <- inputs <- stages, venues, bands <- money, advisers, posts, training, effects <- review <- scheme.
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
