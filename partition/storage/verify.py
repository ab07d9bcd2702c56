"""Check that a plan file is true: calculate its rules, costs and seal again, without a solver."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from geodata.faults import BadData
from geodata.urns import Urn, urns_of
from partition.formats.plan_layout import DRAWN
from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.shares import shares
from partition.scenario.case import Case
from partition.storage.plan_file import OWN_COLUMNS, Stored, differences, sources_of
from partition.storage.read_back import stored_plan, stored_problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """The faults found in a plan file, and the statements that were accepted as sealed, without a check."""

    wrong: tuple[str, ...]
    as_sealed: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Return whether no fault was found."""
        return not self.wrong


def verify(stored: Stored, inputs: Case | None = None) -> Verdict:
    """Check a plan file against itself and, if given, against the inputs that the plan was made from.

    Rules, costs, figures, the digest and the seal are calculated again; nothing is solved.

    Parameters
    ----------
    stored : Stored
        The content of a plan file, as `read_plan` returns it.
    inputs : Case, optional
        The scenario with its data, as `load` returns it. With `inputs`, hashes of the files are compared, and the rules
        and costs are calculated from the inputs too.

    Returns
    -------
    Verdict
        `wrong` lists every fault in words; `as_sealed` lists statements that were not checked, for example the bound (a
        check would mean solving again). `agrees` is True where `wrong` is empty.

    Notes
    -----
    A file whose plan cannot be calculated again raises nothing: the reason is one of the faults in `wrong`.
    """
    wrong = differences(stored)
    try:
        wrong += _other_digest(stored)
        wrong += _recomputed(stored, stored_problem(stored), frozenset(stored.run["left_out"]))
        if inputs is not None:
            wrong += _other_inputs(stored, inputs)
            wrong += [f"from the inputs: {words}" for words in _recomputed(stored, inputs.problem, frozenset())]
    except (BadData, KeyError, ValueError, TypeError) as error:
        wrong.append(f"it cannot be recomputed: {error}")
    as_sealed = (
        []
        if stored.run.get("status") == "judged"
        else ["the bound and the fewest unplaced: proving them again means solving"]
    )
    if any(layer in stored.tables for layer in DRAWN):
        as_sealed.append("what its map shows (areas, ground, lines, places): no rule and no cost reads it")
    if inputs is None:
        as_sealed += [f"{what}: left out of a public plan; give the inputs" for what in stored.run.get("left_out", [])]
    else:
        unhashed = [source.name for source in sources_of(stored) if not source.sha256]
        as_sealed += [f"{name}: a public plan keeps no hash of it; costs were recomputed from it" for name in unhashed]
    return Verdict(tuple(dict.fromkeys(wrong)), tuple(as_sealed))


def _other_inputs(stored: Stored, inputs: Case) -> Iterator[str]:
    given = {source.name: source.sha256 for source in (*inputs.sources, *inputs.private_sources)}
    for source in sources_of(stored):
        if source.name not in given:
            yield f"{source.name}: the plan was made from it, but it is not among the inputs given"
        elif source.sha256 and given[source.name] != source.sha256:
            yield f"{source.name}: not the file that the plan was made from"


def _other_digest(stored: Stored) -> Iterator[str]:
    if stored_plan(stored).digest != stored.run["digest"]:
        yield "the plan's digest is not that of its schools"


def _recomputed(stored: Stored, problem: Problem, left_out: Collection[str]) -> Iterator[str]:
    """Yield each difference between the file and a fresh calculation; `left_out`: what the problem may lack of it."""
    run, plan = stored.run, stored_plan(stored)
    broken = check(problem, plan)
    if run["status"] == "judged":
        known = {words for _, _, words, _ in run["breaches"]}
        broken = [breach for breach in broken if breach.words not in known]
        if withheld := run["breaches_left_out"]:  # of private rules, which a public file counts and does not name
            if not left_out and sum(breach.private for breach in broken) != withheld:
                yield "the number of broken rules that a public plan leaves out differs"
            broken = [breach for breach in broken if not breach.private]
    yield from (f"a rule is broken: {breach.words}" for breach in broken)
    if problem.unplaced(plan) != urns_of(run["unplaced"]):
        yield "the schools not yet placed differ"
    if run["status"] == "optimal" and run["fewest_bound"] != len(run["unplaced"]):
        yield "it is called optimal, but more may be placed than it places"
    if len(plan.partnerships) != run["partnerships"]:
        yield "the number of partnerships differs"
    yield from _other_costs(stored, problem, plan, left_out)
    yield from _other_figures(stored, problem, plan)
    yield from _other_own(stored, problem, plan, complete="links" not in left_out)


def _other_costs(stored: Stored, problem: Problem, plan: Plan, left_out: Collection[str]) -> Iterator[str]:
    terms = ["travel", "change", "balance", "likeness", "lacks"]
    terms += ["links", "fairness"] * ("links" not in left_out) + ["wishes"] * ("answers" not in left_out)
    rows = {(row["what"], str(row["which"])): row for row in stored.tables["costs"].to_dict("records")}
    headships = problem.roster.headships
    fresh: dict[tuple[str, str], Cost] = {
        ("partnership", str(n)): problem.tariff.cost(group) for n, group in enumerate(problem.groups(plan), 1)
    }
    fresh |= {("alone", str(headships[h].base_urn)): problem.tariff.alone(h) for h in problem.alone(plan)}
    if set(rows) != set(fresh):
        yield "the table of costs does not list the plan's partnerships and headships alone"
    total = Cost()
    for key, cost in fresh.items():
        total += cost
        for term in terms:
            said = rows.get(key, {}).get(term)
            if said is not None and int(said) != getattr(cost, term):
                yield f"{key[0]} {key[1]}: {term} is {getattr(cost, term) / 1000:.3f}, the file says {said / 1000:.3f}"
    said_total: Mapping[str, int] = stored.run["cost"]
    for term in terms:
        said = said_total.get(term, 0)
        if said != getattr(total, term):
            yield f"{term} in all is {getattr(total, term) / 1000:.3f}, the file says {said / 1000:.3f}"
    if said_total["total"] != sum(amount for term, amount in said_total.items() if term != "total"):
        yield "the terms of the cost do not add up to its total"
    bound = stored.run["bound"]
    if bound is not None and bound > said_total["total"]:
        yield "the bound is above the cost"
    if stored.run["status"] == "optimal" and bound != said_total["total"]:
        yield "it is called optimal, but cost and bound differ"


def _other_figures(stored: Stored, problem: Problem, plan: Plan) -> Iterator[str]:
    rows = {int(row["number"]): row for row in stored.tables["partnerships"].to_dict("records")}
    for number, group in enumerate(problem.groups(plan), 1):
        row = rows.get(number, {})
        fresh = {
            "heads": len(group.members),
            "schools": len(group.schools),
            "associates": group.associates,
            "pupils": group.pupils,
        }
        for what, value in fresh.items():
            if row.get(what) != value:
                yield f"partnership {number}: {what} is {value}, the file says {row.get(what)}"
        venue, said = problem.tariff.venue(group), row.get("venue_urn")
        if said is None or said != said or Urn(said) != venue:
            yield f"partnership {number}: venue_urn is {venue}, the file says {said}"


def _other_own(stored: Stored, problem: Problem, plan: Plan, *, complete: bool) -> Iterator[str]:
    """Yield each difference in what heads have; plans of earlier versions do not say."""
    schools = stored.tables["schools"]
    columns = [column for column in OWN_COLUMNS if column in schools and (complete or column != "own_links")]
    costs = dict(zip((h.base_urn for h in problem.roster.headships), shares(problem, plan), strict=True))
    for row in schools[["urn", *columns]].to_dict("records"):
        urn = Urn(row["urn"])
        for column in columns:
            cost, said = costs.get(urn), None if pd.isna(row[column]) else int(row[column])
            fresh = None if cost is None else getattr(cost, column.removeprefix("own_"))
            if fresh != said:
                yield f"{urn}: {column} is {_thousandths(fresh)}, the file says {_thousandths(said)}"


def _thousandths(amount: int | None) -> str:
    return "nothing" if amount is None else f"{amount / 1000:.3f}"
