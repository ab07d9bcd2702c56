"""What workers do, one module for each kind of work; each task is told an order and returns what it came to."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

from partition.web.tasks import (
    advisers,
    answers,
    compare,
    data,
    effects,
    holds,
    minutes,
    options,
    papers,
    plans,
    reasons,
    stages,
    sweeps,
)
from partition.web.tasks.order import Order, Tell

TASKS: dict[str, Callable[[Order, Tell, Event], dict[str, Any]]] = {
    "sample": data.sample,
    "check": data.check,
    "guess": data.guess,
    "judge": plans.judge,
    "plan": plans.plan,
    "sweep": sweeps.sweep,
    "minutes": minutes.minutes,
    "compare": compare.compare,
    "next round": answers.next_round,
    "advisers": advisers.advisers,
    "effects": effects.effects,
    "effect sheets": effects.sheets,
    "stage": stages.stage,
    "name": stages.name,
    "papers": papers.papers,
    "review": papers.review,
    "verify": papers.verify,
    "explain": reasons.explain,
    "rule costs": reasons.rule_costs,
    "alternatives": options.alternatives,
    "least change": options.curve,
    "frontier": options.curve,
    "fairness": options.curve,
    "take": options.take,
    "stability": holds.stability,
}
