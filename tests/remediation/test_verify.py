"""How long, how often, and what is said of it."""

import pytest

from bot.remediation.verify import FIRST_WAIT_S, LONGEST_WAIT_S, Verdict, judge, waits


@pytest.mark.parametrize(
    ("is_met", "elapsed_s", "verdict"),
    [
        (True, 0.0, Verdict.HELPED),
        (True, 60.0, Verdict.HELPED),
        (False, 59.9, Verdict.NOT_YET),
        (False, 60.0, Verdict.DID_NOT_HELP),
    ],
)
def test_what_is_seen_wins_over_the_clock(is_met: bool, elapsed_s: float, verdict: Verdict) -> None:
    """A last look that shows it helped counts, even at the end."""
    assert judge(is_met=is_met, elapsed_s=elapsed_s, within_s=60.0) is verdict


@pytest.mark.parametrize("within_s", [0.5, 1.0, 7.0, 60.0, 300.0, 3600.0])
def test_waits_fill_the_time_and_no_more(within_s: float) -> None:
    """The last look is at the end of the time, and no wait is a rounding crumb."""
    waited = list(waits(within_s))
    assert sum(waited) == pytest.approx(within_s)
    assert min(waited) > 1e-6
    assert max(waited) <= LONGEST_WAIT_S


def test_the_first_look_comes_soon_and_the_later_ones_are_rarer() -> None:
    """A remedy that works at once is told at once; a slow one does not hammer the system."""
    waited = list(waits(300.0))
    assert waited[0] == FIRST_WAIT_S
    assert waited[:-1] == sorted(waited[:-1])
    assert len(waited) < 35
