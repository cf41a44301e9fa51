"""snowflake.unexpected_values: which values does a column hold that it should not?"""

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

MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class UnexpectedValuesArguments:
    """`values`: all that the `column` of each of `tables` may hold (at most 100); asks nothing without them."""

    tables: tuple[str, ...] = ()
    column: str = ""
    values: tuple[str, ...] = ()


def read_unexpected_values(client: SnowflakeClient, arguments: UnexpectedValuesArguments, scope: Scope) -> RuleFacts:
    """Counts each table's other values; a table that is not there is told in its place."""
    values = arguments.values[:MOST_VALUES]
    if not arguments.column or not values:
        return RuleFacts()

    def look(fetch: Fetch, table: str) -> FailingRows:
        place, name = find_column(fetch, table, arguments.column)
        unexpected = fetch(unexpected_statement(place, name, len(values)), values)
        return failing_rows(table, fetch(count_statement(place)), unexpected)

    return RuleFacts(arguments.column, look_into(client, scope, arguments.tables, look))


def unexpected_statement(table: str, column: str, count: int) -> str:
    """Values other than those bound, compared as text (NULL is no value, as dbt's accepted_values test has it)."""
    marks = ", ".join("?" * count)
    broken = (
        f"SELECT CAST({column} AS VARCHAR) AS VALUE, COUNT(*) AS COPIES FROM {table} "  # noqa: S608 - names of the catalogue, quoted
        f"WHERE {column} IS NOT NULL AND CAST({column} AS VARCHAR) NOT IN ({marks}) GROUP BY CAST({column} AS VARCHAR)"
    )
    return totals_statement(broken)


UNEXPECTED_VALUES: Probe[SnowflakeClient, UnexpectedValuesArguments, RuleFacts] = Probe(
    name="snowflake.unexpected_values",
    summary="Which values a column holds besides those that it may, in how many rows of each table.",
    arguments=UnexpectedValuesArguments,
    facts=RuleFacts,
    read=read_unexpected_values,
    typical=RuleFacts(
        "status",
        (
            FailingRows(
                "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS",
                rows=30175,
                values=1,
                failing=7,
                examples=(FailingValue("returned", 7),),
            ),
            FailingRows(
                "ECOMMERCE_ANALYTICS.STAGING.stg_orders",
                rows=30175,
                values=1,
                failing=7,
                examples=(FailingValue("returned", 7),),
            ),
        ),
    ),
    empty=RuleFacts(),
    deadline_s=20.0,
)
