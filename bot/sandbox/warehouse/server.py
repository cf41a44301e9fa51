"""The routes the connectors call: login, queries, results, aborts, monitoring, tokens."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.warehouse import errors, login
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.request import Request
from bot.sandbox.warehouse.road import failure
from bot.sandbox.warehouse.sessions import MASTER_VALIDITY_SECONDS, VALIDITY_SECONDS, Session
from bot.sandbox.warehouse.statements import execute

_THREADS = 48
_ANSWER_WITHIN_SECONDS = 45.0  # then the client is told to ask again, as Snowflake does
_MAX_BODY = 64 * 1024 * 1024
_SCHEME = 'Snowflake Token="'


@dataclass(eq=False, slots=True)
class Wire:
    """The server's end of the wire. `account` is replaced by a reset."""

    account: Account
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_THREADS, thread_name_prefix="statement")
    )
    pending: dict[str, tuple[str, Future[dict[str, Any]]]] = field(default_factory=dict)

    async def blocking(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a blocking function off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, partial(function, *arguments))

    def start(self, request: Request, session: Session) -> Future[dict[str, Any]]:
        """Begin a statement; its answer is kept under its query id."""
        future = self.threads.submit(execute, request, session, self.account)
        self.pending[request.query_id] = (session.user, future)
        future.add_done_callback(lambda _: self.pending.pop(request.query_id, None))
        return future


async def read_json(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON body, unzipped if it was zipped; empty when there is none."""
    raw = await request.body()
    if len(raw) > _MAX_BODY:
        raise errors.Refusal("390001", "08001", "The request body is too large.")
    if request.headers.get("Content-Encoding") == "gzip":
        raw = gzip.decompress(raw)
    found = json.loads(raw) if raw else {}
    return found if isinstance(found, dict) else {}


def token_of(request: HttpRequest) -> str | None:
    """The token in the Authorization header."""
    header = request.headers.get("Authorization", "")
    return header[len(_SCHEME) : -1] if header.startswith(_SCHEME) else None


def success(data: Any = None) -> JSONResponse:
    """An answer that all went well."""
    return JSONResponse({"data": data, "code": None, "message": None, "success": True})


def refusing(
    handler: Callable[[Wire, HttpRequest], Awaitable[Response]], wire: Wire
) -> Callable[[HttpRequest], Awaitable[Response]]:
    """Answer a refusal the way Snowflake does: HTTP 200 and success false."""

    async def answer(request: HttpRequest) -> Response:
        try:
            return await handler(wire, request)
        except errors.Refusal as refusal:
            return JSONResponse(failure(refusal))

    return answer


async def log_in(wire: Wire, request: HttpRequest) -> Response:
    """POST /session/v1/login-request."""
    data = (await read_json(request)).get("data") or {}
    address = request.client.host if request.client else "127.0.0.1"
    session = await wire.blocking(login.log_in, data, dict(request.query_params), wire.account, address)
    return success(login.payload(session, session.user))


async def renew(wire: Wire, request: HttpRequest) -> Response:
    """POST /session/token-request: a new session token for the master token."""
    session = wire.account.sessions.renew(token_of(request))
    return success(
        {
            "sessionToken": session.token,
            "masterToken": session.master,
            "validityInSecondsST": VALIDITY_SECONDS,
            "validityInSecondsMT": MASTER_VALIDITY_SECONDS,
            "sessionId": session.id,
        }
    )


async def keep_or_close(wire: Wire, request: HttpRequest) -> Response:
    """POST /session[?delete=true] and /session/heartbeat."""
    session = wire.account.sessions.find(token_of(request))
    if request.query_params.get("delete"):
        wire.account.jobs.end_with_session(session.id, errors.cancelled())
        await wire.blocking(wire.account.sessions.close, session)
    return success()


async def query(wire: Wire, request: HttpRequest) -> Response:
    """POST /queries/v1/query-request."""
    session = wire.account.sessions.find(token_of(request))
    body = await read_json(request)
    asked = Request(
        text=str(body.get("sqlText") or ""),
        bindings=body.get("bindings"),
        parameters={str(k).upper(): v for k, v in (body.get("parameters") or {}).items()},
        request_id=request.query_params.get("requestId"),
        base_url=str(request.base_url),
        own_lane=bool(body.get("asyncExec")),
        describe_only=bool(body.get("describeOnly")),
    )
    future = wire.start(asked, session)
    if body.get("asyncExec"):
        return _in_progress(asked.query_id, "333334", "Query execution in progress. (async)")
    return await _await(asked.query_id, future)


async def result(wire: Wire, request: HttpRequest) -> Response:
    """GET /queries/{id}/result: waits for it a while."""
    session = wire.account.sessions.find(token_of(request))
    query_id = request.path_params["query_id"]
    owner, future = wire.pending.get(query_id, (None, None))
    if future is not None and owner == session.user:
        return await _await(query_id, future)
    kept = wire.account.results.find(query_id, session.user)
    if kept is None:
        raise errors.statement_unknown(query_id)
    return JSONResponse(kept.payload)


async def _await(query_id: str, future: Future[dict[str, Any]]) -> Response:
    waiting = asyncio.wrap_future(future)
    done, _ = await asyncio.wait([waiting], timeout=_ANSWER_WITHIN_SECONDS)
    if not done:
        return _in_progress(query_id, "333333", "Query execution in progress.")
    return JSONResponse(waiting.result())


def _in_progress(query_id: str, code: str, message: str) -> JSONResponse:
    data = {
        "queryId": query_id,
        "getResultUrl": f"/queries/{query_id}/result",
        "queryAbortsAfterSecs": 300,
        "progressDesc": None,
    }
    return JSONResponse({"data": data, "code": code, "message": message, "success": True})


async def abort(wire: Wire, request: HttpRequest) -> Response:
    """POST /queries/v1/abort-request (by request id) and /queries/{id}/abort-request (by query id)."""
    session = wire.account.sessions.find(token_of(request))
    body = await read_json(request)
    wanted = request.path_params.get("query_id"), body.get("requestId")
    for job in wire.account.jobs.all():
        named = job.query_id == wanted[0] or (wanted[1] and job.request_id == wanted[1])
        if named and job.user == session.user:
            await wire.blocking(job.stop, errors.cancelled())
    return success()


async def monitor(wire: Wire, request: HttpRequest) -> Response:
    """GET /monitoring/queries/{id}: 5.x puts two slashes before the id."""
    session = wire.account.sessions.find(token_of(request))
    record = wire.account.history.find(request.path_params["query_id"])
    if record is None or record.user != session.user:
        return success({"queries": []})
    status = "FAILED_WITH_ERROR" if record.status == "FAIL" else record.status
    code = int(record.error_code) if record.error_code else 0
    return success(
        {
            "queries": [
                {
                    "id": record.query_id,
                    "status": status,
                    "state": status,
                    "sqlText": record.text,
                    "sessionId": record.session_id,
                    "warehouseName": record.warehouse,
                    "errorCode": code or None,
                    "errorMessage": record.error_message,
                    "startTime": int(record.start.timestamp() * 1000),
                    "endTime": int(record.end.timestamp() * 1000) if record.end else 0,
                }
            ]
        }
    )


async def upload(wire: Wire, request: HttpRequest) -> Response:
    """PUT /upload/{ticket}: a staged file, as 5.x sends it to a presigned address."""
    content = await request.body()
    known = await wire.blocking(wire.account.uploads.write, request.path_params["ticket"], content)
    return Response(status_code=200 if known else 403)


async def ignore(wire: Wire, request: HttpRequest) -> Response:
    """POST /telemetry/send: taken and dropped."""
    await request.body()
    return success()


async def health(wire: Wire, request: HttpRequest) -> Response:
    """GET /healthz: 200 once the engine answers."""
    await wire.blocking(wire.account.engine.query, "SELECT 1")
    return JSONResponse({"status": "ok"})


def routes(wire: Wire) -> list[BaseRoute]:
    """Every route of the wire."""
    table: list[tuple[str, str, Callable[[Wire, HttpRequest], Awaitable[Response]]]] = [
        ("POST", "/session/v1/login-request", log_in),
        ("POST", "/session/token-request", renew),
        ("POST", "/session/heartbeat", keep_or_close),
        ("POST", "/session", keep_or_close),
        ("POST", "/queries/v1/query-request", query),
        ("POST", "/queries/v1/abort-request", abort),
        ("POST", "/queries/{query_id}/abort-request", abort),
        ("GET", "/queries/{query_id}/result", result),
        ("GET", "/monitoring/queries/{query_id}", monitor),
        ("GET", "/monitoring/queries//{query_id}", monitor),
        ("PUT", "/upload/{ticket}", upload),
        ("POST", "/telemetry/send", ignore),
        ("GET", "/healthz", health),
    ]
    return [Route(path, refusing(handler, wire), methods=[method]) for method, path, handler in table]


def build(wire: Wire, more: list[BaseRoute]) -> Starlette:
    """The application: the wire's routes and those of the control interface."""
    return Starlette(routes=[*routes(wire), *more])
