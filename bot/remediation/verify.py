"""Stage 11: probe + expectation → helped, not yet, did not help."""

from collections.abc import Iterator
from enum import StrEnum

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 15.0


class Verdict(StrEnum):
    """What a verification says at one moment."""

    HELPED = "helped"
    NOT_YET = "not_yet"
    DID_NOT_HELP = "did_not_help"


def judge(*, is_met: bool, elapsed_s: float, within_s: float) -> Verdict:
    """The expectation holds: helped. Not yet, while there is time. After that it did not help."""
    if is_met:
        return Verdict.HELPED
    return Verdict.NOT_YET if elapsed_s < within_s else Verdict.DID_NOT_HELP


def waits(within_s: float) -> Iterator[float]:
    """Seconds to wait between looks: short at first, then longer, never past `within_s` in all."""
    waited, wait = 0.0, FIRST_WAIT_S
    while waited < within_s:
        step = min(wait, within_s - waited)
        yield step
        waited += step
        wait = min(wait * 1.5, LONGEST_WAIT_S)
