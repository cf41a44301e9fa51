"""USE and ALTER SESSION: what a session chooses."""

import re
from typing import Any

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.login import visible_schema
from bot.sandbox.warehouse.names import parts
from bot.sandbox.warehouse.results import USE, Result, status
from bot.sandbox.warehouse.rules import DOTTED, NAME, Context, assignments, rule

_NUMBERS = ("STATEMENT_TIMEOUT_IN_SECONDS", "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS", "MULTI_STATEMENT_COUNT")


def use_role(context: Context, match: re.Match[str]) -> Result:
    """A role the user was granted."""
    role, grants = parts(match[1])[0], context.account.grants
    if role not in grants.roles:
        raise errors.object_unusable()
    if context.session.enforce and not grants.may_use_role(context.session.user, role):
        raise errors.role_not_assigned(role)
    context.session.role = role
    return status(type_id=USE)


def use_warehouse(context: Context, match: re.Match[str]) -> Result:
    """A warehouse the role may use."""
    name = parts(match[1])[0]
    known = name in context.account.compute.warehouses
    if not known or not context.holds(("USAGE", "OPERATE"), "WAREHOUSE", name):
        raise errors.object_unusable()
    context.session.warehouse = name
    return status(type_id=USE)


def use_namespace(context: Context, match: re.Match[str]) -> Result:
    """USE [DATABASE | SCHEMA] name: what the role may see."""
    kind, given = (match[1] or "").strip().upper(), parts(match[2])
    lane, engine = context.session.lane, context.account.engine
    schema: str | None
    if len(given) == 2:
        database, schema = given[0], given[1]
    elif kind == "SCHEMA":
        database, schema = lane.database or "", given[0]
    else:
        database, schema = given[0], None
    if not engine.has_database(database) or not context.sees("DATABASE", database):
        raise errors.object_unusable()
    if schema is None:
        schema = visible_schema(database, "PUBLIC", context.session.role, context.account)
    elif not engine.has_schema(database, schema) or not context.sees("SCHEMA", f"{database}.{schema}"):
        raise errors.object_unusable()
    lane.move(database, schema)
    return status(type_id=USE)


def alter_session(context: Context, match: re.Match[str]) -> Result:
    """SET or UNSET of session parameters; the ones the stand-in does not act on are kept all the same."""
    verb, rest = match[1].upper(), match[2]
    if verb == "UNSET":
        for name in re.findall(r"\w+", rest):
            context.session.parameters.pop(name.upper(), None)
        return status()
    context.session.parameters.update({name: _value(name, text) for name, text in assignments(rest).items()})
    return status()


def _value(name: str, text: str) -> Any:
    if name in _NUMBERS:
        if not text.isdigit():
            raise errors.invalid_value(text, name)
        return int(text)
    return text


RULES = (
    rule(rf"USE ROLE {NAME}", use_role),
    rule(rf"USE WAREHOUSE {NAME}", use_warehouse),
    rule(rf"USE (DATABASE |SCHEMA )?{DOTTED}", use_namespace),
    rule(r"ALTER SESSION (SET|UNSET) (.+)", alter_session),
)
