"""postgres.columns: which columns a table has now, with their types."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.diagnostics.column import Column
from bot.diagnostics.probe import Probe, Scope
from bot.errors import EntityError, NotFound
from bot.integrations.postgres.client import PostgresClient, Row
from bot.integrations.postgres.failures import SYSTEM

# pg_catalog, because information_schema hides the columns of tables that the role may not read, and ours reads none.
COLUMNS = """
SELECT n.nspname AS schema_name, c.relname AS table_name, r.rolname AS owner, a.attname AS name,
       format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS is_nullable,
       CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) WHEN 'e' THEN 'enum' ELSE '' END AS made_of
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_roles r ON r.oid = c.relowner
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY a.attnum
LIMIT %s
"""
CAP = 1600
"""What a table of PostgreSQL can have: a cap for display would make the rest look removed."""
DEFAULT_SCHEMA = "public"


@dataclass(frozen=True, slots=True)
class ColumnsArguments:
    """`schema.table`, or a table of the schema public; names as stored, else in lower case. "" reads nothing."""

    table: str = ""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """A table of the source and its columns in order; `owner` is the role that may alter it."""

    table: str = ""
    owner: str = ""
    count: int = 0
    columns: tuple[Column, ...] = ()


def read_columns(client: PostgresClient, arguments: ColumnsArguments, scope: Scope) -> TableColumns:
    """The columns, none for ""; EntityError for what is no table's name, NotFound when there is no such table."""
    if not arguments.table:
        return TableColumns()
    schema, table = split_name(arguments.table)
    with client.reading(replace(scope, row_cap=CAP)) as fetch:
        rows = fetch(COLUMNS, (schema, table, CAP)) or fetch(COLUMNS, (schema.lower(), table.lower(), CAP))
    if not rows:
        raise NotFound(SYSTEM, f"there is no table {schema[:60]}.{table[:60]} in this database")
    return columns_from(rows)


def split_name(text: str) -> tuple[str, str]:
    """Schema and table of `schema.table`, `table`, or the last two parts of `database.schema.table`."""
    parts = [part.strip().strip('"') for part in text.split(".")]
    if not 1 <= len(parts) <= 3 or not all(parts):
        raise EntityError(f"{text[:60]!r} is not the name of a table: write schema.table.")
    return (parts[-2] if len(parts) > 1 else DEFAULT_SCHEMA), parts[-1]


def columns_from(rows: Sequence[Row]) -> TableColumns:
    """Facts from the rows of COLUMNS, of which there is at least one."""
    columns = tuple(
        Column(row["name"], row["type"], row["is_nullable"], position, row["made_of"])
        for position, row in enumerate(rows, 1)
    )
    first = rows[0]
    return TableColumns(f"{first['schema_name']}.{first['table_name']}", first["owner"], len(columns), columns)


def _typical() -> TableColumns:
    columns = (
        Column("order_id", "bigint", is_nullable=False, position=1),
        Column("status", "order_status", is_nullable=False, position=2, made_of="enum"),
        Column("total_amount", "numeric(12,2)", is_nullable=False, position=3),
        Column("updated_at", "timestamp with time zone", is_nullable=False, position=4),
        Column("gift_message", "text", position=5),
    )
    return TableColumns("public.orders", "shop_app", len(columns), columns)


COLUMNS_PROBE: Probe[PostgresClient, ColumnsArguments, TableColumns] = Probe(
    name="postgres.columns",
    summary="The columns of one table: names, types, order, and who owns the table.",
    arguments=ColumnsArguments,
    facts=TableColumns,
    read=read_columns,
    typical=_typical(),
    empty=TableColumns(),
)
