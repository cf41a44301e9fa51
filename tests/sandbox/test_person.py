"""Acting as a person: which message and which button is meant."""

from __future__ import annotations

import pytest

from bot.sandbox import person
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


OPTIONS = [{"text": {"text": text}, "value": text.lower()} for text in ("Low", "High")]
SELECT = {"type": "static_select", "action_id": "level", "placeholder": {"text": "Level"}, "options": OPTIONS}
ROOM = {
    "id": "C0ALERTS",
    "name": "data-alerts",
    "messages": [
        {"ts": "1.0", "blocks": [{"type": "actions", "block_id": "row", "elements": [SELECT]}]},
        message("2.0", "Approve"),
    ],
}


class FakeSlack:
    """A workspace that keeps what it was asked to do, as (verb, positional, named)."""

    def __init__(self, views: list[dict] | None = None) -> None:
        self.done: list[tuple] = []
        self.open = views or []

    def state(self) -> dict:
        return {**PEOPLE, "channels": [ROOM], "commands": ["/diagnose", "/runbook"]}

    def views(self, person: str) -> list[dict]:
        return self.open

    def __getattr__(self, verb: str):
        def run(*given, **named) -> Acked:
            self.done.append((verb, given, named))
            return Acked(acked=True)

        return run


@pytest.mark.parametrize("option", ["High", "high"])
def test_a_select_is_used_by_its_text_or_value(option):
    """What is sent is the value, with the block it stands in."""
    slack = FakeSlack()
    person.click(slack, "nadia", "#data-alerts", "1", "level", option)
    named = {"block_id": "row", "value": "high"}
    assert slack.done == [("click", ("U0ONCALL", "C0ALERTS", "1.0", "level"), named)]


@pytest.mark.parametrize("option", [None, "Top"])
def test_a_select_without_a_choice_is_not_used(option):
    """The choices are listed instead."""
    slack = FakeSlack()
    with pytest.raises(SandboxError, match="say which with --option: Low, High"):
        person.click(slack, "nadia", "data-alerts", "1", "1", option)
    assert slack.done == []


@pytest.mark.parametrize(("thread", "ts"), [(None, None), ("#1", "1.0"), ("2.0", "2.0")])
def test_an_answer_goes_into_the_thread_that_was_named(thread, ts):
    """By its number or timestamp; without one it is a message of its own."""
    slack = FakeSlack()
    person.say(slack, "nadia", "data-alerts", "hi", thread)
    assert slack.done == [("say", ("C0ALERTS", "hi"), {"user": "U0ONCALL", "thread_ts": ts})]


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("/runbook", "/runbook", ""),
        ("  /runbook   show  lag ", "/runbook", "show  lag"),
        ("/diagnose x", "/diagnose", "x"),
    ],
)
def test_a_command_is_its_first_word(line, name, words):
    """The rest is its text, as typed."""
    slack = FakeSlack()
    person.command(slack, "nadia", "data-alerts", line)
    assert slack.done == [("command", ("U0ONCALL", "C0ALERTS", name, words), {})]


def test_an_unknown_command_lists_the_known_ones():
    """Nothing is typed."""
    with pytest.raises(SandboxError, match="there is no command /runbok: /diagnose, /runbook"):
        person.command(FakeSlack(), "nadia", "data-alerts", "/runbok list")


def test_the_top_form_is_submitted():
    """With its fields; a value may hold an equals sign or be empty."""
    slack = FakeSlack([{"id": "V1"}, {"id": "V2"}])
    person.submit(slack, "nadia", ["why=a=b", "quota="])
    assert slack.done == [("submit", ("U0ONCALL", "V2", {"why": "a=b", "quota": ""}), {})]


@pytest.mark.parametrize(
    ("views", "fields", "words"),
    [([], [], "nadia has no form open"), ([{"id": "V1"}], ["a=b", "because"], "a field is NAME=VALUE, got because")],
)
def test_a_form_that_cannot_be_submitted_is_explained(views, fields, words):
    """No form, or a field without a value."""
    slack = FakeSlack(views)
    with pytest.raises(SandboxError, match=words):
        person.submit(slack, "nadia", fields)
    assert slack.done == []
