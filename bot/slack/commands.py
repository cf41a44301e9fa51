"""Stage 1: slash commands: answered with the result, or within a blink with what is being done and the result later."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.flow.run_command import Diagnosis
from bot.slack.answers import Answers
from bot.slack.edge import Edge, Tell
from bot.slack.escape import code, escape, escape_but_people
from bot.slack.tables import write_table
from bot.slack.verbs import Verbs

_ROWS = 20
_BLINK_S = 0.3  # a result that is there by then is the whole answer; Slack itself waits 3 s for the ack
HELP = """*`/runbook NAME`* shows a runbook with what is true right now, e.g. `/runbook freshness`
*`/runbook list`* lists every runbook with its other names
*`/retrigger DAG_ID`* plans a new run of a DAG
*`/kill-query QUERY_ID`* plans to cancel a running query
*`/diagnose NAME`* runs one of the diagnostic queries
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
    """`looking` is said while it takes, `usage` when the argument is missing; `run` gives mrkdwn for the asker."""

    name: str
    usage: str
    looking: str
    run: Callable[[Asked], Awaitable[str]]


def commands(verbs: Verbs) -> tuple[Command, ...]:
    """Every command that the manifest has."""

    async def runbook(asked: Asked) -> str:
        return escape_but_people(await verbs.show_runbook(asked.text, asked.person, asked.channel))

    async def retrigger(asked: Asked) -> str:
        return escape_but_people(await verbs.request_trigger(asked.text, asked.person, asked.channel))

    async def kill_query(asked: Asked) -> str:
        return escape_but_people(await verbs.request_cancel(asked.text, asked.person, asked.channel))

    async def diagnose(asked: Asked) -> str:
        return _diagnosis(await verbs.diagnose(asked.text))

    return (
        Command("/runbook", HELP, "Looking up the runbook {} …", runbook),
        Command("/retrigger", "Usage: `/retrigger DAG_ID`, one DAG", "Looking at {} …", retrigger),
        Command("/kill-query", "Usage: `/kill-query QUERY_ID`, one query", "Looking at query {} …", kill_query),
        Command("/diagnose", "Usage: `/diagnose NAME`, one query of the runbook", "Running {} …", diagnose),
    )


def listen_to_commands(app: AsyncApp, edge: Edge, answers: Answers, verbs: Verbs) -> None:
    """Register every command."""
    for command in commands(verbs):
        app.command(command.name)(_listener(command, edge, answers, verbs))


def _listener(command: Command, edge: Edge, answers: Answers, verbs: Verbs) -> Callable[..., Awaitable[None]]:
    async def asked(ack: AsyncAck, body: dict[str, Any]) -> None:
        text = " ".join(str(body.get("text") or "").split())
        said = Asked(text, str(body.get("user_id", "")), str(body.get("channel_id", "")))
        url = str(body.get("response_url", ""))
        tell = tell_asker(answers, url)
        if command.name == "/runbook" and text.lower() == "list":
            await ack()
            edge.begin("command list", _say(answers, url, verbs.list_runbooks), tell)
        elif not text or text.lower() == "help" or (command.name != "/runbook" and " " in text):
            await ack(command.usage)
        else:
            running = edge.begin(f"command {command.name}", _run(command, said, answers, url), tell)
            await asyncio.wait({running}, timeout=_BLINK_S)
            await (ack() if running.done() else ack(command.looking.format(code(text[:200]))))

    return asked


async def _run(command: Command, asked: Asked, answers: Answers, url: str) -> None:
    await answers.send(url, await command.run(asked))


async def _say(answers: Answers, url: str, text: Callable[[], str]) -> None:
    await answers.send(url, text())


def tell_asker(answers: Answers, response_url: str) -> Tell:
    """Words for whoever used the command, wherever that was."""

    async def tell(text: str) -> None:
        await answers.send(response_url, escape_but_people(text))

    return tell


def _diagnosis(found: Diagnosis) -> str:
    table = write_table(found.table, _ROWS) if found.table is not None else ""
    return "\n".join(filter(None, (f"*{escape(found.title)}*", table, escape(found.text)))) or "Nothing to show."
