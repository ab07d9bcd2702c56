"""Every head whom a plan leaves unplaced explained, and a spread of placed schools; and drafts told why not.

CPU seconds of this process: what a person waits for on an idle machine. An explanation may take WHOLE, its first
answer, which is what the plan itself says, FIRST. To improve a draft in which a kept partnership breaks a rule is
refused without a search.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import pytest
from cases import ALIKE, OSBOURNBY, REGISTER, SHARED_DATA, rules
from counties import write_federated_county

from geodata.faults import BadData
from geodata.urns import Urn
from partition.actions.plan import make_plan
from partition.plans.account import Account
from partition.sample import make_county, write_county
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.studies.explain.explain import explaining
from partition.studies.explain.typed import Typist
from partition.studies.hand_edits.draft import Draft, improving
from partition.studies.hand_edits.edits import Keep, Move

WHOLE, FIRST, REFUSED = 10.0, 2.0, 0.5  # seconds
SIZE, SEED = 420, 5
PLACED = 12  # placed schools that are explained, spread over the county
MOVES = 5

WIDE = (ALIKE, *rules(3, 8, 30))
COUNTIES = {
    "Lincolnshire": ("register",),
    "Lincolnshire, 3-8 heads, 25 min": ("register", *rules(3, 8, 25)),
    "Lincolnshire, 2-6 heads, 200 pupils": ("register", *rules(2, 6, 20), "rules.pupils_max=200"),
    "sample": ("sample",),
    "sample, 5-10 heads, 30 min": ("sample", *rules(5, 10, 30)),
    "federations of 4 to 10": ("federated",),
    "federations as other heads": ("federated", ALIKE),
    "federations as other heads, 3-8 heads, 30 min": ("federated", *WIDE),
    "the same, at most 600 pupils and 30 partnerships": (
        *("federated", *WIDE),
        *("rules.pupils_max=600", "rules.partnerships_max=30"),
    ),
}


def county(kind: str, settings: tuple[str, ...], folder: Path) -> Case:
    if kind == "register":
        if not (SHARED_DATA / REGISTER).exists():
            pytest.skip(f"{REGISTER} is not there")
        schools = f"data.schools={json.dumps(str(SHARED_DATA / REGISTER))}"
        return load(read_scenario(None, [schools, OSBOURNBY, *settings]))
    if kind == "federated":
        return load(read_scenario(write_federated_county(SIZE, SEED, folder), settings))
    return load(read_scenario(write_county(make_county(SIZE), folder), settings))


def asking(account: Account) -> list[Urn]:
    """The base of each head who is not placed, and schools that are placed, one of so many."""
    roster = account.problem.roster
    alone = sorted({roster.headships[roster.headship_of[urn]].base_urn for urn in account.unplaced})
    placed = sorted(account.plan.partnership_of)
    return [*alone, *placed[:: max(1, len(placed) // PLACED)]]


@pytest.mark.parametrize("name", COUNTIES)
def test_any_school_is_explained(name: str, rows: dict[str, Mapping[str, object]], tmp_path: Path) -> None:
    kind, *settings = COUNTIES[name]
    case = county(kind, tuple(settings), tmp_path)
    account = make_plan(case).account
    taken: list[tuple[float, float, Urn, bool]] = []
    for urn in asking(account):
        began = time.process_time()
        found = explaining(account, urn, limits=case.limits, typist=Typist.of(case))
        told = next(found)
        first = time.process_time() - began
        *_, told = [told, *found]
        taken.append((time.process_time() - began, first, urn, bool(told.left or told.cut)))
    worst, _, whose, _ = max(taken)
    firsts = [first for _, first, _, _ in taken]
    rows[f"explained: {name}"] = {
        "explained": len(taken),
        "median": median(whole for whole, *_ in taken),
        "worst": worst,
        "whose": whose,
        "first": max(firsts),
        "cut": sum(cut for *_, cut in taken),
    }
    assert worst < WHOLE and max(firsts) < FIRST


@pytest.mark.parametrize("kind", ["register", "sample", "federated"])
def test_a_draft_that_breaks_a_rule_is_told_why_without_a_search(
    kind: str, rows: dict[str, Mapping[str, object]], tmp_path: Path
) -> None:
    case = county(kind, (), tmp_path)
    plan = make_plan(case).account.plan
    begun = Draft.begin(case, [(f"P {n}", one.urns) for n, one in enumerate(plan.partnerships, 1)])
    taken: list[float] = []
    for urn in sorted(plan.partnership_of)[:: max(1, len(plan.partnership_of) // PLACED)]:
        for move, change in begun.choices(urn):
            if isinstance(move.to, int) and any(breach.rule == "minutes_max" for breach in change.broken):
                began = time.process_time()
                kept = begun.after(Move(urn=urn, to=move.to)).after(Keep(partnership=move.to, how="closed"))
                with pytest.raises(BadData, match="is kept as now, but breaks a criterion"):
                    improving(kept, MOVES)
                taken.append(time.process_time() - began)
                break
    rows[f"refused: {kind}"] = {"refused": len(taken), "median": median(taken), "worst": max(taken)}
    assert max(taken) < REFUSED
