"""The pages, one module for each: functions that read the desk, change it or ask for work, and show a template."""

from __future__ import annotations

from partition.web.pages import (
    advisers,
    answers,
    compare,
    effects,
    found,
    guide,
    hand,
    help,
    holds,
    minutes,
    options,
    papers,
    plans,
    reasons,
    settings,
    stages,
    start,
    what_happens,
    what_if,
    work,
)
from partition.web.render import ROUTES as FRAME

ROUTES = [
    *start.ROUTES,
    *settings.ROUTES,
    *work.ROUTES,
    *what_if.ROUTES,
    *what_happens.ROUTES,
    *minutes.ROUTES,
    *help.ROUTES,
    *found.ROUTES,
    *plans.ROUTES,
    *hand.ROUTES,
    *answers.ROUTES,
    *stages.ROUTES,
    *advisers.ROUTES,
    *effects.ROUTES,
    *papers.ROUTES,
    *options.ROUTES,
    *holds.ROUTES,
    *compare.ROUTES,
    *reasons.ROUTES,
    *guide.ROUTES,
    *FRAME,
]
