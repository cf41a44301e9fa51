"""snowflake.columns: which columns a table has now, and which role may alter it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.column import Column
from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.failures import SYSTEM
from bot.integrations.snowflake.names import quoted, table_name
from bot.integrations.snowflake.probes.rows import number, words

CURRENT = "SELECT CURRENT_DATABASE() AS DATABASE_NAME"
CAP = 2000
"""More than any table has in practice: a cap for display would make the rest look removed."""
LONGEST_TEXT = 16_777_216
"""VARCHAR without a length, or longer still in accounts of 2025 and later: what it may hold need not be said."""


@dataclass(frozen=True, slots=True)
class ColumnsArguments:
    """`DATABASE.SCHEMA.TABLE`, or `SCHEMA.TABLE` of the session's database; "" reads nothing."""

    table: str = ""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """A table and its columns in order. `owner` is the role that may alter it: ALTER TABLE needs OWNERSHIP."""

    table: str = ""
    owner: str = ""
    count: int = 0
    columns: tuple[Column, ...] = ()


def read_columns(client: SnowflakeClient, arguments: ColumnsArguments, scope: Scope) -> TableColumns:
    """The columns, none for ""; EntityError for what is no table's name, NotFound when the role sees no such table."""
    if not arguments.table:
        return TableColumns()
    with client.reading(scope) as fetch:
        database = str(fetch(CURRENT)[0]["database_name"] or "") if arguments.table.count(".") == 1 else ""
        names = table_name(arguments.table, database)
        columns = fetch(columns_statement(names[0]), names[1:], cap=CAP)
        if not columns:
            raise NotFound(SYSTEM, f"there is no table {'.'.join(names)}, or the bot's role may not see it")
        return columns_from(".".join(names), columns, fetch(owner_statement(names[0]), names[1:]))


def columns_statement(database: str) -> str:
    """The catalogue's columns of one table in that database, whose name was checked."""
    return (
        "SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE, NUMERIC_PRECISION, NUMERIC_SCALE, CHARACTER_MAXIMUM_LENGTH "  # noqa: S608 - a checked name, quoted
        f"FROM {quoted(database)}.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? "
        "ORDER BY ORDINAL_POSITION"
    )


def owner_statement(database: str) -> str:
    """The role that owns one table in that database, whose name was checked."""
    return (
        f"SELECT TABLE_OWNER FROM {quoted(database)}.INFORMATION_SCHEMA.TABLES "  # noqa: S608 - a checked name, quoted
        "WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
    )


def columns_from(table: str, columns: Sequence[Row], owners: Sequence[Row]) -> TableColumns:
    """Facts from the rows of both statements."""
    found = tuple(
        Column(words(row["column_name"]), type_of(row), words(row["is_nullable"]).upper() != "NO", position)
        for position, row in enumerate(columns, 1)
    )
    return TableColumns(table, words(owners[0]["table_owner"]) if owners else "", len(found), found)


def type_of(row: Row) -> str:
    """The type as one writes it in DDL: the catalogue keeps length, precision and scale apart."""
    kind = words(row["data_type"]).upper()
    if kind in ("NUMBER", "DECIMAL", "FIXED"):
        return f"NUMBER({int(number(row['numeric_precision']))},{int(number(row['numeric_scale']))})"
    if kind in ("TEXT", "VARCHAR", "STRING"):
        length = int(number(row["character_maximum_length"]))
        return f"VARCHAR({length})" if 0 < length < LONGEST_TEXT else "VARCHAR"
    return kind


def _typical() -> TableColumns:
    columns = (
        Column("ORDER_ID", "NUMBER(38,0)", position=1),
        Column("STATUS", "VARCHAR", position=2),
        Column("TOTAL_AMOUNT", "NUMBER(12,2)", position=3),
        Column("UPDATED_AT", "TIMESTAMP_NTZ", position=4),
        Column("_LOADED_AT", "TIMESTAMP_NTZ", position=5),
    )
    return TableColumns("ECOMMERCE_RAW.POSTGRES.RAW_ORDERS", "ECOMMERCE_LOADER", len(columns), columns)


COLUMNS: Probe[SnowflakeClient, ColumnsArguments, TableColumns] = Probe(
    name="snowflake.columns",
    summary="The columns of one table: names, types, order, and the role that owns the table.",
    arguments=ColumnsArguments,
    facts=TableColumns,
    read=read_columns,
    typical=_typical(),
    empty=TableColumns(),
    deadline_s=10.0,
)
