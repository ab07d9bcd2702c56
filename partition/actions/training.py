"""Joint training and joint staff of a plan's partnerships, with a calendar for each school."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.scheme import Scheme


@dataclass(frozen=True, slots=True)
class TrainingArranged:
    """Joint training and joint staff in lines and facts, and the files by what each is."""

    lines: tuple[str, ...]
    facts: dict[str, Any]
    files: dict[str, str]


def arrange_training(scheme: Scheme, out: Path) -> TrainingArranged:
    """Find where each partnership trains together, and write its days, sessions and joint staff, with calendars.

    Parameters
    ----------
    scheme
        The scheme around a plan; its scenario names the file of staff, of sessions or of joint staff's weekdays.
    out
        The folder to write in.

    Raises
    ------
    BadData
        Where the scenario names none of these files, or a file does not fit the plan.

    Examples
    --------
    >>> import partition as p
    >>> scenario = p.read_scenario("county.toml", ["training.sessions=sessions.csv"])
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), scenario)
    >>> sorted(p.arrange_training(over.scheme(), Path("training")).files)
    ['calendars', 'sessions']
    """
    from dataclasses import asdict

    from partition.scheme.training_sheet import training_lines, write_training

    scenario = scheme.case.scenario
    if (scenario.training.schools, scenario.training.sessions, scenario.posts.timetable) == (None, None, None):
        fix = "name a file: training.schools, training.sessions or posts.timetable"
        raise BadData([Fault(file="scenario", column="training", fix=fix)])
    facts = {
        "days": {number: asdict(day) for number, day in scheme.training.items()},
        "sessions": [asdict(one) for one in scheme.sessions],
        "joint_staff": {number: [asdict(one) for one in own] for number, own in scheme.timetables.items()},
    }
    return TrainingArranged(tuple(training_lines(scheme)), facts, write_training(scheme, out))
