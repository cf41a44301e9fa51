"""A channel's past, over the wire."""

import asyncio
from typing import Any

import pytest

from bot.errors import IntegrationError, UnknownName
from bot.slack.history import read_history


async def test_every_page_comes_oldest_first(wire: Any, standin: Any) -> None:
    """More messages than fit on a page; their channel is its name."""
    for number in range(3):
        await asyncio.to_thread(wire.people.say, "C0ALERTS", f"alert {number}", app="A0AIRFLOW")
    counts: list[int] = []
    found = await read_history("xoxb-sandbox-runbook", f"{standin.url}/api/", ["#data-alerts"], 0.0, counts.append)
    assert [message["text"] for message in found] == ["alert 0", "alert 1", "alert 2"]
    assert {message["channel"] for message in found} == {"data-alerts"}
    assert counts[-1] == 3


async def test_a_channel_without_the_bot_and_a_wrong_token_are_told(wire: Any, standin: Any) -> None:
    """With what to do."""
    url = f"{standin.url}/api/"
    with pytest.raises(UnknownName, match="data-alerts"):
        await read_history("xoxb-sandbox-runbook", url, ["data-alrets"], 0.0, lambda _: None)
    with pytest.raises(IntegrationError, match="token"):
        await read_history("xoxb-wrong", url, ["data-alerts"], 0.0, lambda _: None)
