"""Fifth floor of the stand-in: `/control/*`, by which tests, the page and the terminal act as people and look in."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from aiohttp import web

from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.channel import Message
from bot.sandbox.slack.composer import rich_text
from bot.sandbox.slack.interactions import Interactions, say_as_person
from bot.sandbox.slack.judge import complete_blocks, refuse_invalid_blocks
from bot.sandbox.slack.looks import Looks, needed, number
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.standin import Standin
from bot.sandbox.slack.workspace import Draft

Body = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Action = Callable[[Body], Awaitable[dict[str, Any]]]
KEEPALIVE = 10.0
LONGEST_WAIT = 60.0


class ControlApi:
    """The control API of one stand-in. Actions are POSTs with JSON, looks are GETs; refusals are HTTP 400."""

    def __init__(self, standin: Standin) -> None:
        self._standin = standin
        self._people = Interactions(standin)

    def routes(self) -> list[web.RouteDef]:
        """All its routes."""
        actions = {name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")}
        found = [web.post(f"/control/{name}", _action(run)) for name, run in actions.items()]
        found += [web.get(f"/control/{name}", _look(look)) for name, look in Looks(self._standin).all().items()]
        return [*found, web.get("/control/events", _safe(self.stream)), web.get("/control/wait", _safe(self.wait))]

    async def do_say(self, body: Body) -> Body:
        """Post as a `user` (text typed in the composer, `raw`: already wire text) or as an `app` (wire text)."""
        blocks, attachments = body.get("blocks"), body.get("attachments")
        refuse_invalid_blocks(blocks, attachments)
        draft = Draft(
            self._standin.workspace.channel(needed(body, "channel")).id,
            body.get("text", ""),
            complete_blocks(blocks) if blocks else None,
            attachments,
            body.get("thread_ts"),
            bool(body.get("reply_broadcast")),
            body.get("metadata"),
        )
        if "app" in body:
            message = self._say_as_app(body, draft)
        else:
            message = say_as_person(self._standin, needed(body, "user"), draft, raw=bool(body.get("raw")))
        return {"ts": message["ts"], "channel": draft.channel}

    async def do_edit(self, body: Body) -> Body:
        """A person (or app) edits a message: `text` and `blocks` are replaced."""
        channel, message = self._message(body)
        fields: Body = {}
        if "text" in body:
            fields["text"] = self._standin.workspace.type_text(body["text"])
        if "blocks" in body:
            refuse_invalid_blocks(body["blocks"])
            fields["blocks"] = complete_blocks(body["blocks"])
        elif message.get("blocks") and message["blocks"][0]["type"] == "rich_text":
            fields["blocks"] = [rich_text(str(fields.get("text", message["text"])))]
        editor = message.get("user") or message.get("bot_id")
        self._standin.workspace.edit(self._standin.workspace.channel(channel), message["ts"], fields, edited_by=editor)
        return {"ts": message["ts"]}

    async def do_delete(self, body: Body) -> Body:
        """Delete a message."""
        channel, message = self._message(body)
        self._standin.workspace.delete(self._standin.workspace.channel(channel), message["ts"])
        return {}

    async def do_react(self, body: Body) -> Body:
        """A person puts an emoji on a message (`remove`: takes it off)."""
        channel, message = self._message(body)
        workspace = self._standin.workspace
        user = str(workspace.user(needed(body, "user"))["id"])
        change = workspace.unreact if body.get("remove") else workspace.react
        change(workspace.channel(channel), message["ts"], needed(body, "name"), user)
        return {}

    async def do_member(self, body: Body) -> Body:
        """A user joins a channel (`leave`: leaves it)."""
        workspace = self._standin.workspace
        user = str(workspace.user(needed(body, "user"))["id"])
        change = workspace.leave if body.get("leave") else workspace.join
        return {"changed": change(workspace.channel(needed(body, "channel")), user)}

    async def do_click(self, body: Body) -> Body:
        """Use an element of a message (`channel`, `ts`) or of a view (`view_id`)."""
        value = body.get("value", body.get("selected_option"))
        action, block, user = needed(body, "action_id"), body.get("block_id"), needed(body, "user")
        if "view_id" in body:
            return await self._people.click_in_view(user, body["view_id"], action, block, value)
        return await self._people.click(user, needed(body, "channel"), needed(body, "ts"), action, block, value)

    async def do_command(self, body: Body) -> Body:
        """Type a slash command."""
        return await self._people.command(
            needed(body, "user"), needed(body, "channel"), needed(body, "command"), body.get("text", "")
        )

    async def do_submit(self, body: Body) -> Body:
        """Fill in and submit a modal."""
        return await self._people.submit(needed(body, "user"), needed(body, "view_id"), body.get("values") or {})

    async def do_close(self, body: Body) -> Body:
        """Close a modal (`clear`: all of them)."""
        return await self._people.close(needed(body, "user"), needed(body, "view_id"), clear=bool(body.get("clear")))

    async def do_shortcut(self, body: Body) -> Body:
        """Use a message shortcut."""
        return await self._people.shortcut(
            needed(body, "user"), needed(body, "channel"), needed(body, "ts"), needed(body, "callback_id")
        )

    async def do_home(self, body: Body) -> Body:
        """Open the app's Home tab."""
        return self._people.open_home(needed(body, "user"), body.get("tab", "home"))

    async def do_usergroup(self, body: Body) -> Body:
        """Change who is in a user group."""
        return {"usergroup": self._standin.workspace.set_group(needed(body, "id"), body.get("users") or [])}

    async def do_delivery(self, body: Body) -> Body:
        """Choose how events travel: mode socket, or http with a `url` (`verify` false skips the challenge)."""
        mode = body.get("mode")
        if mode == "http":
            await self._standin.use_http(needed(body, "url"), verify=bool(body.get("verify", True)))
        elif mode == "socket":
            await self._standin.use_socket_mode()
        else:
            raise Refusal("invalid_mode", f"mode {mode!r} is neither socket nor http")
        return {"mode": mode}

    async def do_sockets(self, body: Body) -> Body:
        """Do something to the app's open connections: abort (TCP), close, refresh."""
        sockets, bot, what = self._standin.sockets, self._standin.bot.id, body.get("action")
        if what == "close":
            return {"sockets": await sockets.close(bot)}
        if what not in ("abort", "refresh"):
            raise Refusal("invalid_action", f"action {what!r} is none of abort, close, refresh")
        return {"sockets": sockets.abort(bot) if what == "abort" else sockets.refresh(bot)}

    async def do_faults(self, body: Body) -> Body:
        """Set a fault, or take away one (`clear`: its id) or all (`clear`: "all")."""
        if "clear" in body:
            return {"cleared": self._standin.faults.clear(None if body["clear"] == "all" else number(body, "clear", 0))}
        return {"fault": asdict(self._standin.faults.set(body))}

    async def do_limits(self, body: Body) -> Body:
        """Change rate limits: rate_limits (bool), message_rate (a second), message_burst (1 or more)."""
        if unknown := set(body) - {"rate_limits", "message_rate", "message_burst"}:
            known = "message_burst, message_rate, rate_limits"
            raise Refusal("invalid_limits", f"{', '.join(sorted(unknown))}: takes {known}")
        if not all(_is_limit(name, value) for name, value in body.items()):
            sense = "rate_limits is true or false, message_rate above 0, message_burst a whole number from 1"
            raise Refusal("invalid_limits", sense)
        self._standin.settings = replace(self._standin.settings, **body)
        self._standin.limiter.change(self._standin.settings)
        return {}

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: every change from now on, or after number `since` as far as remembered.

        A listener that is too slow is cut off with the event `end`: read the state and listen again.
        """
        missed = self._standin.feed.since(number(request.query, "since", self._standin.feed.number))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        listener = self._standin.feed.listen()
        try:
            await response.write(b": here\n\n" + b"".join(_frame(change) for change in missed))
            while not (listener.ended and listener.queue.empty()):
                try:
                    change = await asyncio.wait_for(listener.queue.get(), KEEPALIVE)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                await response.write(_frame(change))
            await response.write(b"event: end\ndata: {}\n\n")
        except ConnectionError:
            pass
        finally:
            self._standin.feed.leave(listener)
        return response

    async def wait(self, request: web.Request) -> web.StreamResponse:
        """Long poll: answers the newest number once there is a change after `since`, or after `timeout_ms`."""
        since = number(request.query, "since", self._standin.feed.number)
        seconds = min(number(request.query, "timeout_ms", 10_000) / 1000, LONGEST_WAIT)
        changed = await self._standin.feed.wait_beyond(since, seconds)
        return web.json_response({"ok": True, "changed": changed, "number": self._standin.feed.number})

    def _say_as_app(self, body: Body, draft: Draft) -> Message:
        workspace = self._standin.workspace
        app = workspace.app_named(body["app"])
        author = workspace.by_app(app)
        extra: Body = {}
        if body.get("subtype") == "bot_message" or "username" in body:
            author.pop("user")
            extra = {"subtype": "bot_message", "username": body.get("username", app.name)}
        return workspace.post(replace(draft, extra=extra), author)

    def _message(self, body: Body) -> tuple[str, Message]:
        channel = self._standin.workspace.channel(needed(body, "channel"))
        return channel.id, channel.find(needed(body, "ts"))


def _is_limit(name: str, value: Any) -> bool:
    if name == "rate_limits" or isinstance(value, bool):
        return name == "rate_limits" and isinstance(value, bool)
    if name == "message_burst":
        return isinstance(value, int) and value >= 1
    return isinstance(value, int | float) and 0 < value < float("inf")


def _frame(change: Change) -> bytes:
    return f"id: {change.number}\nevent: {change.kind}\ndata: {json.dumps(change.data)}\n\n".encode()


def _refused(refusal: Refusal) -> web.Response:
    answer = {"ok": False, "error": refusal.code, "detail": refusal.detail, **refusal.extra}
    return web.json_response(answer, status=400)


def _action(run: Action) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json() if request.can_read_body else {}
        except ValueError:
            return _refused(Refusal("invalid_json", "the body is not JSON"))
        if not isinstance(body, dict):
            return _refused(Refusal("invalid_json", "the body must be a JSON object"))
        try:
            return web.json_response({"ok": True, **await run(body)})
        except Refusal as refusal:
            return _refused(refusal)

    return handle


def _safe(answer: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await answer(request)
        except Refusal as refusal:
            return _refused(refusal)

    return handle


def _look(look: Callable[[Body], Body]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response({"ok": True, **look(dict(request.query))})
        except Refusal as refusal:
            return _refused(refusal)

    return handle
