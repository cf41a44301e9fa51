"""A file's three calls: announce, bytes, complete."""

from typing import Any

import aiohttp
import pytest

from bot.errors import Unreachable
from bot.slack.methods import Method
from bot.slack.refusals import SlackDenied, SlackRefused
from bot.slack.uploads import Uploads


async def test_a_file_arrives_whole(wire: Any) -> None:
    """The real stand-in has the bytes under the id, and the file is posted nowhere."""
    async with aiohttp.ClientSession() as session:
        id = await Uploads(wire.front.outbox, session).upload("chart.png", "Hours old", b"\x89PNG\r\n")
        state = await wire.act("state")
        (file,) = [one for one in state["files"] if one["id"] == id]
        async with session.get(file["url_private"]) as answer:
            assert await answer.read() == b"\x89PNG\r\n"
    assert (file["title"], file["mimetype"]) == ("Hours old", "image/png")
    assert await wire.act("messages", "C0ALERTS") == []


async def test_refused_bytes_are_told(wire: Any, slack: Any, standin: Any) -> None:
    """An address that Slack does not know is a refusal, a closed one is out of reach; nothing is completed."""
    async with aiohttp.ClientSession() as session:
        for url, error in ((f"{standin.url}/upload/v1/F0/none", SlackRefused), ("http://127.0.0.1:9/x", Unreachable)):
            slack.scripts[Method.ANNOUNCE_FILE] = [{"ok": True, "upload_url": url, "file_id": "F0"}]
            with pytest.raises(error, match="bytes"):
                await Uploads(slack, session).upload("a.png", "A", b"x")
    assert slack.sent(Method.COMPLETE_FILE) == []


async def test_a_missing_scope_ends_it_at_once(slack: Any) -> None:
    """Nothing is sent where nothing may be announced."""
    slack.scripts[Method.ANNOUNCE_FILE] = [SlackDenied("missing_scope", "files:write")]
    async with aiohttp.ClientSession() as session:
        with pytest.raises(SlackDenied):
            await Uploads(slack, session).upload("a.png", "A", b"x")
    assert [method for method, _ in slack.calls] == [Method.ANNOUNCE_FILE]
