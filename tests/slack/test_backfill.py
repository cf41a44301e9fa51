"""What was missed is read again, oldest first, once there is something to start from."""

from typing import Any

import pytest

from bot.errors import Unreachable
from bot.slack.backfill import OVERLAP_S, Backfill
from bot.slack.channels import Channels
from bot.slack.methods import Method


@pytest.fixture
async def channels(slack: Any) -> Channels:
    """Two watched channels."""
    slack.scripts[Method.CHANNELS] = lambda _: {
        "channels": [{"id": id, "name": id.lower(), "is_member": True} for id in ("C1", "C2")]
    }
    found = Channels(slack, ["c1", "c2"])
    await found.refresh()
    return found


async def test_missed_messages_come_oldest_first(slack: Any, channels: Channels, cursors: Any) -> None:
    """Pages come newest first from Slack and are handed on in the order of posting, with their channel."""
    cursors.at["C1"] = "5000.000100"
    slack.scripts[Method.HISTORY] = [
        {"messages": [{"ts": "5003.1"}, {"ts": "5002.1"}], "response_metadata": {"next_cursor": "n"}},
        {"messages": [{"ts": "5001.1"}]},
    ]
    taken: list[Any] = []
    assert await Backfill(slack, channels, cursors, taken.append).run() == 3
    assert [(one["channel"], one["ts"]) for one in taken] == [("C1", "5001.1"), ("C1", "5002.1"), ("C1", "5003.1")]
    assert slack.sent(Method.HISTORY)[0]["oldest"] == f"{5000.0001 - OVERLAP_S:.6f}"


async def test_first_start_reads_nothing(slack: Any, channels: Channels, cursors: Any) -> None:
    """A bot that never listened does not answer last year's alerts, but from now on it knows where it stands."""
    assert await Backfill(slack, channels, cursors, lambda _: None, lambda: 7.25).run() == 0
    assert slack.sent(Method.HISTORY) == []
    assert cursors.at == {"C1": "7.250000", "C2": "7.250000"}


async def test_one_unreadable_channel_does_not_hide_the_others(slack: Any, channels: Channels, cursors: Any) -> None:
    """A channel that cannot be read is passed over."""
    cursors.at |= {"C1": "1.1", "C2": "1.1"}
    slack.scripts[Method.HISTORY] = [Unreachable("Slack", "no"), {"messages": [{"ts": "2.1"}]}]
    taken: list[Any] = []
    await Backfill(slack, channels, cursors, taken.append).run()
    assert [one["channel"] for one in taken] == ["C2"]
