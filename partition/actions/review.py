"""Heads put in trios that review each other's schools, with days for their visits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.scheme import Scheme
    from partition.scheme.review import ReviewRound


@dataclass(frozen=True, slots=True)
class ReviewArranged:
    """A round of reviews, what it is in lines, and the files by what each is."""

    found: ReviewRound
    lines: tuple[str, ...]
    files: dict[str, str]

    def facts(self, *, internal: bool = False) -> dict[str, Any]:
        """Return the round as JSON holds it; what heads match on only if `internal`."""
        return {
            "trios": [
                {
                    "urns": list(trio.urns),
                    "partnerships": list(trio.partnerships),
                    "minutes": trio.minutes,
                    "adviser": trio.adviser,
                    "days": [visit.day.isoformat() for visit in trio.visits],
                    **({"matches": trio.matches} if internal else {}),
                }
                for trio in self.found.trios
            ],
            "left_out": list(self.found.left_out),
            "minutes": self.found.minutes,
            "proven": self.found.is_proven,
        }


def arrange_review(scheme: Scheme, out: Path, *, internal: bool = False) -> ReviewArranged:
    """Put heads in trios, and write who visits whom when, with a calendar (.ics) for each school.

    Parameters
    ----------
    scheme
        The scheme around a plan; its scenario says when the window starts and how many weeks it lasts.
    out
        The folder to write in.
    internal
        Whether the papers may say what heads match on.

    Raises
    ------
    BadData
        Where the scenario does not say when the window starts.

    Examples
    --------
    >>> import partition as p
    >>> scenario = p.read_scenario("county.toml", ["review.starts=2027-01-11"])
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), scenario)
    >>> len(p.arrange_review(over.scheme(), Path("review")).found.trios) > 0
    True
    """
    from partition.scheme.review_sheet import review_lines, write_review

    found = scheme.review
    if found is None:
        fix = "give the first day of the window, such as --set review.starts=2027-01-11"
        raise BadData([Fault(file="scenario", column="review.starts", fix=fix)])
    files = write_review(scheme, found, out, internal=internal)
    return ReviewArranged(found, tuple(review_lines(scheme, found)), files)
