"""Commands: what is typed becomes a verb, or an explanation, and the answer is readable."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.flow.run_query import QUERIES, Diagnosis
from bot.playbooks.reply import Table
from bot.sandbox.slack.block_kit import validate_message
from bot.slack.commands import HELP, listen_to_commands
from bot.slack.edge import Edge
from bot.slack.lists import Lists


class App:
    """Keeps what is registered."""

    def __init__(self) -> None:
        self.listeners: dict[str, Callable[..., Awaitable[None]]] = {}

    def command(self, name: str) -> Callable[..., None]:
        return lambda listener: self.listeners.update({name: listener})


class Answers:
    """Keeps what was answered."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def send(self, url: str, mrkdwn: str) -> None:
        assert url == "https://hooks.test/1"
        self.said.append(mrkdwn)

    async def show(self, url: str, text: str, blocks: list[dict[str, Any]], *, is_page: bool = False) -> None:
        await self.send(url, text)
        self.blocks = blocks
        assert not is_page


class Slash:
    """Types commands and keeps the acks and answers."""

    def __init__(self, flow: Any) -> None:
        self.app, self.edge, self.answers, self.acks = App(), Edge(), Answers(), []  # type: ignore[var-annotated]
        lists = Lists(flow.verbs(), self.answers, flow)  # type: ignore[arg-type]
        listen_to_commands(self.app, self.edge, self.answers, flow.verbs(), lists)  # type: ignore[arg-type]
        self.menu: list[dict[str, Any]] = []

    async def ack(self, text: str = "", blocks: Any = ()) -> None:
        self.acks.append(text)
        self.menu += blocks

    async def type(self, command: str, text: str) -> None:
        """Somebody types a command in #data-eng."""
        body = {"text": text, "user_id": "U1", "channel_id": "C0ENG", "response_url": "https://hooks.test/1"}
        await self.app.listeners[command](self.ack, body)
        await self.edge.drain(1.0)


@pytest.fixture
def slash(flow: Any) -> Slash:
    """Somebody with a keyboard."""
    return Slash(flow)


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP"])
async def test_help_is_given_at_once(slash: Slash, flow: Any, text: str) -> None:
    """Without a name, or with help, the ack itself explains every command."""
    await slash.type("/runbook", text)
    assert slash.acks == [HELP]
    assert flow.asked == []


@pytest.mark.parametrize("command", ["/retrigger", "/kill-query"])
@pytest.mark.parametrize("text", ["", "two words"])
async def test_missing_or_surplus_argument_is_answered_with_usage(slash: Slash, command: str, text: str) -> None:
    """These commands take exactly one word."""
    await slash.type(command, text)
    assert slash.acks[0].startswith(f"Usage: `{command} ")


VERBS = {
    "/runbook": ("stale  data", ("show_runbook", "stale data", "U1", "C0ENG")),
    "/retrigger": ("ecommerce_daily", ("request_trigger", "ecommerce_daily", "U1", "C0ENG")),
    "/kill-query": ("01b2-77", ("request_cancel", "01b2-77", "U1", "C0ENG")),
}


@pytest.mark.parametrize(("command", "typed"), VERBS.items(), ids=VERBS)
async def test_commands_become_their_verbs(slash: Slash, flow: Any, command: str, typed: Any) -> None:
    """Name, person and channel reach the flow; its words reach the asker, escaped."""
    text, asked = typed
    flow.returns[asked[0]] = "done <!channel>"
    await slash.type(command, text)
    assert flow.asked == [asked]
    assert slash.acks == [""]
    assert slash.answers.said == ["done &lt;!channel&gt;"]


async def test_list_names_every_runbook(slash: Slash) -> None:
    """The list comes as the flow writes it."""
    await slash.type("/runbook", "list")
    assert slash.answers.said == ["• `a`"]


@pytest.mark.parametrize("text", ["", "help", "list"])
async def test_diagnose_without_a_name_offers_the_queries(slash: Slash, flow: Any, text: str) -> None:
    """Five buttons, and the same in words; nothing is read."""
    await slash.type("/diagnose", text)
    assert [button["value"] for button in slash.menu[1]["elements"]] == [f'{{"query":"{name}"}}' for name in QUERIES]
    assert all(f"`/diagnose {name}`" in slash.acks[0] for name in QUERIES)
    assert (validate_message(slash.menu), flow.asked) == ([], [])


async def test_diagnosis_is_a_titled_table(slash: Slash, flow: Any, make: Any) -> None:
    """Title, count and rows; values are plain text in Slack's own table."""
    flow.returns["diagnose"] = Diagnosis("Running queries", Table(("pid",), (("<!channel>",),)), "", make.now)
    await slash.type("/diagnose", "running queries")
    assert flow.asked == [("diagnose", "running queries", "U1", "C0ENG")]
    assert slash.answers.said == ["Running queries: 1 row"]
    assert slash.answers.blocks[-1]["rows"][1] == [{"type": "raw_text", "text": "<!channel>"}]


async def test_a_runbook_may_be_diagnosed_by_name(slash: Slash, flow: Any) -> None:
    """What the flow tells of it reaches the asker, escaped."""
    flow.returns["diagnose"] = "The runbook <!here> is in the thread."
    await slash.type("/diagnose", "freshness")
    assert slash.answers.said == ["The runbook &lt;!here&gt; is in the thread."]
