"""The bot's own web server: whether it lives, whether it can work, what it counted, and Slack's events over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.errors import SettingsError
from bot.slack.front import Front, add_route


@dataclass(slots=True)
class Readiness:
    """What /readyz says: the first thing that is not as it should be, "" when the bot can work."""

    problem: str = "starting"


@asynccontextmanager
async def site(port: int, readiness: Readiness, front: Front | None) -> AsyncIterator[None]:
    """Serve /healthz, /readyz and /metrics on the port, and Slack's events where `front` is given.

    SettingsError when the port cannot be had.
    """
    server = web.Application(client_max_size=2**20)

    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def ready(_request: web.Request) -> web.Response:
        return web.Response(text=f"{readiness.problem or 'ready'}\n", status=503 if readiness.problem else 200)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    server.add_routes([web.get("/healthz", health), web.get("/readyz", ready), web.get("/metrics", metrics)])
    if front is not None:
        add_route(server, front.app)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        await _listen(runner, port)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, port=port).start()
    except OSError as error:
        raise SettingsError(f"PORT {port} cannot be listened on: {error.strerror}") from error
