"""Acting as a person: which message and which button is meant."""

from __future__ import annotations

import pytest

from bot.sandbox.errors import SandboxError
from bot.sandbox.person import describe_ack, find_channel, find_target, find_user
from bot.sandbox.slack.control import Acked

PEOPLE = {
    "users": [{"id": "U0ONCALL", "name": "nadia"}, {"id": "U0BOT", "name": "bot", "is_bot": True}],
    "channels": [{"id": "C0ALERTS", "name": "data-alerts"}, {"id": "D1", "name": None, "is_im": True}],
}


def message(ts: str, *labels: str, **more: object) -> dict:
    """A message with these buttons."""
    buttons = [{"text": {"text": label}, "action_id": label.lower()} for label in labels]
    return {"ts": ts, "blocks": [{"type": "actions", "block_id": "b", "elements": buttons}], **more}


CHANNEL = {
    "name": "data-alerts",
    "messages": [message("3.0"), message("1.0", "Approve", "Decline"), message("2.0", "Approve")],
    "ephemerals": [message("4.0", "Again", to_user="U0ONCALL")],
}


@pytest.mark.parametrize(
    ("which", "button", "expected"),
    [
        (None, "2", ("1.0", "decline")),
        (None, "1", ("4.0", "again")),
        (None, "approve", ("2.0", "approve")),
        ("1", "1", ("1.0", "approve")),
        ("#2", "Approve", ("2.0", "approve")),
        ("1.0", "decline", ("1.0", "decline")),
    ],
)
def test_the_newest_message_with_that_button_is_meant_unless_named(which, button, expected):
    """Numbers count as the terminal shows them; a button can also be named by label or action id."""
    target = find_target(CHANNEL, "U0ONCALL", which, button)
    assert (target.message["ts"], target.element.action_id) == expected


def test_nobody_clicks_what_only_another_sees():
    """Somebody else's ephemeral buttons are not there."""
    assert find_target(CHANNEL, "U0LEAD", None, "1").message["ts"] == "2.0"


@pytest.mark.parametrize(
    ("which", "button", "words"),
    [
        ("1", "7", r"message 1 has no button 7: \[1\] Approve, \[2\] Decline"),
        ("3", "1", "it has none"),
        ("9", "1", "there is no message 9: they are #1 to #3"),
        (None, "nope", "no message in #data-alerts has a button nope"),
    ],
)
def test_what_is_not_there_is_explained(which, button, words):
    """The error names what could have been meant."""
    with pytest.raises(SandboxError, match=words):
        find_target(CHANNEL, "U0ONCALL", which, button)


def test_people_and_channels_are_found_by_name_or_id():
    """Bots are no people; unknown names list the known ones."""
    assert find_user(PEOPLE, "nadia") == find_user(PEOPLE, "U0ONCALL") == "U0ONCALL"
    assert find_channel(PEOPLE, "#data-alerts")["id"] == find_channel(PEOPLE, "C0ALERTS")["id"] == "C0ALERTS"
    with pytest.raises(SandboxError, match="there is no bot in the sandbox: nadia"):
        find_user(PEOPLE, "bot")
    with pytest.raises(SandboxError, match="there is no channel data-eng: data-alerts"):
        find_channel(PEOPLE, "data-eng")


@pytest.mark.parametrize(
    ("acked", "words"),
    [
        (Acked(acked=True, in_ms=41.6), "done (42 ms)"),
        (Acked(acked=False, error="operation_timeout"), "the bot did not answer: operation_timeout"),
        (Acked(acked=True, errors={"quota": "too high"}), "the form was not taken: quota: too high"),
        (Acked(acked=False, sent=False, reason="a field is missing"), "Slack did not send it: a field is missing"),
    ],
)
def test_the_person_hears_how_the_bot_took_it(acked, words):
    """Acknowledged, timed out, form errors, or not even sent."""
    assert describe_ack(acked) == words
