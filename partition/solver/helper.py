"""A helper of a search: a process that solves the parts it is sent, until its input ends (see `parts`)."""

from __future__ import annotations

import os
import pickle
import sys
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from partition.solver.choice import Choice
from partition.solver.parts import Order
from partition.solver.pricer import make_ready
from partition.solver.search import solved_part
from partition.solver.watch import Limits, Watch


def main() -> None:
    """Answer every order of standard input on what was standard output; anything printed goes to the log instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    orders: SimpleQueue[Order] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, orders), daemon=True).start()
    while True:
        pickle.dump(solved_order(orders.get()), answers)
        answers.flush()


def solved_order(order: Order) -> Choice | None:
    """Return the best choice found for the part of an order, or its choice as it is now."""
    make_ready(order.part.space)  # a machine's first part is compiled for first
    with Watch(Limits(seconds=order.seconds, seed=order.seed)) as watch:
        return solved_part(order.part, watch)


def _listen(source: BinaryIO, orders: SimpleQueue[Order]) -> None:
    """Pass orders on, and end this process when there can be no more, even in the middle of a part."""
    try:
        while True:
            orders.put(pickle.load(source))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
