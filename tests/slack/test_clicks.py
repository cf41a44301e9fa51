"""A click says who, where and what; a value that this bot cannot have made is refused with what to do."""

import json
from typing import Any

import pytest

from bot.errors import RunbookError
from bot.slack.clicks import Click, read_click

BODY = {
    "user": {"id": "U0LEAD"},
    "channel": {"id": "C0ALERTS"},
    "message": {"ts": "1.2", "thread_ts": "1.1"},
    "container": {"message_ts": "1.2", "channel_id": "C0ALERTS"},
    "trigger_id": "T1",
    "response_url": "https://hooks.slack.test/1",
    "actions": [{"action_id": "approve", "value": '{"plan":"plan-1"}'}, {"value": "second"}],
}


def click(value: object) -> Click:
    """A press of a button with this value."""
    return Click("U1", "C1", "1.1", "T1", value if isinstance(value, str) else json.dumps(value))


def test_a_click_is_read_from_slacks_payload() -> None:
    """The thread is the card's, not the card itself; the first action is the one that was pressed."""
    expected = Click("U0LEAD", "C0ALERTS", "1.1", "T1", '{"plan":"plan-1"}', "https://hooks.slack.test/1")
    assert read_click(BODY) == expected


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"message": {"ts": "1.2"}}, ("C0ALERTS", "1.2")),
        ({"message": None, "channel": None}, ("C0ALERTS", "1.2")),
        ({"message": None, "channel": None, "container": None}, ("", "")),
    ],
    ids=["not in a thread", "ephemeral", "nowhere"],
)
def test_a_message_outside_a_thread_is_its_own(changes: dict[str, Any], where: tuple[str, str]) -> None:
    """Ephemeral messages come without message and channel: their container says where they stand."""
    read = read_click({**BODY, **changes})
    assert (read.channel, read.thread_ts) == where


def test_said_gives_the_parts_in_the_order_asked() -> None:
    """A number counts as its words."""
    assert click({"plan": "p", "digest": "d", "step": 4}).said("digest", "plan", "step") == ["d", "p", "4"]


@pytest.mark.parametrize(
    "value",
    ["", "approve", "[]", '"plan"', {}, {"plan": ""}, {"plan": None}, {"plan": ["p"]}, {"plan": True}, {"digest": "d"}],
    ids=repr,
)
def test_a_value_of_another_version_is_refused(value: object) -> None:
    """Whatever it is, the clicker hears what to do; nothing is asked of the flow."""
    with pytest.raises(RunbookError, match=r"^This button was made by another version of the bot; use a newer card\.$"):
        click(value).said("plan")


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("12", 12), (7, 7)])
def test_a_number_is_read(value: object, number: int) -> None:
    """Written by us as words, since Slack wants a text."""
    assert click({"page": value}).number("page") == number


@pytest.mark.parametrize(
    "value", ["-1", "1.5", "one", " 1", "²", "", None, 1.5, "1" * 10, "1" * 5_000], ids=lambda value: repr(value)[:12]
)
def test_what_is_no_number_is_refused(value: object) -> None:
    """Neither a page before the first nor one without end."""
    with pytest.raises(RunbookError, match="use a newer card"):
        click({"page": value}).number("page")


def test_a_part_may_be_there_or_not() -> None:
    """Also one whose value says nothing."""
    assert [click({"again": ""}).has("again"), click({}).has("again"), click("no JSON").has("again")] == [
        True,
        False,
        False,
    ]
