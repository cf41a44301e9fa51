"""SHOW PARAMETERS at each level, and ALTER ACCOUNT SET: who set a timeout, and where."""

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.names import ACCOUNT, parts
from bot.sandbox.warehouse.results import SHOW, Result, columns, status
from bot.sandbox.warehouse.rules import LIKE, NAME, Context, assignments, like, rule
from bot.sandbox.warehouse.sessions import DEFAULTS

_SHOWN = columns(key="text", value="text", default="text", level="text", description="text", type="text")
_ACCOUNT_ONLY = {"NETWORK_POLICY": ""}  # shown for users and the account, never for a session
_OF_WAREHOUSES = {
    "MAX_CONCURRENCY_LEVEL": 8,
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": 0,
    "STATEMENT_TIMEOUT_IN_SECONDS": 172800,
}

_KINDS = {bool: "BOOLEAN", int: "NUMBER"}
Levels = tuple[tuple[str, Mapping[str, Any]], ...]


def in_session(context: Context, match: re.Match[str]) -> Result:
    """The session's parameters that the stand-in knows or was given."""
    session, account = context.session, context.account
    user = account.users[session.user].parameters if session.user in account.users else {}
    levels = (("SESSION", session.parameters), ("USER", user), ("ACCOUNT", account.parameters))
    names = {*DEFAULTS, *session.parameters}
    return _shown(names, levels, DEFAULTS, match[1])


def in_account(context: Context, match: re.Match[str]) -> Result:
    """What is set for the whole account."""
    defaults = DEFAULTS | _ACCOUNT_ONLY
    return _shown(
        {*defaults, *context.account.parameters}, (("ACCOUNT", context.account.parameters),), defaults, match[1]
    )


def of_user(context: Context, match: re.Match[str]) -> Result:
    """What is set for a user: its owner may know, and the user itself."""
    name = parts(match[2])[0]
    user = context.account.users.get(name)
    if user is None or not (name == context.session.user or context.holds(("OWNERSHIP",), "USER", name)):
        raise errors.not_found("User", name)
    own = user.parameters | ({"NETWORK_POLICY": user.network_policy} if user.network_policy else {})
    defaults = DEFAULTS | _ACCOUNT_ONLY
    return _shown({*defaults, *own}, (("USER", own), ("ACCOUNT", context.account.parameters)), defaults, match[1])


def of_warehouse(context: Context, match: re.Match[str]) -> Result:
    """What is set for a warehouse that the role may see."""
    name = parts(match[2])[0]
    warehouse = context.account.compute.warehouses.get(name)
    if warehouse is None or not context.sees("WAREHOUSE", name):
        raise errors.not_found("Warehouse", name)
    own = {"STATEMENT_TIMEOUT_IN_SECONDS": warehouse.statement_timeout} if warehouse.statement_timeout else {}
    return _shown(
        {*_OF_WAREHOUSES}, (("WAREHOUSE", own), ("ACCOUNT", context.account.parameters)), _OF_WAREHOUSES, match[1]
    )


def _shown(names: set[str], levels: Levels, defaults: Mapping[str, Any], pattern: str | None) -> Result:
    rows = []
    for name in sorted(names):
        if like(pattern, name):
            level, value = next(
                ((at, given[name]) for at, given in levels if name in given), ("", defaults.get(name, ""))
            )
            default = defaults.get(name, "")
            rows.append((name, _written(value), _written(default), level, "", _KINDS.get(type(default), "STRING")))
    return Result(_SHOWN, tuple(rows), SHOW)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def alter_account(context: Context, match: re.Match[str]) -> Result:
    """ALTER ACCOUNT SET: ACCOUNTADMIN; sessions that begin later inherit it."""
    if not context.holds(("OWNERSHIP",), "ACCOUNT", ACCOUNT):
        raise errors.insufficient("account", ACCOUNT)
    known = {key: _known(context, key, value) for key, value in assignments(match[1]).items()}
    context.account.parameters.update(known)
    return status()


def _known(context: Context, key: str, value: str) -> int | str:
    if key != "NETWORK_POLICY":
        return int(value) if value.isdecimal() else value
    if value.upper() not in context.account.policies:
        raise errors.not_found("Network policy", value.upper())
    return value.upper()


RULES = (
    rule(rf"SHOW PARAMETERS{LIKE}(?: (?:IN|FOR) SESSION)?", in_session),
    rule(rf"SHOW PARAMETERS{LIKE} (?:IN|FOR) ACCOUNT", in_account),
    rule(rf"SHOW PARAMETERS{LIKE} (?:IN|FOR) USER {NAME}", of_user),
    rule(rf"SHOW PARAMETERS{LIKE} (?:IN|FOR) WAREHOUSE {NAME}", of_warehouse),
    rule(r"ALTER ACCOUNT SET (.+)", alter_account),
)
