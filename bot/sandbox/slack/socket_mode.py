"""Third floor of the stand-in: Socket Mode: tickets, connections, and each envelope to exactly one of them."""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex

from aiohttp import WSMsgType, web

from bot.sandbox.slack.delivery import Ack, Envelope
from bot.sandbox.slack.faults import SOCKET_FAULTS, Faults
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.settings import Settings

PING_EVERY = 10.0
RETIRED_LIVES = 10.0  # how long a connection that was told to refresh stays open for late acks
TICKETS = 1_000


@dataclass(slots=True, eq=False)
class Socket:
    """One open connection with its bounded queue of frames; `retiring` ones get no new envelopes."""

    ws: web.WebSocketResponse
    request: web.Request
    frames: "asyncio.Queue[str]"
    retiring: bool = False


@dataclass(slots=True, eq=False)
class _Waiting:
    done: Callable[[Ack], None]
    timer: asyncio.TimerHandle
    socket: Socket = field(repr=False)


class SocketMode:
    """The carrier for apps that hold websockets open; each envelope goes to one connection, at random as in Slack."""

    name = "socket"

    def __init__(self, settings: Settings, faults: Faults) -> None:
        self._settings = settings
        self._faults = faults
        self._tickets: dict[str, App] = {}
        self._sockets: dict[str, list[Socket]] = defaultdict(list)
        self._waiting: dict[str, _Waiting] = {}
        self.on_change: Callable[[str, int], None] = lambda app_id, open_now: None

    def ticket(self, app: App) -> str:
        """A single-use ticket for the websocket URL that apps.connections.open answers."""
        ticket = token_hex(16)
        self._tickets[ticket] = app
        if len(self._tickets) > TICKETS:
            del self._tickets[next(iter(self._tickets))]
        return ticket

    def connections(self, app_id: str) -> int:
        """How many connections the app has open."""
        return len(self._sockets[app_id])

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle `GET /link?ticket=…` until the connection ends."""
        ticket = request.query.get("ticket", "")
        app = self._tickets.get(ticket)
        if app is None:
            raise web.HTTPForbidden(text="the ticket is unknown or was used; call apps.connections.open again")
        if self._faults.strike(SOCKET_FAULTS, "") or len(self._sockets[app.id]) >= self._settings.sockets_per_app:
            _abort(request)
            return web.Response(status=503)
        del self._tickets[ticket]
        ws = web.WebSocketResponse(heartbeat=PING_EVERY, compress=False)
        await ws.prepare(request)
        socket = Socket(ws, request, asyncio.Queue(self._settings.listener_queue))
        writer = asyncio.create_task(_write(socket))
        self._sockets[app.id].append(socket)
        socket.frames.put_nowait(_hello(app, len(self._sockets[app.id])))
        self.on_change(app.id, len(self._sockets[app.id]))
        try:
            await self._read(ws)
        finally:
            self._sockets[app.id].remove(socket)
            writer.cancel()
            self.on_change(app.id, len(self._sockets[app.id]))
        return ws

    def send(self, app: App, envelope: Envelope, done: Callable[[Ack], None]) -> None:
        """Queue the envelope on one connection; not acked in time counts as a failure."""
        loop = asyncio.get_running_loop()
        sockets = [one for one in self._sockets[app.id] if not one.retiring] or self._sockets[app.id]
        if not sockets:
            loop.call_soon(done, Ack(False, "no_connection"))
            return
        socket = random.choice(sockets)
        timer = loop.call_later(self._settings.ack_within, self._give_up, envelope.id)
        self._waiting[envelope.id] = _Waiting(done, timer, socket)
        try:
            socket.frames.put_nowait(_frame(envelope))
        except asyncio.QueueFull:
            _abort(socket.request)

    def abort(self, app_id: str) -> int:
        """Drop every TCP connection without a closing handshake; how many."""
        sockets = list(self._sockets[app_id])
        for socket in sockets:
            _abort(socket.request)
        return len(sockets)

    async def close(self, app_id: str) -> int:
        """Close every connection properly; how many."""
        sockets = list(self._sockets[app_id])
        for socket in sockets:
            await socket.ws.close()
        return len(sockets)

    def refresh(self, app_id: str, reason: str = "refresh_requested") -> int:
        """Tell every connection to make way for a new one, as Slack does every few hours; how many."""
        sockets = [one for one in self._sockets[app_id] if not one.retiring]
        for socket in sockets:
            socket.retiring = True
            host = {"host": "sandbox"}
            socket.frames.put_nowait(json.dumps({"type": "disconnect", "reason": reason, "debug_info": host}))
            asyncio.get_running_loop().call_later(RETIRED_LIVES, _abort, socket.request)
        return len(sockets)

    async def stop(self) -> None:
        """Close everything and fail what still waits for an ack."""
        for app_id in tuple(self._sockets):
            await self.close(app_id)
        for envelope_id in tuple(self._waiting):
            self._give_up(envelope_id)

    async def _read(self, ws: web.WebSocketResponse) -> None:
        async for frame in ws:
            if frame.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(frame.data)
            except ValueError:
                continue  # Slack ignores what is no JSON; the envelope then counts as not acked
            if isinstance(answer, dict):
                self._ack(str(answer.get("envelope_id", "")), answer.get("payload"))

    def _ack(self, envelope_id: str, body: object) -> None:
        waiting = self._waiting.pop(envelope_id, None)
        if waiting is not None:
            waiting.timer.cancel()
            waiting.done(Ack(True, body=body))

    def _give_up(self, envelope_id: str) -> None:
        waiting = self._waiting.pop(envelope_id, None)
        if waiting is not None:
            waiting.timer.cancel()
            waiting.done(Ack(False, "timeout"))


async def _write(socket: Socket) -> None:
    while True:
        frame = await socket.frames.get()
        with suppress(ConnectionError):  # the reader sees the same end and takes the socket out
            await socket.ws.send_str(frame)


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _hello(app: App, connections: int) -> str:
    info = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
    hello = {"type": "hello", "num_connections": connections, "debug_info": info}
    return json.dumps({**hello, "connection_info": {"app_id": app.id}})


def _frame(envelope: Envelope) -> str:
    """The frame by hand around the payload, which is JSON already: this is the path that benchmarks measure."""
    head = f'{{"envelope_id":"{envelope.id}","type":"{envelope.kind}","payload":{envelope.payload}'
    if envelope.kind == "events_api":
        reason = json.dumps(envelope.retry_reason)
        return f'{head},"accepts_response_payload":false,"retry_attempt":{envelope.retry},"retry_reason":{reason}}}'
    return f'{head},"accepts_response_payload":true}}'
