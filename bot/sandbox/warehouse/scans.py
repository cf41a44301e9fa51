"""RESULT_SCAN: an earlier answer read as a table."""

from typing import Any

from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.sessions import Session


def replace_result_scans(tree: exp.Expr, session: Session, account: Account) -> dict[str, Any]:
    """Put a table name where RESULT_SCAN stands; returns the Arrow tables by that name.

    Refused with 000709 when the query id is unknown, somebody else's, or its result is gone.
    """
    found: dict[str, Any] = {}
    for node in list(tree.find_all(exp.TableFromRows)):
        function = node.this
        if not isinstance(function, exp.Anonymous) or function.name.upper() != "RESULT_SCAN":
            continue
        query_id = _query_id(function, session)
        kept = account.results.find(query_id, session.user)
        if kept is None or kept.table is None:
            raise errors.statement_unknown(query_id)
        name = "RESULT_" + query_id.replace("-", "_").upper()
        found[name] = kept.table
        table = exp.table_(name, db="main", catalog="temp")
        alias = node.args.get("alias")
        table.set("alias", alias.copy() if alias else None)
        node.replace(table)
    return found


def _query_id(function: exp.Anonymous, session: Session) -> str:
    argument = function.expressions[0] if function.expressions else None
    if isinstance(argument, exp.Literal):
        return str(argument.this)
    if isinstance(argument, exp.Anonymous) and argument.name.upper() == "LAST_QUERY_ID":
        return session.last_query or ""
    raise errors.syntax_error("RESULT_SCAN takes a query id or LAST_QUERY_ID()")
