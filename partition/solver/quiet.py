"""HiGHS that says nothing: standard output belongs to the answer."""

from __future__ import annotations

import highspy


class QuietHighs(highspy.Highs):
    """HiGHS on one thread with a fixed seed, so that the same model has the same answer."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.setOptionValue("parallel", "off")  # `threads` must be as in the process's other models
        self.setOptionValue("random_seed", 1)

    def enableCallbacks(self) -> None:
        """None are used; and HiGHS greets on standard output unless told not to before all else."""
        self.silent()
