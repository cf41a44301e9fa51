"""Beside stage 5: how much time one read or change has left, over all the calls that it makes."""

import time
from collections.abc import Callable

from bot.errors import Unreachable

LEAST_S = 0.05
"""What a call that begins just before the end still gets, so that a timeout is never zero (which means "none")."""


class Deadline:
    """Runs from its construction. `left()` raises Unreachable once the time is over."""

    def __init__(self, system: str, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.system = system
        self.seconds = seconds
        self._clock = clock
        self._ends = clock() + seconds

    def left(self) -> float:
        """Seconds that remain, at least LEAST_S."""
        left = self._ends - self._clock()
        if left <= 0:
            raise self.missed()
        return max(left, LEAST_S)

    def missed(self) -> Unreachable:
        """The error that says how long we waited."""
        return Unreachable(self.system, f"did not answer within {self.seconds:g} s")
