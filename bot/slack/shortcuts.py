"""Stage 1: the message shortcut: any message of any channel that the bot is in is read as an alert."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.alerts import shape
from bot.alerts.extraction import read_alert
from bot.slack.answers import Answers
from bot.slack.commands import tell_asker
from bot.slack.edge import PEOPLE, Edge
from bot.slack.verbs import Verbs

RUN_PLAYBOOK = "run_playbook"
UNKNOWN = "No runbook recognises this message. `/runbook list` shows what there is."
TAKEN = "The runbook is in this message's thread."


def listen_to_shortcuts(app: AsyncApp, edge: Edge, answers: Answers, verbs: Verbs) -> None:
    """Register the shortcut."""

    async def chosen(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        url = shape.text(body.get("response_url"))
        edge.begin("shortcut", _run(body, url, answers, verbs), tell_asker(answers, url), lane=PEOPLE)

    app.shortcut(RUN_PLAYBOOK)(chosen)


async def _run(body: dict[str, Any], url: str, answers: Answers, verbs: Verbs) -> None:
    channel = shape.text(shape.mapping(body.get("channel")).get("id"))
    alert = read_alert({**shape.mapping(body.get("message")), "channel": channel})
    if not verbs.is_recognised(alert):
        await answers.send(url, UNKNOWN)
        return
    await verbs.take_alert(alert, "")
    await answers.send(url, TAKEN)
