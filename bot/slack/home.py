"""Stage 7: App Home: what is open now, and how to use the bot."""

from collections.abc import Iterator, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.incidents.incident import Incident, State
from bot.slack.commands import HELP
from bot.slack.edge import PEOPLE, Edge
from bot.slack.elements import Block, context, divider, header, section
from bot.slack.escape import moment, person, tame
from bot.slack.events import Identity
from bot.slack.methods import Method
from bot.slack.transport import Caller
from bot.slack.verbs import Verbs

MOST_SHOWN = 20


def build_home(incidents: Sequence[Incident], identity: Identity) -> Block:
    """The Home tab: open incidents, newest first, each with a link to its thread."""
    return {"type": "home", "blocks": list(_blocks(incidents, identity))}


def _blocks(incidents: Sequence[Incident], identity: Identity) -> Iterator[Block]:
    yield header(f"{len(incidents)} open incident{'' if len(incidents) == 1 else 's'}")
    newest = sorted(incidents, key=lambda incident: incident.opened_at, reverse=True)
    for incident in newest[:MOST_SHOWN]:
        yield section(_line(incident, identity))
    if len(newest) > MOST_SHOWN:
        yield context(f"… and {len(newest) - MOST_SHOWN} older ones")
    if not newest:
        yield section("Nothing is open. Alerts in the watched channels are answered in their threads.")
    yield divider()
    yield section(HELP)


def _line(incident: Incident, identity: Identity) -> str:
    title = " ".join(tame(incident.title).split())
    url = f"{identity.url}archives/{incident.channel}/p{incident.alert_ts.replace('.', '')}"
    state = "remedy running" if incident.state is State.REMEDYING else incident.state.value
    who = f" by {person(incident.acknowledged_by)}" if incident.acknowledged_by else ""
    facts = (incident.severity, f"{state}{who}", f"since {moment(incident.opened_at, '{date_short_pretty} {time}')}")
    named = f"*<{url}|{title.replace('|', '/')}>*" if identity.url else f"*{title}*"
    return f"{named}\n{' · '.join(filter(None, facts))}"


def listen_to_home(app: AsyncApp, edge: Edge, caller: Caller, verbs: Verbs, identity: Identity) -> None:
    """Register the Home tab: it is drawn each time that somebody opens it."""

    async def opened(event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            edge.begin("home", _publish(str(event.get("user", "")), caller, verbs, identity), lane=PEOPLE)

    app.event("app_home_opened")(opened)


async def _publish(user: str, caller: Caller, verbs: Verbs, identity: Identity) -> None:
    view = build_home(await verbs.list_open(), identity)
    await caller.call(Method.PUBLISH_HOME, {"user_id": user, "view": view})
