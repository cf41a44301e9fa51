"""The bucket: a burst, a rate, and Slack's word above both."""

import pytest

from bot.slack.pacing import Bucket, LoopTime


def passed(bucket: Bucket, until: float, step: float = 0.1) -> int:
    """How many pass when somebody tries every `step` seconds."""
    count = 0
    for tick in range(int(until / step) + 1):
        while bucket.wait(tick * step) == 0.0:
            bucket.take(tick * step)
            count += 1
    return count


@pytest.mark.parametrize(("rate", "burst"), [(1.0, 3), (0.5, 1), (50 / 60, 20)])
def test_burst_then_rate(rate: float, burst: int) -> None:
    """In a minute the burst and a minute's worth pass, no more."""
    assert passed(Bucket(rate, burst), 60.0) == pytest.approx(burst + 60 * rate, abs=1)


def test_wait_is_exact() -> None:
    """Whoever waits as long as told may pass then."""
    bucket = Bucket(1.0, 1)
    bucket.take(0.0)
    assert bucket.wait(0.25) == pytest.approx(0.75)
    assert bucket.wait(0.25 + bucket.wait(0.25)) == 0.0


def test_quiet_time_fills_no_more_than_the_burst() -> None:
    """An hour of silence does not allow an hour's worth at once."""
    bucket = Bucket(1.0, 3)
    assert bucket.wait(0.0) == 0.0
    assert sum(1 for _ in range(10) if not bucket.wait(3600.0) and not bucket.take(3600.0)) == 3


def test_slack_may_close_it() -> None:
    """Nothing passes while Slack asked to wait, and no burst follows; a shorter word does not shorten a longer one."""
    bucket = Bucket(1.0, 5)
    bucket.close(0.0, 10.0)
    bucket.close(0.0, 2.0)
    assert bucket.wait(9.0) == pytest.approx(1.0)
    assert bucket.wait(10.0) == 0.0
    assert passed(bucket, 0.0) == 0


async def test_loop_time_moves_on() -> None:
    """The real clock is the loop's."""
    clock = LoopTime()
    before = clock.now()
    await clock.sleep(0.01)
    assert clock.now() >= before + 0.009
