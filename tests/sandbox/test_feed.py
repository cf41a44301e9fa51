"""The feed: a channel as a person follows it, threads set in, edits as what changed."""

from __future__ import annotations

import pytest

from bot.sandbox.feed import Feed


def state(*messages: dict) -> dict:
    """A workspace with one channel that holds these messages."""
    return {
        "users": [{"id": "U1", "name": "nadia"}],
        "apps": [{"id": "A1", "name": "runbook-bot", "bot_user": "UBOT", "bot_id": "BBOT"}],
        "usergroups": [],
        "channels": [{"id": "C1", "name": "data-alerts", "messages": list(messages)}, {"id": "C2", "name": "other"}],
    }


def message(ts: str, text: str, **more: object) -> dict:
    """A message of the bot."""
    return {"ts": ts, "user": "UBOT", "text": text, **more}


def texts(feed: Feed, kind: str, **data: object) -> list[str]:
    """The lines of a change in the followed channel."""
    return [line.text for line in feed.lines(kind, {"channel": "C1", **data})]


@pytest.fixture
def feed():
    """A feed that has shown one alert."""
    made = Feed(state(message("1.0", "Task failed", username="Airflow")), "C1")
    assert [line.text for line in made.backlog()] == ["#1 Airflow", "  Task failed"]
    return made


def test_an_answer_is_set_in_under_its_number(feed):
    """A thread reply is indented and has the next number."""
    reply = message("2.0", "looking …", thread_ts="1.0")
    assert texts(feed, "message", message=reply) == ["    #2 runbook-bot", "      looking …"]


def test_an_edit_shows_only_what_changed(feed):
    """Lines that stay are not repeated; gone ones are marked -, new ones +."""
    blocks = [{"type": "header", "text": {"text": "Lock"}}, {"type": "markdown", "text": "looking …"}]
    texts(feed, "message", message=message("2.0", "", thread_ts="1.0", blocks=blocks))
    edited = [blocks[0], {"type": "markdown", "text": "blocked by pid 7"}]
    assert texts(feed, "message_changed", message=message("2.0", "", thread_ts="1.0", blocks=edited)) == [
        *("    #2 runbook-bot (edited)", "      - looking …", "      + blocked by pid 7"),
    ]


def test_an_edit_that_changes_nothing_visible_is_silent(feed):
    """A message rewritten with the same words says nothing."""
    assert texts(feed, "message_changed", message=message("1.0", "Task failed", username="Airflow")) == []


def test_an_ephemeral_says_who_sees_it(feed):
    """Private refusals are shown, marked with their only reader."""
    lines = texts(feed, "ephemeral", user="U1", message=message("2.0", "you are not on call"))
    assert lines == ["runbook-bot → only nadia sees this", "  you are not on call"]


def test_a_form_says_how_to_submit_it(feed):
    """A modal is shown with its fields and the command that submits it."""
    block = {"type": "input", "label": {"text": "Why"}, "element": {"action_id": "why"}}
    view = {"type": "modal", "title": {"text": "Decline"}, "submit": {"text": "Send"}, "blocks": [block]}
    lines = texts(feed, "view_opened", user="U1", view=view)
    assert lines[:2] == ["form for nadia: Decline", "  Why:   (why=…)"]
    assert "runbook sandbox submit --user nadia" in lines[2]


def test_what_is_wrong_in_a_form_is_shown(feed):
    """Errors under fields are lines."""
    assert texts(feed, "view_errors", user="U1", errors={"quota": "too high"}) == ["  quota: too high"]


@pytest.mark.parametrize("kind", ["message", "ephemeral", "call", "delivery_failed"])
def test_other_channels_and_inner_workings_are_not_shown(feed, kind):
    """Only this channel's readers' view is followed."""
    data = {"channel": "C2", "user": "U1", "message": message("9.0", "elsewhere")}
    assert list(feed.lines(kind, data)) == []


def test_a_message_is_shown_once(feed):
    """What the backlog showed is not shown again when the stream tells it too."""
    assert texts(feed, "message", message=message("1.0", "Task failed")) == []
