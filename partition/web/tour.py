"""The tour: six pages in the order in which work goes, each with what it is for. It can be left at any step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partition.web.path import Step

TOUR_LEFT = "tour left"  # what the project remembers once the offer was answered
SAYS = (  # what each step is called, and what one does there
    (
        "Start",
        "Everything begins here: with a file of your schools, a spreadsheet to fill in, or a made-up county to try "
        "things on. What you did before is listed below.",
    ),
    (
        "Data",
        "The files in hand, each with what it is taken for; every school in a table, and on a small map. Whatever is "
        "odd about them stands open on this page, and a number that is wrong can be put right, and put back.",
    ),
    (
        "Criteria",
        "What every partnership has to keep to, such as how many heads meet and how far they drive; and what makes one "
        "plan better than another. Beside each stands what it does to your schools, as you type.",
    ),
    (
        "Find",
        "One button looks for the partnerships: first as many small schools as possible are placed, then the least is "
        "looked for, until it is proven that no plan does better. You may stop it, and keep the best so far.",
    ),
    (
        "Work on it",
        "The plan, with its map. Here it is changed by hand, each change priced at once; here stand the reasons, other "
        "plans nearly as good, what schools answered, and how far each partnership has come.",
    ),
    (
        "Share",
        "Papers for committee, a map to mail, a sheet for each school: all in one ZIP, with a page that says what each "
        "file is. What is not for publication is marked, and stays out unless you ask for it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the tour, as a page shows it."""

    number: int
    count: int
    name: str
    says: str
    leads_to: str  # the address of the next step; "" at the end
    leaves_to: str  # this page without the tour


def tour_at(asked: str, path: Sequence[Step]) -> Stop | None:
    """Return the step of the tour that an address asks for; None where it asks for none."""
    if not asked.isdecimal() or not 1 <= int(asked[:3]) <= len(SAYS):
        return None
    number = int(asked[:3])
    places = ["/", *(step.address or "/help" for step in path)]
    name, says = SAYS[number - 1]
    leads_to = f"{places[number]}?tour={number + 1}" if number < len(SAYS) else ""
    return Stop(number, len(SAYS), name, says, leads_to, places[number - 1])
