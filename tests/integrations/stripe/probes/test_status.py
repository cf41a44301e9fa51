"""Does Stripe answer, in which mode, and does it limit us?"""

from typing import Any

import pytest

from bot.integrations.stripe.client import Answer
from bot.integrations.stripe.probes.status import seconds, status_from


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("1", 1.0),
        (" 30 ", 30.0),
        ("0.25", 0.25),
        ("0", 0.0),
        ("", None),
        ("-1", None),
        ("1e9", None),
        ("9" * 7, None),
        ("nan", None),
        ("Mon, 23 Nov 2026 05:03:00 GMT", None),
    ],
)
def test_a_wait_is_a_plain_number_of_seconds(text: str, wait: float | None) -> None:
    """Nothing that would have somebody wait for ever."""
    assert seconds(text) == wait


@pytest.mark.parametrize(
    ("livemode", "prefix", "mode", "limit"),
    [(True, "test", "live", 100), (False, "live", "test", 25), (None, "live", "live", 100), (None, "test", "test", 25)],
)
def test_the_object_knows_its_mode_better_than_the_key(
    livemode: bool | None, prefix: str, mode: str, limit: int
) -> None:
    """An error's body says nothing of it; the documented limit follows."""
    body = {} if livemode is None else {"livemode": livemode}
    found = status_from(Answer(200, 1.0, {}, body), prefix, "secret")
    assert (found.mode, found.limit_per_s, found.verdict) == (mode, limit, "answers")


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("global-rate", "too many requests a second, all endpoints together"),
        ("global-concurrency", "too many requests at once"),
        ("endpoint-concurrency", "too many requests at once to one endpoint"),
        ("resource-specific", "too many requests to one object"),
        ("a-new-reason", ""),
    ],
)
def test_a_reason_is_told_in_words_where_it_is_known(reason: str, why: str) -> None:
    """Else by its own name alone."""
    found = status_from(Answer(429, 1.0, {"stripe-rate-limited-reason": reason}), "live", "restricted")
    assert (found.verdict, found.reason, found.why) == ("limited", reason, why)


@pytest.mark.parametrize("code", [None, ""])
def test_an_error_without_a_code_has_none(code: Any) -> None:
    """And a code of an answer that is no refusal is not the limit's."""
    assert status_from(Answer(429, 1.0, {}, {"code": code}), "live", "secret").code == ""
    assert status_from(Answer(200, 1.0, {}, {"code": "x"}), "live", "secret").code == ""
