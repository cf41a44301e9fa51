"""A stand-in in the test's own loop, a control client for its people, and the real bolt app against it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.control import Workspace
from bot.sandbox.slack.interactions import Interactions
from bot.sandbox.slack.manifest import Manifest, manifest_from
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.server import Server
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.standin import Standin
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.web_api.call import Call
from bot.sandbox.slack.web_api.dispatch import METHODS
from tests.sandbox.slack.builders import MODAL, FakeApp

TOKEN, APP_TOKEN, SECRET = "xoxb-sandbox-runbook", "xapp-sandbox-runbook", "sandbox-signing-secret"
SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
]


@pytest.fixture
def make_manifest() -> Callable[..., Manifest]:
    """Build a manifest; scopes and events are the arguments."""

    def make(scopes: list[str] = SCOPES, events: tuple[str, ...] = ("message.channels", "app_home_opened")) -> Manifest:
        return manifest_from(
            {
                "features": {
                    "app_home": {"home_tab_enabled": True},
                    "slash_commands": [{"command": "/runbook"}],
                    "shortcuts": [{"callback_id": "run_playbook", "type": "message", "name": "Run"}],
                },
                "oauth_config": {"scopes": {"bot": scopes}},
                "settings": {
                    "event_subscriptions": {"bot_events": list(events)},
                    "interactivity": {"is_enabled": True},
                },
            }
        )

    return make


@pytest.fixture
def standin(make_manifest: Callable[..., Manifest]) -> Standin:
    """A stand-in that nothing is connected to and that tells nobody (no loop is running)."""
    return Standin(make_manifest(events=()), Settings(), "http://127.0.0.1:1")


@pytest.fixture
def ask(standin: Standin) -> Callable[..., dict[str, Any]]:
    """Carry out a Web API method as the bot, or as another app, without a server or a check of scopes."""

    def run(method: str, app: App | None = None, **arguments: Any) -> dict[str, Any]:
        return METHODS[method](Call(standin, app or standin.bot, Arguments(arguments)))

    return run


@pytest.fixture
def app(standin: Standin) -> FakeApp:
    """The app that people's clicks reach, without a connection; `people` acts on the stand-in of `ask`."""
    made = FakeApp(Interactions(standin))
    standin.deliverer.carrier = made
    return made


@pytest.fixture
def refused() -> Callable[[Awaitable[Any]], Awaitable[Refusal]]:
    """The Refusal that an awaited call raises."""

    async def run(call: Awaitable[Any]) -> Refusal:
        with pytest.raises(Refusal) as caught:
            await call
        return caught.value

    return run


@pytest.fixture
def denied() -> Callable[..., Refusal]:
    """The Refusal that a call raises."""

    def run(call: Callable[..., Any], *arguments: Any, **named: Any) -> Refusal:
        with pytest.raises(Refusal) as caught:
            call(*arguments, **named)
        return caught.value

    return run


@dataclass(frozen=True)
class Sandbox:
    """A started stand-in: `people` is its synchronous control client, `client` the bot's Web API client."""

    server: Server
    people: Workspace
    client: AsyncWebClient

    async def act(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Run a method of `people` in a thread, so that the loop can serve it."""
        return await asyncio.to_thread(call, *args, **named)

    async def see(self, predicate: Callable[[], Any], timeout_s: float = 60.0) -> Any:
        """Wait until the predicate (over `people`) is true."""
        return await asyncio.to_thread(self.people.wait_for, predicate, timeout_s)


Starter = Callable[..., Awaitable[Sandbox]]


@pytest.fixture
async def start(make_manifest: Callable[..., Manifest]) -> AsyncIterator[Starter]:
    """Start stand-ins that redeliver quickly and wait long; they are stopped after the test."""
    started: list[Sandbox] = []

    async def run(manifest: Manifest | None = None, **settings: Any) -> Sandbox:
        settings = {
            "rate_limits": False,
            "ack_within": 8.0,
            "trigger_lives": 60.0,
            "retry_after": (0.0, 0.05, 0.05),
            **settings,
        }
        server = Server(manifest or make_manifest(), Settings(**settings))
        await server.start()
        session = aiohttp.ClientSession()
        client = AsyncWebClient(token=TOKEN, base_url=f"{server.url}/api/", session=session)
        started.append(Sandbox(server, Workspace(server.url), client))
        return started[-1]

    yield run
    for sandbox in started:
        sandbox.people.close_client()
        await sandbox.client.session.close()
        await sandbox.server.stop()


@pytest.fixture
async def sandbox(start: Starter) -> Sandbox:
    """One stand-in with the usual manifest."""
    return await start()


@pytest.fixture
async def connect() -> AsyncIterator[Callable[..., Awaitable[AsyncSocketModeHandler]]]:
    """Connect a bolt app by Socket Mode; disconnected after the test."""
    handlers: list[AsyncSocketModeHandler] = []

    async def run(sandbox: Sandbox, app: AsyncApp) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=1)
        handlers.append(handler)
        await handler.connect_async()
        return handler

    yield run
    for handler in handlers:
        await handler.close_async()


@pytest.fixture
def bolt() -> Callable[[Sandbox], AsyncApp]:
    """Make a bolt app whose client talks to the stand-in."""

    def make(sandbox: Sandbox) -> AsyncApp:
        return AsyncApp(client=sandbox.client, signing_secret=SECRET)

    return make


@pytest.fixture
def refusal() -> Callable[[Awaitable[Any]], Awaitable[tuple[str, Any]]]:
    """Await a call that Slack refuses: its error code and the whole answer."""

    async def run(call: Awaitable[Any]) -> tuple[str, Any]:
        with pytest.raises(SlackApiError) as caught:
            await call
        return caught.value.response["error"], caught.value.response

    return run


@pytest.fixture
async def form(
    sandbox: Sandbox, bolt: Callable[[Sandbox], AsyncApp], connect: Callable[..., Awaitable[Any]]
) -> tuple[str, list[str]]:
    """A bolt app that opens MODAL on /runbook and refuses the reason "because"; its closed views."""
    app, closed = bolt(sandbox), []

    @app.command("/runbook")
    async def on_command(ack, command, client):
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)

    @app.view("form")
    async def on_form(ack, view):
        if view["state"]["values"]["why"]["reason"]["value"] == "because":
            await ack(response_action="errors", errors={"why": "say more"})
        else:
            await ack()

    @app.view_closed("form")
    async def on_close(ack, view):
        await ack()
        closed.append(view["id"])

    await connect(sandbox, app)
    await sandbox.act(sandbox.people.command, "nadia", "C0ALERTS", "/runbook")
    views = await sandbox.see(lambda: sandbox.people.views("nadia"))
    return views[0]["id"], closed
