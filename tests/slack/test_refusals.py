"""What Slack answers when it does not do as asked: the right kind of error, with words to act on."""

from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import IntegrationError, Unreachable
from bot.slack.refusals import RateLimited, SlackDenied, SlackMissing, SlackRefused, translate


def answer(body: Any = None, status: int = 200, headers: Any = None) -> IntegrationError:
    """The error of ours for what Slack answered to a post."""
    response = SimpleNamespace(data=body if body is not None else {}, status_code=status, headers=headers or {})
    return translate(SlackApiError("no", response), "chat.postMessage")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("not_in_channel", SlackDenied, "the bot is not a member of the channel; invite it with /invite"),
        ("is_archived", SlackDenied, "the channel is archived"),
        ("token_revoked", SlackDenied, "the token was revoked"),
        ("channel_not_found", SlackMissing, "there is no such channel, or the bot is not in it"),
        ("message_not_found", SlackMissing, "that message does not exist any more"),
    ],
)
def test_a_known_code_is_a_sentence_with_the_method(code: str, kind: type, words: str) -> None:
    """And keeps Slack's own word, by which its documentation is searched."""
    error = answer({"error": code})
    assert type(error) is kind
    assert str(error) == f"Slack: {words} (chat.postMessage: {code})"
    assert isinstance(error, SlackRefused)
    assert error.code == code


@pytest.mark.parametrize("code", ["missing_scope", "no_permission"])
def test_only_a_missing_scope_names_what_is_needed(code: str) -> None:
    """Whoever installs the app has to add exactly that."""
    error = answer({"error": code, "needed": "chat:write"})
    assert ("chat:write" in str(error)) == (code == "missing_scope")
    assert "the app lacks a scope (" in str(answer({"error": "missing_scope"}))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": "internal_error"}, 200),
        ({"error": "fatal_error"}, 200),
        ({}, 500),
        (None, 503),
        ("<html>", 502),
        ({"error": "not_in_channel"}, 500),
    ],
    ids=repr,
)
def test_what_passes_by_itself_is_unreachable(body: Any, status: int) -> None:
    """Trying again is of use; it is no refusal, whatever stands in the body of a broken answer."""
    error = answer(body, status)
    assert type(error) is Unreachable
    assert "chat.postMessage failed on their side" in str(error)


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"error": "invalid_blocks"}, ""),
        ({"error": "invalid_blocks", "response_metadata": {"messages": ["a", "b", "c", "d"]}}, " (a; b; c)"),
        ({"error": "invalid_blocks", "response_metadata": {"messages": "a"}}, ""),
        ({"error": "invalid_blocks", "response_metadata": None}, ""),
    ],
)
def test_an_unknown_code_is_refused_with_slacks_details(body: Any, details: str) -> None:
    """At most three, and none where Slack sent something of another shape."""
    assert str(answer(body)) == f"Slack: chat.postMessage was refused: invalid_blocks{details}"


@pytest.mark.parametrize("body", [None, "", [], "<html>", {"error": ""}], ids=repr)
def test_an_answer_without_a_code_is_known_by_its_status(body: Any) -> None:
    """A proxy's page is no Slack answer."""
    error = answer(body, 404)
    assert isinstance(error, SlackRefused)
    assert error.code == "http_404"


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "0"}, 0.1),
        ({"RETRY-AFTER": "86400"}, 300.0),
        ({"Retry-After": "-5"}, 0.1),
        ({"Retry-After": "Fri, 31 Dec 2027 23:59:59 GMT"}, 1.0),
        ({"Retry-After": "inf"}, 300.0),
        ({"Retry-After": "nan"}, 1.0),
        ({}, 1.0),
        (None, 1.0),
    ],
    ids=repr,
)
def test_a_wait_is_as_long_as_slack_asks_within_reason(headers: Any, wait_s: float) -> None:
    """A second where it does not say, never none and never hours."""
    error = answer({"error": "ratelimited"}, 429, headers)
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == wait_s
    assert str(error) == f"Slack: asks to wait {wait_s:g} s before the next chat.postMessage"


@pytest.mark.parametrize(
    ("body", "status"), [({}, 429), ({"error": "ratelimited"}, 200), ({"error": "rate_limited"}, 200)]
)
def test_a_limit_is_known_by_status_or_word(body: Any, status: int) -> None:
    """Old methods and new ones say it differently."""
    assert isinstance(answer(body, status), RateLimited)


def test_a_response_that_is_a_mapping_itself_is_read() -> None:
    """slack_sdk hands out both kinds."""
    error = translate(SlackApiError("no", {"error": "user_not_found"}), "users.info")
    assert str(error) == "Slack: there is no such person (users.info: user_not_found)"
