"""A plan file read back: its problem, its plan and its account, as far as the file itself tells them. No solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import geopandas
import numpy as np
import pandas as pd

from geodata.answers import Answer
from geodata.faults import BadData, Fault
from geodata.minutes import StoredMinutes
from partition.formats.plan_layout import heading_of
from partition.model.area import Area, Existing, Link
from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import Breach
from partition.plans.account import Account, Sealed
from partition.scenario.adjust import shared_links
from partition.scenario.build import build_participation, build_preferences, build_rules
from partition.settings.scenario import Scenario
from partition.settings.scheme import Money
from partition.solver.run import Run
from partition.solver.watch import Limits
from partition.storage.plan_file import ALTERED, Stored, seal_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """A plan as its file tells it, and what pages say besides: a `Background`, with its `account`."""

    account: Account
    scenario: Scenario  # what the file keeps of it: rules, priorities and money
    title: str
    status: str
    told: tuple[str, ...]
    attribution: tuple[str, ...]
    money: Money
    base: tuple[geopandas.GeoDataFrame, ...] = ()  # no plan file holds one
    left_out: tuple[str, ...]  # what a public file does not say: "links", "rules.apart"


def read_back(stored: Stored) -> ReadBack:
    """The plan as its file tells it: names, reasons and sealed figures are the file's. Raises BadData where it cannot.

    A file altered since it was written is read all the same, and says so among what is told.
    """
    try:
        run, problem = stored.run, stored_problem(stored)
        sealed = Sealed(
            cost=_cost(run["cost"]),
            links_of={urn: (kept, broken) for urn, kept, broken in _links_of(stored)},
            criteria=tuple(run["criteria"]),
        )
        account = account_of(stored, problem, sealed)
        altered = [] if run["seal"] == seal_of(stored.tables) else [f"{stored.name}: {ALTERED}"]
        back = ReadBack(
            account=account,
            scenario=_scenario(stored),
            title=run["title"],
            status=run["status_words"],
            told=(*altered, *run["told"]),
            attribution=tuple(run["attribution"]),
            money=_scenario(stored).money,
            left_out=tuple(run["left_out"]),
        )
        _ = account.partnerships  # every minute they need must be there
    except (KeyError, ValueError, TypeError) as wrong:
        fix = f"it cannot be worked out again ({wrong}); `partnerships verify` tells what was altered"
        raise BadData([Fault(file=stored.name, fix=fix)]) from wrong
    return back


def refuse_public(stored: Stored) -> None:
    """Raises BadData where the file does not hold who works with whom, so that nothing internal can be told from it."""
    if {"links", "answers"} & set(stored.run["left_out"]):
        fix = (
            "a public plan file does not hold who works with whom, or who said what; "
            "plan with --internal, or leave --internal out"
        )
        raise BadData([Fault(file=stored.name, fix=fix)])


def refuse_judged(stored: Stored) -> None:
    """Raises BadData where the file holds groups that were judged."""
    if stored.run["status"] == "judged":
        fix = "these groups were judged, not planned, and may break rules; give a plan that `partnerships plan` made"
        raise BadData([Fault(file=stored.name, fix=fix)])


def account_of(stored: Stored, problem: Problem, sealed: Sealed | None = None) -> Account:
    """The file's plan over a problem: its own (then give what is `sealed`), or the same one from its inputs."""
    plan, schools = stored_plan(stored), stored.tables["schools"]
    partnerships = stored.tables["partnerships"].sort_values("number")
    unplaced = set(problem.unplaced(plan))
    reasons = {int(urn): why for urn, why in schools[["urn", "reason"]].itertuples(index=False) if urn in unplaced}
    return Account(
        problem,
        plan,
        run=_run(stored, plan),
        breaches=tuple(_breaches(stored)),
        reasons={urn: why for urn, why in reasons.items() if why},
        names=tuple(partnerships["name"]),
        sealed=sealed,
    )


def stored_plan(stored: Stored) -> Plan:
    """The plan itself, from the schools' own rows."""
    schools = stored.tables["schools"]
    groups: dict[int, list[int]] = {}
    taking_part = []
    for urn, role, number in schools[["urn", "role", "partnership"]].itertuples(index=False):
        if role != "not taking part":
            taking_part.append(int(urn))
        if not pd.isna(number):
            groups.setdefault(int(number), []).append(int(urn))
    return Plan.of(groups.values(), taking_part)


def stored_problem(stored: Stored) -> Problem:
    """The problem as far as the file itself tells it: with links and who is kept apart in an internal one only."""
    schools = stored.tables["schools"].sort_values("urn", ignore_index=True)
    urns = schools["urn"].to_numpy(dtype=np.int64)
    scenario = _scenario(stored)
    area = Area(
        urns=urns,
        names=tuple(schools["name"]),
        pupils=schools["pupils"].to_numpy(dtype=np.int64),
        eastings=schools.geometry.x.to_numpy().astype(np.int64),
        northings=schools.geometry.y.to_numpy().astype(np.int64),
        travel=_travel(stored, urns),
        towns=tuple(schools["town"]) if schools["town"].any() else (),
        columns={
            heading: tuple(schools[column].fillna(""))
            for column in schools.columns
            if (heading := heading_of(column)) is not None
        },
        headship_of={int(u): str(name) for u, name in zip(urns, schools["headship"], strict=True) if name},
        bases=frozenset(scenario.data.bases),
        links=_links(stored),
        existing=_existing(schools),
        answers=_answers(schools),
        corrected={int(u): _corrected(was) for u, was in zip(urns, schools["corrected"], strict=True) if was},
    )
    area = replace(area, links=(*area.links, *shared_links(area, scenario.data.links_from)))
    return Problem(area, build_rules(scenario, area), build_preferences(scenario), build_participation(scenario))


def _scenario(stored: Stored) -> Scenario:
    return Scenario.model_validate(stored.run["scenario"])


def _run(stored: Stored, plan: Plan) -> Run | None:
    """How the plan was found, but for the seconds, which no file keeps; None if it was judged."""
    run = stored.run
    if run["status"] == "judged":
        return None
    return Run(
        status=run["status"],
        plan=plan,
        cost=_cost(run["cost"]),
        bound=run["bound"],
        fewest_bound=run["fewest_bound"],
        unplaced=len(run["unplaced"]),
        stopped_by=run["stopped_by"],
        limits=Limits(gap=run["gap_asked"], seed=run["seed"]),
        solver=run["found_by"],
        seconds=0.0,
    )


def _cost(terms: dict[str, int]) -> Cost:
    return Cost(**{term: terms[term] for term in ("travel", "links", "change", "balance")})


def _breaches(stored: Stored) -> Iterator[Breach]:
    for rule, urns, words, private in stored.run["breaches"]:
        yield Breach(rule, tuple(urns), words, private)
    for _ in range(stored.run["breaches_left_out"]):
        yield Breach("apart", (), "some schools that are kept apart are together", private=True)


def _travel(stored: Stored, urns: np.ndarray) -> StoredMinutes:
    minutes = stored.tables["minutes"]
    ends = minutes[["urn_from", "urn_to"]].to_numpy(dtype=np.int64)
    if strangers := set(ends.ravel().tolist()) - set(urns.tolist()):
        raise ValueError(f"minutes are stored of a school that is not listed, {min(strangers)}")
    origin, destination = np.searchsorted(urns, ends).T
    taken = minutes["centiminutes"].to_numpy(), minutes["metres"].to_numpy()
    credits = tuple(stored.run["attribution"])
    return StoredMinutes.from_pairs(urns, origin, destination, *taken, str(stored.run["travel"]), credits)


def _links(stored: Stored) -> tuple[Link, ...]:
    """Those of an internal plan."""
    if "links" not in stored.tables:
        return ()
    rows = stored.tables["links"][["urn_a", "urn_b", "weight", "kind"]].itertuples(index=False)
    return tuple(
        Link(urn_a=int(a), urn_b=int(b), weight=float(weight), kind=str(kind or "")) for a, b, weight, kind in rows
    )


def _links_of(stored: Stored) -> Iterator[tuple[int, int, int]]:
    rows = stored.tables["schools"][["urn", "links_kept", "links_broken"]].itertuples(index=False)
    return ((int(urn), int(kept), int(broken)) for urn, kept, broken in rows)


def _answers(schools: Any) -> dict[int, Answer]:
    """Those of an internal plan."""
    if "answer" not in schools.columns:
        return {}
    rows = schools[["urn", "answer", "answered", "prefers"]].itertuples(index=False)
    return {
        int(urn): Answer(said=said, date=day, partners=tuple(int(other) for other in prefers.split("; ") if other))
        for urn, said, day, prefers in rows
        if said
    }


def _existing(schools: Any) -> tuple[Existing, ...]:
    urns_by_name: dict[str, list[int]] = {}
    for urn, name in schools[["urn", "today"]].itertuples(index=False):
        if name:
            urns_by_name.setdefault(str(name), []).append(int(urn))
    return tuple(Existing(name=name, urns=tuple(urns)) for name, urns in urns_by_name.items())


def _corrected(words: str) -> tuple[int | None, int]:
    """ "blank -> 61" or "50 -> 61"."""
    was, now = words.split(" -> ")
    return None if was == "blank" else int(was), int(now)
