"""429s out of the tries' logs, and whether trying again helps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from bot.diagnostics.derivations.rate_limits import (
    RATE_LIMITS,
    RateLimits,
    RateLimitsArguments,
    count_hits,
    find_rate_limits,
)
from bot.diagnostics.task_try import LogLine, TaskTry

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


def a_try(number: int, *texts: str, state: str = "failed", at: float = 0.0) -> TaskTry:
    """A try of 5 seconds that began `at` seconds after NOW, with these lines."""
    begun = NOW + timedelta(seconds=at)
    lines = tuple(LogLine(begun, text) for text in texts)
    return TaskTry(number, state, begun, begun + timedelta(seconds=5), 5.0, matched=len(lines), lines=lines)


def hit(request: str, wait: str = "1") -> str:
    """What a decorator logs of one 429."""
    return f"Stripe answered 429 (endpoint-rate), Retry-After {wait} s, request {request}"


def limits(*tries: TaskTry, **more: object) -> RateLimits:
    """The facts of these tries."""
    return find_rate_limits(replace(RateLimitsArguments(tries), **more), NOW)  # type: ignore[arg-type]


def test_one_request_counts_once_however_often_it_is_logged() -> None:
    """The client and the decorator both log it; where no request is named, lines count."""
    twice = (LogLine(NOW, hit("req_1")), LogLine(NOW, "HTTP 429 for req_1"), LogLine(NOW, hit("req_2")))
    assert count_hits(twice) == 2
    assert count_hits((LogLine(NOW, "429 Client Error"), LogLine(NOW, "Too Many Requests"), LogLine(NOW, "ok"))) == 2
    assert count_hits((LogLine(NOW, "loaded 1429 rows of run break-429-x, order 4290"),)) == 0


def test_counts_waits_and_reasons_of_each_try() -> None:
    """First try first; the time between tries is from an end to a start."""
    found = limits(a_try(1, hit("req_1"), hit("req_2", "3")), a_try(2, hit("req_3"), at=25), will_retry=True)
    assert (found.total, found.per_try, found.apart_s, found.retry_after_s) == (3, (2, 1), 20.0, 3.0)
    assert [(one.number, one.after_s, one.retry_after_s) for one in found.tries] == [(1, None, 3.0), (2, 20.0, 1.0)]
    assert found.reasons == ("endpoint-rate",)


def test_a_try_whose_lines_are_gone_still_ended_by_its_exception() -> None:
    """The exception alone is one 429."""
    alone = replace(a_try(1), exception_type="RateLimitError", exception_message="Request rate limit exceeded")
    assert limits(alone, will_retry=True).per_try == (1,)


def test_lines_that_were_not_kept_are_estimated() -> None:
    """Half of what was kept are 429s, so half of the rest is."""
    many = replace(a_try(1, hit("req_1"), "rate limit is 25"), matched=300)
    assert limits(many, will_retry=True).per_try == (150,)


@pytest.mark.parametrize(
    ("tries", "more", "verdict"),
    [
        ((a_try(1, "ok"),), {"will_retry": True}, "none"),
        ((a_try(1, hit("a")), a_try(2, state="success")), {}, "recovered: try 2"),
        ((a_try(1, "429"), a_try(2, "429")), {}, "over: no try is left after 429s in 2 of 2"),
        ((a_try(1, "429"),), {"will_retry": True, "next_try_at": NOW + timedelta(seconds=25)}, "likely: only one"),
        (
            (a_try(1, hit("req_1", "60")),),
            {"will_retry": True, "next_try_at": NOW + timedelta(seconds=25)},
            "unlikely: the next try comes after 20 s, and it was asked to wait 60 s",
        ),
        ((a_try(1, "429", "429"), a_try(2, "429", "429")), {"will_retry": True}, "unlikely: each try meets"),
        ((a_try(1, *["429"] * 9), a_try(2, "429")), {"will_retry": True}, "likely: the 429s become fewer (9, 1)"),
        ((a_try(1, "429"), a_try(2, "429", state="running")), {}, "unlikely: each try meets"),
        ((a_try(1, "429"), a_try(2, "429", state="queued")), {}, "unlikely: each try meets"),
        ((a_try(1, "ok"), a_try(2, "429")), {"will_retry": True}, "likely: only one try met the limit"),
        (
            (a_try(1, "ok"), a_try(2, "429"), a_try(3, "429")),
            {"will_retry": True},
            "unlikely: each try meets the limit again (1, 1",
        ),
        (
            (a_try(1, *["429"] * 4), a_try(2, "429", "429")),
            {"will_retry": True},
            "likely: the 429s become fewer (4, 2)",
        ),
        ((a_try(1, *["429"] * 4), a_try(2, *["429"] * 3)), {"will_retry": True}, "unlikely: each try meets"),
        (
            (a_try(1, hit("req_1", "20")),),
            {"will_retry": True, "next_try_at": NOW + timedelta(seconds=25)},
            "likely: only one try met the limit, and the next one waits long enough",
        ),
        ((), {"will_retry": True}, "none: the logs hold no 429"),
    ],
)
def test_whether_a_retry_helps(tries: tuple[TaskTry, ...], more: dict[str, object], verdict: str) -> None:
    """By how the counts go from try to try, and by the wait against what was asked for."""
    found = limits(*tries, **more)
    assert f"{found.verdict}: {found.because}".startswith(verdict)


@pytest.mark.parametrize(
    ("batch", "rate", "halves"),
    [
        ("100", "20", (50.0, 10.0)),
        ("1", "0.5", (1.0, 1.0)),
        ("", "fast", (None, None)),
        ("nan", "inf", (None, None)),
        ("0", "0", (None, None)),
    ],
)
def test_settings_become_numbers_and_halves(batch: str, rate: str, halves: tuple[float | None, float | None]) -> None:
    """A half is whole and at least one; what is no number is not halved."""
    found = limits(a_try(1, "429"), batch_size=batch, requests_per_second=rate)
    assert (found.half_batch, found.half_rate) == halves


def test_a_wait_that_nobody_knows_is_not_said_to_be_long_enough() -> None:
    """The scheduler has not told when the next try comes."""
    assert limits(a_try(1, "429"), will_retry=True).because == "only one try met the limit"


def test_facts_survive_being_kept() -> None:
    """They are stored as JSON and come back the same."""
    adapter = TypeAdapter(RateLimits)
    assert adapter.validate_json(adapter.dump_json(RATE_LIMITS.typical)) == RATE_LIMITS.typical
    assert RATE_LIMITS.typical.verdict == "likely"
    assert RATE_LIMITS.empty == find_rate_limits(RateLimitsArguments(()), NOW)
