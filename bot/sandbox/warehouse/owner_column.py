"""INFORMATION_SCHEMA.TABLES with the real owners and changes: to the engine every table is SYSADMIN's, and of 1970."""

from datetime import datetime

from sqlglot import exp

from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.names import stored
from bot.sandbox.warehouse.sessions import Session


def name_owners(tree: exp.Expr, session: Session, account: Account) -> bool:
    """Replace every INFORMATION_SCHEMA.TABLES by itself with true owners and changes; True when there was one."""
    found = [
        table
        for table in tree.find_all(exp.Table)
        if stored(table.this) == "TABLES" and stored(table.args.get("db")) == "INFORMATION_SCHEMA"
    ]
    for table in found:
        database = stored(table.args.get("catalog")) or session.lane.database or ""
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier("TABLES"))
        whole = exp.Table(this=table.this.copy(), db=table.args["db"].copy(), catalog=table.args.get("catalog"))
        owned = exp.select(exp.Star(replace=[_owner(database, account), _altered(database, account)])).from_(whole)
        named = owned.subquery(copy=False)
        named.set("alias", alias.copy())
        table.replace(named)
    return bool(found)


def _owner(database: str, account: Account) -> exp.Expr:
    """CASE over the tables of a database that somebody owns."""
    owners = account.grants.owners_of("TABLE", database)
    choice = exp.Case(default=exp.column("TABLE_OWNER"))
    full: exp.Expr = exp.maybe_parse("TABLE_SCHEMA || '.' || TABLE_NAME", dialect="snowflake")
    for name, role in owners.items():
        inside = name.partition(".")[2]
        choice = choice.when(exp.EQ(this=full.copy(), expression=exp.Literal.string(inside)), exp.Literal.string(role))
    # Without a single WHEN a CASE is no expression.
    value = choice if owners else exp.column("TABLE_OWNER")
    return exp.alias_(value, "TABLE_OWNER")


def _altered(database: str, account: Account) -> exp.Expr:
    """CASE over the tables of a database that a statement has changed; the others are as old as the account."""
    choice = exp.Case(default=_moment(account.planted))
    full: exp.Expr = exp.maybe_parse("TABLE_CATALOG || '.' || TABLE_SCHEMA || '.' || TABLE_NAME", dialect="snowflake")
    changed = [(name, at) for name, at in list(account.altered.items()) if name.startswith(f"{database}.")]
    for name, at in changed:
        choice = choice.when(exp.EQ(this=full.copy(), expression=exp.Literal.string(name)), _moment(at))
    return exp.alias_(choice if changed else _moment(account.planted), "LAST_ALTERED")


def _moment(at: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(at.isoformat()), exp.DataType.Type.TIMESTAMPTZ)
