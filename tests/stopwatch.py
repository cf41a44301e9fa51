"""How long something takes when nobody disturbs it, on a machine that others use too."""

import time
from collections.abc import Callable


def quickest(work: Callable[[], object], enough_s: float, tries: int = 8) -> float:
    """The least seconds that `work` took in several tries; the first that took less than `enough_s` is the last.

    A machine that stands still for a while makes one try slow and not all of them; code that waits too long is slow in
    every try.
    """
    least = float("inf")
    while least >= enough_s and tries:
        begun = time.monotonic()
        work()
        least, tries = min(least, time.monotonic() - begun), tries - 1
    return least
