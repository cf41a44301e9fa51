"""Both ends of the road put together: one client, one outbox, one edge; app.py hands in the flow."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.flow.ports import Cursors
from bot.playbooks.chart_svg import draw_svg
from bot.playbooks.reply import Chart
from bot.slack.actions import listen_to_buttons
from bot.slack.answers import Answers
from bot.slack.backfill import Backfill
from bot.slack.cards import Cards
from bot.slack.channels import Channels
from bot.slack.commands import listen_to_commands
from bot.slack.desk import SlackDesk
from bot.slack.edge import Edge
from bot.slack.events import Identity
from bot.slack.gallery import Gallery
from bot.slack.home import listen_to_home
from bot.slack.inbox import Inbox, listen_to_messages
from bot.slack.lists import Lists
from bot.slack.methods import Method
from bot.slack.modals import listen_to_modals
from bot.slack.outbox import Outbox
from bot.slack.pacing import LoopTime
from bot.slack.raster import rasterise
from bot.slack.shortcuts import listen_to_shortcuts
from bot.slack.socket import Socket
from bot.slack.transport import Transport
from bot.slack.uploads import Uploads
from bot.slack.verbs import Verbs

SLACK_API = "https://slack.com/api/"
EVENTS_PATH = "/slack/events"
DRAIN_S = 10.0
_TIMEOUT = aiohttp.ClientTimeout(total=10.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How the bot presents itself to Slack. `app_token` is for Socket Mode, `signing_secret` for HTTP."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = SLACK_API


@dataclass(slots=True)
class Front:
    """The Slack side. First `listen`, then `open_socket` or `add_route`; at the end `drain`."""

    app: AsyncApp
    identity: Identity
    outbox: Outbox
    desk: SlackDesk
    channels: Channels
    edge: Edge
    answers: Answers
    socket: Socket | None = None
    backfill: Backfill | None = None

    def listen(self, verbs: Verbs, cursors: Cursors) -> None:
        """Register every listener on the flow's verbs."""
        inbox = Inbox(verbs, self.edge, cursors, self.identity, self.channels.is_watched, self.desk.reply)
        self.backfill = Backfill(self.outbox, self.channels, cursors, inbox.take)
        register(self, verbs, inbox)

    def catch_up(self) -> None:
        """Begin reading what was missed; several at once run one after the other."""
        if self.backfill is not None:
            self.edge.begin("catch up", _catch_up(self.channels, self.backfill), key="catch up")

    async def open_socket(self, app_token: str) -> None:
        """Take events over Socket Mode, and what was missed after every connection."""
        self.socket = Socket(self.app, app_token, self.catch_up)
        await self.socket.open()

    async def drain(self, timeout_s: float = DRAIN_S) -> None:
        """Take nothing more, finish what runs (at most `timeout_s`), send what waits, close."""
        if self.socket is not None:
            self.socket.stop_taking()
        await self.edge.drain(timeout_s)
        await self.outbox.drain(2.0)
        if self.socket is not None:
            await self.socket.close()


async def _catch_up(channels: Channels, backfill: Backfill) -> None:
    await channels.refresh()
    await backfill.run()


def refuse_while_stopping(app: AsyncApp, edge: Edge) -> None:
    """Answer 503 (over a socket: nothing) once the bot stops, so that Slack delivers again to whoever runs then."""

    async def still_open(next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        return BoltResponse(status=503, body="stopping") if edge.is_closed else await next()

    app.use(still_open)


def register(front: Front, verbs: Verbs, inbox: Inbox) -> None:
    """Every event, button, form, command and shortcut that the manifest announces."""
    app, edge, caller = front.app, front.edge, front.outbox
    refuse_while_stopping(app, edge)
    listen_to_messages(app, inbox)
    lists = Lists(verbs, front.answers, caller)
    listen_to_buttons(app, edge, front.desk, verbs, caller, lists)
    listen_to_modals(app, edge, front.desk, verbs)
    listen_to_commands(app, edge, front.answers, verbs, lists)
    listen_to_shortcuts(app, edge, front.answers, verbs)
    listen_to_home(app, edge, caller, verbs, front.identity)

    async def joined(event: dict[str, Any]) -> None:
        if event.get("user") == front.identity.user:
            front.catch_up()

    app.event("member_joined_channel")(joined)


@asynccontextmanager
async def open_slack(credentials: Credentials, watched: Sequence[str]) -> AsyncIterator[Front]:
    """The Slack side on one shared HTTP session. Raises AccessDenied or Unreachable when `auth.test` does not pass."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        outbox = Outbox(Transport(_client(credentials.api_url, session, credentials.bot_token)))
        identity = await identify(outbox)
        channels = Channels(outbox, watched)
        await channels.refresh()
        app = build_app(credentials, identity, _client(credentials.api_url, session))
        edge = Edge()
        gallery = Gallery(Uploads(outbox, session).upload, _draw)
        desk = SlackDesk(outbox, Cards(outbox, identity.user, gallery, edge, LoopTime()))
        yield Front(app, identity, outbox, desk, channels, edge, Answers(session))


async def _draw(chart: Chart) -> bytes:
    return await rasterise(draw_svg(chart))


def _client(api_url: str, session: aiohttp.ClientSession, token: str | None = None) -> AsyncWebClient:
    # No retry handlers: bot/slack/transport.py knows which calls may be repeated.
    return AsyncWebClient(token, base_url=f"{api_url.rstrip('/')}/", session=session, retry_handlers=[])


def build_app(credentials: Credentials, identity: Identity, client: AsyncWebClient) -> AsyncApp:
    """The bolt app. It is told who it is: bolt's own authorization would wait for an auth.test at the first event, and
    an alert and its edit could overtake each other meanwhile."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_user_id=identity.user,
            bot_id=identity.bot,
            bot_token=credentials.bot_token,
        )

    with quiet(logging.getLogger("slack_bolt.AsyncApp")):
        return AsyncApp(
            name="runbook-bot", client=client, authorize=authorize, signing_secret=credentials.signing_secret
        )


@contextmanager
def quiet(logger: logging.Logger) -> Iterator[None]:
    """Errors only: bolt reads SLACK_BOT_TOKEN by itself and warns that it will not use what it was not given."""
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


async def identify(outbox: Outbox) -> Identity:
    """Who the bot is, from auth.test: bolt itself would ask only at the first event."""
    me = await outbox.call(Method.AUTH_TEST, {})
    return Identity(
        str(me.get("user_id", "")), str(me.get("bot_id", "")), str(me.get("team_id", "")), str(me.get("url", ""))
    )


def add_route(server: web.Application, app: AsyncApp) -> None:
    """Take signed events, clicks and commands over HTTP at EVENTS_PATH of the bot's own web server."""

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server.router.add_post(EVENTS_PATH, receive)
