"""The stand-in's routes: Stripe's, with keys, rights and limits, and `/control/` for whoever steers it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from bot.sandbox.stripe.ledger import Ledger, Payment
from bot.sandbox.stripe.limits import DOCUMENTED, Limits
from bot.sandbox.stripe.listing import BadParameter, read_listing
from bot.sandbox.stripe.objects import (
    RATE_LIMITED,
    Body,
    make_balance,
    make_charge,
    make_error,
    make_intent,
    make_list,
)
from bot.sandbox.stripe.part import EXTRACT_KEY, RUNBOOK_KEY

HOST = "127.0.0.1"
RIGHTS = {EXTRACT_KEY: {"charges", "payment_intents", "balance"}, RUNBOOK_KEY: {"balance"}}
"""A key with `live` for `test` has the same rights in live mode; a secret key has them all."""
_KEY = re.compile(r"(rk|sk)_(test|live)_sandbox\w*")
Answer = Callable[[web.Request, bool], Awaitable[Body]]


class Server:
    """A running stand-in; `url` is where it listens, `limits` what it allows."""

    def __init__(self, ledger: Ledger, port: int) -> None:
        self.limits = Limits()
        self._ledger = ledger
        self._port = port
        self._reading = asyncio.Lock()
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/v1/balance", partial(self._serve, endpoint="balance", answer=self._balance)),
                web.get("/v1/charges", partial(self._serve, endpoint="charges", answer=self._charges)),
                web.get("/v1/charges/{id}", partial(self._serve, endpoint="charges", answer=self._charge)),
                web.get("/v1/payment_intents", partial(self._serve, endpoint="payment_intents", answer=self._intents)),
                web.get("/control/limits", self._show_limits),
                web.post("/control/limits", self._set_limits),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    async def start(self) -> None:
        """Listen; OSError when the port is taken. Port 0 takes a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _serve(self, request: web.Request, endpoint: str, answer: Answer) -> web.Response:
        """Key, right, limit, answer: in this order, as Stripe does."""
        headers = {"Request-Id": f"req_{secrets.token_hex(7)}", "Stripe-Version": "2026-10-28"}
        key = _read_key(request)
        found = _KEY.fullmatch(key)
        if found is None:
            masked = f"{key[:8]}{'*' * 8}{key[-4:]}" if key else ""
            message = f"Invalid API Key provided: {masked}" if key else "You did not provide an API key."
            return web.json_response(make_error(message), status=401, headers=headers)
        kind, mode = found.groups()
        if kind == "rk" and endpoint not in RIGHTS.get(key.replace("_live_", "_test_"), ()):
            message = f"The provided key does not have the required permissions for this endpoint: {endpoint}."
            return web.json_response(make_error(message), status=403, headers=headers)
        refusal = self.limits.ask(mode, f"{request.method} {request.match_info.route.resource}", time.monotonic())
        if refusal is not None:
            headers |= {"Stripe-Rate-Limited-Reason": refusal.reason, "Retry-After": str(refusal.retry_after)}
            return web.json_response(RATE_LIMITED, status=429, headers=headers)
        try:
            return web.json_response(await answer(request, mode == "live"), headers=headers)
        except BadParameter as wrong:
            body = make_error(str(wrong), code=wrong.code, param=wrong.param)
            return web.json_response(body, status=404 if wrong.code == "resource_missing" else 400, headers=headers)

    async def _balance(self, _request: web.Request, live: bool) -> Body:
        return make_balance(live=live)

    async def _charges(self, request: web.Request, live: bool) -> Body:
        page, has_more = await self._page(request)
        return make_list("/v1/charges", [make_charge(one, live=live) for one in page], has_more=has_more)

    async def _intents(self, request: web.Request, live: bool) -> Body:
        page, has_more = await self._page(request)
        return make_list("/v1/payment_intents", [make_intent(one, live=live) for one in page], has_more=has_more)

    async def _charge(self, request: web.Request, live: bool) -> Body:
        async with self._reading:
            payments = await asyncio.to_thread(self._ledger.payments, anew=True)
        place = self._ledger.place(request.match_info["id"])
        if place is None:
            raise BadParameter("id", f"No such charge: '{request.match_info['id']}'", "resource_missing")
        return make_charge(payments[place], live=live)

    async def _page(self, request: web.Request) -> tuple[list[Payment], bool]:
        listing = read_listing(request.query)
        async with self._reading:
            payments = await asyncio.to_thread(self._ledger.payments, anew=not listing.after)
        return listing.cut(payments, self._ledger.place)

    async def _show_limits(self, _request: web.Request) -> web.Response:
        rates = {mode: self.limits.rate(mode) for mode in ("test", "live")}
        return web.json_response({**rates, "passed": self.limits.passed, "limited": self.limits.limited})

    async def _set_limits(self, request: web.Request) -> web.Response:
        """`{"mode": "test", "per_second": 0.1}`; null for as documented."""
        try:
            body = await request.json()
            mode, rate = str(body.get("mode", "test")), body["per_second"]
            rate = None if rate is None else float(rate)
        except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"wants mode and per_second: {error}"}, status=400)
        if mode not in DOCUMENTED or (rate is not None and not rate > 0):
            return web.json_response({"error": f"{mode} {rate}: test or live, and above 0 or null"}, status=400)
        self.limits.tighten(mode, rate)
        return await self._show_limits(request)


def _read_key(request: web.Request) -> str:
    """The key of a bearer or a basic (key as user) authorization; "" without one."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0] if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
