"""Partnerships of small schools: proposed, proven and drawn.

The names here are the library; each loads its module when it is first asked for, so that importing this package is
quick and has no effect.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from partition.solve import solve as solve  # at once: a module of this name would hide it later

if TYPE_CHECKING:
    from partition.account import Account as Account
    from partition.compare import Comparison as Comparison
    from partition.compare import Option as Option
    from partition.judgement import judge as judge
    from partition.maps.atlas import draw_atlas as draw_atlas
    from partition.maps.page import plan_map as plan_map
    from partition.maps.page import write_map as write_map
    from partition.maps.patch import patch_atlas as patch_atlas
    from partition.plan import Plan as Plan
    from partition.problem import Problem as Problem
    from partition.problem import check as check
    from partition.proposal import propose as propose
    from partition.reasons import why_unplaced as why_unplaced
    from partition.sample import make_county as make_county
    from partition.sample import write_county as write_county
    from partition.scenario import read_scenario as read_scenario
    from partition.scheme.scheme import scheme_of as scheme_of
    from partition.session import load as load
    from partition.solve import Limits as Limits
    from partition.store import read_plan as read_plan
    from partition.store import write_plan as write_plan
    from partition.stored import read_back as read_back
    from partition.verdict import verify as verify

_HOMES = {
    "Account": "account",
    "Comparison": "compare",
    "Limits": "solve",
    "Option": "compare",
    "Plan": "plan",
    "Problem": "problem",
    "check": "problem",
    "draw_atlas": "maps.atlas",
    "judge": "judgement",
    "load": "session",
    "make_county": "sample",
    "patch_atlas": "maps.patch",
    "plan_map": "maps.page",
    "propose": "proposal",
    "read_back": "stored",
    "read_plan": "store",
    "read_scenario": "scenario",
    "scheme_of": "scheme.scheme",
    "verify": "verdict",
    "why_unplaced": "reasons",
    "write_county": "sample",
    "write_map": "maps.page",
    "write_plan": "store",
}

__all__ = sorted([*_HOMES, "solve"])


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
