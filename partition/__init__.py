"""Partnerships of small schools: proposed, proven and drawn.

| to | names |
|---|---|
| load a county | `read_scenario`, `load` (a `Case`), `check_data`, `write_template` |
| make one up | `write_sample`, `make_county`, `write_county` |
| state a problem | `Problem`, `Area`, `Link`, `Existing`, `Preferences`, `TakesPart`, rules (`HeadsPer` ...) |
| judge groups | `judge_groups`, `todays_groups`, `read_groups_file`; of a bare problem `check`, `judge`, `Breach` |
| plan | `make_plan`; of a bare problem `solve` (a `Run`), `Limits`, `propose`, `why_unplaced`, `Account` |
| compare | `compare_plans`, `Comparison`, `Option`, `Changes` (heads who move: `changes[0].moved`), `headships_moved` |
| ask why | `explain_school`, `price_rules`, `why_no_plan`, `look_for_alternatives`, `trace_curve`, `run_sweep` |
| will it hold? | `will_it_hold` |
| go on | `plan_next_round`, `write_ask_sheet`, `write_decision` |
| run the scheme | `scheme_of`, `assign_advisers`, `arrange_review`, `arrange_training` |
| did it work? | `show_effects`, `write_effect_sheets` |
| draw and write | `draw_atlas`, `plan_map`, `write_map`, `patch_atlas`, `draw_again`, `language_of` |
| | `plan_layers`, `write_plan`, `write_report` |
| look after it | `examine_machine` |
| read plans back | `read_plan`, `read_back`, `verify_plan`, `verify`, `PlanOverData`, `keep_plan`, `take_plan` |

Each name loads its module when it is first asked for, so that importing this package is quick and has no effect;
`help(partition.make_plan)` tells about one of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from partition.solver import solve as solve  # at once: a module of this name would hide it later

if TYPE_CHECKING:
    from partition.actions.advisers import assign_advisers as assign_advisers
    from partition.actions.advisers import keep_advisers as keep_advisers
    from partition.actions.alternatives import AlternativesRequest as AlternativesRequest
    from partition.actions.alternatives import look_for_alternatives as look_for_alternatives
    from partition.actions.check import check_data as check_data
    from partition.actions.comparison import CompareRequest as CompareRequest
    from partition.actions.comparison import PlanNamed as PlanNamed
    from partition.actions.comparison import compare_plans as compare_plans
    from partition.actions.curves import trace_curve as trace_curve
    from partition.actions.doctor import examine_machine as examine_machine
    from partition.actions.effects import show_effects as show_effects
    from partition.actions.effects import write_effect_sheets as write_effect_sheets
    from partition.actions.explain import ExplainRequest as ExplainRequest
    from partition.actions.explain import explain_school as explain_school
    from partition.actions.explain import price_rules as price_rules
    from partition.actions.federations import look_for_federations as look_for_federations
    from partition.actions.groups import judge_groups as judge_groups
    from partition.actions.groups import read_groups_file as read_groups_file
    from partition.actions.groups import todays_groups as todays_groups
    from partition.actions.map import draw_again as draw_again
    from partition.actions.minutes import measure_minutes as measure_minutes
    from partition.actions.name import write_name as write_name
    from partition.actions.next_round import plan_next_round as plan_next_round
    from partition.actions.next_round import write_ask_sheet as write_ask_sheet
    from partition.actions.no_plan import why_no_plan as why_no_plan
    from partition.actions.plan import make_plan as make_plan
    from partition.actions.plan_over_data import Disagreement as Disagreement
    from partition.actions.plan_over_data import PlanOverData as PlanOverData
    from partition.actions.project import KeepRequest as KeepRequest
    from partition.actions.project import keep_plan as keep_plan
    from partition.actions.project import take_plan as take_plan
    from partition.actions.report import ReportRequest as ReportRequest
    from partition.actions.report import scheme_alone as scheme_alone
    from partition.actions.report import write_report as write_report
    from partition.actions.review import arrange_review as arrange_review
    from partition.actions.sample import write_sample as write_sample
    from partition.actions.stability import StabilityRequest as StabilityRequest
    from partition.actions.stability import will_it_hold as will_it_hold
    from partition.actions.stage import write_decision as write_decision
    from partition.actions.sweep import SweepRequest as SweepRequest
    from partition.actions.sweep import run_sweep as run_sweep
    from partition.actions.template import write_template as write_template
    from partition.actions.training import arrange_training as arrange_training
    from partition.actions.verify import verify_plan as verify_plan
    from partition.formats.language import language_of as language_of
    from partition.maps.atlas import draw_atlas as draw_atlas
    from partition.maps.page import plan_map as plan_map
    from partition.maps.page import write_map as write_map
    from partition.maps.patch import patch_atlas as patch_atlas
    from partition.maps.plan_layers import plan_layers as plan_layers
    from partition.model.area import Area as Area
    from partition.model.area import Existing as Existing
    from partition.model.area import Link as Link
    from partition.model.costs import Preferences as Preferences
    from partition.model.plan import Plan as Plan
    from partition.model.problem import Problem as Problem
    from partition.model.problem import check as check
    from partition.model.roster import TakesPart as TakesPart
    from partition.model.rules import Apart as Apart
    from partition.model.rules import AssociatesMax as AssociatesMax
    from partition.model.rules import AtLeastOne as AtLeastOne
    from partition.model.rules import Breach as Breach
    from partition.model.rules import DistinctMax as DistinctMax
    from partition.model.rules import GrantMax as GrantMax
    from partition.model.rules import HeadMinutesMax as HeadMinutesMax
    from partition.model.rules import HeadsPer as HeadsPer
    from partition.model.rules import HostMinutesMax as HostMinutesMax
    from partition.model.rules import KmMax as KmMax
    from partition.model.rules import LinkedTogether as LinkedTogether
    from partition.model.rules import LinksBrokenMax as LinksBrokenMax
    from partition.model.rules import Locked as Locked
    from partition.model.rules import MinutesMax as MinutesMax
    from partition.model.rules import MovedMax as MovedMax
    from partition.model.rules import PartnershipsCount as PartnershipsCount
    from partition.model.rules import PupilsPer as PupilsPer
    from partition.model.rules import Rule as Rule
    from partition.model.rules import Same as Same
    from partition.model.rules import SchoolsPer as SchoolsPer
    from partition.model.rules import SmallByRoll as SmallByRoll
    from partition.model.rules import Together as Together
    from partition.model.rules import headships_moved as headships_moved
    from partition.plans.account import Account as Account
    from partition.plans.changes import Changes as Changes
    from partition.plans.judge import judge as judge
    from partition.plans.propose import propose as propose
    from partition.plans.unplaced import why_unplaced as why_unplaced
    from partition.sample import make_county as make_county
    from partition.sample import write_county as write_county
    from partition.scenario.case import Case as Case
    from partition.scenario.case import load as load
    from partition.scenario.read import read_scenario as read_scenario
    from partition.scheme.scheme import scheme_of as scheme_of
    from partition.settings.scenario import Scenario as Scenario
    from partition.solver import Limits as Limits
    from partition.solver import Run as Run
    from partition.storage.plan_file import read_plan as read_plan
    from partition.storage.plan_file import write_plan as write_plan
    from partition.storage.read_back import read_back as read_back
    from partition.storage.verify import verify as verify
    from partition.studies.comparison.compare import Comparison as Comparison
    from partition.studies.comparison.compare import Option as Option

_HOMES = {
    "Account": "plans.account",
    "AlternativesRequest": "actions.alternatives",
    "Apart": "model.rules",
    "Area": "model.area",
    "AssociatesMax": "model.rules",
    "AtLeastOne": "model.rules",
    "Breach": "model.rules",
    "Case": "scenario.case",
    "Changes": "plans.changes",
    "CompareRequest": "actions.comparison",
    "Comparison": "studies.comparison.compare",
    "Disagreement": "actions.plan_over_data",
    "DistinctMax": "model.rules",
    "Existing": "model.area",
    "ExplainRequest": "actions.explain",
    "GrantMax": "model.rules",
    "HeadsPer": "model.rules",
    "HeadMinutesMax": "model.rules",
    "HostMinutesMax": "model.rules",
    "KeepRequest": "actions.project",
    "KmMax": "model.rules",
    "Limits": "solver",
    "Link": "model.area",
    "LinkedTogether": "model.rules",
    "LinksBrokenMax": "model.rules",
    "Locked": "model.rules",
    "MinutesMax": "model.rules",
    "MovedMax": "model.rules",
    "Option": "studies.comparison.compare",
    "PartnershipsCount": "model.rules",
    "Plan": "model.plan",
    "PlanNamed": "actions.comparison",
    "PlanOverData": "actions.plan_over_data",
    "Preferences": "model.costs",
    "Problem": "model.problem",
    "PupilsPer": "model.rules",
    "ReportRequest": "actions.report",
    "Rule": "model.rules",
    "Run": "solver",
    "Same": "model.rules",
    "Scenario": "settings.scenario",
    "SchoolsPer": "model.rules",
    "SmallByRoll": "model.rules",
    "StabilityRequest": "actions.stability",
    "SweepRequest": "actions.sweep",
    "TakesPart": "model.roster",
    "Together": "model.rules",
    "arrange_review": "actions.review",
    "arrange_training": "actions.training",
    "assign_advisers": "actions.advisers",
    "check": "model.problem",
    "check_data": "actions.check",
    "compare_plans": "actions.comparison",
    "draw_again": "actions.map",
    "draw_atlas": "maps.atlas",
    "examine_machine": "actions.doctor",
    "explain_school": "actions.explain",
    "headships_moved": "model.rules",
    "judge": "plans.judge",
    "judge_groups": "actions.groups",
    "keep_advisers": "actions.advisers",
    "keep_plan": "actions.project",
    "language_of": "formats.language",
    "load": "scenario.case",
    "look_for_alternatives": "actions.alternatives",
    "look_for_federations": "actions.federations",
    "make_county": "sample",
    "make_plan": "actions.plan",
    "measure_minutes": "actions.minutes",
    "patch_atlas": "maps.patch",
    "plan_layers": "maps.plan_layers",
    "plan_map": "maps.page",
    "plan_next_round": "actions.next_round",
    "price_rules": "actions.explain",
    "propose": "plans.propose",
    "read_back": "storage.read_back",
    "read_groups_file": "actions.groups",
    "read_plan": "storage.plan_file",
    "read_scenario": "scenario.read",
    "show_effects": "actions.effects",
    "run_sweep": "actions.sweep",
    "scheme_alone": "actions.report",
    "scheme_of": "scheme.scheme",
    "take_plan": "actions.project",
    "todays_groups": "actions.groups",
    "trace_curve": "actions.curves",
    "verify": "storage.verify",
    "write_effect_sheets": "actions.effects",
    "verify_plan": "actions.verify",
    "why_no_plan": "actions.no_plan",
    "why_unplaced": "plans.unplaced",
    "will_it_hold": "actions.stability",
    "write_ask_sheet": "actions.next_round",
    "write_county": "sample",
    "write_decision": "actions.stage",
    "write_name": "actions.name",
    "write_map": "maps.page",
    "write_plan": "storage.plan_file",
    "write_report": "actions.report",
    "write_sample": "actions.sample",
    "write_template": "actions.template",
}

__all__ = sorted([*_HOMES, "solve"])


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
