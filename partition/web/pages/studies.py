"""Studies of a kept plan, which its pages ask for: what the last one told, is telling, or left beside the plan."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from partition.web.context import desk_of, kept_of
from partition.web.fixes import fault_rows
from partition.web.forms import go
from partition.web.tasks.order import Order


def begin(request: Request, what: str, page: str, **given: Any) -> Response:
    """Have a study of the request's plan begun, unless this very one is under way, and go to its page.

    `what` is a key of TASKS, `page` the end of an address below the plan's own, such as "/options"; what is `given`
    must be as JSON holds it.
    """
    desk, kept = desk_of(request), kept_of(request)
    address = f"/plan/{kept.id}{page}"
    project = str(desk.project.path)
    order = Order(what=what, project=project, plan=kept.id, page=address, internal=kept.internal, given=given)
    with desk.work.lock:
        last = desk.work.latest(what, kept.id, given)
        if last is None or last.ended is not None:
            desk.work.start(order)
    return go(address)


def standing(request: Request, what: str, **given: Any) -> dict[str, Any]:
    """How the last study of a kind stands, for the macro `study` of parts.html: its job, end and faults.

    The last of what is `given`, if anything is. Ask before reading what a study leaves beside the plan, as for
    `Job.seen`.
    """
    job = desk_of(request).work.latest(what, kept_of(request).id, given or None)
    seen = None if job is None else job.seen()
    told = {} if seen is None else seen.told
    return {"job": seen, "told": told, "faults": fault_rows(told.get("faults", ()))}
