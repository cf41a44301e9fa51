"""Stage 1: messages that were posted while the bot did not listen, read from the channels' history."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.errors import IntegrationError
from bot.flow.ports import Cursors
from bot.slack.channels import Channels
from bot.slack.methods import Method
from bot.slack.transport import Caller, pages

# The cursor is the newest message that was finished; older ones may have been under way when the bot was killed.
OVERLAP_S = 600.0
_PAGE = 200
_MOST_PAGES = 5
_log = structlog.get_logger(__name__)


class Backfill:
    """Reads what was missed in every watched channel, oldest first; the store knows what it has seen."""

    def __init__(
        self,
        caller: Caller,
        channels: Channels,
        cursors: Cursors,
        take: Callable[[Mapping[str, Any]], None],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._caller = caller
        self._channels = channels
        self._cursors = cursors
        self._take = take
        self._wall = wall

    async def run(self) -> int:
        """Hands the messages on and returns how many; a channel that cannot be read is logged and passed over."""
        taken = 0
        for channel in self._channels.readable:
            try:
                taken += await self._channel(channel)
            except IntegrationError as error:
                _log.warning("missed messages could not be read", channel=channel, reason=error.reason)
        _log.info("caught up", messages=taken)
        return taken

    async def _channel(self, channel: str) -> int:
        read_to = await self._cursors.read_to(channel)
        if not read_to:
            # First start: what was posted before is not its business, but the next start counts from here.
            await self._cursors.advance(channel, f"{self._wall():.6f}")
            return 0
        payload = {
            "channel": channel,
            "oldest": f"{max(float(read_to) - OVERLAP_S, 0.0):.6f}",
            "limit": _PAGE,
            "include_all_metadata": True,
        }
        messages: list[Mapping[str, Any]] = []
        async for page in pages(self._caller, Method.HISTORY, payload, most=_MOST_PAGES):
            messages += page.get("messages") or ()
        if len(messages) >= _PAGE * _MOST_PAGES:
            _log.warning("more was missed than is read again", channel=channel, read=len(messages))
        for message in sorted(messages, key=lambda message: str(message.get("ts", ""))):
            self._take({**message, "channel": channel})
        return len(messages)
