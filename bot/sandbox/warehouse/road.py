"""The road of one statement: recorded, checked, given compute, carried out by a rule or the engine, recorded again."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlglot
from snowflake.connector.errors import Error as ConnectorError
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from bot.sandbox.warehouse import describing, engine_errors, errors, loading, ownership, stages
from bot.sandbox.warehouse.access import authorise
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.engine import ENGINE_ERROR, INTERRUPTED, Answer
from bot.sandbox.warehouse.history import Record
from bot.sandbox.warehouse.identifiers import inline_identifiers
from bot.sandbox.warehouse.jobs import Job
from bot.sandbox.warehouse.kept import Kept, table_of
from bot.sandbox.warehouse.loads import parse_load
from bot.sandbox.warehouse.names import resolve
from bot.sandbox.warehouse.needs import target
from bot.sandbox.warehouse.request import Request
from bot.sandbox.warehouse.results import Result, data_of
from bot.sandbox.warehouse.rewrite import rewrite
from bot.sandbox.warehouse.rules import Context
from bot.sandbox.warehouse.rules.registry import RULES
from bot.sandbox.warehouse.scans import replace_result_scans
from bot.sandbox.warehouse.sessions import Session
from bot.sandbox.warehouse.texts import plain, query_type

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


def run(statement: str, request: Request, session: Session, account: Account) -> dict[str, Any]:
    """Carry out one statement; every refusal and failure becomes a payload with Snowflake's code."""
    record = _record(statement, request, session)
    timeout = int(request.parameter("STATEMENT_TIMEOUT_IN_SECONDS", session) or 0)
    job = Job(record.query_id, request.request_id, session.id, session.user, timeout, request.own_lane)
    context = Context(account, session, job, record)
    account.jobs.add(job)
    if request.recorded:
        account.history.begin(record)
    try:
        answer, refusal = _attempt(context, statement, request)
    finally:
        account.jobs.remove(job)
        account.compute.release(job)
    session.last_query = record.query_id
    if request.recorded:
        _end(record, account, refusal)
    payload = failure(refusal, record.query_id) if refusal else _success(answer.data, session, record.query_id)
    account.results.keep(record.query_id, Kept(session.user, payload, answer.table))
    return payload


def _attempt(context: Context, statement: str, request: Request) -> tuple[Answer, errors.Refusal | None]:
    job, refusal = context.job, None
    try:
        return _carry_out(context, statement, request), None
    except errors.Refusal as caught:
        refusal = caught
    except ConnectorError as problem:
        refusal = job.reason or engine_errors.translate(problem, statement)
    except INTERRUPTED:
        refusal = job.reason or errors.cancelled()
    except ParseError as problem:
        refusal = errors.syntax_error(engine_errors.clean(str(problem)))
    except _ENGINE_GIVES_UP:
        refusal = job.reason or errors.internal_error(job.query_id[:8])
        LOG.exception("the engine could not carry out %s: %s", job.query_id, statement)
    return Answer({}, 0), refusal


def _carry_out(context: Context, statement: str, request: Request) -> Answer:
    text, session = plain(statement), context.session
    hang = context.account.faults.hang(session.user, session.warehouse, text) if session.enforce else 0.0
    if hang:
        context.take_compute()
        context.job.wait(hang)
    for pattern, handler in RULES:
        if match := pattern.match(_inlined(text, request.bindings)):
            if request.describe_only:
                raise errors.unsupported("DESCRIBE of this statement")
            return _own(handler(context, match), context)
    return _delegate(context, statement, request)


def _own(result: Result, context: Context) -> Answer:
    context.record.rows = len(result.rows)
    return Answer(data_of(result), len(result.rows), table_of(result))


def _inlined(text: str, bindings: dict[str, Any] | None) -> str:
    """SYSTEM$ functions take bound values: put them in as literals for the rules to read."""
    if not bindings or "SYSTEM$" not in text.upper():
        return text
    for position in range(1, len(bindings) + 1):
        value = str(bindings[str(position)]["value"]).replace("'", "''")
        text = text.replace("?", f"'{value}'", 1)
    return text


def _delegate(context: Context, statement: str, request: Request) -> Answer:
    session, account = context.session, context.account
    statement, bindings = inline_identifiers(statement, request.bindings)
    tree = sqlglot.parse_one(statement, read="snowflake")
    if isinstance(tree, exp.Command) and session.enforce and tree.name.upper() != "SHOW":
        raise errors.unsupported(" ".join(statement.split()[:2]).upper())
    authorise(tree, session, account)
    if request.describe_only and not isinstance(tree, exp.Query):
        return Answer(describing.described(tree), 0)
    if isinstance(tree, exp.Put):
        return Answer(stages.put_payload(tree, request, session, account), 0)
    if needs_compute(tree):
        context.take_compute()
    if isinstance(tree, exp.Copy) and (load := parse_load(tree, session, account)):
        loaded = _own(loading.copy_into(load, session, context.job), context)
        _note_change(tree, context)
        return loaded
    change = ownership.of(tree, session, account)
    scanned = replace_result_scans(tree, session, account)
    sql = tree.sql(dialect="snowflake") if scanned else statement
    sql = rewrite(sql, tree, session, account)
    if request.describe_only and isinstance(tree, exp.Query):
        sql = describing.query_to_describe(sql, tree)
    answer = _run_in_lane(sql, scanned, replace(request, bindings=bindings), context)
    ownership.apply(change, session, account)
    _note_change(tree, context)
    context.record.rows = answer.rows
    return answer


def _note_change(tree: exp.Expr, context: Context) -> None:
    """Remember when a table was changed, for the catalogue's LAST_ALTERED."""
    table, lane = target(tree), context.session.lane
    is_table = str(tree.args.get("kind") or "TABLE").upper() == "TABLE" and not isinstance(tree, exp.Query)
    if table is not None and is_table and isinstance(table.this, exp.Identifier):
        name = str(resolve(table, lane.database, lane.schema, "this statement"))
        context.account.altered[name] = datetime.now(UTC)


def _run_in_lane(sql: str, scanned: dict[str, Any], request: Request, context: Context) -> Answer:
    session = context.session
    if not request.own_lane:
        return session.lane.run(sql, request.bindings, context.job, scanned)
    lane = context.account.engine.lane(session.lane.database, session.lane.schema)
    try:
        return lane.run(sql, request.bindings, context.job, scanned)
    finally:
        lane.close()


def needs_compute(tree: exp.Expr) -> bool:
    """True for statements that run on a warehouse: they read or write rows."""
    if isinstance(tree, exp.Insert | exp.Update | exp.Delete | exp.Merge | exp.Copy):
        return True
    if isinstance(tree, exp.Create):
        return isinstance(tree.expression, exp.Query) and str(tree.args.get("kind")).upper() == "TABLE"
    if not isinstance(tree, exp.Query):
        return False
    functions = [node for node in tree.find_all(exp.TableFromRows) if isinstance(node.this, exp.Dot)]
    return bool(functions) or tree.find(exp.Table) is not None


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


def refuse_unread(request: Request, refusal: errors.Refusal, session: Session, account: Account) -> None:
    """Record a request that is refused before any statement of it is looked at."""
    record = _record(request.text, request, session)
    account.history.begin(record)
    _end(record, account, refusal)
    account.results.keep(request.query_id, Kept(session.user, failure(refusal, request.query_id)))


def _end(record: Record, account: Account, refusal: errors.Refusal | None) -> None:
    record.end = datetime.now(UTC)
    record.status = "FAIL" if refusal else "SUCCESS"
    if refusal:
        record.error_code, record.error_message = refusal.code, refusal.message
    account.history.write(record)


def _success(data: dict[str, Any], session: Session, query_id: str) -> dict[str, Any]:
    data.setdefault("parameters", [{"name": "TIMEZONE", "value": "Etc/UTC"}])
    data |= {
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
