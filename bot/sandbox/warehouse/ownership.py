"""Who owns what a statement makes, and what happens to the grants on what it drops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from bot.sandbox.warehouse.names import Name, resolve, stored
from bot.sandbox.warehouse.needs import dropped, schema_of, target
from bot.sandbox.warehouse.sessions import Session

if TYPE_CHECKING:
    from bot.sandbox.warehouse.account import Account


@dataclass(frozen=True, slots=True)
class Change:
    """Objects (kind, full name) that a statement makes and drops once it has succeeded."""

    made: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    temporary: str | None = None
    public_schema: str | None = None


def of(tree: exp.Expr, session: Session, account: Account) -> Change:
    """What the statement will change, told before it runs."""
    if isinstance(tree, exp.Drop):
        kind = str(tree.args.get("kind", "")).upper()
        return Change(gone=tuple((kind, _full(kind, t, session)) for t in dropped(tree)))
    if isinstance(tree, exp.Alter):
        return _renamed(tree, session, account)
    table = target(tree)
    return _made(tree, table, session, account) if isinstance(tree, exp.Create) and table is not None else Change()


def _made(tree: exp.Create, table: exp.Table, session: Session, account: Account) -> Change:
    kind = str(tree.args.get("kind", "")).upper()
    name = _full(kind, table, session)
    if tree.find(exp.TemporaryProperty) is not None and kind == "TABLE":
        return Change(temporary=name)
    if _exists(kind, name, account):
        # CREATE OR REPLACE makes a new object: documented, grants on the old one are lost, future grants apply.
        return Change(((kind, name),), (("TABLE", name), ("VIEW", name))) if tree.args.get("replace") else Change()
    return Change(((kind, name),), public_schema=name if kind == "DATABASE" else None)


def _renamed(tree: exp.Alter, session: Session, account: Account) -> Change:
    rename = tree.find(exp.AlterRename)
    if rename is None or not isinstance(tree.this, exp.Table) or not isinstance(rename.this, exp.Table):
        return Change()
    old = resolve(tree.this, session.lane.database, session.lane.schema, "ALTER")
    new = resolve(rename.this, old.database, old.schema, "ALTER")
    kind = account.engine.kind_of(old.database, old.schema, old.object) or "TABLE"
    return Change(((kind, str(new)),), ((kind, str(old)),))


def apply(change: Change, session: Session, account: Account) -> None:
    """Carry the change over to the grants."""
    for kind, name in change.gone:
        session.temporary.discard(name)
        account.grants.on_dropped(kind, name)
    for kind, name in change.made:
        account.grants.on_new(kind, name, session.role)
    if change.temporary:
        session.temporary.add(change.temporary)
    if change.public_schema:
        public = exp.table_("PUBLIC", db=change.public_schema, quoted=True).sql("duckdb")
        account.engine.query(f"CREATE SCHEMA IF NOT EXISTS {public}")
        account.grants.on_new("SCHEMA", f"{change.public_schema}.PUBLIC", session.role)


def _full(kind: str, table: exp.Table, session: Session) -> str:
    if kind == "DATABASE":
        return stored(table.this)
    if kind == "SCHEMA":
        return ".".join(schema_of(table, session))
    return str(resolve(table, session.lane.database, session.lane.schema, "CREATE"))


def _exists(kind: str, name: str, account: Account) -> bool:
    if kind == "DATABASE":
        return account.engine.has_database(name)
    if kind == "SCHEMA":
        return account.engine.has_schema(*name.split(".", 1))
    parts = Name(*name.split(".", 2))
    return account.engine.kind_of(parts.database, parts.schema, parts.object) is not None
