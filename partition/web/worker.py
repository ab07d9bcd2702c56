"""One piece of work in a process of its own: a crash here is only its own.

The order is the first line of standard input, as JSON; a line "stop", or the end of the input (the server has gone),
asks for the best so far. What happens is told on standard output, a JSON line an event. A plan is kept in the
project file from here, so that it is there even if nobody listens any more.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from geodata.faults import BadData
from partition.web.mishaps import expected, tell_crash
from partition.web.tasks import TASKS
from partition.web.tasks.order import Order, Tell, note_end


def main() -> None:
    """Do what standard input orders."""
    tell = _teller()
    order = Order(**json.loads(sys.stdin.readline()))
    stop = Event()
    Thread(target=_listen, args=(stop,), daemon=True).start()
    do(order, tell, stop)


def do(order: Order, tell: Tell, stop: Event) -> None:
    """Do an order, and tell how it ended, whatever that was."""
    try:
        tell("ended", **TASKS[order.what](order, tell, stop))
    except BadData as bad:
        note_end(order, "the data or the settings need mending first")
        tell("ended", faults=[fault.as_dict() for fault in bad.faults])
    except Exception as wrong:
        found = expected(wrong)
        if found is None:
            tell("ended", crashed=" ".join(tell_crash(wrong)))
        else:
            note_end(order, f"it could not be done: {found[1]}")
            tell("ended", faults=[found[1].as_dict()])


def _teller() -> Tell:
    """Tells on what was standard output; whatever else is printed in this process goes to the log."""
    channel = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def tell(event: str, **facts: Any) -> None:
        with suppress(OSError):  # the server has gone; the plan is kept all the same
            channel.write(json.dumps({"event": event, **facts}).encode() + b"\n")

    return tell


def _listen(stop: Event) -> None:
    for line in sys.stdin:
        if line.strip() == "stop":
            break
    stop.set()


if __name__ == "__main__":
    main()
