"""A request's text as statements: one by default, several when the client said how many."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.kept import Kept
from bot.sandbox.warehouse.request import Request
from bot.sandbox.warehouse.results import MULTI, Result, data_of
from bot.sandbox.warehouse.road import failure, refuse_unread, run
from bot.sandbox.warehouse.sessions import Session
from bot.sandbox.warehouse.texts import split


def execute(request: Request, session: Session, account: Account) -> dict[str, Any]:
    """Carry out a request; the answer is a wire payload, whatever happens."""
    try:
        statements = _counted(request, session)
    except errors.Refusal as refusal:
        refuse_unread(request, refusal, session, account)
        return failure(refusal, request.query_id)
    if len(statements) == 1:
        return run(statements[0], request, session, account)
    payload = _run_several(statements, request, session, account)
    account.results.keep(request.query_id, Kept(session.user, payload))
    return payload


def _counted(request: Request, session: Session) -> list[str]:
    statements = split(request.text)
    wanted = int(request.parameter("MULTI_STATEMENT_COUNT", session))
    if not statements:
        raise errors.empty_statement()
    if wanted not in (0, len(statements)):  # 0: any number
        raise errors.statement_count(len(statements), wanted)
    return statements


def _run_several(statements: list[str], request: Request, session: Session, account: Account) -> dict[str, Any]:
    ids, types = [], []
    for statement in statements:
        child = replace(request, text=statement, bindings=None, query_id=str(uuid4()))
        payload = run(statement, child, session, account)
        if not payload["success"]:
            return payload
        ids.append(child.query_id)
        types.append(str(payload["data"].get("statementTypeId", 0)))
    data = data_of(Result((), (), MULTI))
    data |= {"queryId": request.query_id, "resultIds": ",".join(ids), "resultTypes": ",".join(types)}
    return {"data": data, "code": None, "message": None, "success": True}
