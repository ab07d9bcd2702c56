"""No setting of the scheme's tables is accepted and then ignored: each, given, changes what is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from parish import account_of, advisers, case_of, table, urns
from tried import TRIED, Tried

from geodata.faults import BadData
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.scheme import scheme_of
from partition.scheme.stages import Decision, Log


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two partnerships of three, six minutes from end to end, fifty apart, and every file a setting can name."""
    here = tmp_path_factory.mktemp("scheme")
    case_of(here, [0, 2, 6, 50, 53, 56, 80])
    advisers(here, ("A1", 1, 9, 99, "send"), ("A2", 60, 9, 99, ""), more="caseload days accreditation")
    table(here, "today.csv", "urn adviser", [(urn, "A2") for urn in urns(1, 2, 3)])
    table(here, "lump.csv", "urn lump_sum", [(urn, 90_000) for urn in urns(1, 2)])
    table(here, "skills.csv", "urn strengths needs", [("900001", "a", ""), ("900002", "", "a"), ("900004", "", "a")])
    table(here, "past.csv", "urn trio", [(urn, "x") for urn in urns(1, 2, 3)])
    table(here, "staff.csv", "urn staff capacity", [(urn, 3, 50) for urn in urns(*range(1, 7))])
    rows = [(urn, 2026, measure, 50 + int(urn) % 7) for urn in urns(*range(1, 7)) for measure in ("reading", "maths")]
    table(here, "results.csv", "urn year measure value", rows)
    table(here, "survey.csv", "urn question answer", [(urn, "time", 3) for urn in urns(1, 2)])
    table(here, "activity.csv", "partnership activity count", [("900002", "meetings", 4)])
    table(here, "sessions.csv", "day what", [("2027-02-15", "INSET")])
    table(here, "weeks.csv", "urn subject weekdays", [("900001", "French", "Mon")])
    table(here, "works.csv", "urn_a urn_b kind", [("900001", "900002", "Shared post")])
    table(here, "units.csv", "urn unit", [(urn, "yes" if urn == "900005" else "no") for urn in urns(*range(1, 8))])
    return here


def outcome(tried: Tried, folder: Path, *settings: str) -> object:
    """What is seen, or the fault with which it is refused."""
    log = Log([Decision(partnership=1, stage="business plan in", day="2027-01-01", costs_pounds=5)])
    given = [text.replace("FOLDER", folder.as_posix()) for text in (*tried.given, *settings)]
    try:
        case = load(read_scenario(folder / "town.toml", given))
        return tried.seen(scheme_of(case, account_of(case, [1, 2, 3], [4, 5, 6]), log))
    except BadData as bad:
        return f"refused: {bad.faults[0].fix}"


@pytest.mark.parametrize("key", TRIED)
def test_a_setting_changes_what_is_seen(key: str, folder: Path) -> None:
    tried = TRIED[key]
    before, after = outcome(tried, folder), outcome(tried, folder, f"{key}={tried.value}")
    assert not str(before).startswith("refused") or key in {"effects.measure", "effects.below"}
    assert not str(after).startswith("refused")
    assert before != after
