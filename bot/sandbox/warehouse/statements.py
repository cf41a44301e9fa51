"""The road of one statement: recorded, checked, given compute, rewritten, carried out, recorded again."""

import logging
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import sqlglot
from snowflake.connector.errors import Error as ConnectorError
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bot.sandbox.warehouse import errors, ownership
from bot.sandbox.warehouse.access import authorise
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.engine import ENGINE_ERROR, INTERRUPTED
from bot.sandbox.warehouse.history import Record
from bot.sandbox.warehouse.jobs import Job
from bot.sandbox.warehouse.results import MULTI, data_of
from bot.sandbox.warehouse.rewrite import rewrite
from bot.sandbox.warehouse.rules import Context
from bot.sandbox.warehouse.rules.registry import RULES
from bot.sandbox.warehouse.sessions import Session
from bot.sandbox.warehouse.texts import plain, query_type, split

LOG = logging.getLogger(__name__)
# What fakesnow raises for SQL it cannot do: a failure of that statement, never of the server.
_ENGINE_GIVES_UP = (
    ENGINE_ERROR,
    SqlglotError,
    NotImplementedError,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)
_KEPT = 500


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the query route."""

    text: str
    bindings: dict[str, Any] | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    request_id: str | None = None
    query_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    own_lane: bool = False  # an asynchronous statement does not wait for the session's others
    recorded: bool = True

    def parameter(self, name: str, session: Session) -> Any:
        """The statement's own value of a parameter, or its session's."""
        return self.parameters.get(name, session.parameter(name))


class Results:
    """The latest answers by query id, with the user who may read them. Thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, dict[str, Any]]] = OrderedDict()
        self._lock = Lock()

    def keep(self, query_id: str, user: str, payload: dict[str, Any]) -> None:
        """Remember an answer, forgetting the oldest."""
        with self._lock:
            self._kept[query_id] = (user, payload)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def find(self, query_id: str, user: str) -> dict[str, Any] | None:
        """The answer, for the user who ran the statement."""
        owner, payload = self._kept.get(query_id, (None, None))
        return payload if owner == user else None


def execute(request: Request, session: Session, account: Account, results: Results) -> dict[str, Any]:
    """Carry out a request's statement, or its several when the client said how many; the answer is a wire payload."""
    try:
        statements = split(request.text)
        wanted = int(request.parameter("MULTI_STATEMENT_COUNT", session))
        if not statements:
            raise errors.empty_statement()
        if wanted not in (0, len(statements)):
            raise errors.statement_count(len(statements), wanted)
    except errors.Refusal as refusal:
        payload = _refused_unread(request, refusal, session, account)
    else:
        if len(statements) == 1:
            payload = run(statements[0], request, session, account)
        else:
            payload = _run_several(statements, request, session, account, results)
    results.keep(request.query_id, session.user, payload)
    return payload


def _refused_unread(request: Request, refusal: errors.Refusal, session: Session, account: Account) -> dict[str, Any]:
    record = _record(request.text, request, session)
    account.history.begin(record)
    _end(record, account, refusal)
    return failure(refusal, request.query_id)


def _run_several(
    statements: list[str], request: Request, session: Session, account: Account, results: Results
) -> dict[str, Any]:
    ids, types = [], []
    for statement in statements:
        child = Request(statement, None, request.parameters, request.request_id)
        payload = run(statement, child, session, account)
        results.keep(child.query_id, session.user, payload)
        if not payload["success"]:
            return payload
        ids.append(child.query_id)
        types.append(str(payload["data"].get("statementTypeId", 0)))
    data = {
        "queryId": request.query_id,
        "resultIds": ",".join(ids),
        "resultTypes": ",".join(types),
        "statementTypeId": MULTI,
        "rowtype": [],
        "rowset": [],
        "total": 0,
        "returned": 0,
        "queryResultFormat": "json",
    }
    return {"data": data, "code": None, "message": None, "success": True}


def run(statement: str, request: Request, session: Session, account: Account) -> dict[str, Any]:
    """Carry out one statement; every refusal and failure becomes a payload with Snowflake's code."""
    record = _record(statement, request, session)
    timeout = int(request.parameter("STATEMENT_TIMEOUT_IN_SECONDS", session) or 0)
    job = Job(record.query_id, request.request_id, session.id, session.user, timeout)
    context = Context(account, session, job, record)
    account.jobs.add(job)
    if request.recorded:
        account.history.begin(record)
    refusal = None
    try:
        data = _carry_out(context, statement, request)
    except errors.Refusal as caught:
        refusal = caught
    except ConnectorError as problem:
        refusal = job.reason or _translated(problem)
    except INTERRUPTED:
        refusal = job.reason or errors.cancelled()
    except _ENGINE_GIVES_UP:
        refusal = job.reason or errors.internal_error(record.query_id[:8])
        LOG.exception("the engine could not carry out %s: %s", record.query_id, statement)
    finally:
        account.jobs.remove(job)
        account.compute.release(job)
    session.last_query = record.query_id
    if request.recorded:
        _end(record, account, refusal)
    if refusal:
        return failure(refusal, record.query_id)
    return _success(data, session, record.query_id)


def _carry_out(context: Context, statement: str, request: Request) -> dict[str, Any]:
    text = plain(statement)
    session, account = context.session, context.account
    hang = account.faults.hang(session.user, session.warehouse, text)
    if hang and session.enforce:
        _take_compute(context)
        context.job.wait(hang)
    for pattern, handler in RULES:
        if match := pattern.match(_inlined(text, request.bindings)):
            result = handler(context, match)
            context.record.rows = len(result.rows)
            return data_of(result)
    return _delegate(context, statement, request)


def _inlined(text: str, bindings: dict[str, Any] | None) -> str:
    """SYSTEM$ functions take bound values: put them in as literals for the rules to read."""
    if not bindings or "SYSTEM$" not in text.upper():
        return text
    for position in range(1, len(bindings) + 1):
        value = str(bindings[str(position)]["value"]).replace("'", "''")
        text = text.replace("?", f"'{value}'", 1)
    return text


def _delegate(context: Context, statement: str, request: Request) -> dict[str, Any]:
    session, account = context.session, context.account
    tree = sqlglot.parse_one(statement, read="snowflake")
    if isinstance(tree, exp.Command) and session.enforce:
        raise errors.unsupported(" ".join(statement.split()[:2]).upper())
    authorise(tree, session, account)
    if needs_compute(tree):
        _take_compute(context)
    change = ownership.of(tree, session, account)
    sql = rewrite(statement, tree, session, account)
    lane = account.engine.lane(session.lane.database, session.lane.schema) if request.own_lane else session.lane
    try:
        answer = lane.run(sql, request.bindings, context.job)
    finally:
        if lane is not session.lane:
            lane.close()
    ownership.apply(change, session, account)
    context.record.rows = answer.rows
    return answer.data


def needs_compute(tree: exp.Expression) -> bool:
    """True for statements that run on a warehouse: they read or write rows."""
    if isinstance(tree, exp.Insert | exp.Update | exp.Delete | exp.Merge | exp.Copy):
        return True
    if isinstance(tree, exp.Create):
        return isinstance(tree.expression, exp.Query) and str(tree.args.get("kind")).upper() == "TABLE"
    return isinstance(tree, exp.Query) and tree.find(exp.From) is not None


def _take_compute(context: Context) -> None:
    session = context.session
    if not session.enforce:
        return
    if not session.warehouse or not context.holds(("USAGE",), "WAREHOUSE", session.warehouse):
        raise errors.no_warehouse()
    warehouse = context.account.compute.use(session.warehouse, context.job)
    context.record.size = warehouse.size
    limit = warehouse.statement_timeout
    if limit and (not context.job.timeout or limit < context.job.timeout):
        context.job.timeout = limit
    context.account.history.write(context.record)


def _record(statement: str, request: Request, session: Session) -> Record:
    return Record(
        query_id=request.query_id,
        text=statement,
        user=session.user,
        role=session.role,
        session_id=session.id,
        database=session.lane.database,
        schema=session.lane.schema,
        warehouse=session.warehouse,
        query_type=query_type(statement),
        tag=str(request.parameter("QUERY_TAG", session) or ""),
    )


def _end(record: Record, account: Account, refusal: errors.Refusal | None) -> None:
    record.end = datetime.now(UTC)
    record.status = "FAIL" if refusal else "SUCCESS"
    if refusal:
        record.error_code, record.error_message = refusal.code, refusal.message
    account.history.write(record)


def _translated(problem: ConnectorError) -> errors.Refusal:
    code = f"{problem.errno:06d}" if problem.errno and problem.errno > 0 else "001003"
    message = str(problem.raw_msg if hasattr(problem, "raw_msg") else problem.msg)
    return errors.Refusal(code, problem.sqlstate or "42000", message)


def _success(data: dict[str, Any], session: Session, query_id: str) -> dict[str, Any]:
    data |= {
        "parameters": [{"name": "TIMEZONE", "value": "Etc/UTC"}],
        "queryId": query_id,
        "finalDatabaseName": session.lane.database,
        "finalSchemaName": session.lane.schema,
        "finalWarehouseName": session.warehouse,
        "finalRoleName": session.role,
    }
    return {"data": data, "code": None, "message": None, "success": True}


def failure(refusal: errors.Refusal, query_id: str | None = None) -> dict[str, Any]:
    """A refusal as a wire payload."""
    data = {"errorCode": refusal.code, "sqlState": refusal.sqlstate, "queryId": query_id}
    return {"data": data, "code": refusal.code, "message": refusal.message, "success": False}
