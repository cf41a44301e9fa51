"""Stage 1: slash commands: answered with the result, or within a blink with what is being done and the result later."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack.answers import Answers
from bot.slack.edge import PEOPLE, Edge, Tell
from bot.slack.escape import code, escape_but_people
from bot.slack.listings import Listing, build_menu
from bot.slack.lists import Lists
from bot.slack.verbs import Verbs

_BLINK_S = 0.3  # a result that is there by then is the whole answer; Slack itself waits 3 s for the ack
HELP = """*`/runbook NAME`* shows a runbook with what is true right now, e.g. `/runbook freshness`
*`/runbook list`* lists every runbook with its other names
*`/retrigger DAG_ID`* plans a new run of a DAG
*`/kill-query QUERY_ID`* plans to cancel a running query
*`/diagnose`* runs one of the diagnostic queries, e.g. `/diagnose running-queries`; only you see the answer
Plans change nothing: the person on call approves them in the thread. \
Any message can be read as an alert: its menu → _Run a runbook on this_."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One use of a command; `text` is what stands after its name."""

    text: str
    person: str
    channel: str


@dataclass(frozen=True, slots=True)
class Command:
    """`looking` is said while it takes, `usage` when the argument is missing; `run` gives mrkdwn or rows for the asker.

    `takes_words` lets the argument be of several words.
    """

    name: str
    usage: str
    looking: str
    run: Callable[[Asked], Awaitable[str | Listing]]
    takes_words: bool = False


def commands(verbs: Verbs, lists: Lists) -> tuple[Command, ...]:
    """Every command that the manifest has."""

    async def runbook(asked: Asked) -> str:
        return escape_but_people(await verbs.show_runbook(asked.text, asked.person, asked.channel))

    async def retrigger(asked: Asked) -> str:
        return escape_but_people(await verbs.request_trigger(asked.text, asked.person, asked.channel))

    async def kill_query(asked: Asked) -> str:
        return escape_but_people(await verbs.request_cancel(asked.text, asked.person, asked.channel))

    async def diagnose(asked: Asked) -> str | Listing:
        found = await lists.diagnose(asked.text, asked.person, asked.channel)
        return escape_but_people(found) if isinstance(found, str) else found

    return (
        Command("/runbook", HELP, "Looking up the runbook {} …", runbook, takes_words=True),
        Command("/retrigger", "Usage: `/retrigger DAG_ID`, one DAG", "Looking at {} …", retrigger),
        Command("/kill-query", "Usage: `/kill-query QUERY_ID`, one query", "Looking at query {} …", kill_query),
        Command("/diagnose", "", "Running {} …", diagnose, takes_words=True),
    )


def listen_to_commands(app: AsyncApp, edge: Edge, answers: Answers, verbs: Verbs, lists: Lists) -> None:
    """Register every command."""
    for command in commands(verbs, lists):
        app.command(command.name)(_listener(command, edge, answers, verbs, lists))


def _listener(
    command: Command, edge: Edge, answers: Answers, verbs: Verbs, lists: Lists
) -> Callable[..., Awaitable[None]]:
    async def asked(ack: AsyncAck, body: dict[str, Any]) -> None:
        text = " ".join(str(body.get("text") or "").split())
        said = Asked(text, str(body.get("user_id", "")), str(body.get("channel_id", "")))
        url = str(body.get("response_url", ""))
        tell = tell_asker(answers, url)
        if command.name == "/runbook" and text.lower() == "list":
            await ack()
            edge.begin("command list", _say(answers, url, verbs.list_runbooks), tell, lane=PEOPLE)
        elif command.name == "/diagnose" and text.lower() in {"", "help", "list"}:
            words, blocks = build_menu()
            await ack(text=words, blocks=blocks)
        elif not text or text.lower() == "help" or (" " in text and not command.takes_words):
            await ack(command.usage)
        else:
            work = _run(command, said, answers, lists, url)
            running = edge.begin(f"command {command.name}", work, tell, lane=PEOPLE)
            await asyncio.wait({running}, timeout=_BLINK_S)
            await (ack() if running.done() else ack(command.looking.format(code(text[:200]))))

    return asked


async def _run(command: Command, asked: Asked, answers: Answers, lists: Lists, url: str) -> None:
    said = await command.run(asked)
    await (answers.send(url, said) if isinstance(said, str) else lists.answer(url, said))


async def _say(answers: Answers, url: str, text: Callable[[], str]) -> None:
    await answers.send(url, text())


def tell_asker(answers: Answers, response_url: str) -> Tell:
    """Words for whoever used the command, wherever that was."""

    async def tell(text: str) -> None:
        await answers.send(response_url, escape_but_people(text))

    return tell
