"""The shortcut reads any message as an alert; whoever used it hears what became of it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import RunbookError
from bot.slack.edge import Edge
from bot.slack.shortcuts import RUN_PLAYBOOK, TAKEN, UNKNOWN, listen_to_shortcuts


class Menu:
    """The shortcut as bolt calls it; `told` holds what was sent to the asker's address."""

    def __init__(self, flow: Any) -> None:
        self.listeners: dict[str, Callable[..., Any]] = {}
        self.acked = 0
        self.told: list[tuple[str, str]] = []
        self.edge = Edge()
        app: Any = SimpleNamespace(shortcut=lambda id: lambda listener: self.listeners.__setitem__(id, listener))
        answers: Any = SimpleNamespace(send=self._send)
        listen_to_shortcuts(app, self.edge, answers, flow.verbs())

    async def _send(self, url: str, text: str) -> None:
        self.told.append((url, text))

    async def _ack(self) -> None:
        self.acked += 1

    async def choose(self, **body: Any) -> None:
        """Somebody chooses it from a message's menu; returns when all that it began has ended."""
        await self.listeners[RUN_PLAYBOOK](ack=self._ack, body={"response_url": "https://hooks.slack.test/1", **body})
        await self.edge.drain(5.0)


@pytest.fixture
def menu(flow: Any) -> Menu:
    """A message's menu."""
    return Menu(flow)


MESSAGE = {"text": "", "ts": "2.1", "thread_ts": "1.1", "bot_id": "B1", "attachments": [{"text": "disk is full"}]}


async def test_a_message_is_taken_as_an_alert_of_its_channel(menu: Menu, flow: Any) -> None:
    """Attachments are read, the channel is the payload's own, and there is no event to tell it apart by."""
    await menu.choose(channel={"id": "C9"}, message={**MESSAGE, "channel": "CFORGED"})
    (_, asked), (verb, alert, event) = flow.asked
    assert (verb, event) == ("take_alert", "")
    assert alert == asked
    assert (alert.text, alert.channel, alert.ts, alert.thread_ts) == ("disk is full", "C9", "2.1", "1.1")
    assert menu.told == [("https://hooks.slack.test/1", TAKEN)]


async def test_a_message_that_no_runbook_knows_is_told_with_what_to_do(menu: Menu, flow: Any) -> None:
    """Nothing is opened."""
    flow.returns["is_recognised"] = False
    await menu.choose(channel={"id": "C9"}, message=MESSAGE)
    assert flow.names() == ["is_recognised"]
    assert menu.told == [("https://hooks.slack.test/1", UNKNOWN)]


@pytest.mark.parametrize(
    ("error", "begins"),
    [(RunbookError("ask <!channel>"), "ask &lt;!channel&gt;"), (ValueError("x"), "Something went wrong")],
)
async def test_what_goes_wrong_is_told_to_whoever_used_it(menu: Menu, flow: Any, error: Exception, begins: str) -> None:
    """Acknowledged before, so that Slack shows no error of its own."""
    flow.raises["take_alert"] = error
    await menu.choose(channel={"id": "C9"}, message=MESSAGE)
    ((_, said),) = menu.told
    assert said.startswith(begins)
    assert menu.acked == 1


@pytest.mark.parametrize("body", [{}, {"message": None, "channel": "C9"}, {"message": ["x"]}], ids=repr)
async def test_an_odd_payload_is_an_empty_message(menu: Menu, flow: Any, body: dict[str, Any]) -> None:
    """Never an error that only the log holds."""
    flow.returns["is_recognised"] = False
    await menu.choose(**body)
    assert flow.asked[0][1].text == ""
    assert len(menu.told) == 1
