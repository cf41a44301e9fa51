"""Access control: whether a role may carry out a statement, and what Snowflake says when it may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.names import Name
from bot.sandbox.warehouse.needs import Need, needs
from bot.sandbox.warehouse.sessions import Session

if TYPE_CHECKING:
    from bot.sandbox.warehouse.account import Account


def authorise(tree: exp.Expr, session: Session, account: Account) -> None:
    """Refuse with 002003 or 003001 unless the session's role may carry out the statement."""
    if not session.enforce:
        return
    for need in needs(tree, session):
        check(need, session, account)


def check(need: Need, session: Session, account: Account) -> None:
    """Refuse with 002003 or 003001 unless the session's role meets the need."""
    checks: dict[str, Callable[[Need, Session, Account], None]] = {
        "TABLE": _check_table,
        "SCHEMA": _check_schema,
        "DATABASE": _check_database,
        "SNOWFLAKE": _check_account_usage,
        "ACCOUNT": _check_account,
    }
    checks[need.kind](need, session, account)


def _check_account(need: Need, session: Session, account: Account) -> None:
    if not account.grants.holds(session.role, need.privileges, "ACCOUNT", need.name):
        raise errors.insufficient("account", need.name)


def _check_account_usage(need: Need, session: Session, account: Account) -> None:
    if not account.grants.holds(session.role, need.privileges, "DATABASE", "SNOWFLAKE"):
        raise errors.not_found("Schema", need.name)


def _check_database(need: Need, session: Session, account: Account) -> None:
    exists = account.engine.has_database(need.name)
    if not exists or not account.grants.sees(session.role, "DATABASE", need.name):
        if need.if_exists and not exists:
            return
        raise errors.not_found("Database", need.name)
    if need.privileges and not account.grants.holds(session.role, need.privileges, "DATABASE", need.name):
        raise errors.insufficient("database", need.name)


def _check_schema(need: Need, session: Session, account: Account) -> None:
    database, _, schema = need.name.partition(".")
    _check_database(Need((), "DATABASE", database), session, account)
    exists = account.engine.has_schema(database, schema)
    if not exists or not account.grants.sees(session.role, "SCHEMA", need.name):
        if need.if_exists and not exists:
            return
        raise errors.not_found("Schema", need.name)
    if need.privileges and not account.grants.holds(session.role, need.privileges, "SCHEMA", need.name):
        raise errors.insufficient("schema", schema)


def _check_table(need: Need, session: Session, account: Account) -> None:
    if need.name in session.temporary:
        return
    name = Name(*need.name.split(".", 2))
    _check_schema(Need((), "SCHEMA", name.full_schema), session, account)
    kind = account.engine.kind_of(name.database, name.schema, name.object)
    if kind is None and need.if_exists:
        return
    if kind is None or not account.grants.sees(session.role, kind, need.name):
        raise errors.not_found("Object", need.name)
    if need.privileges and not account.grants.holds(session.role, need.privileges, kind, need.name):
        raise errors.insufficient(kind, name.object)
