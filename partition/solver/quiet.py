"""HiGHS without messages, because standard output is for the program's answer."""

from __future__ import annotations

import highspy


class QuietHighs(highspy.Highs):
    """HiGHS on one thread with a fixed seed, so that the same model has the same answer."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.setOptionValue("parallel", "off")  # `threads` must be the same in all models of a process
        self.setOptionValue("random_seed", 1)

    def enableCallbacks(self) -> None:
        """Silence HiGHS: its constructor calls this method before HiGHS can print its banner. No callback is used."""
        self.silent()
