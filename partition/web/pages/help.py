"""Help: the path in six steps, what every word of the house means, and the tour, which the first visit offers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from partition.formats.glossary import GLOSSARY
from partition.web.context import desk_of
from partition.web.forms import GET, POST, go
from partition.web.render import page
from partition.web.tour import SAYS, TOUR_LEFT


def guide(request: Request) -> Response:
    """The guide."""
    return page(request, "help.html", says=SAYS, words=[entry for entry in GLOSSARY if not entry.of_the_method])


def take_tour(request: Request) -> Response:
    """Begin the tour, which is offered no more."""
    desk_of(request).project.remember(TOUR_LEFT, "taken")
    return go("/?tour=1")


def leave_tour(request: Request) -> Response:
    """Offer the tour no more."""
    desk_of(request).project.remember(TOUR_LEFT, "left")
    return go("/")


ROUTES = [
    Route("/help", guide, methods=GET),
    Route("/help/tour", take_tour, methods=POST),
    Route("/help/no-tour", leave_tour, methods=POST),
]
