"""snowflake.null_count: how many rows have no value in a column that should have one?"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.failing_rows import FailingRows
from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Fetch, Row, SnowflakeClient
from bot.integrations.snowflake.probes.tested_column import RuleFacts, find_column, look_into, whole


@dataclass(frozen=True, slots=True)
class NullCountArguments:
    """`tables` (`DATABASE.SCHEMA.TABLE`, at most four) and the column that should never be NULL; "" asks nothing."""

    tables: tuple[str, ...] = ()
    column: str = ""


def read_null_count(client: SnowflakeClient, arguments: NullCountArguments, scope: Scope) -> RuleFacts:
    """Counts each table's rows and NULLs; a table that is not there is told in its place."""
    if not arguments.column:
        return RuleFacts()

    def look(fetch: Fetch, table: str) -> FailingRows:
        return nulls_from(table, fetch(nulls_statement(*find_column(fetch, table, arguments.column))))

    return RuleFacts(arguments.column, look_into(client, scope, arguments.tables, look))


def nulls_statement(table: str, column: str) -> str:
    """All rows, and those without a value."""
    return f"SELECT COUNT(*) AS N, COUNT(*) - COUNT({column}) AS FAILING FROM {table}"  # noqa: S608 - names of the catalogue, quoted


def nulls_from(table: str, rows: Sequence[Row]) -> FailingRows:
    """Facts from the row of nulls_statement."""
    return FailingRows(table, rows=whole(rows[0]["n"]), failing=whole(rows[0]["failing"]))


NULL_COUNT: Probe[SnowflakeClient, NullCountArguments, RuleFacts] = Probe(
    name="snowflake.null_count",
    summary="How many rows of each table have no value in a column.",
    arguments=NullCountArguments,
    facts=RuleFacts,
    read=read_null_count,
    typical=RuleFacts(
        "customer_id",
        (
            FailingRows("ECOMMERCE_RAW.POSTGRES.RAW_ORDERS", rows=30175, failing=3),
            FailingRows("ECOMMERCE_ANALYTICS.STAGING.stg_orders", rows=30175, failing=3),
        ),
    ),
    empty=RuleFacts(),
    deadline_s=20.0,
)
