"""A plan file read back into its problem, plan and account, as far as the file holds them. No solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas
import numpy as np
import pandas as pd

from geodata.answers import Answer
from geodata.faults import BadData, Fault
from geodata.grid import DEGREES
from geodata.minutes import StoredMinutes
from geodata.urns import Urn, urns_of
from partition.formats.language import Language
from partition.formats.plan_layout import DRAWN, heading_of, identifier_of
from partition.model.area import Area, Existing, Link
from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import Breach
from partition.plans.account import Account, Sealed
from partition.plans.identity import identified
from partition.scenario.adjust import shared_links
from partition.scenario.build import build_participation, build_preferences, build_rules
from partition.settings.map import LanguageCode
from partition.settings.scenario import Scenario
from partition.settings.scheme import Money, Posts, Venues
from partition.solver.run import Run
from partition.solver.watch import Limits
from partition.storage.plan_file import ALTERED, Stored, seal_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """A plan as its file describes it, with title, status and credits: the `Background` of a map, and its `account`."""

    account: Account
    scenario: Scenario  # only the part that the file keeps: rules, preferences, money, posts, venues, some of data
    title: str
    status: str
    told: tuple[str, ...]
    attribution: tuple[str, ...]
    base: tuple[geopandas.GeoDataFrame, ...] = ()  # as the plan's own map has it; none in a file written without a map
    left_out: tuple[str, ...]  # keys of what a public file leaves out: "links", "answers", "rules.apart" ...

    def title_in(self, language: Language) -> str:
        """Return the heading as the file keeps it, in whatever language that is."""
        return self.title

    @property
    def language(self) -> LanguageCode:
        """Return the code of the language that the plan's own map is in."""
        return self.scenario.map.language

    @property
    def money(self) -> Money:
        """Return the scheme's money as the file keeps it."""
        return self.scenario.money

    @property
    def posts(self) -> Posts:
        """Return the posts that the file keeps, or those that a paper is asked to show."""
        return self.scenario.posts

    @property
    def venues(self) -> Venues:
        """Return what the file says of meetings, or what a paper is asked to show."""
        return self.scenario.venues


def read_back(stored: Stored) -> ReadBack:
    """Return the plan as its file describes it: names, reasons and sealed figures are those of the file.

    Parameters
    ----------
    stored : Stored
        The content of a plan file, as `read_plan` returns it.

    Returns
    -------
    ReadBack
        The account of the plan, and the texts that maps and papers show with it. Where the seal does not fit, the plan
        is read all the same, and the first line of `told` says that the file was altered.

    Raises
    ------
    BadData
        Where the plan cannot be calculated again from the file, for example because a drive within a partnership is
        missing.
    """
    try:
        run, problem = stored.run, stored_problem(stored)
        sealed = Sealed(
            cost=_cost(run["cost"]),
            links_of={urn: (kept, broken) for urn, kept, broken in _links_of(stored)},
            criteria=tuple(run["criteria"]),
            links_known="links" not in run["left_out"],
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
            base=tuple(_drawn(stored)),
            left_out=tuple(run["left_out"]),
        )
        _ = account.partnerships  # raises where a drive within a partnership is missing
    except (KeyError, ValueError, TypeError) as wrong:
        fix = f"it cannot be worked out again ({wrong}); `partnerships verify` tells what was altered"
        raise BadData([Fault(file=stored.name, fix=fix)]) from wrong
    return back


def _drawn(stored: Stored) -> Iterator[geopandas.GeoDataFrame]:
    """Yield what lies beneath the plan on its map."""
    for layer in DRAWN:
        if layer in stored.tables:
            degrees = geopandas.GeoDataFrame(stored.tables[layer]).to_crs(DEGREES)
            shapes = [stored.container.grid.unbroken(shape) for shape in degrees.geometry]
            yield degrees.set_geometry(shapes, crs=DEGREES)


def refuse_public(stored: Stored) -> None:
    """Refuse a public file where internal papers are wanted. Raises BadData where it leaves links or answers out."""
    if {"links", "answers"} & set(stored.run["left_out"]):
        fix = (
            "a public plan file does not hold who works with whom, or who said what; "
            "plan with --internal, or leave --internal out"
        )
        raise BadData([Fault(file=stored.name, fix=fix)])


def refuse_judged(stored: Stored) -> None:
    """Refuse a file of judged groups. Raises BadData where the file holds groups that exist today, not a plan."""
    if stored.run["status"] == "judged":
        fix = "these groups were judged, not planned, and may break rules; give a plan that `partnerships plan` made"
        raise BadData([Fault(file=stored.name, fix=fix)])


def account_of(stored: Stored, problem: Problem, sealed: Sealed | None = None) -> Account:
    """Return the account of the file's plan over a problem.

    The problem is either read from the file (then give the figures that the file has `sealed`) or built from its
    inputs.
    """
    plan, schools = stored_plan(stored), stored.tables["schools"]
    partnerships = stored.tables["partnerships"].sort_values("number")
    unplaced = set(problem.unplaced(plan))
    more = partnerships.reindex(columns=["key", "was"], fill_value="")  # plans of earlier versions have neither
    known = zip(identified(tuple(partnerships["name"]), plan), more["key"], more["was"], strict=True)
    reasons = {Urn(urn): why for urn, why in schools[["urn", "reason"]].itertuples(index=False)}
    return Account(
        problem,
        plan,
        run=_run(stored, plan),
        breaches=tuple(_breaches(stored)),
        reasons={urn: why for urn, why in reasons.items() if why and urn in unplaced},
        identities=[replace(begun, key=key or begun.key, was=was) for begun, key, was in known],
        sealed=sealed,
    )


def stored_plan(stored: Stored) -> Plan:
    """Return the plan itself: its partnerships, from the rows of the schools."""
    schools = stored.tables["schools"]
    groups: dict[int, list[Urn]] = {}
    taking_part = []
    for urn, role, number in schools[["urn", "role", "partnership"]].itertuples(index=False):
        if role != "not taking part":
            taking_part.append(Urn(urn))
        if not pd.isna(number):
            groups.setdefault(int(number), []).append(Urn(urn))
    return Plan.of(groups.values(), taking_part)


def stored_problem(stored: Stored) -> Problem:
    """Return the problem as far as the file holds it; only an internal file holds links, and schools kept apart."""
    schools = stored.tables["schools"]
    schools = schools.iloc[np.argsort(np.array(urns_of(schools["urn"]), dtype=object), kind="stable")]
    urns = urns_of(schools["urn"])
    scenario = _scenario(stored)
    area = Area(
        urns=urns,
        names=tuple(schools["name"]),
        pupils=schools["pupils"].to_numpy(dtype=np.int64),
        eastings=schools.geometry.x.to_numpy().astype(np.int64),
        northings=schools.geometry.y.to_numpy().astype(np.int64),
        grid=stored.container.grid,
        identifier=identifier_of(stored.run),
        travel=_travel(stored, urns),
        towns=tuple(schools["town"]) if schools["town"].any() else (),
        columns={
            heading: tuple(schools[column].fillna(""))
            for column in schools.columns
            if (heading := heading_of(column)) is not None
        },
        headship_of={u: str(name) for u, name in zip(urns, schools["headship"], strict=True) if name},
        bases=frozenset(scenario.data.bases),
        links=_links(stored),
        existing=_existing(schools),
        answers=_answers(schools),
        corrected={u: _corrected(was) for u, was in zip(urns, schools["corrected"], strict=True) if was},
    )
    area = replace(area, links=(*area.links, *shared_links(area, scenario.data.links_from)))
    return Problem(area, build_rules(scenario, area), build_preferences(scenario), build_participation(scenario))


def _scenario(stored: Stored) -> Scenario:
    return Scenario.model_validate(stored.run["scenario"])


def _run(stored: Stored, plan: Plan) -> Run | None:
    """Return how the plan was found, None for judged groups. The seconds are 0: no file keeps the time taken."""
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
    return Cost(**{term: amount for term, amount in terms.items() if term != "total"})


def _breaches(stored: Stored) -> Iterator[Breach]:
    for rule, urns, words, private in stored.run["breaches"]:
        yield Breach(rule, urns_of(urns), words, private)
    for _ in range(stored.run["breaches_left_out"]):
        yield Breach("apart", (), "some schools that are kept apart are together", private=True)


def _travel(stored: Stored, urns: Sequence[Urn]) -> StoredMinutes:
    minutes = stored.tables["minutes"]
    place_of = {urn: place for place, urn in enumerate(urns)}
    ends = [[Urn(urn) for urn in minutes[name].tolist()] for name in ("urn_from", "urn_to")]
    if strangers := {*ends[0], *ends[1]} - place_of.keys():
        raise ValueError(f"minutes are stored of a school that is not listed, {min(strangers)}")
    origin, destination = ([place_of[urn] for urn in column] for column in ends)
    taken = minutes["centiminutes"].to_numpy(), minutes["metres"].to_numpy()
    credits = tuple(stored.run["attribution"])
    return StoredMinutes.from_pairs(urns, origin, destination, *taken, str(stored.run["travel"]), credits)


def _links(stored: Stored) -> tuple[Link, ...]:
    """Return the working links, which only an internal file holds."""
    if "links" not in stored.tables:
        return ()
    rows = stored.tables["links"][["urn_a", "urn_b", "weight", "kind"]].itertuples(index=False)
    return tuple(
        Link(urn_a=Urn(a), urn_b=Urn(b), weight=float(weight), kind=str(kind or "")) for a, b, weight, kind in rows
    )


def _links_of(stored: Stored) -> Iterator[tuple[Urn, int, int]]:
    rows = stored.tables["schools"][["urn", "links_kept", "links_broken"]].itertuples(index=False)
    return ((Urn(urn), int(kept), int(broken)) for urn, kept, broken in rows)


def _answers(schools: Any) -> dict[Urn, Answer]:
    """Return the schools' answers by URN, which only an internal file holds."""
    if "answer" not in schools.columns:
        return {}
    columns = ["urn", "answer", "answered", "prefers", "wishes", "not_wanted"]
    rows = schools.reindex(columns=columns, fill_value="").itertuples(index=False)

    def listed(urns: str) -> tuple[Urn, ...]:
        return urns_of(other for other in urns.split("; ") if other)

    return {
        Urn(urn): Answer(
            said=said, date=day, partners=listed(prefers), wishes=listed(wishes), not_wanted=listed(not_wanted)
        )
        for urn, said, day, prefers, wishes, not_wanted in rows
        if said
    }


def _existing(schools: Any) -> tuple[Existing, ...]:
    urns_by_name: dict[str, list[Urn]] = {}
    for urn, name in schools[["urn", "today"]].itertuples(index=False):
        if name:
            urns_by_name.setdefault(str(name), []).append(Urn(urn))
    return tuple(Existing(name=name, urns=tuple(urns)) for name, urns in urns_by_name.items())


def _corrected(words: str) -> tuple[int | None, int]:
    """Return the number on roll before and after a correction, from "blank -> 61" or "50 -> 61"; None for blank."""
    was, now = words.split(" -> ")
    return None if was == "blank" else int(was), int(now)
