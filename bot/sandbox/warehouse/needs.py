"""Which privileges a statement needs, found in its syntax tree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.names import resolve, stored
from bot.sandbox.warehouse.sessions import Session


@dataclass(frozen=True, slots=True)
class Need:
    """One privilege of several alternatives, on one object; no alternatives means: may know that it exists."""

    privileges: tuple[str, ...]
    kind: str
    name: str
    if_exists: bool = False


OWNERSHIP = ("OWNERSHIP",)
_FREE = (exp.Show, exp.Transaction, exp.Commit, exp.Rollback, exp.Use, exp.Command, exp.Put, exp.ListStage)
_MERGE = {exp.Update: "UPDATE", exp.Delete: "DELETE", exp.Insert: "INSERT"}
_TABLE_FUNCTIONS = ("RESULT_SCAN", "FLATTEN", "GENERATOR", "SPLIT_TO_TABLE")


def needs(tree: exp.Expr, session: Session) -> Iterator[Need]:
    """Everything the statement needs, in the order in which Snowflake would complain."""
    if isinstance(tree, _FREE):
        return
    for kinds, found in _BY_KIND:
        if isinstance(tree, kinds):
            yield from found(tree, session)
            return
    raise errors.unsupported(tree.key.upper())


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


def _dml(tree: exp.Expr, session: Session) -> Iterator[Need]:
    for privilege in _changes(tree):
        yield from _writes(tree, session, (privilege,))
    yield from _reads(tree, session)


def _changes(tree: exp.Expr) -> list[str]:
    if isinstance(tree, exp.Insert):
        return ["INSERT", "DELETE"] if tree.args.get("overwrite") else ["INSERT"]
    if isinstance(tree, exp.Merge):
        actions = [when.args.get("then") for when in tree.find_all(exp.When)]
        return sorted({next((name for kind, name in _MERGE.items() if isinstance(a, kind)), "DELETE") for a in actions})
    return ["UPDATE" if isinstance(tree, exp.Update) else "DELETE"]


def _copy(tree: exp.Expr, session: Session) -> Iterator[Need]:
    table = target(tree)
    if table is None or not isinstance(table.this, exp.Identifier):
        raise errors.unsupported("COPY INTO <location>")
    yield from _writes(tree, session, ("INSERT",))


def _alter(tree: exp.Expr, session: Session) -> Iterator[Need]:
    if str(tree.args.get("kind")).upper() not in ("TABLE", "VIEW"):
        raise errors.unsupported(f"ALTER {tree.args.get('kind')}")
    yield from _writes(tree, session, OWNERSHIP)


def _truncate(tree: exp.Expr, session: Session) -> Iterator[Need]:
    for table in tree.expressions:
        yield _on_table(table, session, ("TRUNCATE",))


def _writes(tree: exp.Expr, session: Session, privileges: tuple[str, ...]) -> Iterator[Need]:
    table = target(tree)
    if table is not None:
        exists = bool(tree.args.get("exists"))
        yield _on_table(table, session, privileges, if_exists=exists)


def _on_table(table: exp.Table, session: Session, privileges: tuple[str, ...], *, if_exists: bool = False) -> Need:
    name = resolve(table, session.lane.database, session.lane.schema, "SELECT")
    return Need(privileges, "TABLE", str(name), if_exists)


def _reads(tree: exp.Expr, session: Session) -> Iterator[Need]:
    for function in tree.find_all(exp.TableFromRows):
        name = function.this.name.upper()
        if not isinstance(function.this, exp.Dot) and name not in _TABLE_FUNCTIONS:
            raise errors.unsupported(f"TABLE({name or function.this.key.upper()})")
    changed = target(tree)
    for table in tree.find_all(exp.Table):
        if table is changed or _is_named_query(table):
            continue
        if not isinstance(table.this, exp.Identifier):
            raise errors.unsupported(f"FROM {table.this.key.upper()}")
        name = resolve(table, session.lane.database, session.lane.schema, "SELECT")
        if name.schema == "INFORMATION_SCHEMA":
            yield Need((), "DATABASE", name.database)
        elif name.database == "SNOWFLAKE":
            yield Need(("USAGE", "IMPORTED PRIVILEGES"), "SNOWFLAKE", name.full_schema)
        else:
            yield Need(("SELECT",), "TABLE", str(name))


def _is_named_query(table: exp.Table) -> bool:
    """True when the name is that of a WITH query around it."""
    name, node = stored(table.this), table.parent
    while node is not None and not table.args.get("db"):
        found = node.args.get("with_")
        if found is not None and any(stored(cte.args["alias"].this) == name for cte in found.expressions):
            return True
        node = node.parent
    return False


def _create(tree: exp.Expr, session: Session) -> Iterator[Need]:
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
    yield from _reads(tree, session)


def _drop(tree: exp.Expr, session: Session) -> Iterator[Need]:
    exists, kind = bool(tree.args.get("exists")), str(tree.args.get("kind", "")).upper()
    for table in dropped(tree):
        if kind == "SCHEMA":
            yield Need(OWNERSHIP, "SCHEMA", ".".join(schema_of(table, session)), exists)
        elif kind == "DATABASE":
            yield Need(OWNERSHIP, "DATABASE", stored(table.this), exists)
        else:
            yield _on_table(table, session, OWNERSHIP, if_exists=exists)


def dropped(tree: exp.Expr) -> list[exp.Table]:
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


def _describe(tree: exp.Expr, session: Session) -> Iterator[Need]:
    if isinstance(tree.this, exp.Table):
        yield _on_table(tree.this, session, ())
    elif tree.this is not None:
        yield from _reads(tree, session)


def _comment(tree: exp.Expr, session: Session) -> Iterator[Need]:
    table = tree.this
    if isinstance(table, exp.Column):
        table = exp.Table(this=table.args.get("table"), db=table.args.get("db"), catalog=table.args.get("catalog"))
    if isinstance(table, exp.Table):
        yield _on_table(table, session, OWNERSHIP)


_Finder = Callable[[exp.Expr, Session], Iterator[Need]]
_BY_KIND: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], _Finder], ...] = (
    (exp.Create, _create),
    (exp.Drop, _drop),
    (exp.Copy, _copy),
    (exp.Describe, _describe),
    (exp.Alter, _alter),
    (exp.Comment, _comment),
    (exp.TruncateTable, _truncate),
    ((exp.Insert, exp.Update, exp.Delete, exp.Merge), _dml),
    ((exp.Query, exp.Set), _reads),
)
