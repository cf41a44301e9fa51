"""Fourth floor of the stand-in: every Web API call comes through here: faults, token, scope, rate limit, method."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.slack.faults import CALL_FAULTS, Fault
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.scopes import missing
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.standin import Standin
from bot.sandbox.slack.web_api import auth, chat, conversations, files, reactions, users, views
from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.web_api.call import Answer, Call, Method

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **reactions.METHODS,
    **users.METHODS,
    **views.METHODS,
}

# Methods that only read and (documented, or reported with the answer that then came) do not parse a JSON body: what it
# says is dropped. Reports differ about conversations.*, so those take both here.
FORM_ONLY = frozenset(
    {
        "bots.info",
        "chat.getPermalink",
        "files.getUploadURLExternal",
        "files.info",
        "reactions.get",
        "team.info",
        "usergroups.list",
        "usergroups.users.list",
        "users.conversations",
        "users.info",
        "users.list",
        "users.lookupByEmail",
    }
)


async def handle(standin: Standin, request: web.Request) -> web.StreamResponse:
    """Answer `POST /api/{method}` as slack.com would."""
    received_ns = time.monotonic_ns()
    method = request.match_info["method"]
    fault = standin.faults.strike(CALL_FAULTS, method)
    app: App | None = None
    args = Arguments({})
    headers: dict[str, str] = {}
    try:
        values = await _arguments(request, method)
        args = Arguments(values)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind != "delay":
            status, answer, headers = _strike(fault, request)
        else:
            app = _authenticate(standin, method, request, values)
            if (wait := _limited(standin, app, method, args)) is not None:
                status, answer, headers = 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)}
            else:
                status, answer = 200, {"ok": True, **_run(standin, app, method, args)}
    except Refusal as refusal:
        status, answer = 200, {"ok": False, "error": refusal.code, **refusal.extra}
    response = web.Response(body=json.dumps(answer).encode(), status=status, content_type="application/json")
    response.headers.update(headers)
    name = app.name if app else None
    call = standin.journal.record_call(method, name, args.plain(), status, answer, received_ns, time.monotonic_ns())
    summary = {"number": call.number, "method": method, "app": name, "status": status}
    standin.feed.publish("call", {**summary, "ok": answer.get("ok", False), "error": answer.get("error")})
    return response


async def _arguments(request: web.Request, method: str) -> dict[str, Any]:
    """Arguments from query and body; an empty JSON body is fine (the sync SDK sends one), and lost on FORM_ONLY."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type.startswith("multipart/"):
        posted = await request.post()
        return values | {name: value for name, value in posted.items() if isinstance(value, str)}
    body = await request.read()
    if not body:
        return values
    if request.content_type == "application/json":
        try:
            parsed = json.loads(body)
        except ValueError:
            raise Refusal("invalid_json", "the body is not JSON") from None
        if not isinstance(parsed, dict):
            raise Refusal("json_not_object", "the body must be a JSON object")
        return values if method in FORM_ONLY else values | parsed
    return values | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _authenticate(standin: Standin, method: str, request: web.Request, values: dict[str, Any]) -> App:
    if method not in METHODS:
        raise Refusal("unknown_method", req_method=method)
    authorization = request.headers.get("Authorization", "")
    token = authorization.removeprefix("Bearer ") if authorization else str(values.get("token", ""))
    if not token:
        raise Refusal("not_authed", "no token was sent")
    wants_app_token = method == "apps.connections.open"
    app = (standin.app_tokens if wants_app_token else standin.tokens).get(token)
    if app is None:
        known = token in standin.tokens or token in standin.app_tokens
        raise Refusal("not_allowed_token_type" if known else "invalid_auth")
    return app


def _limited(standin: Standin, app: App, method: str, args: Arguments) -> int | None:
    return standin.limiter.check(method, app.id, args.text("channel"), time.monotonic())


def _run(standin: Standin, app: App, method: str, args: Arguments) -> Answer:
    if method != "apps.connections.open":
        channel = standin.workspace.channels.get(args.text("channel"))
        needed = missing(method, channel.kind if channel else "channel", app.scopes)
        if needed:
            raise chat.missing_scope(needed, app.scopes)
    return METHODS[method](Call(standin, app, args))


def _strike(fault: Fault, request: web.Request) -> tuple[int, Answer, dict[str, str]]:
    if fault.kind == "api_error":
        raise Refusal(fault.error, "a fault set by the control API")
    if fault.kind == "ratelimited":
        return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(fault.retry_after)}
    if fault.kind == "drop":
        if request.transport is not None:
            request.transport.abort()  # the answer below is never sent; the journal keeps it
        return 503, {"ok": False, "error": "dropped"}, {}
    return fault.status, {"ok": False, "error": "internal_error"}, {}
