"""Rewriting a statement's syntax tree: context functions become the session's values, history a table."""

from collections.abc import Callable

from sqlglot import exp

from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.column_names import name_columns
from bot.sandbox.warehouse.history_views import replace_account_views
from bot.sandbox.warehouse.login import SERVER_VERSION
from bot.sandbox.warehouse.names import ACCOUNT
from bot.sandbox.warehouse.owner_column import name_owners
from bot.sandbox.warehouse.sessions import Session

REGION = "SANDBOX_LOCAL"


def rewrite(text: str, tree: exp.Expr, session: Session, account: Account) -> str:
    """The statement to hand to the engine: the same text when nothing in it had to change."""
    changed = name_columns(text, tree)
    changed |= _replace_context(tree, session, account)
    changed |= replace_account_views(tree, session, account)
    changed |= name_owners(tree, session, account)
    return tree.sql(dialect="snowflake") if changed else text


def _replace_context(tree: exp.Expr, session: Session, account: Account) -> bool:
    values: dict[type[exp.Expr], Callable[[], str | None]] = {
        exp.CurrentUser: lambda: session.user,
        exp.CurrentRole: lambda: session.role,
        exp.CurrentWarehouse: lambda: session.warehouse,
        exp.CurrentDatabase: lambda: session.lane.database,
        exp.CurrentSchema: lambda: session.lane.schema,
        exp.CurrentSession: lambda: str(session.id),
        exp.CurrentAccount: lambda: ACCOUNT,
        exp.CurrentVersion: lambda: SERVER_VERSION,
        exp.CurrentRegion: lambda: REGION,
        exp.CurrentAvailableRoles: lambda: _roles(session, account),
    }
    changed = False
    for node in list(tree.find_all(*values)):
        value = values[type(node)]()
        node.replace(exp.Literal.string(value) if value is not None else exp.Null())
        changed = True
    for node in list(tree.find_all(exp.Anonymous)):
        if node.name.upper() == "LAST_QUERY_ID" and session.last_query:
            node.replace(exp.Literal.string(session.last_query))
            changed = True
    return changed


def _roles(session: Session, account: Account) -> str:
    names = sorted(r for r in account.grants.roles if account.grants.may_use_role(session.user, r))
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
