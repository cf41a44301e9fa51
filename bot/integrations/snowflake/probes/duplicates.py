"""snowflake.duplicates: which values of a column that should be unique stand more than once?"""

from dataclasses import dataclass

from bot.diagnostics.failing_rows import FailingRows, FailingValue
from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Fetch, SnowflakeClient
from bot.integrations.snowflake.probes.tested_column import (
    RuleFacts,
    count_statement,
    failing_rows,
    find_column,
    look_into,
    totals_statement,
)


@dataclass(frozen=True, slots=True)
class DuplicatesArguments:
    """`tables` (`DATABASE.SCHEMA.TABLE`, at most four) and the column that should be unique in each; "": nothing."""

    tables: tuple[str, ...] = ()
    column: str = ""


def read_duplicates(client: SnowflakeClient, arguments: DuplicatesArguments, scope: Scope) -> RuleFacts:
    """Counts each table's repeated values; a table that is not there is told in its place."""
    if not arguments.column:
        return RuleFacts()

    def look(fetch: Fetch, table: str) -> FailingRows:
        place, name = find_column(fetch, table, arguments.column)
        return failing_rows(table, fetch(count_statement(place)), fetch(repeated_statement(place, name)))

    return RuleFacts(arguments.column, look_into(client, scope, arguments.tables, look))


def repeated_statement(table: str, column: str) -> str:
    """Values that stand more than once (NULL is no value, as dbt's unique test has it)."""
    broken = (
        f"SELECT {column} AS VALUE, COUNT(*) AS COPIES FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608 - names of the catalogue, quoted
        f"GROUP BY {column} HAVING COUNT(*) > 1"
    )
    return totals_statement(broken)


DUPLICATES: Probe[SnowflakeClient, DuplicatesArguments, RuleFacts] = Probe(
    name="snowflake.duplicates",
    summary="How many values of a column stand more than once in each table, and a few of them.",
    arguments=DuplicatesArguments,
    facts=RuleFacts,
    read=read_duplicates,
    typical=RuleFacts(
        "customer_id",
        (
            FailingRows(
                "ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS",
                rows=8012,
                values=12,
                failing=24,
                examples=(FailingValue("1001", 2), FailingValue("1002", 2)),
            ),
            FailingRows(
                "ECOMMERCE_ANALYTICS.STAGING.stg_customers",
                rows=8012,
                values=12,
                failing=24,
                examples=(FailingValue("1001", 2), FailingValue("1002", 2)),
            ),
        ),
    ),
    empty=RuleFacts(),
    deadline_s=20.0,
)
