"""Answers through Slack's response address: what the asker sees, and what is said when the address takes no more."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import Unreachable
from bot.slack.answers import Answers
from bot.slack.elements import MOST_BLOCKS, section
from bot.slack.refusals import SlackRefused


class Address:
    """A response address: remembers what was posted to it, answers as told, or never."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status, self.body, self.hangs = 200, "ok", False
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        """One answer."""
        self.got.append(await request.json())
        if self.hangs:
            await asyncio.sleep(60)
        return web.Response(status=self.status, text=self.body)


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    """An address that takes everything."""
    made = Address()
    server = web.Application()
    server.router.add_post("/", made.receive)
    async with TestServer(server) as running:
        made.url = str(running.make_url("/"))
        yield made


@pytest.fixture
async def answers() -> AsyncIterator[Answers]:
    """Answers over a session of their own."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.05)) as session:
        yield Answers(session)


async def test_only_the_asker_sees_the_answer(answers: Answers, address: Address) -> None:
    """As text for notifications, and as paragraphs."""
    await answers.send(address.url, "*Done.*\nSee the thread.")
    (got,) = address.got
    assert (got["response_type"], got["replace_original"]) == ("ephemeral", False)
    assert got["text"] == "*Done.*\nSee the thread."
    assert got["blocks"] == [section("*Done.*\nSee the thread.")]


@pytest.mark.parametrize("text", ["", " \n\t"])
async def test_nothing_to_show_is_said(answers: Answers, address: Address, text: str) -> None:
    """Slack refuses a message without words, and the asker would wait for ever."""
    await answers.send(address.url, text)
    assert address.got[0]["text"] == "Nothing to show."
    assert address.got[0]["blocks"] == [section("Nothing to show.")]


async def test_a_long_answer_keeps_to_slacks_limits(answers: Answers, address: Address) -> None:
    """The text is cut; the blocks hold what fits."""
    await answers.send(address.url, "a line of words\n" * 5_000)
    (got,) = address.got
    assert len(got["text"]) <= 3_000
    assert 1 < len(got["blocks"]) <= MOST_BLOCKS


async def test_a_page_takes_the_place_of_the_page_before(answers: Answers, address: Address) -> None:
    """Turning pages does not fill the channel."""
    await answers.show(address.url, "page 2", [section("rows")], is_page=True)
    assert address.got[0]["replace_original"] is True


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, "used_url", "http_404"),
        (410, "expired_url", "http_410"),
        (400, '{"ok":false,"error":"invalid_blocks"}', "invalid_blocks"),
        (500, "oops " * 200, "http_500"),
    ],
)
async def test_an_address_that_refuses_says_why(
    answers: Answers, address: Address, status: int, body: str, code: str
) -> None:
    """Used up, too old, or blocks that this workspace does not take, which the caller can mend."""
    address.status, address.body = status, body
    with pytest.raises(SlackRefused) as caught:
        await answers.send(address.url, "x")
    assert caught.value.code == code
    assert str(caught.value) == f"Slack: response_url was refused: {body[:200]}"


async def test_an_address_that_does_not_answer_is_unreachable(answers: Answers, address: Address) -> None:
    """With the kind of failure, never with the address: whoever has it can write to the channel."""
    address.hangs = True
    with pytest.raises(Unreachable, match=r"^Slack: response_url: no answer \(\w+\)$"):
        await answers.send(address.url, "x")
