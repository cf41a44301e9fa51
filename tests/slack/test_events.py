"""Stage 1: which messages are alerts, which are edits or deletions of them, and which are nothing."""

from typing import Any

import pytest

from bot.slack.events import Deleted, Edited, Identity, Posted, understand

ME = Identity("U0RUNBOOK", "B0RUNBOOK")
BASE: dict[str, Any] = {"type": "message", "channel": "C1", "ts": "5.1", "text": "down"}
MINE = {"user": "U0RUNBOOK"}


def changed(message: dict[str, Any], before: dict[str, Any] | None = None, **extra: Any) -> dict[str, Any]:
    """A message_changed event; `message` differs from a message that says "down"."""
    old = {"ts": "5.1", "text": "down", "user": "U1"}
    return {
        "channel": "C1",
        "subtype": "message_changed",
        "message": {**old, **message},
        "previous_message": {**old, **(before or {})},
        **extra,
    }


def deleted(**before: Any) -> dict[str, Any]:
    """A message_deleted event."""
    return {"channel": "C1", "subtype": "message_deleted", "deleted_ts": "5.1", "previous_message": before}


HEARD: dict[str, tuple[dict[str, Any], type | None]] = {
    "a person": ({**BASE, "user": "U1"}, Posted),
    "a modern app": ({**BASE, "user": "U2", "bot_id": "B1"}, Posted),
    "a webhook": ({**BASE, "subtype": "bot_message", "bot_id": "B1"}, Posted),
    "a file": ({**BASE, "subtype": "file_share", "files": []}, Posted),
    "the head of a thread": ({**BASE, "thread_ts": "5.1"}, Posted),
    "another channel": ({**BASE, "channel": "C2"}, None),
    "a reply": ({**BASE, "thread_ts": "4.1"}, None),
    "a reply shown in the channel": ({**BASE, "subtype": "thread_broadcast", "thread_ts": "4.1"}, None),
    "a join": ({**BASE, "subtype": "channel_join"}, None),
    "a topic": ({**BASE, "subtype": "channel_topic"}, None),
    "an unheard-of subtype": ({**BASE, "subtype": "unheard_of"}, None),
    "the bot's user": ({**BASE, **MINE}, None),
    "the bot's app": ({**BASE, "bot_id": "B0RUNBOOK"}, None),
    "an edit": (changed({"text": "up"}), Edited),
    "an edit of blocks": (changed({"blocks": [{"type": "divider"}]}), Edited),
    "a new reply's count": (changed({"reply_count": 3}), None),
    "an edit of a reply": (changed({"text": "up", "thread_ts": "4.1"}), None),
    "an edit of the bot's message": (changed({"text": "up", **MINE}), None),
    "an edit in another channel": (changed({"text": "up"}, None, channel="C2"), None),
    "a deletion": (deleted(user="U1", text="down"), Deleted),
    "a deletion that leaves a thread": (changed({"subtype": "tombstone"}, {"text": "down"}), Deleted),
    "a deleted reply": (deleted(user="U1", ts="5.1", thread_ts="4.1"), None),
    "a deletion of the bot's message": (deleted(**MINE), None),
    "a deletion of nothing": ({**deleted(), "deleted_ts": None}, None),
}


@pytest.mark.parametrize(("event", "kind"), HEARD.values(), ids=HEARD)
def test_messages_are_understood(event: dict[str, Any], kind: type | None) -> None:
    """Every shape of message event becomes the right thing, or nothing."""
    happening = understand(event, ME, lambda channel: channel == "C1")
    assert type(happening) is (kind or type(None))


def test_edited_alert_reads_as_it_is_now() -> None:
    """The new text counts, under the message's own ts and channel."""
    happening = understand(changed({"text": "up"}), ME, lambda _: True)
    assert isinstance(happening, Edited)
    assert (happening.alert.text, happening.alert.channel, happening.alert.ts) == ("up", "C1", "5.1")


@pytest.mark.parametrize("value", [None, 7, [], {}, "x"], ids=repr)
@pytest.mark.parametrize("key", ["channel", "subtype", "message", "previous_message", "thread_ts", "ts", "deleted_ts"])
def test_hostile_events_are_nothing_worse_than_nothing(key: str, value: object) -> None:
    """A wrong type anywhere never raises."""
    for event in ({**BASE}, changed({"text": "up"}), deleted()):
        understand({**event, key: value}, ME, lambda channel: channel == "C1")
