"""Partnerships of small schools: proposed, proven and drawn.

The names here are the library; each loads its module when it is first asked for, so that importing this package is
quick and has no effect.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from partition.solver import solve as solve  # at once: a module of this name would hide it later

if TYPE_CHECKING:
    from partition.maps.atlas import draw_atlas as draw_atlas
    from partition.maps.page import plan_map as plan_map
    from partition.maps.page import write_map as write_map
    from partition.maps.patch import patch_atlas as patch_atlas
    from partition.model.plan import Plan as Plan
    from partition.model.problem import Problem as Problem
    from partition.model.problem import check as check
    from partition.plans.account import Account as Account
    from partition.plans.judge import judge as judge
    from partition.plans.propose import propose as propose
    from partition.plans.unplaced import why_unplaced as why_unplaced
    from partition.sample import make_county as make_county
    from partition.sample import write_county as write_county
    from partition.scenario.case import load as load
    from partition.scenario.read import read_scenario as read_scenario
    from partition.scheme.scheme import scheme_of as scheme_of
    from partition.solver import Limits as Limits
    from partition.storage.plan_file import read_plan as read_plan
    from partition.storage.plan_file import write_plan as write_plan
    from partition.storage.read_back import read_back as read_back
    from partition.storage.verify import verify as verify
    from partition.studies.comparison.compare import Comparison as Comparison
    from partition.studies.comparison.compare import Option as Option

_HOMES = {
    "Account": "plans.account",
    "Comparison": "studies.comparison.compare",
    "Limits": "solver",
    "Option": "studies.comparison.compare",
    "Plan": "model.plan",
    "Problem": "model.problem",
    "check": "model.problem",
    "draw_atlas": "maps.atlas",
    "judge": "plans.judge",
    "load": "scenario.case",
    "make_county": "sample",
    "patch_atlas": "maps.patch",
    "plan_map": "maps.page",
    "propose": "plans.propose",
    "read_back": "storage.read_back",
    "read_plan": "storage.plan_file",
    "read_scenario": "scenario.read",
    "scheme_of": "scheme.scheme",
    "verify": "storage.verify",
    "why_unplaced": "plans.unplaced",
    "write_county": "sample",
    "write_map": "maps.page",
    "write_plan": "storage.plan_file",
}

__all__ = sorted([*_HOMES, "solve"])


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
