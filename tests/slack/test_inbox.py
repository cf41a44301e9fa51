"""Messages become work, in order for each message, and the cursor follows what was finished."""

from typing import Any

import pytest

from bot.slack.edge import Edge
from bot.slack.inbox import Inbox

POSTED = {"channel": "C1", "ts": "5.1", "text": "down", "user": "U1"}


@pytest.fixture
def edge() -> Edge:
    """The edge that runs the work."""
    return Edge()


@pytest.fixture
def inbox(flow: Any, edge: Edge, cursors: Any, make: Any) -> Inbox:
    """An inbox for the channel C1."""

    async def reply(*said: str) -> None:
        flow.asked.append(("reply", *said))

    return Inbox(flow.verbs(), edge, cursors, make.identity, lambda channel: channel == "C1", reply)


@pytest.mark.parametrize("is_alert", [True, False])
async def test_failure_is_told_in_the_thread_of_an_alert(inbox: Inbox, edge: Edge, flow: Any, is_alert: bool) -> None:
    """A bug while handling an alert is told in its thread with a reference; chatter is left alone."""
    flow.raises["take_alert"] = ValueError("bug")
    flow.returns["is_recognised"] = is_alert
    await inbox_settled(inbox, edge)
    replies = [asked for asked in flow.asked if asked[0] == "reply"]
    assert [reply[1:3] for reply in replies] == ([("C1", "5.1")] if is_alert else [])
    assert all("(reference " in reply[3] for reply in replies)


async def test_broken_recognition_answers_nothing(inbox: Inbox, edge: Edge, flow: Any) -> None:
    """When recognising itself is what breaks, no message in the channel gets an error for an answer."""
    flow.raises |= {"take_alert": ValueError("bug"), "is_recognised": ValueError("bug")}
    await inbox_settled(inbox, edge)
    assert "reply" not in flow.names()


async def inbox_settled(inbox: Inbox, edge: Edge) -> None:
    """Take a message and let everything end that it begins."""
    import asyncio

    inbox.take(POSTED)
    while edge.in_flight:  # noqa: ASYNC110 - work begets work; there is no one event to wait for
        await asyncio.sleep(0.001)


async def test_message_is_taken_and_the_cursor_moves(inbox: Inbox, edge: Edge, flow: Any, cursors: Any) -> None:
    """The event's id goes along; the cursor stands at the message once it was handled."""
    inbox.take(POSTED, "Ev1")
    await edge.drain(60.0)
    assert [(name, *rest) for name, _, *rest in flow.asked] == [("take_alert", "Ev1")]
    assert cursors.at == {"C1": "5.1"}


async def test_failed_message_is_read_again_later(inbox: Inbox, edge: Edge, flow: Any, cursors: Any) -> None:
    """A message whose handling broke does not move the cursor past itself."""
    flow.raises["take_alert"] = ValueError("bug")
    inbox.take(POSTED)
    await edge.drain(60.0)
    assert cursors.at == {}


async def test_edit_waits_for_its_message(inbox: Inbox, edge: Edge, flow: Any) -> None:
    """An edit and a deletion that come while the message is handled run after it."""
    import asyncio

    go, order = asyncio.Event(), []

    async def slow(*_: Any) -> None:
        await go.wait()
        order.append("posted")

    async def note(*_: Any) -> None:
        order.append("later")

    flow.slow |= {"take_alert": slow, "edit_alert": note, "forget_alert": note}
    inbox.take(POSTED)
    inbox.take({"channel": "C1", "subtype": "message_changed", "message": {"ts": "5.1", "text": "up"}})
    inbox.take({"channel": "C1", "subtype": "message_deleted", "deleted_ts": "5.1"})
    await asyncio.sleep(0.01)
    assert order == []
    go.set()
    await edge.drain(60.0)
    assert order == ["posted", "later", "later"]


async def test_what_is_nothing_begins_nothing(inbox: Inbox, edge: Edge) -> None:
    """Other channels, replies and the bot's own messages cost no work."""
    inbox.take({**POSTED, "channel": "C2"})
    inbox.take({**POSTED, "thread_ts": "4.1"})
    inbox.take({**POSTED, "user": "U0RUNBOOK"})
    assert edge.in_flight == 0
