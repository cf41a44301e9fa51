"""Token buckets: what passes, what is refused, and for how long."""

from __future__ import annotations

from bot.sandbox.stripe.limits import Limits


def passing(limits: Limits, count: int, now: float, mode: str = "test", endpoint: str = "GET /v1/charges") -> int:
    """How many of `count` requests at one moment pass."""
    return sum(limits.ask(mode, endpoint, now) is None for _ in range(count))


def test_test_mode_allows_25_a_second_and_no_more():
    """A burst of a second's worth passes; then a request passes every 40 ms."""
    limits = Limits()
    assert passing(limits, 40, 100.0) == 25
    assert passing(limits, 5, 100.2) == 5
    assert (limits.passed, limits.limited) == (30, 15)


def test_live_mode_has_100_but_one_endpoint_25():
    """The endpoint's bucket is found empty while the account's is not."""
    limits = Limits()
    assert passing(limits, 40, 5.0, "live") == 25
    refusal = limits.ask("live", "GET /v1/charges", 5.0)
    assert refusal is not None
    assert refusal.reason == "endpoint-rate"
    assert passing(limits, 40, 5.0, "live", "GET /v1/balance") == 25


def test_modes_do_not_share():
    """Test requests cost live mode nothing."""
    limits = Limits()
    assert passing(limits, 25, 5.0) == 25
    assert passing(limits, 1, 5.0, "live") == 1


def test_a_tightened_limit_lets_one_pass_and_says_when_the_next_may():
    """One request in ten seconds; a refused one costs nothing."""
    limits = Limits()
    limits.tighten("test", 0.1)
    assert passing(limits, 3, 0.0) == 1
    refusal = limits.ask("test", "GET /v1/charges", 4.0)
    assert (refusal.reason, refusal.retry_after) == ("global-rate", 6)
    assert passing(limits, 2, 10.0) == 1
    limits.tighten("test", None)
    assert passing(limits, 25, 10.0) == 25
