"""Access control: which privileges a statement needs, found in its syntax tree, and whether the role holds them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.names import Name, resolve, stored
from bot.sandbox.warehouse.sessions import Session

OWNERSHIP = ("OWNERSHIP",)
_FREE = (exp.Show, exp.Transaction, exp.Commit, exp.Rollback, exp.Set, exp.Use)
_MERGE = {exp.Update: "UPDATE", exp.Delete: "DELETE", exp.Insert: "INSERT"}


@dataclass(frozen=True, slots=True)
class Need:
    """One privilege of several alternatives, on one object; no alternatives means: may know that it exists."""

    privileges: tuple[str, ...]
    kind: str
    name: str
    if_exists: bool = False


def authorise(tree: exp.Expr, session: Session, account: Account) -> None:
    """Refuse with 002003 or 003001 unless the session's role may carry out the statement."""
    if not session.enforce:
        return
    for need in needs(tree, session):
        check(need, session, account)


def needs(tree: exp.Expr, session: Session) -> Iterator[Need]:
    """Everything the statement needs, in the order in which Snowflake would complain."""
    if isinstance(tree, _FREE):
        return
    if isinstance(tree, exp.Create):
        yield from _create(tree, session)
    elif isinstance(tree, exp.Drop):
        yield from _drop(tree, session)
    elif isinstance(tree, exp.Copy):
        yield from _writes(tree, session, ("INSERT",))
        return
    elif isinstance(tree, exp.Put | exp.ListStage):
        return
    elif isinstance(tree, exp.Describe):
        yield from _describe(tree, session)
        return
    elif isinstance(tree, exp.Alter):
        if tree.args.get("kind") != "SESSION":
            yield from _writes(tree, session, OWNERSHIP)
        return
    elif isinstance(tree, exp.Comment):
        yield from _comment(tree, session)
        return
    elif isinstance(tree, exp.TruncateTable):
        for table in tree.expressions:
            yield _on_table(table, session, ("TRUNCATE",))
        return
    else:
        for privilege in _dml(tree):
            yield from _writes(tree, session, (privilege,))
    yield from _reads(tree, session)


def target(tree: exp.Expr) -> exp.Table | None:
    """The table a statement makes or changes."""
    node = tree.this
    if isinstance(node, exp.Schema):
        node = node.this
    return (
        node
        if isinstance(node, exp.Table) and isinstance(tree, exp.DDL | exp.DML | exp.Copy | exp.Alter | exp.Merge)
        else None
    )


def _dml(tree: exp.Expr) -> list[str]:
    if isinstance(tree, exp.Insert):
        return ["INSERT", "DELETE"] if tree.args.get("overwrite") else ["INSERT"]
    if isinstance(tree, exp.Update):
        return ["UPDATE"]
    if isinstance(tree, exp.Delete):
        return ["DELETE"]
    if isinstance(tree, exp.Merge):
        kinds = [when.args.get("then") for when in tree.find_all(exp.When)]
        return sorted({_MERGE.get(type(then), "DELETE") for then in kinds})
    if isinstance(tree, exp.Query):
        return []
    raise errors.unsupported(tree.key.upper())


def _writes(tree: exp.Expr, session: Session, privileges: tuple[str, ...]) -> Iterator[Need]:
    table = target(tree)
    if table is not None:
        exists = bool(tree.args.get("exists"))
        yield _on_table(table, session, privileges, if_exists=exists)


def _on_table(table: exp.Table, session: Session, privileges: tuple[str, ...], *, if_exists: bool = False) -> Need:
    name = resolve(table, session.lane.database, session.lane.schema, "SELECT")
    return Need(privileges, "TABLE", str(name), if_exists)


def _reads(tree: exp.Expr, session: Session) -> Iterator[Need]:
    own = {stored(cte.args["alias"].this) for cte in tree.find_all(exp.CTE)}
    changed = target(tree)
    for table in tree.find_all(exp.Table):
        if table is changed or not isinstance(table.this, exp.Identifier):
            continue
        if not table.args.get("db") and stored(table.this) in own:
            continue
        name = resolve(table, session.lane.database, session.lane.schema, "SELECT")
        if name.schema == "INFORMATION_SCHEMA":
            yield Need((), "DATABASE", name.database)
        elif name.database == "SNOWFLAKE":
            yield Need(("USAGE", "IMPORTED PRIVILEGES"), "SNOWFLAKE", name.full_schema)
        else:
            yield Need(("SELECT",), "TABLE", str(name))


def _create(tree: exp.Create, session: Session) -> Iterator[Need]:
    kind = str(tree.args.get("kind", "")).upper()
    table = target(tree)
    if kind == "DATABASE":
        yield Need(("CREATE DATABASE",), "ACCOUNT", "SANDBOX")
    elif kind == "SCHEMA" and table is not None:
        yield Need(("CREATE SCHEMA",), "DATABASE", schema_of(table, session)[0])
    elif table is not None:
        name = resolve(table, session.lane.database, session.lane.schema, "CREATE " + kind)
        temporary = tree.find(exp.TemporaryProperty) is not None
        # Documented: a temporary table needs no CREATE TABLE.
        yield Need(("USAGE",) if temporary else (f"CREATE {kind}",), "SCHEMA", name.full_schema)
        if tree.args.get("replace") and kind in ("TABLE", "VIEW") and not temporary:
            yield Need(OWNERSHIP, "TABLE", str(name), if_exists=True)
    else:
        raise errors.unsupported(f"CREATE {kind}")


def _drop(tree: exp.Drop, session: Session) -> Iterator[Need]:
    exists, kind = bool(tree.args.get("exists")), str(tree.args.get("kind", "")).upper()
    for table in dropped(tree):
        if kind == "SCHEMA":
            yield Need(OWNERSHIP, "SCHEMA", ".".join(schema_of(table, session)), exists)
        elif kind == "DATABASE":
            yield Need(OWNERSHIP, "DATABASE", stored(table.this), exists)
        else:
            yield _on_table(table, session, OWNERSHIP, if_exists=exists)


def dropped(tree: exp.Drop) -> list[exp.Table]:
    """The objects of a DROP, whichever way the parser holds them."""
    found = tree.args.get("tables") or [tree.this]
    return [table for table in found if isinstance(table, exp.Table)]


def schema_of(table: exp.Table, session: Session) -> tuple[str, str]:
    """(database, schema) of CREATE or DROP SCHEMA, where the parser holds the schema as a table's `db`."""
    schema = stored(table.args.get("db")) or stored(table.this)
    database = stored(table.args.get("catalog")) or session.lane.database
    if not database:
        raise errors.no_database("CREATE SCHEMA")
    return database, schema


def _describe(tree: exp.Describe, session: Session) -> Iterator[Need]:
    if isinstance(tree.this, exp.Table):
        yield _on_table(tree.this, session, ())
    elif tree.this is not None:
        yield from _reads(tree, session)


def _comment(tree: exp.Comment, session: Session) -> Iterator[Need]:
    table = tree.this
    if isinstance(table, exp.Column):
        table = exp.Table(this=table.args.get("table"), db=table.args.get("db"), catalog=table.args.get("catalog"))
    if isinstance(table, exp.Table):
        yield _on_table(table, session, OWNERSHIP)


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
