"""Fifth floor of the stand-in: all routes on one aiohttp application, and a server on 127.0.0.1."""

import json
import time
from pathlib import Path

from aiohttp import web

from bot.sandbox.slack.control_api import ControlApi
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.snapshot import read_snapshot, write_snapshot
from bot.sandbox.slack.standin import Standin
from bot.sandbox.slack.web_api import dispatch

HOST = "127.0.0.1"
LARGEST_BODY = 32 * 1024 * 1024
CLOSE_WITHIN = 2.0


class Server:
    """A running stand-in. `port` 0 takes a free one; `url` and `standin` are there after `start`."""

    def __init__(self, manifest: Manifest, settings: Settings, port: int = 0, state: Path | None = None) -> None:
        self._port = port
        self._snapshot = state / "workspace.json" if state else None
        self.standin = Standin(manifest, settings, f"http://{HOST}:{port}", state)
        self._runner = web.AppRunner(application(self.standin), access_log=None, shutdown_timeout=CLOSE_WITHIN)

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash; the Web API's base is this plus `/api/`."""
        return self.standin.base_url

    async def start(self) -> None:
        """Take up the workspace of the last run, if any, and listen. Raises OSError, SnapshotError."""
        if self._snapshot is not None:
            read_snapshot(self.standin, self._snapshot)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self.standin.base_url = f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close connections, stop listening and keep the workspace when there is a folder for it."""
        await self.standin.stop()
        await self._runner.cleanup()
        if self._snapshot is not None:
            write_snapshot(self.standin, self._snapshot)


def application(standin: Standin) -> web.Application:
    """The routes of one stand-in."""
    app = web.Application(client_max_size=LARGEST_BODY)
    routes = _Routes(standin)
    app.add_routes(
        [
            web.get("/healthz", routes.healthz),
            web.post("/api/{method}", routes.api),
            web.get("/api/{method}", routes.api),
            web.get("/link", standin.sockets.serve),
            web.post("/upload/v1/{file}/{token}", routes.upload),
            web.get("/files/{file}/{name}", routes.download),
            web.post("/services/{team}/{bot}/{channel}", routes.webhook),
            *(
                web.post(f"/{family}/{{team}}/{{id}}/{{secret}}", routes.respond)
                for family in ("actions", "commands", "app")
            ),
            *ControlApi(standin).routes(),
        ]
    )
    return app


class _Routes:
    def __init__(self, standin: Standin) -> None:
        self._standin = standin

    async def healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def api(self, request: web.Request) -> web.StreamResponse:
        return await dispatch.handle(self._standin, request)

    async def upload(self, request: web.Request) -> web.Response:
        """The second call of an upload; the bytes are the raw body, or the first part of a form."""
        content = await _uploaded(request)
        try:
            self._standin.files.receive(request.match_info["file"], request.match_info["token"], content)
        except Refusal as refusal:
            return web.Response(status=400, text=refusal.code)
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        try:
            file = self._standin.files.info(request.match_info["file"])
            content = self._standin.files.content(file["id"])
        except Refusal as refusal:
            return web.Response(status=404, text=refusal.code)
        return web.Response(body=content, content_type=file["mimetype"])

    async def webhook(self, request: web.Request) -> web.Response:
        """Incoming webhooks answer in plain text: ok, or the error's code."""
        try:
            app = self._standin.workspace.app_named(request.match_info["bot"])
            self._standin.hooks.webhook(app, request.match_info["channel"], await _json_body(request))
        except Refusal as refusal:
            missing = refusal.code in ("app_not_found", "channel_not_found")
            return web.Response(status=404 if missing else 400, text=refusal.code)
        return web.Response(text="ok")

    async def respond(self, request: web.Request) -> web.Response:
        """A post to a response_url: ok, or 404 when it is used up or too old."""
        try:
            body = await _json_body(request)
            self._standin.hooks.respond(request.match_info["secret"], body, time.monotonic())
        except Refusal as refusal:
            gone = refusal.code in ("expired_url", "used_url")
            answer = {"ok": False, "error": refusal.code, **refusal.extra}
            return web.json_response(answer, status=404 if gone else 400)
        return web.Response(text="ok")


async def _json_body(request: web.Request) -> dict[str, object]:
    """A JSON object, or the form field `payload` that holds one. Refusal invalid_payload."""
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            body = json.loads(str((await request.post()).get("payload", "")))
        else:
            body = json.loads(await request.read())
    except ValueError:
        raise Refusal("invalid_payload", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise Refusal("invalid_payload", "the body must be a JSON object")
    return body


async def _uploaded(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
