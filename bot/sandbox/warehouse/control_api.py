"""The control interface (`/control/*`): makes the past, runs statements as the owner, sets faults, shows the state."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.warehouse import control
from bot.sandbox.warehouse.server import Wire, read_json

Handler = Callable[[Wire, dict[str, Any]], Any]


def _route(path: str, method: str, handler: Handler, wire: Wire) -> BaseRoute:
    async def answer(request: HttpRequest) -> Response:
        try:
            body = await read_json(request)
            return JSONResponse(await wire.blocking(handler, wire, body))
        except (KeyError, TypeError, ValueError, RuntimeError) as problem:
            reason = f"{type(problem).__name__}: {problem}"
            return JSONResponse({"error": reason}, status_code=400)

    named: Callable[[HttpRequest], Awaitable[Response]] = answer
    return Route(path, named, methods=[method])


def routes(wire: Wire) -> list[BaseRoute]:
    """The control interface's routes."""
    table: list[tuple[str, str, Handler]] = [
        ("POST", "/control/meter", lambda w, b: control.meter(w.account, b, datetime.now(UTC))),
        ("POST", "/control/age_marts", lambda w, b: control.age_marts(w.account, int(b.get("days", 1)))),
        ("POST", "/control/sql", lambda w, b: control.sql(w.account, str(b["sql"]))),
        ("POST", "/control/faults", lambda w, b: control.faults(w.account, b)),
        ("POST", "/control/reset", control.reset),
        ("GET", "/control/state", lambda w, b: control.state(w.account)),
    ]
    return [_route(path, method, handler, wire) for method, path, handler in table]
