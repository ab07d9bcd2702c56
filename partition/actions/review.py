"""Heads put in trios that review each other's schools, with days for their visits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.scheme import Scheme
    from partition.scheme.review import ReviewRound


@dataclass(frozen=True, slots=True)
class ReviewArranged:
    """Rounds of reviews, what they are in lines, and the files by what each is."""

    rounds: tuple[ReviewRound, ...]
    lines: tuple[str, ...]
    files: dict[str, str]

    def facts(self, *, internal: bool = False) -> dict[str, Any]:
        """Return the rounds as JSON holds them; which needs are met only if `internal`."""
        return {"rounds": [_facts(found, internal) for found in self.rounds]}


def _facts(found: ReviewRound, internal: bool) -> dict[str, Any]:
    return {
        "title": found.title,
        "trios": [
            {
                "urns": list(trio.urns),
                "partnerships": list(trio.partnerships),
                "minutes": trio.minutes,
                "adviser": trio.adviser,
                "days": [visit.day.isoformat() for visit in trio.visits],
                **({"needs_met": [asdict(one) for one in trio.met]} if internal else {}),
            }
            for trio in found.trios
        ],
        "left_out": list(found.left_out),
        "minutes": found.minutes,
        "proven": found.is_proven,
    }


def arrange_review(scheme: Scheme, out: Path, *, internal: bool = False) -> ReviewArranged:
    """Put heads in trios, and write who visits whom when, with a calendar (.ics) for each school and each adviser.

    Parameters
    ----------
    scheme
        The scheme around a plan; its scenario says when the window starts and how many weeks it lasts.
    out
        The folder to write in.
    internal
        Whether the papers may say which needs are met.

    Raises
    ------
    BadData
        Where the scenario does not say when the window starts.

    Examples
    --------
    >>> import partition as p
    >>> scenario = p.read_scenario("county.toml", ["review.starts=2027-01-11"])
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), scenario)
    >>> len(p.arrange_review(over.scheme(), Path("review")).rounds[0].trios) > 0
    True
    """
    from partition.scheme.review_sheet import review_lines, write_review

    if not scheme.reviews:
        fix = "give the first day of the window, such as --set review.starts=2027-01-11"
        raise BadData([Fault(file="scenario", column="review.starts", fix=fix)])
    files = write_review(scheme, out, internal=internal)
    return ReviewArranged(scheme.reviews, tuple(review_lines(scheme, internal=internal)), files)
