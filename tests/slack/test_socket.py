"""Socket Mode: it connects, notices when it is deaf, and leaves what it cannot finish to others."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import AccessDenied, Unreachable
from bot.slack.socket import Socket


class Wall:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def make_app(url: str) -> AsyncApp:
    """A bolt app that talks to the stand-in."""
    return AsyncApp(client=AsyncWebClient("xoxb-sandbox-runbook", base_url=f"{url}/api/"), signing_secret="x")


async def until(predicate: Any) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(60.0):
        while not predicate():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


async def test_refused_token_ends_the_start(standin: Any) -> None:
    """A wrong app-level token is an error at once, not a loop."""
    socket = Socket(make_app(standin.url), "xapp-wrong", lambda: None)
    with pytest.raises(AccessDenied, match="token"):
        await socket.open()


async def test_silent_slack_ends_the_start(standin: Any) -> None:
    """When nothing answers at the start, that is said instead of waited for without a word."""
    await asyncio.to_thread(standin.people.faults, "drop", method="apps.connections.open")
    socket = Socket(make_app(standin.url), "xapp-sandbox-runbook", lambda: None)
    with pytest.raises(Unreachable, match=r"apps\.connections\.open"):
        await socket.open()


async def test_every_connection_is_announced(standin: Any) -> None:
    """The hook runs at the first connection and after each one that replaces it."""
    connected: list[int] = []
    socket = Socket(make_app(standin.url), "xapp-sandbox-runbook", lambda: connected.append(1), ping_interval_s=0.2)
    await socket.open()
    await until(lambda: connected)
    assert await socket.is_connected()
    known = len(connected)
    await asyncio.to_thread(standin.people.sockets, "abort")
    await until(lambda: len(connected) > known)
    await socket.close()


async def test_deaf_connection_is_replaced(standin: Any) -> None:
    """When nothing is heard for too long, although it looks connected, a new connection is made."""
    wall, connected = Wall(), []
    socket = Socket(make_app(standin.url), "xapp-sandbox-runbook", lambda: connected.append(1), 0.05, wall)  # type: ignore[func-returns-value]
    await socket.open()
    await until(lambda: connected)
    wall.at = 9e12
    await until(lambda: len(connected) >= 2)
    await socket.close()
