"""Beside stage 1: messages of the past, from a channel's history in the workspace itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UnknownName
from bot.slack.channels import Channel
from bot.slack.methods import Method
from bot.slack.transport import Caller, Transport, pages

_PAGE = 200
_MOST_PAGES = 500
_TIMEOUT = aiohttp.ClientTimeout(total=15.0, connect=5.0)


async def read_history(
    token: str, api_url: str, channels: Sequence[str], oldest: float, tell: Callable[[int], None]
) -> list[Mapping[str, Any]]:
    """Messages of these channels since `oldest` (seconds since 1970), oldest first, as `message` events whose channel
    is its name. `tell` hears how many came so far.

    At most 100,000 messages a channel, the newest. UnknownName for a channel that is not there or lacks the bot;
    IntegrationError with Slack's reason.
    """
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        client = AsyncWebClient(token, base_url=f"{api_url.rstrip('/')}/", session=session, retry_handlers=[])
        caller = Transport(client)
        known = await _known(caller)
        found: list[Mapping[str, Any]] = []
        for name in (name.removeprefix("#") for name in channels):
            if name not in known:
                raise UnknownName("channel with the bot in it", name, known)
            payload = {"channel": known[name].id, "oldest": f"{oldest:.6f}", "limit": _PAGE}
            async for page in pages(caller, Method.HISTORY, payload, most=_MOST_PAGES):
                found += [{**message, "channel": name} for message in page.get("messages") or ()]
                tell(len(found))
    return sorted(found, key=lambda message: str(message.get("ts", "")))


async def _known(caller: Caller) -> dict[str, Channel]:
    payload = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": 1000}
    known = {}
    async for page in pages(caller, Method.CHANNELS, payload):
        for channel in page.get("channels") or ():
            if channel.get("is_member"):
                name = str(channel.get("name", ""))
                known[name] = Channel(str(channel["id"]), name, is_member=True)
    return known
