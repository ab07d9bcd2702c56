"""For each setting of the scheme's tables: a value, what else is set, and where it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from partition.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Tried:
    value: str
    seen: Callable[[Scheme], object]
    given: tuple[str, ...] = ()


def payments(scheme: Scheme) -> object:
    return [(p.what, p.stage, p.pence, p.day) for p in scheme.money.ledger.payments]


def travel(scheme: Scheme) -> object:
    return scheme.money.partnerships[0].travel


def venue(scheme: Scheme) -> object:
    return scheme.venues[1]


def served(scheme: Scheme) -> object:
    assert scheme.advisers is not None
    return scheme.advisers.adviser_of, scheme.advisers.schools_changing, scheme.advisers.drive_minutes


def days(scheme: Scheme) -> object:
    assert scheme.advisers is not None
    return [patch.days for patch in scheme.advisers.patches]


def trios(scheme: Scheme) -> object:
    return [(found.trios, found.left_out) for found in scheme.reviews]


def facilitators(scheme: Scheme) -> object:
    return [trio.adviser for found in scheme.reviews for trio in found.trios]


def shares(scheme: Scheme) -> object:
    return None if scheme.effects is None else scheme.effects.shares


def survey(scheme: Scheme) -> object:
    assert scheme.effects is not None
    return scheme.effects.survey, scheme.effects.activities


def posts(scheme: Scheme) -> object:
    return scheme.posts[1]


START = ("money.start_per_school=100", "money.per_partnership=900")
PEOPLE = ("advisers.people=FOLDER/advisers.csv",)
TODAY = (*PEOPLE, "advisers.today=FOLDER/today.csv")
UNITS = (*PEOPLE, 'data.join=["FOLDER/units.csv"]')
STARTS = ("review.starts=2027-01-11",)
SKILLS = (*STARTS, "review.strengths=FOLDER/skills.csv")
MEASURE = ("effects.measure=reading", "effects.below=53.0", "effects.results=FOLDER/results.csv")
SHOWN = (*MEASURE, "effects.suppress_under=1")

TRIED = {
    "rules.except_reasons": Tried('{900007 = "x"}', lambda s: s.exceptions, ("rules.except_out=[900007]",)),
    "rules.together_kinds": Tried('["shared post"]', lambda s: s.account.criteria, ("data.links=FOLDER/works.csv",)),
    "money.source": Tried("Executive, May", lambda s: s.money.source),
    "money.yearly_at": Tried("business plan in", payments, START),
    "money.start_per_school": Tried("100", payments),
    "money.start_at": Tried("business plan in", payments, START),
    "money.start_needs_costs": Tried("true", payments, START),
    "money.start_within_year": Tried("true", payments, START),
    "money.rest_of_year": Tried("true", payments, (*START, "money.yearly_at=business plan in")),
    "money.ledger_years": Tried("2", payments, (*START, "money.yearly_at=business plan in")),
    "money.lump_sums": Tried("FOLDER/lump.csv", payments),
    "money.pence_per_mile": Tried("20", travel),
    "money.pounds_per_head_hour": Tried("30", travel),
    "money.staff_visits_per_year": Tried("4", travel),
    "money.pounds_per_staff_hour": Tried("20", travel, ("money.staff_visits_per_year=4",)),
    "venues.meetings_per_year": Tried("4", venue),
    "venues.online_every": Tried("3", venue),
    "venues.rota": Tried("even", venue, ("venues.online_every=0",)),
    "venues.chairs_per_headship": Tried("2", venue),
    "venues.adviser_comes": Tried("false", venue, PEOPLE),
    "venues.cannot_host": Tried("[900002]", venue),
    "advisers.people": Tried("FOLDER/advisers.csv", lambda s: s.advisers),
    "advisers.today": Tried("FOLDER/today.csv", served, PEOPLE),
    "advisers.visits_per_school": Tried("9", served, PEOPLE),
    "advisers.days_per_partnership": Tried("2.5", days, PEOPLE),
    "advisers.days_per_school": Tried("2.5", days, PEOPLE),
    "advisers.minutes_per_change": Tried("9000", served, TODAY),
    "advisers.accreditation_for": Tried('{unit = "SEND"}', served, UNITS),
    "advisers.leaving": Tried('["A2"]', served, PEOPLE),
    "posts.business_manager": Tried("{fte = 1.0}", posts),
    "posts.senco": Tried("{pupils_per_fte = 900}", posts),
    "posts.joint_staff": Tried("{fte = 0.5}", posts),
    "posts.days_per_fte": Tried("200", posts, ("posts.senco={fte = 1.0}",)),
    "review.starts": Tried("2027-01-11", trios),
    "review.second_starts": Tried("2027-09-06", trios, STARTS),
    "review.adviser_comes": Tried("false", facilitators, (*STARTS, *PEOPLE)),
    "review.stand_in": Tried("true", lambda s: s.case.scenario.review.stand_in, STARTS),  # tried in test_review
    "review.weeks": Tried("4", lambda s: s.case.scenario.review.weeks, STARTS),  # too few: test_review
    "review.closed": Tried("[2027-01-20]", trios, STARTS),
    "review.across": Tried("true", trios, (*STARTS, "review.minutes_max=99", "review.past=FOLDER/past.csv")),
    "review.minutes_max": Tried("5", trios, STARTS),
    "review.strengths": Tried("FOLDER/skills.csv", trios, STARTS),
    "review.minutes_per_match": Tried(
        "9000", trios, (*SKILLS, "review.across=true", "review.minutes_max=99", "review.minutes_per_match=0")
    ),
    "review.past": Tried("FOLDER/past.csv", trios, STARTS),
    "training.schools": Tried("FOLDER/staff.csv", lambda s: s.training),
    "training.sessions": Tried("FOLDER/sessions.csv", lambda s: s.sessions),
    "posts.timetable": Tried("FOLDER/weeks.csv", lambda s: s.timetables),
    "training.days_per_year": Tried("3", lambda s: s.training, ("training.schools=FOLDER/staff.csv",)),
    "report.bands": Tried("[100, 200]", lambda s: s.bands),
    "effects.results": Tried("FOLDER/results.csv", shares, MEASURE[:2]),
    "effects.measure": Tried("reading", shares, MEASURE[1:]),
    "effects.below": Tried("53.0", shares, (MEASURE[0], MEASURE[2])),
    "effects.member_since": Tried("{900001 = 2030}", shares, SHOWN),
    "effects.bands": Tried("[100]", shares, SHOWN),
    "effects.suppress_under": Tried("1", shares, MEASURE),
    "effects.z": Tried("1.0", shares, SHOWN),
    "effects.survey": Tried("FOLDER/survey.csv", survey, MEASURE),
    "effects.responses_least": Tried("2", survey, (*MEASURE, "effects.survey=FOLDER/survey.csv")),
    "effects.statements": Tried('["It helps"]', lambda s: s.case.scenario.effects.statements),  # asked in test_effects
    "effects.agree_from": Tried("3", survey, ("effects.survey=FOLDER/survey.csv", "effects.responses_least=2")),
    "effects.activity": Tried("FOLDER/activity.csv", survey, MEASURE),
}

FEDERATIONS = {  # what else of the table is named: a value that shows in the pairs or their order
    "federations.vacancy": "post",
    "federations.leaving": "leaves",
    "federations.surplus": "surplus",
    "federations.character": '["church"]',
    "federations.order": '["drive"]',
    "federations.surplus_step": "1",
    "federations.drive_step": "1",
}

IN_PAPERS = {
    "report.council": '"Anyshire Council"',
    "report.to": '"Schools Forum"',
    "report.author": '"Director of Education"',
    "report.contact": '"schools@council.example"',
    "report.access": '"Open to everybody"',
    "report.wards": '["Wold View", "Fen Edge"]',
    "report.key_decision": '"Plan I029875"',
    "report.data_day": '"May 2031"',
    "report.decisions": '["That it be noted"]',
    "report.preferred": '"B"',
    "report.preferred_because": '"It places the most"',
    "report.rejected": '"Today helps too few"',
    "report.conclusion": '"Partnerships help"',
    "report.consultation": '"Heads were asked in June"',
    "report.financial": '"Met from the schools block"',
    "report.legal": '"Within section 13"',
    "report.risk": '"Take-up may be low"',
    "report.equality": '"Assessed in July"',
    "report.climate": '"Meetings go online"',
    "report.background": '["Minutes of the last Forum"]',
    "report.team": '"School Organisation"',
    "report.third_parties": '"A consultant, by quotation"',
    "report.website": '"https://council.example/partnerships"',
    "report.phase": '"Production"',
    "report.region": '"East Midlands"',
    "report.frequency": '"Each autumn"',
    "report.appeals": '"Schools write to the team"',
    "report.agreements": '"Agreed with each trust"',
    "report.assessments": '"Equality, July 2031"',
}
"""Settings that only papers show, with a value each: tests/report looks for them there."""

COMPLETE = tuple(part for key, value in IN_PAPERS.items() for part in ("--set", f"{key}={value}"))
"""What makes a report complete, so that it can be final."""
