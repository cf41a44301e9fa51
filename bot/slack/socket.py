"""Stage 1: Socket Mode: one websocket to Slack, watched, because a broken one can look connected and stay deaf."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.errors import Unreachable
from bot.slack.refusals import SYSTEM, translate

PING_INTERVAL_S = 5.0  # measured: a dropped connection is noticed within 3 s at this interval, 8 s at the default
_DEAF_AFTER = 6  # intervals without a pong; the client itself reconnects after 4, if it still can
_log = structlog.get_logger(__name__)


class Socket:
    """Takes envelopes from Slack. `on_connect` is called after every connection, for what was missed meanwhile."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        on_connect: Callable[[], None],
        ping_interval_s: float = PING_INTERVAL_S,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._on_connect = on_connect
        self._interval = ping_interval_s
        self._wall = wall
        self._handler: Any = self._new_handler()  # half of its methods have no types
        self._alive_at = wall()
        self._watchdog: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect. Raises AccessDenied for a token that Slack refuses, Unreachable when it does not answer."""
        client = self._handler.client
        try:
            client.wss_uri = await client.issue_new_wss_url()
        except SlackApiError as error:
            await client.close()
            raise translate(error, "apps.connections.open") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            await client.close()
            raise Unreachable(SYSTEM, f"apps.connections.open: no answer ({type(error).__name__})") from error
        await self._handler.connect_async()
        self._alive_at = self._wall()
        self._watchdog = asyncio.create_task(self._watch(), name="socket watchdog")

    async def is_connected(self) -> bool:
        """True while envelopes can arrive."""
        return bool(await self._handler.client.is_connected())

    def stop_taking(self) -> None:
        """Leave new envelopes unacknowledged, so that Slack gives them to another replica or to the restarted bot."""
        self._handler.client.socket_mode_request_listeners.clear()

    async def close(self) -> None:
        """End the connection."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            await asyncio.wait({self._watchdog})
        await self._handler.close_async()

    def _new_handler(self) -> Any:
        handler = AsyncSocketModeHandler(self._app, self._app_token, ping_interval=self._interval)
        handler.client.message_listeners.append(self._heard)
        return handler

    async def _heard(self, _client: Any, message: dict[str, Any], _raw: str | None = None) -> None:
        self._alive_at = self._wall()
        if message.get("type") == "hello":
            _log.info("connected to slack")
            self._on_connect()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            self._alive_at = max(self._alive_at, self._handler.client.last_ping_pong_time or 0.0)
            if self._wall() - self._alive_at > self._interval * _DEAF_AFTER:
                _log.error("deaf to slack; connecting anew", silent_s=round(self._wall() - self._alive_at))
                await self._replace()

    async def _replace(self) -> None:
        """A new client altogether: the old one's own reconnecting has failed."""
        old, self._handler = self._handler, self._new_handler()
        self._alive_at = self._wall()
        closing = asyncio.create_task(old.close_async(), name="close deaf socket")
        await asyncio.wait({closing}, timeout=self._interval)
        await self._handler.connect_async()
        self._alive_at = self._wall()
